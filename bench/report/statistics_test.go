package report

import (
	"math"
	"testing"
)

func TestMedian(t *testing.T) {
	rows := []struct {
		name   string
		values []float64
		want   float64
	}{
		{"none", nil, 0},
		{"one", []float64{3}, 3},
		{"odd", []float64{9, 1, 5}, 5},
		{"even", []float64{9, 1, 5, 7}, 6},
		{"one far out", []float64{1, 2, 3, 4, 1e9}, 3},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := median(row.values); got != row.want {
				t.Errorf("median(%v) = %v, want %v", row.values, got, row.want)
			}
		})
	}
}

func sampleOf(values ...float64) (s sample) {
	for i, v := range values {
		s.add(i+1, v)
	}
	return s
}

func TestSpread(t *testing.T) {
	s := sampleOf(90, 100, 120)
	if low, high := s.bounds(); low != 90 || high != 120 {
		t.Errorf("bounds = %v, %v, want 90, 120", low, high)
	}
	if got := s.spread(); got != 0.15 {
		t.Errorf("spread = %v, want 0.15", got)
	}
}

func TestRatio(t *testing.T) {
	rows := []struct {
		name              string
		subject, baseline []float64
		value             float64
		interval          bool
		indistinguishable bool
		above, below      bool
	}{
		{"without noise", []float64{20, 20, 20, 20, 20}, []float64{10, 10, 10, 10, 10}, 2, true, false, true, false},
		{"below", []float64{4.9, 5, 5.1, 5, 5}, []float64{10, 10.1, 9.9, 10, 10}, 0.5, true, false, false, true},
		{"the same", []float64{9, 10, 11, 10, 10}, []float64{11, 9, 10, 10, 10}, 1, true, true, false, false},
		{"two repetitions", []float64{20, 20}, []float64{10, 10}, 2, false, false, false, false},
		{"one side too short", []float64{20, 20, 20, 20}, []float64{10, 10}, 2, false, false, false, false},
		{"no baseline", []float64{20, 20, 20}, nil, 0, false, false, false, false},
		{"no subject", nil, []float64{20, 20, 20}, 0, false, false, false, false},
		{"drift that both share", []float64{11, 22, 33, 44, 55}, []float64{10, 20, 30, 40, 50}, 1.1, true, false, true, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := sideBySide(sampleOf(row.subject...), sampleOf(row.baseline...))
			if math.Abs(got.value-row.value) > 1e-9 || got.interval != row.interval {
				t.Errorf("ratio = %+v, want %v, with interval: %v", got, row.value, row.interval)
			}
			if got.indistinguishable() != row.indistinguishable || got.above() != row.above || got.below() != row.below {
				t.Errorf("ratio %v: indistinguishable %v, above %v, below %v", got, got.indistinguishable(), got.above(), got.below())
			}
			if got.interval && (got.low > got.value || got.high < got.value) {
				t.Errorf("ratio %v is not in its interval", got)
			}
		})
	}
}

// TestRatioApart: in different runs the same drift is no reason to keep values together.
func TestRatioApart(t *testing.T) {
	got := apart(sampleOf(11, 22, 33, 44, 55), sampleOf(10, 20, 30, 40, 50))
	if !got.indistinguishable() {
		t.Errorf("apart = %v, want indistinguishable", got)
	}
}

func TestRatioRepeatable(t *testing.T) {
	a, b := sampleOf(1, 5, 3, 8, 2), sampleOf(2, 7, 1, 8, 2)
	if first, second := sideBySide(a, b), sideBySide(a, b); first != second {
		t.Errorf("sideBySide gave %v and then %v", first, second)
	}
}

func TestInverse(t *testing.T) {
	got := ratio{value: 2, low: 1.6, high: 4, interval: true}.inverse()
	if want := (ratio{value: 0.5, low: 0.25, high: 0.625, interval: true}); got != want {
		t.Errorf("inverse = %+v, want %+v", got, want)
	}
	if got := (ratio{}).inverse(); got != (ratio{}) {
		t.Errorf("inverse of nothing = %+v, want nothing", got)
	}
}

func TestFigures(t *testing.T) {
	rows := []struct{ name, got, want string }{
		{"ns", duration(25.4), "25.4ns"},
		{"whole ns", duration(25), "25ns"},
		{"µs", duration(9740), "9.74µs"},
		{"rounds up to the next unit", duration(999_900), "1.00ms"},
		{"s", duration(2.5e9), "2.50s"},
		{"rate", perSecond(3_120_000), "3.12M"},
		{"bytes", byteSize(41_234), "41.2kB"},
		{"split", userAndSystem(98.1, 229), "98.1+229"},
		{"commas", count(1234567), "1,234,567"},
		{"negative", count(-1234), "-1,234"},
		{"one", plural(1, "client"), "1 client"},
		{"many", plural(2000, "client"), "2,000 clients"},
		{"small part", percent(0.004), "<1%"},
		{"axis", onAxis(duration)(2000), "2µs"},
		{"axis in hundreds", onAxis(byteSize)(500e6), "500MB"},
		{"axis at nothing", onAxis(perSecond)(0), "0"},
		{"interval", ratio{value: 2, low: 1.5, high: 2.5, interval: true}.String(), "2.00 (1.50–2.50)"},
		{"indistinguishable", ratio{value: 1.02, low: 0.97, high: 1.08, interval: true}.String(), "≈ 1.02 (0.97–1.08)"},
		{"no interval", ratio{value: 2}.String(), "2.00 (no interval)"},
		{"nothing", ratio{}.String(), "–"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if row.got != row.want {
				t.Errorf("got %q, want %q", row.got, row.want)
			}
		})
	}
}
