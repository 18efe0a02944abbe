package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// unknown stands where there is no figure.
const unknown = "–"

// digits writes v with three of them, or all before the point.
func digits(v float64) string {
	switch abs := math.Abs(v); {
	case abs >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case abs >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	default:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
}

// step is a unit and how many of the smallest one it has.
type step struct {
	size float64
	unit string
}

var (
	timeSteps  = []step{{1, "ns"}, {1e3, "µs"}, {1e6, "ms"}, {1e9, "s"}}
	countSteps = []step{{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}}
	byteSteps  = []step{{1, "B"}, {1e3, "kB"}, {1e6, "MB"}, {1e9, "GB"}}
)

// stepFor is the largest unit of which v has at least one, after rounding to three digits.
func stepFor(v float64, steps []step) step {
	chosen := steps[0]
	for _, s := range steps[1:] {
		if math.Abs(v) >= s.size*0.9995 {
			chosen = s
		}
	}
	return chosen
}

func inSteps(v float64, steps []step) string {
	s := stepFor(v, steps)
	if s.size == 1 && v == math.Trunc(v) {
		return strconv.FormatFloat(v, 'f', 0, 64) + s.unit
	}
	return digits(v/s.size) + s.unit
}

// duration writes nanoseconds.
func duration(ns float64) string { return inSteps(ns, timeSteps) }

// perSecond writes a rate or a number in short.
func perSecond(v float64) string { return inSteps(v, countSteps) }

// byteSize writes bytes; a kB is 1,000 of them.
func byteSize(v float64) string { return inSteps(v, byteSteps) }

// userAndSystem writes user and system time in the unit of both together.
func userAndSystem(user, system float64) string {
	s := stepFor(user+system, timeSteps)
	return digits(user/s.size) + "+" + digits(system/s.size)
}

// count writes a number in full, with commas.
func count(n int64) string {
	if n < 0 {
		return "-" + count(-n)
	}
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// plural writes "1 client" and "2,000 clients".
func plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	if strings.HasSuffix(one, "y") {
		return count(n) + " " + strings.TrimSuffix(one, "y") + "ies"
	}
	return count(n) + " " + one + "s"
}

// percent writes a part of one.
func percent(part float64) string {
	if part > 0 && part < 0.01 {
		return "<1%"
	}
	return strconv.FormatFloat(part*100, 'f', 0, 64) + "%"
}

// String writes the ratio with its interval, and marks it when it may as well be 1.
func (r ratio) String() string {
	switch {
	case r.value <= 0:
		return unknown
	case !r.interval:
		return digits(r.value) + " (no interval)"
	case r.indistinguishable():
		return "≈ " + r.figures()
	default:
		return r.figures()
	}
}

func (r ratio) figures() string {
	return fmt.Sprintf("%s (%s–%s)", digits(r.value), digits(r.low), digits(r.high))
}

// shortDuration writes 10s and not 10.000000000s, for titles.
func shortDuration(d time.Duration) string { return d.Round(time.Millisecond).String() }

// onAxis writes what show writes without zeros behind the point, for round values: "2µs" and not "2.00µs".
func onAxis(show func(float64) string) func(float64) string {
	return func(v float64) string {
		text := show(v)
		end := strings.LastIndexAny(text, "0123456789.") + 1
		number, unit := text[:end], text[end:]
		if strings.Contains(number, ".") {
			number = strings.TrimRight(strings.TrimRight(number, "0"), ".")
		}
		return number + unit
	}
}
