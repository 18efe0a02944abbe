package report

import (
	"math"
	"slices"
	"strings"
)

// isVariant is true for a subject that is the baseline with other flags: "looproom --loops 2". It is no other server.
func isVariant(subject, baseline string) bool { return strings.HasPrefix(subject, baseline+" ") }

// tradeoffPlot is latency against CPU, the baseline and its variants as one line, every other subject as a point. Without variants, or where the
// generator doesn't set the pace, there is none.
func (s section) tradeoffPlot(styles map[string]style) *svg {
	own := series{subject: s.baseline, style: styles[s.baseline]}
	var others []series
	lowX, highX, lowY, highY := math.Inf(1), 0.0, math.Inf(1), 0.0
	variants := 0
	for _, c := range s.cells {
		x, y := c.sample(cpuEach).median(), c.sample(lastP99).median()
		if x <= 0 || y <= 0 {
			continue
		}
		lowX, highX, lowY, highY = min(lowX, x), max(highX, x), min(lowY, y), max(highY, y)
		switch {
		case isVariant(c.subject, s.baseline):
			variants++
			fallthrough
		case c.subject == s.baseline:
			own.add(point{x, y}, strings.TrimSpace(strings.TrimPrefix(c.subject, s.baseline)))
		default:
			other := series{subject: c.subject, style: styles[c.subject]}
			other.add(point{x, y}, "")
			others = append(others, other)
		}
	}
	if variants == 0 || unpaced(s.workload) {
		return nil
	}
	own.inOrder()
	p := linePlot{title: "Latency against CPU (lower and further left is better)", series: append([]series{own}, others...)}
	p.x = spanning("server CPU time for each "+thing(s.workload.Kind), lowX, highX, duration)
	p.y = logarithmic("p99 to the last receiver", lowY, highY, duration)
	return p.draw()
}

// add adds a point with its name beside it.
func (s *series) add(at point, name string) {
	s.points, s.open, s.names = append(s.points, at), append(s.open, false), append(s.names, name)
}

// inOrder sorts the points by x.
func (s *series) inOrder() {
	order := make([]int, len(s.points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return sign(s.points[a].x - s.points[b].x) })
	sorted := series{}
	for _, i := range order {
		sorted.add(s.points[i], s.names[i])
	}
	s.points, s.open, s.names = sorted.points, sorted.open, sorted.names
}
