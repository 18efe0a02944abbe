//go:build linux

package generator

import (
	"context"
	"math"

	"looproom/bench"
)

const (
	// kneeGrowth is by how much each rate is above the last one that held.
	kneeGrowth = 1.6
	// kneeSteps is how often the interval between a rate that held and one that did not is halved.
	kneeSteps = 4
	// kneeTries is how often a rate is tried before it counts as not held: on a shared machine anyone stalls now and then.
	kneeTries = 3
)

// knee raises the rate until the p99 to the last receiver passes the bound or something is lost, and then closes in on the
// highest rate that holds. The result is of that rate.
func (r *run) knee(ctx context.Context) error {
	held, broke := 0.0, math.Inf(1)
	rate := r.workload.Rate
	var best *bench.Measurement
	for range 64 {
		holds, err := r.holds(ctx, rate)
		if err != nil {
			return err
		}
		if holds {
			held = rate
			kept := *r.result
			best = &kept
		} else {
			broke = rate
		}
		if rate = nextRate(held, broke, r.workload.Rate); rate == 0 {
			break
		}
	}
	if best == nil {
		r.warn("even %.0f messages a second were too many", broke)
		return nil
	}
	steps, warnings := r.result.Steps, r.result.Warnings
	*r.result = *best
	r.result.Steps, r.result.Warnings, r.result.Knee = steps, warnings, held
	return nil
}

// nextRate is the rate to try after held held and broke did not; 0 when they are close enough.
func nextRate(held, broke, first float64) float64 {
	switch {
	case held == 0 && broke < first/64:
		return 0
	case held == 0:
		return broke / 2
	case math.IsInf(broke, 1):
		return held * kneeGrowth
	case broke/held < math.Pow(kneeGrowth, 1.0/(1<<(kneeSteps-1))):
		return 0
	}
	return math.Sqrt(held * broke)
}

// holds tries a rate until it holds, or has not often enough.
func (r *run) holds(ctx context.Context, rate float64) (bool, error) {
	for range kneeTries {
		step, err := r.try(ctx, rate)
		if step != nil {
			r.result.Steps = append(r.result.Steps, *step)
		}
		if err != nil || step.Held {
			return err == nil, err
		}
	}
	return false, nil
}

// try runs one rate. A fleet that has lost clients is replaced by a new one.
func (r *run) try(ctx context.Context, rate float64) (*bench.Step, error) {
	r.result.Warnings = nil
	c, err := r.window(ctx, rate)
	if err != nil {
		return nil, err
	}
	step := &bench.Step{
		Rate: rate, Received: r.result.Throughput(), P50: c.last.Percentile(50), P99: c.last.Percentile(99), Lost: c.lost,
	}
	step.Held = c.lost == 0 && c.skipped == 0 && c.sent > 0 && step.P99 <= r.workload.Bound
	if int(r.fleet.in()) < r.workload.Clients {
		r.fleet.close()
		if err := r.gather(ctx); err != nil {
			return step, err
		}
	}
	return step, nil
}
