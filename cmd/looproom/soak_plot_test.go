//go:build linux && soak

package main_test

import (
	"fmt"
	"strings"
)

// panel is one curve of the plot.
type panel struct {
	title, unit string
	value       func(sample) float64
}

// plotSamples draws what a soak has seen as an SVG: one panel for each figure, all over the same time, each from zero.
func plotSamples(samples []sample) string {
	panels := []panel{
		{"memory (RSS; under the race detector its own with it)", "MiB", func(x sample) float64 { return float64(x.memory) / (1 << 20) }},
		{"heap in use", "MiB", func(x sample) float64 { return x.heap / (1 << 20) }},
		{"goroutines", "", func(x sample) float64 { return x.goroutines }},
		{"descriptors", "", func(x sample) float64 { return float64(x.descriptors) }},
		{"threads", "", func(x sample) float64 { return float64(x.threads) }},
		{"clients in the lobby", "", func(x sample) float64 { return float64(x.clients) }},
	}
	const width, height = 860, 150
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">`+"\n", width, height*len(panels)+20)
	b.WriteString(`<rect width="100%" height="100%" fill="white"/>` + "\n")
	for n, p := range panels {
		p.draw(&b, samples, float64(n*height))
	}
	if len(samples) > 0 {
		fmt.Fprintf(&b, `<text x="70" y="%d">0 to %v</text>`+"\n", height*len(panels)+12, samples[len(samples)-1].at.Round(1e9))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// draw draws the panel at the height top.
func (p panel) draw(b *strings.Builder, samples []sample, top float64) {
	const left, width, height = 70, 780, 110
	most, end := 1.0, 1.0
	for _, x := range samples {
		most, end = max(most, p.value(x)), max(end, x.at.Seconds())
	}
	most *= 1.1
	base := top + 25 + height
	fmt.Fprintf(b, `<text x="%d" y="%.0f">%s</text>`+"\n", left, top+18, p.title)
	for _, part := range []float64{0, 0.5, 1} {
		y := base - part*height
		fmt.Fprintf(b, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#ddd"/>`, left, y, left+width, y)
		fmt.Fprintf(b, `<text x="%d" y="%.1f" text-anchor="end">%.0f %s</text>`+"\n", left-6, y+4, part*most, p.unit)
	}
	b.WriteString(`<polyline fill="none" stroke="#1f77b4" stroke-width="1.2" points="`)
	for _, x := range samples {
		fmt.Fprintf(b, "%.1f,%.1f ", left+x.at.Seconds()/end*width, base-p.value(x)/most*height)
	}
	b.WriteString(`"/>` + "\n")
}
