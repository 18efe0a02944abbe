package report

import "fmt"

// barPlot is values side by side, the best one first.
type barPlot struct {
	title string
	axis  string // with the unit
	bars  []bar
	parts []string // names of the parts of a bar, if they are several
	show  func(float64) string
}

type bar struct {
	subject   string
	class     string // of the style sheet
	parts     []float64
	low, high float64 // the range over repetitions
	note      string  // behind the value, for what must not be overlooked
}

func (b bar) sum() (sum float64) {
	for _, part := range b.parts {
		sum += part
	}
	return sum
}

// Lengths of a barPlot.
const (
	barWidth  = 680.0 // of the whole plot
	barStep   = 30.0
	barHeight = 18.0
	barsTop   = 40.0
	edge      = 12.0
)

// draw draws bars from the left, the names before and the values behind them.
func (p barPlot) draw() *svg {
	top := barsTop
	if len(p.parts) > 1 {
		top += 22
	}
	bottom := top + barStep*float64(len(p.bars))
	s := &svg{width: barWidth, height: bottom + 44, title: p.title}
	s.text("head", "start", edge, 22, p.title)
	p.drawLegend(s)
	left, right := edge, barWidth-edge
	highest := 0.0
	for _, b := range p.bars {
		left = max(left, edge+textWidth(b.subject)+12)
		right = min(right, barWidth-edge-textWidth(p.value(b))-8)
		highest = max(highest, b.sum(), b.high)
	}
	if highest == 0 {
		highest = 1
	}
	scale := linear(p.axis, highest, 4, p.show)
	place := func(v float64) float64 { return left + (right-left)*scale.part(v) }
	for _, t := range scale.ticks {
		s.line("rule", place(t.at), top-4, place(t.at), bottom)
		s.text("faint", "middle", place(t.at), bottom+16, t.label)
	}
	s.text("faint", "middle", (left+right)/2, bottom+36, p.axis)
	for i, b := range p.bars {
		p.drawBar(s, b, top+barStep*float64(i), place)
	}
	return s
}

func (p barPlot) drawLegend(s *svg) {
	if len(p.parts) < 2 {
		return
	}
	x := edge
	for i, name := range p.parts {
		s.bar(partClass("bar s0", i), x, 36, 12, 12, name)
		s.bar(partClass("bar", i), x+13, 36, 12, 12, name)
		s.text("faint", "start", x+30, 46.5, name)
		x += 30 + textWidth(name) + 18
	}
}

// partClass makes the second part of a bar paler.
func partClass(class string, part int) string {
	if part > 0 {
		return class + " second"
	}
	return class
}

func (p barPlot) drawBar(s *svg, b bar, y float64, place func(float64) float64) {
	from, words := 0.0, b.subject+" "+p.value(b)
	for i, part := range b.parts {
		s.bar(partClass(b.class, i), place(from), y+4, place(from+part)-place(from), barHeight, words)
		from += part
	}
	middle := y + 4 + barHeight/2
	end := place(from)
	if b.high > b.low {
		s.line("whisker", place(b.low), middle, place(b.high), middle)
		end = max(end, place(b.high))
	}
	weight := "halo"
	if b.class == baselineClass {
		weight = "halo ours"
	}
	s.text(weight, "end", place(0)-8, middle+4.5, b.subject)
	s.text(weight, "start", end+7, middle+4.5, p.value(b))
}

// value is what stands behind the bar.
func (p barPlot) value(b bar) string {
	text := p.show(b.sum())
	if b.note != "" {
		text += fmt.Sprintf(" (%s)", b.note)
	}
	return text
}

const baselineClass = "bar s0"
