package report

import "math"

// axis maps values to a part from 0 to 1 of its length.
type axis struct {
	label     string
	low, high float64
	log       bool
	ticks     []tick
}

type tick struct {
	at    float64
	label string
}

func (a axis) part(v float64) float64 {
	if a.log {
		return math.Log(v/a.low) / math.Log(a.high/a.low)
	}
	return (v - a.low) / (a.high - a.low)
}

// linear is an axis from 0 to where high has its place, with about n ticks at round values.
func linear(label string, high float64, n int, show func(float64) string) axis {
	show = onAxis(show)
	step := roundStep(high / float64(n))
	top := math.Ceil(high/step-1e-9) * step
	a := axis{label: label, high: top}
	for i := range int(math.Round(top/step)) + 1 {
		a.ticks = append(a.ticks, tick{float64(i) * step, show(float64(i) * step)})
	}
	return a
}

// roundStep is the smallest of 1, 2, 2.5 and 5 times a power of ten that is not below v.
func roundStep(v float64) float64 {
	if v <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, factor := range []float64{1, 2, 2.5, 5} {
		if factor*power >= v*(1-1e-9) {
			return factor * power
		}
	}
	return 10 * power
}

// logarithmic is an axis that holds low to high with ticks at powers of ten, and between them where they are few.
func logarithmic(label string, low, high float64, show func(float64) string) axis {
	show = onAxis(show)
	factors := []float64{1}
	if high/low < 300 {
		factors = []float64{1, 2, 5}
	}
	below, above := 0.0, math.Inf(1)
	var inside []float64
	for power := math.Pow(10, math.Floor(math.Log10(low))); power <= high*10; power *= 10 {
		for _, factor := range factors {
			switch v := factor * power; {
			case v <= low*(1+1e-9):
				below = v
			case v >= high*(1-1e-9):
				above = min(above, v)
			default:
				inside = append(inside, v)
			}
		}
	}
	a := axis{label: label, low: below, high: above, log: true}
	for _, v := range append(append([]float64{below}, inside...), above) {
		a.ticks = append(a.ticks, tick{v, show(v)})
	}
	return a
}

// spanning is a linear axis from 0 where the values lie near each other, and a logarithmic one where they don't.
func spanning(label string, low, high float64, show func(float64) string) axis {
	const wide = 20
	if low > 0 && high/low > wide {
		return logarithmic(label, low, high, show)
	}
	return linear(label, high, 5, show)
}

// nines is the axis of percentiles on the scale of HDR histograms: each nine more takes the same room. Its values are
// -log10(1-p). 0 % has no label, because 50 % stands beside it.
func nines(most float64) axis {
	labels := []string{"", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %"}
	a := axis{label: "percentile", high: max(most, 1)}
	for i, label := range labels {
		if float64(i) <= a.high {
			a.ticks = append(a.ticks, tick{float64(i), label})
		}
	}
	half := -math.Log10(0.5)
	a.ticks = append(a.ticks, tick{half, "50 %"})
	return a
}
