//go:build linux

package generator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"looproom/bench"
	"looproom/bench/bystander"
)

// Run brings the workload to the server and returns what came of it. A context that is done ends it early, with what there is by
// then and a warning that says so; the error is for what kept it from being measured at all.
func Run(ctx context.Context, w bench.Workload, o Options) (*bench.Measurement, error) {
	o.withDefaults(w.Clients)
	if err := errors.Join(check(&w), checkDialects(&w, &o)); err != nil {
		return nil, err
	}
	r := &run{workload: w, options: o, result: &bench.Measurement{Workload: w, Began: time.Now(), Asked: w.Clients}}
	defer func() { r.fleet.close() }()
	if err := r.gather(ctx); err != nil {
		return nil, err
	}
	if err := r.invite(ctx); err != nil {
		return nil, err
	}
	err := r.measure(ctx)
	r.thank()
	r.result.Held = int(r.fleet.in())
	r.addDisconnects()
	if errors.Is(err, errInterrupted) {
		r.warn("interrupted: the figures are of a shorter time than was asked for")
		err = nil
	}
	return r.result, err
}

// run is one workload under way.
type run struct {
	workload  bench.Workload
	options   Options
	fleet     *fleet
	bystander *bystander.Group // nil: there is none
	result    *bench.Measurement
}

func (r *run) warn(format string, args ...any) {
	r.result.Warnings = append(r.result.Warnings, fmt.Sprintf(format, args...))
}

// gather makes a fleet and connects it; a storm connects within its measured time.
func (r *run) gather(ctx context.Context) (err error) {
	if r.fleet, err = newFleet(r.workload, r.options); err != nil {
		return err
	}
	if r.workload.Kind == bench.Storm {
		return nil
	}
	if err := r.fleet.connect(ctx); err != nil {
		return err
	}
	if failed := r.fleet.failed.Load(); failed == int64(r.workload.Clients) {
		return fmt.Errorf("no client could come in: %v", r.fleet.disconnects())
	} else if failed > 0 {
		r.warn("%d of %d clients could not come in", failed, r.workload.Clients)
	}
	return nil
}

func (r *run) measure(ctx context.Context) error {
	switch r.workload.Kind {
	case bench.Idle:
		return r.idle(ctx)
	case bench.Storm:
		return r.storm(ctx)
	case bench.Knee:
		return r.knee(ctx)
	}
	if r.workload.Warmup > 0 {
		c, err := r.fleet.traffic(ctx, "warming up", r.workload.Rate, r.workload.Warmup)
		if err != nil {
			return err
		}
		if c.lost > 0 {
			r.warn("%d of the warm-up's deliveries had not come when for %v nothing had", c.lost, r.options.Patience)
		}
	}
	_, err := r.window(ctx, r.workload.Rate)
	return err
}

// window is a measured phase of traffic: its counts and what was used become the result.
func (r *run) window(ctx context.Context, rate float64) (counts, error) {
	if err := r.options.Watch.Begin(); err != nil {
		return counts{}, err
	}
	if r.bystander != nil {
		r.bystander.Begin()
	}
	began := r.fleet.now()
	c, err := r.fleet.traffic(ctx, "measuring", rate, r.workload.Duration)
	if r.bystander != nil {
		r.hear(ctx)
	}
	ended := max(time.Duration(c.lastArrival), began+r.workload.Duration)
	if c.lost == 0 && c.received > 0 && r.fleet.closedLoop {
		ended = time.Duration(c.lastArrival)
	}
	server, generator, watchErr := r.options.Watch.End()
	r.keep(&c, ended-began)
	r.result.Server, r.result.Generator = server, generator
	r.judge()
	return c, errors.Join(err, watchErr)
}

func (r *run) keep(c *counts, elapsed time.Duration) {
	m := r.result
	m.Elapsed = elapsed
	m.Sent, m.Expected, m.Received = c.sent, c.expected, c.received
	m.Lost, m.Duplicated, m.Reordered = c.lost, c.duplicated, c.reordered
	m.Late, m.Skipped = c.late, c.skipped
	m.Answers = c.answers
	if c.answers != c.asked {
		r.warn("%d answers came to %d questions", c.answers, c.asked)
	}
	if c.stale > 0 {
		r.warn("%d deliveries of an earlier phase came only now", c.stale)
	}
	m.Latency, m.AcrossLatency, m.LastLatency, m.Lag = c.latency.Distribution, c.across.Distribution, c.last, c.lag
}

// busy is from what share of its time on the generator counts as a limit of what was measured.
const busy = 0.95

// judge warns where the generator was the limit.
func (r *run) judge() {
	m := r.result
	if m.Elapsed <= 0 {
		return
	}
	if share := m.Generator.CPU().Seconds() / m.Elapsed.Seconds() / float64(r.options.Workers); share > busy && r.fleet.closedLoop {
		r.warn("the generator was busy for %.0f %% of the time: the server may do more than this; CPU per delivery still holds", 100*share)
	}
	if m.Sent > 0 && float64(m.Late) > 0.01*float64(m.Sent) {
		r.warn("%d of %d messages left over a millisecond late", m.Late, m.Sent)
	}
	if m.Skipped > 0 {
		r.warn("%d messages were not sent: the server took no more bytes of their senders", m.Skipped)
	}
}

func (r *run) addDisconnects() {
	lost := r.fleet.disconnects()
	if len(lost) > 0 {
		r.result.Disconnects = lost
	}
}

// idle holds the connections, and nothing is said.
func (r *run) idle(ctx context.Context) error {
	err := r.fleet.report(ctx, "settling", r.workload.Warmup)
	if err != nil {
		return err
	}
	if err := r.options.Watch.Begin(); err != nil {
		return err
	}
	began := r.fleet.now()
	err = r.fleet.report(ctx, "measuring", r.workload.Duration)
	server, generator, watchErr := r.options.Watch.End()
	r.result.Server, r.result.Generator, r.result.Elapsed = server, generator, r.fleet.now()-began
	return errors.Join(err, watchErr)
}

// storm has all clients come in as fast as they go, and leave again. A delivery is a client that came and left; the latency is
// from the begin of its connect to the end of its hello.
func (r *run) storm(ctx context.Context) error {
	f := r.fleet
	if err := r.options.Watch.Begin(); err != nil {
		return err
	}
	began := f.now()
	err := f.connect(ctx)
	came := f.in()
	f.each((*worker).leave)
	for last, since := f.left.Load(), time.Now(); f.left.Load() < came && time.Since(since) < r.options.Patience; {
		if err = errors.Join(err, pause(ctx, tick)); ctx.Err() != nil {
			break
		}
		if left := f.left.Load(); left != last {
			last, since = left, time.Now()
		}
	}
	elapsed := f.now() - began
	server, generator, watchErr := r.options.Watch.End()
	var c counts
	f.each(func(w *worker) { c.add(&w.counts) })
	c.sent, c.expected, c.received = int64(r.workload.Clients), int64(r.workload.Clients), f.left.Load()
	c.lost = c.expected - c.received
	r.keep(&c, elapsed)
	r.result.Server, r.result.Generator = server, generator
	return errors.Join(err, watchErr)
}
