package unit

import (
	"testing"
	"time"
)

func TestShort(t *testing.T) {
	rows := []struct {
		d    time.Duration
		want string
	}{
		{0, "0s"}, {5 * time.Second, "5s"}, {time.Minute, "1m"}, {90 * time.Second, "1m30s"},
		{20 * time.Minute, "20m"}, {time.Hour, "1h"}, {100 * time.Minute, "1h40m"}, {10 * time.Hour, "10h"},
	}
	for _, row := range rows {
		if got := Short(row.d); got != row.want {
			t.Errorf("Short(%d) = %q, want %q", row.d, got, row.want)
		}
	}
}
