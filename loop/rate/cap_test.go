package rate

import (
	"testing"
	"time"
)

func TestCap(t *testing.T) {
	steps := []struct {
		at   time.Duration
		want bool
	}{
		{time.Hour, true}, {time.Hour, true}, {time.Hour + time.Second - 1, false}, {time.Hour + time.Second - 1, false},
		{time.Hour + time.Second, true}, {time.Hour + time.Second, true}, {time.Hour + time.Second, false},
	}
	c := NewCap(2)
	for n, step := range steps {
		if got := c.Pass(step.at); got != step.want {
			t.Errorf("step %d: Pass = %v, want %v", n, got, step.want)
		}
	}
	if got := c.Held(); got != 3 {
		t.Errorf("Held = %d, want 3", got)
	}
	if got := c.Held(); got != 0 {
		t.Errorf("Held once more = %d, want 0", got)
	}
}
