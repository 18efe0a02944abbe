package report

import (
	"fmt"
	"math"
	"slices"

	"looproom/bench"
)

// bystanderPlots show the round trip of a bystander over the size of the crowd beside it, one plot for workloads that differ in nothing else.
func bystanderPlots(r *bench.Report) (plots []plot) {
	styles := stylesOf(subjectsOf(r), baselineOf(r))
	var crowds [][]section
	for _, s := range sectionsOf(r) {
		if s.workload.Kind != bench.Bystander {
			continue
		}
		at := slices.IndexFunc(crowds, func(others []section) bool { return sizeless(others[0].workload) == sizeless(s.workload) })
		if at < 0 {
			crowds = append(crowds, []section{s})
			continue
		}
		crowds[at] = append(crowds[at], s)
	}
	for _, sections := range crowds {
		if len(sections) < 2 {
			continue
		}
		name := "bystander"
		if len(crowds) > 1 {
			name += fmt.Sprintf("-%d", len(plots)+1)
		}
		if picture := crowdLines(sections, styles); picture != nil {
			plots = append(plots, plot{name, picture})
		}
	}
	return plots
}

// sizeless is the workload without the size of its crowd. A larger one may have more who talk; at one rate that is no matter.
func sizeless(w bench.Workload) bench.Workload {
	w = shape(w)
	w.Clients, w.Senders = 0, 0
	return w
}

// crowdLines are the p99 of the round trip.
func crowdLines(sections []section, styles map[string]style) *svg {
	slices.SortStableFunc(sections, func(a, b section) int { return a.workload.Clients - b.workload.Clients })
	w := sections[0].workload
	p := linePlot{title: "A bystander's ping beside a crowd, p99 (lower is better)"}
	lowX, highX, lowY, highY := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, subject := range subjectsIn(sections) {
		one := series{subject: subject, style: styles[subject]}
		for _, s := range sections {
			c := s.of(subject)
			x, y := heldEach(c), c.sample(askedP99).median()
			if x <= 0 || y <= 0 {
				continue
			}
			one.points, one.open = append(one.points, point{x, y}), append(one.open, c.held() < c.asked() || c.lost() > 0)
			lowX, highX, lowY, highY = min(lowX, x), max(highX, x), min(lowY, y), max(highY, y)
		}
		if len(one.points) > 0 {
			p.series = append(p.series, one)
		}
	}
	if len(p.series) == 0 {
		return nil
	}
	about := fmt.Sprintf("members of a crowd with %s a second (hollow: some missing)", plural(int64(w.Rate), "message"))
	p.x = spanning(about, lowX, highX, perSecond)
	p.y = logarithmic("round trip, p99", lowY, highY, duration)
	return p.draw()
}
