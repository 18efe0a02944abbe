package report

import (
	"fmt"
	"slices"
	"strings"

	"looproom/bench"
)

// outcome is how a subject did against the baseline in one workload.
type outcome struct {
	section section
	subject string
	metric  metric
	// cost is how many times the baseline's the subject's cost is: more than 1 is worse, also where the metric is a rate.
	cost ratio
	// unfair says why the two can't be compared; empty if they can.
	unfair string
}

// outcomesOf are those of all servers but the baseline and the limits, by every metric that is judged.
func outcomesOf(sections []section) []outcome {
	return collect(sections, func(s section) []metric { return judged(s.workload) })
}

// costsOf are those by each section's headline.
func costsOf(sections []section) []outcome {
	return collect(sections, func(s section) []metric { return []metric{s.headline()} })
}

func collect(sections []section, by func(section) []metric) (all []outcome) {
	for _, s := range sections {
		for _, m := range by(s) {
			for _, c := range s.cells {
				if c.subject == s.baseline || slices.Contains(limits, c.subject) || isVariant(c.subject, s.baseline) {
					continue
				}
				if o := s.outcome(c, m); o.cost.value > 0 {
					all = append(all, o)
				}
			}
		}
	}
	return all
}

func (s section) outcome(c cell, m metric) outcome {
	o := outcome{section: s, subject: c.subject, metric: m, cost: s.ratioOf(c.subject, m)}
	if !m.lowerIsBetter {
		o.cost = o.cost.inverse()
	}
	for _, side := range []cell{c, s.of(s.baseline)} {
		if o.unfair == "" && len(side.runs) > 0 {
			o.unfair = side.shortfall()
		}
	}
	return o
}

// shortfall says in what the cell did less than was asked; empty if in nothing.
func (c cell) shortfall() string {
	switch {
	case c.lost() > 0:
		return fmt.Sprintf("%s lost %s of %s %s", c.subject, count(c.lost()), count(c.expected()), things(c.runs[0].Workload.Kind))
	case c.runs[0].Workload.Kind != bench.Slow && c.held() < c.asked():
		n := int64(len(c.runs))
		return fmt.Sprintf("%s held %s of %s clients", c.subject, count(c.held()/n), count(c.asked()/n))
	}
	return ""
}

func (o outcome) fair() bool { return o.unfair == "" }

// The three ways it can have gone for the baseline, beyond noise. Without an interval none of them is true.
func (o outcome) won() bool  { return o.fair() && o.cost.above() }
func (o outcome) lost() bool { return o.fair() && o.cost.below() }
func (o outcome) tied() bool { return o.fair() && o.cost.indistinguishable() }

// near is true where the subject is not much worse than the baseline, or better.
func (o outcome) near() bool {
	const little = 1.25
	return o.fair() && o.cost.value <= little
}

// figures are both sides' medians: "7.37µs against 9.01µs".
func (o outcome) figures() string {
	subject, baseline := o.section.of(o.subject).sample(o.metric), o.section.of(o.section.baseline).sample(o.metric)
	return o.metric.show(subject.median()) + " against " + o.metric.show(baseline.median())
}

// what names the cost in words.
func (o outcome) what() string {
	switch o.metric.name {
	case cpuEach.name:
		return "CPU per " + thing(o.section.workload.Kind)
	case throughput.name:
		return things(o.section.workload.Kind) + " a second"
	case knee.name:
		return "knee"
	case cpuBusy.name:
		return "CPU per second"
	case rss.name:
		return "resident memory"
	case p50.name, p99.name:
		return o.metric.name + " latency"
	case lastP50.name, lastP99.name:
		return strings.Replace(o.metric.name, " to", " latency to", 1)
	case askedP50.name, askedP99.name:
		return strings.Replace(o.metric.name, " of", " round trip of", 1)
	default:
		return o.metric.name
	}
}

func (o outcome) where() string { return o.section.name }

// inWords says how the subject's figure stands to the baseline's: "prefork 0.92 (0.88–0.94) × the CPU per echo, 8µs against 9µs".
func (o outcome) inWords() string {
	return fmt.Sprintf("%s %s × the %s, %s", o.subject, o.shown(), o.what(), o.figures())
}

// shown is how many times the baseline's figure the subject's is.
func (o outcome) shown() ratio {
	if o.metric.lowerIsBetter {
		return o.cost
	}
	return o.cost.inverse()
}

// sameCell is true for outcomes by the same metric of the same workload.
func (o outcome) sameCell(other outcome) bool {
	return o.metric.name == other.metric.name && shape(o.section.workload) == shape(other.section.workload)
}

func countWhere(all []outcome, is func(outcome) bool) (n int) {
	for _, o := range all {
		if is(o) {
			n++
		}
	}
	return n
}

func selectWhere(all []outcome, is func(outcome) bool) (some []outcome) {
	for _, o := range all {
		if is(o) {
			some = append(some, o)
		}
	}
	return some
}

func byCost(a, b outcome) int { return sign(a.cost.value - b.cost.value) }
