package status

import (
	"fmt"
	"slices"
	"time"
)

// State is how a server is, in a word.
type State string

// The states, from good to bad.
const (
	Well     State = "well"
	Strained State = "strained"
	Trouble  State = "trouble"
)

// From which loop lag on a person notices that answers come late, and from which on it is no conversation any more.
const (
	lateLag    = 50 * time.Millisecond
	tooLateLag = 500 * time.Millisecond
)

// How far back the state looks, in samples: at lag for a few; at events for a minute, so that
// a person sees them.
const (
	lagSpan   = 5
	eventSpan = 60
)

// judge sets the state of the last sample from those before it.
func judge(samples []Sample) {
	last := &samples[len(samples)-1]
	last.State, last.Why = Well, []string{}
	if last.LogAway {
		last.add(Trouble, "the log of the cluster does not answer")
	}
	lag := usualLag(newest(samples, lagSpan))
	switch {
	case lag >= micros(tooLateLag):
		last.add(Trouble, "event loops take %.0f ms to answer", lag/1000)
	case lag >= micros(lateLag):
		last.add(Strained, "event loops take %.0f ms to answer", lag/1000)
	}
	if last.NodesHere < last.Nodes {
		last.add(Strained, "%d of %d nodes take part", last.NodesHere, last.Nodes)
	}
	minute := sum(newest(samples, eventSpan))
	last.count(Trouble, minute.Errors, "connection that failed to be accepted or a panic", "connections that failed to be accepted, or panics")
	last.count(Strained, minute.Stalls, "stall of an event loop", "stalls of event loops")
	last.count(Strained, minute.Refused, "connection refused", "connections refused")
	last.count(Strained, minute.SlowDrops, "slow client disconnected", "slow clients disconnected")
	last.count(Strained, minute.Skipped, "message skipped for slow clients", "messages skipped for slow clients")
	last.count(Strained, minute.Floods, "client disconnected for flooding", "clients disconnected for flooding")
}

// count adds a reason if there was one or more of it in the last minute.
func (s *Sample) count(state State, n uint64, one, many string) {
	switch {
	case n == 1:
		s.add(state, "1 %s in the last minute", one)
	case n > 1:
		s.add(state, "%d %s in the last minute", n, many)
	}
}

func (s *Sample) add(state State, format string, values ...any) {
	if s.State != Trouble {
		s.State = state
	}
	s.Why = append(s.Why, fmt.Sprintf(format, values...))
}

// usualLag is the median of the p99s, in microseconds: in a second with few batches one slow one is its p99, and that alone is no strain.
func usualLag(samples []Sample) float64 {
	var lags []float64
	for i := range samples {
		if lag := samples[i].Lag; lag != nil {
			lags = append(lags, lag.P99)
		}
	}
	if len(lags) == 0 {
		return 0
	}
	slices.Sort(lags)
	return lags[len(lags)/2]
}

// sum adds up what is counted per second.
func sum(samples []Sample) (total Sample) {
	for i := range samples {
		s := &samples[i]
		total.SlowDrops += s.SlowDrops
		total.Skipped += s.Skipped
		total.Floods += s.Floods
		total.Refused += s.Refused
		total.Errors += s.Errors
		total.Stalls += s.Stalls
	}
	return total
}

func newest(samples []Sample, n int) []Sample {
	return samples[max(len(samples)-n, 0):]
}
