//go:build linux

package door

import (
	"errors"
	"net"
	"os"
	"time"
)

// acceptors is how many goroutines a door accepts with. Each waits until the loop has the connection, and the loop takes all that
// wait at once.
const acceptors = 4

// Bounds of the wait after an accept that failed, as by lack of descriptors.
const (
	backOffMin = 5 * time.Millisecond
	backOffMax = time.Second
)

func (d *Door) accept() {
	backOff, a := backOffMin, &Arrival{}
	for {
		c, err := d.knocks.accept()
		switch {
		case err == nil:
			backOff = backOffMin
			if !d.admit(c, a) {
				a = &Arrival{}
			}
			d.letIn()
		case errors.Is(err, os.ErrDeadlineExceeded):
			// It passes as well while all acceptors are held up; and then Accept says so without looking who is there.
			if time.Now().Before(*d.closing.Load()) && d.knocks.waits() {
				d.letIn()
				continue
			}
			_ = d.close()
			return
		case errors.Is(err, net.ErrClosed):
			return
		default:
			d.doors.failed.Add(1)
			d.doors.cfg.Log.Warn().Str("door", d.Shown()).Err(err).Dur("again_in", backOff).Msg("accept failed")
			time.Sleep(backOff)
			backOff = min(2*backOff, backOffMax)
		}
	}
}

// letIn has a closing door's accept end when for a moment nobody has come.
func (d *Door) letIn() {
	until := d.closing.Load()
	if until == nil {
		return
	}
	deadline := time.Now().Add(10 * time.Millisecond)
	if deadline.After(*until) {
		deadline = *until
	}
	_ = d.listener.(interface{ SetDeadline(time.Time) error }).SetDeadline(deadline) // fails only on a closed listener
}

// close closes the listener, when its host no longer attends to it. It can be called again.
func (d *Door) close() error {
	if d.knocks != nil {
		d.knocks.leave()
	}
	return d.listener.Close()
}
