//go:build linux

package reactor

import (
	"net"
	"runtime"
	"testing"
	"time"
)

// TestManyEnrol: more than are enrolled at once, one after the other and together.
func TestManyEnrol(t *testing.T) {
	f := start(t)
	const many = 4 * enrolsAtOnce
	errs := make(chan error, many)
	for range many {
		ours, _ := pair(t)
		go func() { errs <- f.loop.Enrol(ours, &client{name: "one of many"}) }()
	}
	for range many {
		select {
		case err := <-errs:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(testPatience):
			t.Fatal("not all have been enrolled")
		}
		f.expect(t, "one of many opened")
	}
}

// TestEnrolRefused: what gnet can't take is closed, Enrol says so, and Opened isn't called.
func TestEnrolRefused(t *testing.T) {
	f := start(t)
	t.Run("closed before", func(t *testing.T) {
		ours, theirs := pair(t)
		ours.Close()
		if err := f.loop.Enrol(ours, &client{}); err == nil {
			t.Error("Enrol = nil, want an error")
		}
		expectEnd(t, theirs)
	})
	t.Run("of a kind that it doesn't know", func(t *testing.T) {
		ours, theirs := net.Pipe()
		if err := f.loop.Enrol(ours, &client{}); err == nil {
			t.Error("Enrol = nil, want an error")
		}
		expectEnd(t, theirs)
	})
	if len(f.loop.enrols.under) > 0 {
		t.Errorf("%d are under way behind their end", len(f.loop.enrols.under))
	}
	f.expectNothing(t)
}

// TestEnrolsOneBehindTheOther: a connection is given away and given back once more before the Enrol that brought it has returned. Neither takes the other for its own.
func TestEnrolsOneBehindTheOther(t *testing.T) {
	f := start(t)
	ann := &client{name: "ann"}
	for range 100 {
		first, _ := pair(t)
		second, theirs := pair(t)
		again := make(chan error, 1)
		f.do(t, func() {
			f.opened = func(c *client) {
				f.opened = nil
				f.loop.Close(c)
				go func() { again <- f.loop.Enrol(second, c) }()
				for !f.loop.enrols.has(&c.Conn) {
					runtime.Gosched()
				}
			}
		})
		if err := f.loop.Enrol(first, ann); err != nil {
			t.Fatalf("Enrol of the first = %v, want nil", err)
		}
		if err := <-again; err != nil {
			t.Fatalf("Enrol of the second = %v, want nil", err)
		}
		f.expect(t, "ann opened", "ann opened")
		say(t, theirs, "hello")
		f.expect(t, "ann said hello")
		f.do(t, func() { f.loop.Close(ann) })
	}
	if len(f.loop.enrols.under) > 0 {
		t.Errorf("%d are under way behind their end", len(f.loop.enrols.under))
	}
}

// has says whether c is under way.
func (e *enrols) has(c *Conn) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, is := e.under[c]
	return is
}
