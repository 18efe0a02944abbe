package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"looproom/bench"
)

// remarks say what stands below a section's table: all that was lost, refused or warned of.
func (s section) remarks() (all []string) {
	for _, c := range s.cells {
		if trouble := c.trouble(); trouble != "" {
			all = append(all, c.subject+": "+trouble)
		}
		for _, warning := range c.warnings() {
			all = append(all, c.subject+": "+warning)
		}
	}
	if s.fewRepetitions() {
		all = append(all, fmt.Sprintf("fewer than %d repetitions: no intervals, so nothing here is known to be faster or slower", enoughForInterval))
	}
	return all
}

// fewRepetitions is true where some ratio has no interval for want of repetitions.
func (s section) fewRepetitions() bool {
	return len(s.cells) > 1 && slices.ContainsFunc(s.cells, func(c cell) bool { return len(c.runs) < enoughForInterval })
}

// trouble is all that came not as it should.
func (c cell) trouble() string {
	var parts []string
	add := func(n int64, format string, more ...any) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf(format, append([]any{count(n)}, more...)...))
		}
	}
	kind := c.runs[0].Workload.Kind
	add(c.lost(), "%s of %s %s LOST", count(c.expected()), things(kind))
	add(c.sum(func(m *bench.Measurement) int64 { return m.Duplicated }), "%s came twice")
	add(c.sum(func(m *bench.Measurement) int64 { return m.Reordered }), "%s out of order")
	add(c.sum(func(m *bench.Measurement) int64 { return m.Skipped }), "%s never sent because the server took no more")
	add(c.asked()-c.held(), "%s of %s connections not held", count(c.asked()))
	if reasons := c.disconnects(); len(reasons) > 0 {
		parts = append(parts, "disconnects: "+reasonsOf(reasons))
	}
	return strings.Join(parts, ", ")
}

func reasonsOf(disconnects map[string]int) string {
	var words []string
	for _, reason := range slices.Sorted(maps.Keys(disconnects)) {
		words = append(words, fmt.Sprintf("%s × %s", reason, count(int64(disconnects[reason]))))
	}
	return strings.Join(words, ", ")
}

// caveats are what a reader has to know of the whole report.
func caveats(r *bench.Report) (all []string) {
	if r.Interrupted {
		all = append(all, "the run was ended before it was complete")
	}
	for _, missing := range r.Missing {
		all = append(all, "not measured: "+missing)
	}
	return all
}

// legend explains the columns that these sections have.
func legend(sections []section) (lines []string) {
	if len(sections) == 0 {
		return nil
	}
	lines = []string{
		"Figures are medians. ± is half the range of the rate; p50, p99 and max are latencies to each receiver, last p99 to the last one.",
		"CPU each is the server's CPU time for each delivery (echo, client) and user+sys its parts; 1 kB is 1,000 bytes.",
	}
	if slices.ContainsFunc(sections, func(s section) bool { return s.workload.Kind == bench.Bystander }) {
		lines = append(lines, "ping is the round trip of a bystander's question, from one in another room than the crowd.")
	}
	return append(lines, fmt.Sprintf("× %s is how many times its figure a subject's is, with a 95 %% interval. ≈ is indistinguishable: the interval holds 1.",
		sections[0].baseline))
}
