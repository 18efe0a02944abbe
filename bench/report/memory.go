package report

import (
	"math"
	"slices"

	"looproom/bench"
)

// memoryPlots show the idle workloads together: lines over the connections if there are several numbers of them, else bars.
func memoryPlots(r *bench.Report) []plot {
	var idle []section
	for _, s := range sectionsOf(r) {
		if s.workload.Kind == bench.Idle {
			idle = append(idle, s)
		}
	}
	slices.SortStableFunc(idle, func(a, b section) int { return a.workload.Clients - b.workload.Clients })
	var picture *svg
	switch len(idle) {
	case 0:
	case 1:
		picture = idle[0].memoryBars()
	default:
		picture = memoryLines(idle, stylesOf(subjectsOf(r), baselineOf(r)))
	}
	if picture == nil {
		return nil
	}
	return []plot{{"memory", picture}}
}

func (s section) memoryBars() *svg {
	p := barPlot{title: "Memory for each idle connection (less is better)", axis: "growth of RSS for each connection", show: byteSize}
	for _, c := range s.cells {
		if values := c.sample(memoryEach); values.known() {
			p.bars = append(p.bars, s.bar(c, values, values.median()))
		}
	}
	slices.SortStableFunc(p.bars, func(a, b bar) int { return sign(a.sum() - b.sum()) })
	return p.drawIfAny()
}

// memoryLines are over the connections that were really held.
func memoryLines(idle []section, styles map[string]style) *svg {
	p := linePlot{title: "Memory by idle connections (less is better)"}
	lowX, highX, lowY, highY := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, subject := range subjectsIn(idle) {
		one := series{subject: subject, style: styles[subject]}
		for _, s := range idle {
			c := s.of(subject)
			x, y := heldEach(c), c.sample(rss).median()
			if x <= 0 || y <= 0 {
				continue
			}
			one.points, one.open = append(one.points, point{x, y}), append(one.open, c.held() < c.asked())
			lowX, highX, lowY, highY = min(lowX, x), max(highX, x), min(lowY, y), max(highY, y)
		}
		if len(one.points) > 0 {
			p.series = append(p.series, one)
		}
	}
	if len(p.series) == 0 {
		return nil
	}
	p.x = spanning("connections held (a hollow mark: fewer than asked)", lowX, highX, perSecond)
	p.y = spanning("RSS of the server", lowY, highY, byteSize)
	return p.draw()
}

func heldEach(c cell) float64 {
	if len(c.runs) == 0 {
		return 0
	}
	return float64(c.held()) / float64(len(c.runs))
}

func subjectsIn(sections []section) (names []string) {
	for _, s := range sections {
		for _, c := range s.cells {
			if !slices.Contains(names, c.subject) {
				names = append(names, c.subject)
			}
		}
	}
	return names
}
