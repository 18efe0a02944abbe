//go:build linux

package generator

import (
	"context"

	"looproom/bench"
	"looproom/bench/bystander"
)

// invite brings in the bystander of a workload that has one: in the room behind the crowd's, with the number behind its clients'.
func (r *run) invite(ctx context.Context) (err error) {
	if r.workload.Kind != bench.Bystander {
		return nil
	}
	r.bystander, err = bystander.Enter(ctx, bystander.Options{
		Address: r.options.Address, Dialect: r.options.Dialect.(bench.Asker), First: r.workload.Clients, Room: r.workload.Rooms,
		Rate: r.workload.Pings, Pin: r.options.Pin,
	})
	return err
}

// hear ends the bystander's questions: what it has seen becomes part of the result.
func (r *run) hear(ctx context.Context) {
	seen := r.bystander.End(ctx)
	r.result.RoundTrip = seen.RoundTrip
	if seen.Answered < seen.Asked {
		r.warn("%d of the bystander's %d questions were not answered", seen.Asked-seen.Answered, seen.Asked)
	}
	if seen.Asked > 0 && float64(seen.Late) > 0.01*float64(seen.Asked) {
		r.warn("%d of the bystander's %d questions left over a millisecond late, so that part of what they would have seen is missing", seen.Late, seen.Asked)
	}
	for _, why := range seen.Lost {
		r.warn("the bystander's connection ended: %s", why)
	}
}

// thank lets the bystander go.
func (r *run) thank() {
	if r.bystander != nil {
		r.bystander.Close()
	}
}
