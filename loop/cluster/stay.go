package cluster

import (
	"context"
	"time"
)

// patience is since when a batch of this node's has been on its way. It belongs to the home loop.
type patience struct {
	since time.Time // the zero time: none is
	took  func(time.Duration)
}

func (p *patience) begin(now time.Time) { p.since = now }

func (p *patience) end(now time.Time) {
	if p.took != nil && !p.since.IsZero() {
		p.took(now.Sub(p.since))
	}
	p.since = time.Time{}
}

// Waits is for how long the log has not taken what this node has for it, 0 if nothing is on its way. It belongs to the home loop.
func (n *Node) Waits() time.Duration {
	if n.waits.since.IsZero() {
		return 0
	}
	return time.Since(n.waits.since)
}

// Second is what the home loop does once a second: the others see that this node lives.
func (n *Node) Second() {
	n.log.Beat()
	n.log.Flush()
	n.shows.note(n.log)
}

// Leave says to the others that this node goes, behind all that has been submitted, and returns when they know it, or when ctx ends. Nothing is to be submitted afterwards.
func (n *Node) Leave(ctx context.Context) error {
	defer n.End()
	n.cfg.Home(func() { n.log.Leave(); n.log.Flush() })
	return n.until(ctx, n.log.Gone)
}

// Settle returns when all that has been submitted is applied, or when ctx ends.
func (n *Node) Settle(ctx context.Context) error { return n.until(ctx, n.log.Settled) }

// until returns when that is so on the home loop, or when ctx ends.
func (n *Node) until(ctx context.Context, is func() bool) error {
	for {
		answer := make(chan bool, 1)
		n.cfg.Home(func() { answer <- is() })
		select {
		case yes := <-answer:
			if yes {
				return nil
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// End has nothing more applied.
func (n *Node) End() { n.follow.end() }
