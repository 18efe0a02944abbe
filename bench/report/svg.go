package report

import (
	"fmt"
	"html"

	"strings"
)

// Plots are SVG that we write ourselves, because colours must come from a style sheet: one plot serves light and dark, inside a page and as a
// file. A library writes fixed colours.

// svg is a plot while it is drawn. Lengths are pixels; y grows downwards.
type svg struct {
	body          strings.Builder
	width, height float64
	title         string
}

// fontSize and charWidth are of plain text. What is drawn doesn't know the reader's font, so it leaves more room than most need.
const (
	fontSize  = 13.0
	charWidth = 7.3
)

func textWidth(text string) float64 { return float64(len([]rune(text))) * charWidth }

// plotStyle has the colours. s0 is the baseline's; the others are told apart by colour, dash and mark, so that they need no
// colour to be. The hues are those of Okabe and Ito, darker on white and lighter on black.
const plotStyle = `.plot{--bg:#fff;--ink:#1b1f24;--faint:#5b6570;--rule:#dfe3e8;--s0:#c2410c;--s1:#0067a8;--s2:#007a56;--s3:#8e3b76;--s4:#8a6a00;--s5:#2b84b8;--s6:#5f6670}
@media (prefers-color-scheme:dark){.plot{--bg:#14181d;--ink:#e8ebee;--faint:#a3adb8;--rule:#333b45;--s0:#ff8a4c;--s1:#5eb3f0;--s2:#35c99a;--s3:#e39ac9;--s4:#e6c229;--s5:#9fd6f5;--s6:#b3bac2}}
.plot{font:13px system-ui,"Liberation Sans",Arial,sans-serif}
.plot .bg{fill:var(--bg)}
.plot text{fill:var(--ink)}
.plot .head{font-weight:600;font-size:15px}
.plot .faint{fill:var(--faint)}
.plot .halo{paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}
.plot .knee{stroke-width:2.5}
.plot .rule{stroke:var(--rule);stroke-width:1}
.plot .axis{stroke:var(--faint);stroke-width:1}
.plot .bound{stroke:var(--faint);stroke-width:1.5;stroke-dasharray:2 4}
.plot .whisker{stroke:var(--ink);stroke-width:1.5}
.plot .lead{stroke-width:1;opacity:.5}
.plot .line{fill:none;stroke-width:2}
.plot .line.s0{stroke-width:3.5}
.plot .ours{font-weight:700}
.plot .second{opacity:.5}
.plot .bar{fill:var(--s1)}
.plot .bar.s0{fill:var(--s0)}
.plot .bar.limit{fill:var(--s6)}
` + seriesStyle

const seriesStyle = `.plot .line.s0,.plot .lead.s0,.plot .knee.s0,.plot .mark.s0{stroke:var(--s0)}.plot text.s0,.plot .mark.s0{fill:var(--s0)}
.plot .line.s1,.plot .lead.s1,.plot .knee.s1,.plot .mark.s1{stroke:var(--s1)}.plot text.s1,.plot .mark.s1{fill:var(--s1)}
.plot .line.s2,.plot .lead.s2,.plot .knee.s2,.plot .mark.s2{stroke:var(--s2)}.plot text.s2,.plot .mark.s2{fill:var(--s2)}
.plot .line.s3,.plot .lead.s3,.plot .knee.s3,.plot .mark.s3{stroke:var(--s3)}.plot text.s3,.plot .mark.s3{fill:var(--s3)}
.plot .line.s4,.plot .lead.s4,.plot .knee.s4,.plot .mark.s4{stroke:var(--s4)}.plot text.s4,.plot .mark.s4{fill:var(--s4)}
.plot .line.s5,.plot .lead.s5,.plot .knee.s5,.plot .mark.s5{stroke:var(--s5)}.plot text.s5,.plot .mark.s5{fill:var(--s5)}
.plot .line.s6,.plot .lead.s6,.plot .knee.s6,.plot .mark.s6{stroke:var(--s6)}.plot text.s6,.plot .mark.s6{fill:var(--s6)}
.plot .mark.open{fill:var(--bg)}
`

// hues is how many colours there are besides the baseline's.
const hues = 6

// dashes are for those whose colour another has too.
var dashes = []string{"", "7 4", "2 3"}

// String is the whole plot as an element for a page that has plotStyle.
func (s *svg) String() string { return s.element("") }

// file is the plot with its own style.
func (s *svg) file() string { return s.element("<style>" + plotStyle + "</style>\n") }

func (s *svg) element(style string) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f">`+"\n",
		s.width, s.height, s.width, s.height) +
		"<title>" + html.EscapeString(s.title) + "</title>\n" + style +
		fmt.Sprintf(`<rect class="bg" width="%.0f" height="%.0f"/>`+"\n", s.width, s.height) +
		s.body.String() + "</svg>\n"
}

func (s *svg) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(&s.body, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", class, x1, y1, x2, y2)
}

// bar is a rectangle with words for who points at it.
func (s *svg) bar(class string, x, y, width, height float64, words string) {
	fmt.Fprintf(&s.body, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%s</title></rect>`+"\n",
		class, x, y, max(width, 0), height, html.EscapeString(words))
}

// text writes with anchor start, middle or end at x, its base line at y.
func (s *svg) text(class, anchor string, x, y float64, words string) {
	fmt.Fprintf(&s.body, `<text class="%s" text-anchor="%s" x="%.1f" y="%.1f">%s</text>`+"\n", class, anchor, x, y, html.EscapeString(words))
}

// polyline draws through the points, with a dash from dashes or none.
func (s *svg) polyline(class, dash string, points []point) {
	var at strings.Builder
	for _, p := range points {
		fmt.Fprintf(&at, "%.1f,%.1f ", p.x, p.y)
	}
	if dash != "" {
		dash = ` stroke-dasharray="` + dash + `"`
	}
	fmt.Fprintf(&s.body, `<polyline class="%s"%s points="%s"/>`+"\n", class, dash, strings.TrimSpace(at.String()))
}

// mark draws one of several shapes.
func (s *svg) mark(class string, shape int, at point, words string) {
	const r = 4.0
	outlines := [][]point{
		nil, // a circle
		{{-r, -r}, {r, -r}, {r, r}, {-r, r}},
		{{0, -r * 1.3}, {r * 1.2, r}, {-r * 1.2, r}},
		{{0, -r * 1.4}, {r * 1.4, 0}, {0, r * 1.4}, {-r * 1.4, 0}},
		{{0, r * 1.3}, {r * 1.2, -r}, {-r * 1.2, -r}},
	}
	title := "<title>" + html.EscapeString(words) + "</title>"
	outline := outlines[shape%len(outlines)]
	if outline == nil {
		fmt.Fprintf(&s.body, `<circle class="%s" cx="%.1f" cy="%.1f" r="%.1f">%s</circle>`+"\n", class, at.x, at.y, r, title)
		return
	}
	var corners strings.Builder
	for _, p := range outline {
		fmt.Fprintf(&corners, "%.1f,%.1f ", at.x+p.x, at.y+p.y)
	}
	fmt.Fprintf(&s.body, `<polygon class="%s" points="%s">%s</polygon>`+"\n", class, strings.TrimSpace(corners.String()), title)
}

type point struct{ x, y float64 }
