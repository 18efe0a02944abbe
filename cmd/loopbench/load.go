//go:build linux

package main

import (
	"fmt"
	"strconv"
	"time"

	"looproom/bench"
	"looproom/bench/contest"
)

// load is the flags that change workloads. Those that are not given leave a workload as it is.
type load struct {
	Clients  *int           `group:"Workload" placeholder:"N" help:"Connections."`
	Rooms    *int           `group:"Workload" placeholder:"N" help:"Rooms that they are divided into."`
	Forms    *int           `group:"Workload" placeholder:"N" help:"Ways in which members of a room read."`
	Senders  *int           `group:"Workload" placeholder:"N" help:"How many of them talk."`
	Slow     *int           `group:"Workload" placeholder:"N" help:"How many of them don't read."`
	Size     *int           `group:"Workload" placeholder:"BYTES" help:"Size of a message."`
	Depth    *int           `group:"Workload" placeholder:"N" help:"Messages in flight per client of echo."`
	Window   *int           `group:"Workload" placeholder:"N" help:"Messages in flight of fanout."`
	Rate     *float64       `group:"Workload" placeholder:"N" help:"Messages a second of all senders together."`
	Poisson  bool           `group:"Workload" help:"Send at random times of that mean rate, and not evenly."`
	Answers  bool           `group:"Workload" help:"Follow each message by a question that the server answers to its sender alone."`
	Pings    *float64       `group:"Workload" placeholder:"N" help:"Questions a second of a bystander."`
	Bound    *time.Duration `group:"Workload" placeholder:"TIME" help:"What the p99 may be at the knee."`
	Warmup   *time.Duration `group:"Workload" placeholder:"TIME" help:"Cut off at the beginning."`
	Duration *time.Duration `group:"Workload" placeholder:"TIME" help:"Measured time of each repetition."`
}

// apply changes w as the flags say.
func (l *load) apply(w *bench.Workload) error {
	named := map[string]bool{}
	for _, flag := range []struct {
		name  string
		value string
	}{
		{"clients", given(l.Clients)}, {"rooms", given(l.Rooms)}, {"forms", whereTalked(w, given(l.Forms))}, {"senders", given(l.Senders)}, {"slow", given(l.Slow)},
		{"size", given(l.Size)}, {"depth", given(l.Depth)}, {"window", given(l.Window)}, {"rate", given(l.Rate)},
		{"pings", given(l.Pings)}, {"bound", given(l.Bound)}, {"warmup", given(l.Warmup)}, {"duration", given(l.Duration)},
	} {
		if flag.value == "" {
			continue
		}
		named[flag.name] = true
		if err := contest.Set(w, flag.name, flag.value); err != nil {
			return err
		}
	}
	w.Poisson = w.Poisson || l.Poisson
	w.Answers = w.Answers || (l.Answers && whereTalked(w, "yes") != "")
	contest.Fit(w, named)
	return nil
}

// whereTalked is a flag's value for a workload in which clients talk to each other, "" for others.
func whereTalked(w *bench.Workload, value string) string {
	if w.Kind == bench.Echo || w.Kind == bench.Idle || w.Kind == bench.Storm {
		return ""
	}
	return value
}

// given is a flag's value as text, "" if it was not given.
func given[T any](value *T) string {
	if value == nil {
		return ""
	}
	if f, ok := any(*value).(float64); ok {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return fmt.Sprint(*value)
}

// workloads reads specs and applies the flags to each.
func (l *load) workloads(specs []string) ([]bench.Workload, error) {
	var all []bench.Workload
	for _, spec := range specs {
		w, err := contest.ParseSpec(spec)
		if err != nil {
			return nil, err
		}
		if err := l.apply(&w); err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}
