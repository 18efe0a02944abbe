package registry

import (
	"errors"
	"path/filepath"
	"testing"

	"looproom/loop/store"
)

// TestNextStart: each start has a greater number than all before, whatever the clock says.
func TestNextStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	for _, row := range []struct {
		name        string
		clock, want int64
	}{
		{"the first one", 100, 100}, {"later", 200, 200}, {"in the same second", 200, 201}, {"the clock has gone back", 50, 202},
		{"there is none", 0, 203}, {"and goes right again", 300, 300},
	} {
		r := mustOpen(t, dir)
		if got, err := r.NextStart(row.clock); got != row.want || err != nil {
			t.Errorf("%s: NextStart(%d) = %d, %v, want %d", row.name, row.clock, got, err, row.want)
		}
		mustClose(t, r)
	}
}

func TestNextStartWithoutFolder(t *testing.T) {
	r := mustOpen(t, "")
	for _, want := range []int64{7, 8} {
		if got, err := r.NextStart(7); got != want || err != nil {
			t.Errorf("NextStart(7) = %d, %v, want %d", got, err, want)
		}
	}
}

// Who can't have the number kept gets it all the same, and is told.
func TestNextStartThatIsNotKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	r := mustOpen(t, dir)
	mustClose(t, r)
	if got, err := r.NextStart(7); got != 7 || !errors.Is(err, store.ErrClosed) {
		t.Errorf("NextStart(7) of a closed registry = %d, %v, want 7, %v", got, err, store.ErrClosed)
	}
}
