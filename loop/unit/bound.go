package unit

import (
	"fmt"
	"math"
	"time"
)

// Kind is what a number counts, and so how it is written.
type Kind uint8

// The kinds of numbers.
const (
	Count        Kind = iota // of things
	PerSecond                // things a second, with a fraction
	Bytes                    // written as a Size
	Time                     // a time.Duration
	WholeSeconds             // a time.Duration without a fraction
)

// Any is the most of a number that has none.
var Any = math.Inf(1)

// Bound is what a number may be. Default, Least and Most are in things, bytes or nanoseconds.
type Bound struct {
	Name    string // of its flag, and so of what the config file has
	Kind    Kind
	Default float64
	Least   float64
	Most    float64 // Any: there is none
	OrZero  bool    // 0 is allowed besides: it stands for no limit
}

// Number is what a Bound can be of.
type Number interface {
	~int | ~int64 | ~float64
}

// Check returns nil if value is within the bound, and else an error that begins with its name. It refuses a NaN, and a rate without an end.
func Check[N Number](b Bound, value N) error {
	n := float64(value)
	within := n >= b.Least && n <= b.Most && !(math.IsInf(n, 0) && b.Kind == PerSecond)
	switch {
	case b.OrZero && n == 0:
		return nil
	case b.Kind == WholeSeconds && !(within && time.Duration(value)%time.Second == 0):
		return fmt.Errorf("%s: %v is not a whole number of seconds from %s to %s", b.Name, time.Duration(value), b.Written(b.Least), b.Written(b.Most))
	case within:
		return nil
	case b.Most == Any:
		return fmt.Errorf("%s: %s is less than %s", b.Name, b.Written(n), b.Written(b.Least))
	}
	return fmt.Errorf("%s: %s is not between %s and %s", b.Name, b.Written(n), b.Written(b.Least), b.Written(b.Most))
}

// Written writes a number of the bound as its flag reads it.
func (b Bound) Written(n float64) string {
	switch b.Kind {
	case PerSecond:
		return fmt.Sprint(n)
	case Bytes:
		return Size(n).String()
	case Time, WholeSeconds:
		return Short(time.Duration(n))
	}
	return fmt.Sprint(int64(n))
}
