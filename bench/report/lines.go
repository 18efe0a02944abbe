package report

import (
	"fmt"
	"math"
	"slices"
)

// linePlot is one line for each subject, its name at its end.
type linePlot struct {
	title  string
	x, y   axis
	series []series
	bound  float64 // a value of y that has a line of its own; 0: none
	words  string  // at that line
}

// series is one line. Its points are in order of x.
type series struct {
	subject string
	style   style
	points  []point
	open    []bool   // points that are drawn hollow; nil: no point is drawn
	names   []string // of the points, beside them; nil: they have none
	end     string   // behind the name
	knee    float64  // where on x it crosses the bound; 0: nowhere
}

// style is what tells a subject's line from others in all plots.
type style struct {
	class string
	dash  string
	shape int
}

// stylesOf gives the baseline the first style and each of the others its own.
func stylesOf(subjects []string, baseline string) map[string]style {
	styles := map[string]style{}
	n := 0
	for _, subject := range subjects {
		if subject == baseline {
			styles[subject] = style{class: "s0"}
			continue
		}
		styles[subject] = style{fmt.Sprintf("s%d", n%hues+1), dashes[(n/hues)%len(dashes)], n + 1}
		n++
	}
	return styles
}

// Lengths of a linePlot.
const (
	lineWidthPx  = 680.0
	lineHeightPx = 400.0
	linesTop     = 42.0
	linesBottom  = 52.0
	labelStep    = 16.0
)

// frame is where the lines are.
type frame struct{ left, right, top, bottom float64 }

func (f frame) at(p linePlot, v point) point {
	return point{f.left + (f.right-f.left)*p.x.part(v.x), f.bottom - (f.bottom-f.top)*p.y.part(v.y)}
}

func (p linePlot) draw() *svg {
	s := &svg{width: lineWidthPx, height: lineHeightPx, title: p.title}
	s.text("head", "start", edge, 22, p.title)
	f := p.frame()
	p.drawAxes(s, f)
	// The baseline comes last, so that it is above the others.
	ordered := slices.Clone(p.series)
	slices.SortStableFunc(ordered, func(a, b series) int { return rank(b) - rank(a) })
	for _, each := range ordered {
		p.drawSeries(s, f, each)
	}
	p.drawKnees(s, f)
	p.drawLabels(s, f)
	return s
}

// drawKnees marks them on the line of the bound.
func (p linePlot) drawKnees(s *svg, f frame) {
	for _, each := range p.series {
		if each.knee <= 0 || each.knee < p.x.low || each.knee > p.x.high {
			continue
		}
		at := f.at(p, point{each.knee, p.bound})
		s.line("knee "+each.style.class, at.x, at.y-9, at.x, at.y+9)
	}
}

func rank(s series) int {
	if s.style.class == "s0" {
		return 0
	}
	return 1
}

func (p linePlot) frame() frame {
	f := frame{edge + 22, lineWidthPx - edge, linesTop, lineHeightPx - linesBottom}
	widest := 0.0
	for _, t := range p.y.ticks {
		widest = max(widest, textWidth(t.label))
	}
	f.left += widest
	widest = 0
	for _, each := range p.series {
		widest = max(widest, textWidth(each.label()))
	}
	f.right -= widest + 30
	return f
}

func (s series) label() string {
	if s.end == "" {
		return s.subject
	}
	return s.subject + " " + s.end
}

func (p linePlot) drawAxes(s *svg, f frame) {
	for _, t := range p.y.ticks {
		y := f.at(p, point{p.x.low, t.at}).y
		s.line("rule", f.left, y, f.right, y)
		s.text("faint", "end", f.left-7, y+4.5, t.label)
	}
	for _, t := range p.x.ticks {
		x := f.at(p, point{t.at, p.y.low}).x
		s.line("rule", x, f.top, x, f.bottom)
		s.text("faint", "middle", x, f.bottom+18, t.label)
	}
	s.line("axis", f.left, f.bottom, f.right, f.bottom)
	s.line("axis", f.left, f.top, f.left, f.bottom)
	s.text("faint", "middle", (f.left+f.right)/2, f.bottom+38, p.x.label)
	fmt.Fprintf(&s.body, `<g transform="translate(%.1f,%.1f) rotate(-90)">`, edge+6, (f.top+f.bottom)/2)
	s.text("faint", "middle", 0, 0, p.y.label)
	s.body.WriteString("</g>\n")
	if p.bound > 0 && p.y.part(p.bound) >= 0 && p.y.part(p.bound) <= 1 {
		y := f.at(p, point{p.x.low, p.bound}).y
		s.line("bound", f.left, y, f.right, y)
		s.text("faint halo", "start", f.left+6, y-7, p.words)
	}
}

func (p linePlot) drawSeries(s *svg, f frame, each series) {
	var points []point
	for _, v := range each.points {
		points = append(points, f.at(p, v))
	}
	s.polyline("line "+each.style.class, each.style.dash, points)
	for i := range each.open {
		class := "mark " + each.style.class
		if each.open[i] {
			class += " open"
		}
		s.mark(class, each.style.shape, points[i], each.subject)
	}
	for i, name := range each.names {
		if name != "" {
			s.text("faint halo", "middle", min(max(points[i].x, f.left+textWidth(name)/2), f.right-textWidth(name)/2), points[i].y-10, name)
		}
	}
}

// drawLabels writes the names right of the frame, moved apart where lines end near each other.
func (p linePlot) drawLabels(s *svg, f frame) {
	type label struct {
		of  series
		end point
		y   float64
	}
	var labels []label
	for _, each := range p.series {
		if len(each.points) > 0 {
			end := f.at(p, each.points[len(each.points)-1])
			labels = append(labels, label{each, end, end.y})
		}
	}
	slices.SortStableFunc(labels, func(a, b label) int { return int(math.Copysign(1, a.y-b.y)) })
	ys := make([]float64, len(labels))
	for i := range labels {
		ys[i] = labels[i].y
	}
	apartBy(ys, labelStep, f.top, f.bottom)
	for i, l := range labels {
		s.line("lead "+l.of.style.class, l.end.x, l.end.y, f.right+18, ys[i])
		class := l.of.style.class
		if class == "s0" {
			class += " ours"
		}
		s.text(class, "start", f.right+22, ys[i]+4.5, l.of.label())
	}
}

// apartBy moves sorted places so that they are a step from each other, between low and high as far as there is room.
func apartBy(places []float64, step, low, high float64) {
	for i := range places {
		if i == 0 {
			places[i] = max(places[i], low)
			continue
		}
		places[i] = max(places[i], places[i-1]+step)
	}
	limit := high
	for i := len(places) - 1; i >= 0; i-- {
		places[i] = min(places[i], limit)
		limit = places[i] - step
	}
}
