package unit

import (
	"math"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	rows := []struct {
		name  string
		bound Bound
		value float64
		want  string // "": it may be
	}{
		{"a count", Bound{Least: 1, Most: Any}, 1, ""},
		{"too few", Bound{Least: 1, Most: Any}, 0, "n: 0 is less than 1"},
		{"negative", Bound{Most: Any}, -5, "n: -5 is less than 0"},
		{"between", Bound{Least: 2, Most: 4}, 4, ""},
		{"below", Bound{Least: 2, Most: 4}, 1, "n: 1 is not between 2 and 4"},
		{"above", Bound{Least: 2, Most: 4}, 5, "n: 5 is not between 2 and 4"},
		{"or none", Bound{Least: 2, Most: 4, OrZero: true}, 0, ""},
		{"none at all", Bound{Least: 2, Most: 4}, 0, "n: 0 is not between 2 and 4"},
		{"a part of one a second", Bound{Kind: PerSecond, Most: 1e9}, 0.5, ""},
		{"a negative rate", Bound{Kind: PerSecond, Most: 1e9}, -0.5, "n: -0.5 is not between 0 and 1e+09"},
		{"no number", Bound{Kind: PerSecond, Most: 1e9}, math.NaN(), "n: NaN is not between 0 and 1e+09"},
		{"no end", Bound{Kind: PerSecond, Most: 1e9}, math.Inf(1), "n: +Inf is not between 0 and 1e+09"},
		{"bytes", Bound{Kind: Bytes, Least: 1 << 10, Most: 64 << 20}, 1, "n: 1 is not between 1KiB and 64MiB"},
		{"a time", Bound{Kind: Time, Most: Any}, -1e9, "n: -1s is less than 0s"},
		{"whole seconds", Bound{Kind: WholeSeconds, Least: 1e9, Most: 60e9}, 3e9, ""},
		{"a part of a second", Bound{Kind: WholeSeconds, Least: 1e9, Most: 60e9}, 1.5e9, "n: 1.5s is not a whole number of seconds from 1s to 1m"},
		{"too many seconds", Bound{Kind: WholeSeconds, Least: 1e9, Most: 60e9}, 61e9, "n: 1m1s is not a whole number of seconds from 1s to 1m"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.bound.Name = "n"
			got := ""
			if err := Check(row.bound, row.value); err != nil {
				got = err.Error()
			}
			if got != row.want {
				t.Errorf("Check(%v) = %q, want %q", row.value, got, row.want)
			}
		})
	}
	if err := Check(Bound{Name: "n", Kind: Time, Most: Any}, time.Duration(math.MaxInt64)); err != nil {
		t.Errorf("Check of a very long time = %v, want no error", err)
	}
}

func TestWritten(t *testing.T) {
	rows := []struct {
		kind Kind
		n    float64
		want string
	}{
		{Count, 1_000_000, "1000000"}, {PerSecond, 0.5, "0.5"}, {PerSecond, 100, "100"}, {Bytes, 8192, "8KiB"}, {Bytes, 10 << 30, "10GiB"},
		{Time, 0, "0s"}, {Time, 5e6, "5ms"}, {WholeSeconds, 60e9, "1m"},
	}
	for _, row := range rows {
		if got := (Bound{Kind: row.kind}).Written(row.n); got != row.want {
			t.Errorf("Written(%v) of kind %d = %q, want %q", row.n, row.kind, got, row.want)
		}
	}
}
