package report

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"looproom/bench"
)

// plot is one picture of a report.
type plot struct {
	name string // of a file, without its end
	*svg
}

// WriteSVGs writes each plot as a file of its own into the folder dir, which it makes if need be, and returns their paths.
func WriteSVGs(dir string, r *bench.Report) (paths []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("write plots: %w", err)
	}
	var plots []plot
	for _, s := range sectionsOf(r) {
		plots = append(plots, s.plots(r)...)
	}
	for _, p := range slices.Concat(plots, memoryPlots(r), bystanderPlots(r)) {
		path := filepath.Join(dir, p.name+".svg")
		err = errors.Join(err, os.WriteFile(path, []byte(p.file()), 0o644))
		paths = append(paths, path)
	}
	if err != nil {
		return nil, fmt.Errorf("write plots: %w", err)
	}
	return paths, nil
}

// plots are a section's. What would show nothing is left out.
func (s section) plots(r *bench.Report) (plots []plot) {
	styles := stylesOf(subjectsOf(r), s.baseline)
	name := slug(s.workload)
	add := func(kind string, picture *svg) {
		if picture != nil {
			plots = append(plots, plot{name + "-" + kind, picture})
		}
	}
	if unpaced(s.workload) || s.workload.Kind == bench.Knee {
		add("throughput", s.throughputPlot())
	}
	if s.workload.Kind != bench.Idle {
		add("cpu", s.cpuPlot())
	}
	add("round-trip", s.percentilePlot("A bystander's round trip by percentile (lower is better)", cell.roundTrip, styles))
	add("latency", s.percentilePlot("Latency by percentile, to each receiver (lower is better)", cell.latency, styles))
	add("load", s.loadPlot(styles))
	add("tradeoff", s.tradeoffPlot(styles))
	return plots
}

func (s section) throughputPlot() *svg {
	m := s.rateMetric()
	p := barPlot{title: title(things(s.workload.Kind)) + " a second (more is better)", axis: things(s.workload.Kind) + " a second", show: perSecond}
	if m.name == knee.name {
		p.title, p.axis = "Messages a second at the knee (more is better)", "messages a second"
	}
	for _, c := range s.cells {
		if values := c.sample(m); values.known() {
			p.bars = append(p.bars, s.bar(c, values, values.median()))
		}
	}
	slices.SortStableFunc(p.bars, func(a, b bar) int { return sign(b.sum() - a.sum()) })
	return p.drawIfAny()
}

func (s section) cpuPlot() *svg {
	each := "server CPU time for each " + thing(s.workload.Kind)
	p := barPlot{title: title(each) + " (less is better)", axis: each, parts: []string{"user", "system"}, show: duration}
	for _, c := range s.cells {
		if values := c.sample(cpuEach); values.known() {
			p.bars = append(p.bars, s.bar(c, values, c.parts(values.median())...))
		}
	}
	slices.SortStableFunc(p.bars, func(a, b bar) int { return sign(a.sum() - b.sum()) })
	return p.drawIfAny()
}

// parts splits the whole as user and system time are split, so that both bars end at the median of the whole.
func (c cell) parts(whole float64) []float64 {
	user, system := c.sample(userEach).median(), c.sample(systemEach).median()
	if user+system == 0 {
		return []float64{whole}
	}
	return []float64{whole * user / (user + system), whole * system / (user + system)}
}

func (p barPlot) drawIfAny() *svg {
	if len(p.bars) == 0 {
		return nil
	}
	return p.draw()
}

// bar is a cell's, with what a bare value would hide behind it.
func (s section) bar(c cell, values sample, parts ...float64) bar {
	b := bar{subject: c.subject, class: "bar", parts: parts}
	b.low, b.high = values.bounds()
	switch {
	case c.subject == s.baseline:
		b.class = baselineClass
	case slices.Contains(limits, c.subject):
		b.class = "bar limit"
	}
	if c.lost() > 0 {
		b.note = count(c.lost()) + " LOST"
	} else if c.held() < c.asked() {
		b.note = "with " + held(s, c) + " clients"
	}
	return b
}

// percentilePlot has a line for each subject from the median to the last percentile that the number of messages carries.
func (s section) percentilePlot(head string, of func(cell) *bench.Distribution, styles map[string]style) *svg {
	p := linePlot{title: head}
	low, high, most := math.Inf(1), 0.0, 0.0
	for _, c := range s.cells {
		all := of(c)
		if all.Count() == 0 {
			continue
		}
		one := series{subject: c.subject, style: styles[c.subject]}
		last := min(math.Log10(float64(max(all.Count(), 10))), 6)
		for x := 0.0; x <= last+1e-9; x += 0.05 {
			v := float64(all.Percentile(100 * (1 - math.Pow(10, -x))))
			one.points = append(one.points, point{x, v})
			low, high = min(low, v), max(high, v)
		}
		most = max(most, last)
		p.series = append(p.series, one)
	}
	if len(p.series) == 0 {
		return nil
	}
	p.x, p.y = nines(most), logarithmic("latency", low, high, duration)
	return p.draw()
}

// loadPlot is the p99 at each rate on the way to the knee, of the repetition whose knee is the median.
func (s section) loadPlot(styles map[string]style) *svg {
	p := linePlot{title: "Latency at rising load (further right is better)", bound: float64(s.workload.Bound)}
	p.words = "bound " + onAxis(duration)(p.bound)
	lowX, highX, lowY, highY := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, c := range s.cells {
		one := loadSeries(c, styles[c.subject])
		for _, at := range one.points {
			lowX, highX, lowY, highY = min(lowX, at.x), max(highX, at.x), min(lowY, at.y), max(highY, at.y)
		}
		if len(one.points) > 0 {
			p.series = append(p.series, one)
		}
	}
	if len(p.series) == 0 {
		return nil
	}
	p.x = spanning("messages a second (hollow mark: not held; bar on the bound: the knee)", lowX, highX, perSecond)
	p.y = logarithmic("p99 to the last receiver", min(lowY, p.bound*0.9), max(highY, p.bound*1.1), duration)
	return p.draw()
}

// loadSeries ends at what is shown of the knee.
func loadSeries(c cell, look style) series {
	one := series{subject: c.subject, style: look}
	run := medianRun(c)
	if run == nil {
		return one
	}
	steps := slices.Clone(run.Steps)
	slices.SortFunc(steps, func(a, b bench.Step) int { return sign(a.Rate - b.Rate) })
	for _, step := range steps {
		if step.P99 <= 0 || step.Rate <= 0 {
			continue
		}
		one.points = append(one.points, point{step.Rate, float64(max(step.P99, time.Microsecond))})
		one.open = append(one.open, !step.Held)
	}
	one.knee = run.Knee
	one.end = perSecond(c.sample(knee).median())
	return one
}

// medianRun is the repetition whose knee is in the middle, among those that have steps.
func medianRun(c cell) *bench.Measurement {
	var runs []*bench.Measurement
	for _, run := range c.runs {
		if len(run.Steps) > 0 {
			runs = append(runs, run)
		}
	}
	if len(runs) == 0 {
		return nil
	}
	slices.SortStableFunc(runs, func(a, b *bench.Measurement) int { return sign(a.Knee - b.Knee) })
	return runs[len(runs)/2]
}

// title begins with a capital.
func title(words string) string {
	if words == "" {
		return ""
	}
	return string(words[0]-'a'+'A') + words[1:]
}

func sign(v float64) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}
