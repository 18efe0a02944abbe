package report

import (
	"fmt"
	"slices"
	"strings"
)

// losses names every cell in which the baseline is behind, by whatever metric: a line for each metric of a workload, the worst first.
func losses(all []outcome) (lines []string) {
	behind := selectWhere(all, outcome.lost)
	slices.SortStableFunc(behind, byCost)
	for i, o := range behind {
		if !slices.ContainsFunc(behind[:i], o.sameCell) {
			lines = append(lines, lossOf(o, selectWhere(behind, o.sameCell)))
		}
	}
	if len(lines) == 0 && countWhere(all, func(o outcome) bool { return o.fair() && o.cost.interval }) > 0 {
		lines = []string{"Nowhere in this run, by " + strings.Join(aspectsOf(all), ", ") + ". Other workloads, machines and numbers of clients may show otherwise."}
	}
	return lines
}

// lossOf says by whom, all in one: "chat with 9 clients: p50 latency 9ms; redis 0.5 (0.4–0.6) ×, 5ms".
func lossOf(o outcome, ahead []outcome) string {
	own := o.section.of(o.section.baseline).sample(o.metric).median()
	line := fmt.Sprintf("%s: %s %s", o.where(), o.what(), o.metric.show(own))
	for _, other := range ahead {
		line += fmt.Sprintf("; %s %s ×, %s", other.subject, other.shown(), o.metric.show(other.section.of(other.subject).sample(o.metric).median()))
	}
	return line
}

// aspectsOf are those that something is known of.
func aspectsOf(all []outcome) (known []string) {
	for _, aspect := range aspects {
		if slices.ContainsFunc(all, func(o outcome) bool { return o.metric.aspect() == aspect }) {
			known = append(known, aspect)
		}
	}
	return known
}

// wins names for each workload the nearest and the farthest of those behind by its headline, and how many are behind by the other metrics.
func wins(sections []section, all []outcome) (lines []string) {
	for _, s := range sections {
		here := selectWhere(all, func(o outcome) bool { return shape(o.section.workload) == shape(s.workload) })
		var parts []string
		for _, m := range append([]metric{s.headline()}, judged(s.workload)...) {
			of := selectWhere(here, func(o outcome) bool { return o.metric.name == m.name })
			won := selectWhere(of, outcome.won)
			switch {
			case len(won) == 0 || len(parts) > 0 && m.name == s.headline().name:
			case m.name == s.headline().name:
				parts = append(parts, nearAndFar(won))
			default:
				parts = append(parts, fmt.Sprintf("by %s %d of %d", won[0].what(), len(won), len(of)))
			}
		}
		if len(parts) > 0 {
			lines = append(lines, s.name+": "+strings.Join(parts, "; "))
		}
	}
	return lines
}

func nearAndFar(won []outcome) string {
	slices.SortStableFunc(won, byCost)
	text := won[0].inWords()
	if len(won) > 1 {
		text += "; up to " + won[len(won)-1].inWords()
	}
	return text
}
