package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"looproom/bench"
)

// Table writes where the baseline loses, and a table for each workload, with a row for each subject and what a reader has to know below it. It takes up to 120
// columns of a terminal; the figures that find no room are those that CSV and HTML have too. The error is w's.
func Table(w io.Writer, r *bench.Report) error {
	sections := sectionsOf(r)
	var text strings.Builder
	for _, line := range preamble(r) {
		fmt.Fprintln(&text, line)
	}
	if lines := losses(outcomesOf(sections)); len(lines) > 0 {
		fmt.Fprintf(&text, "\nWhere %s loses\n", called(baselineOf(r)))
		writeWrapped(&text, "- ", lines)
	}
	for _, s := range sections {
		fmt.Fprintln(&text)
		writeSection(&text, s)
	}
	if lines := legend(sections); len(lines) > 0 {
		fmt.Fprintln(&text)
		writeWrapped(&text, "", lines)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func preamble(r *bench.Report) []string {
	m := r.Machine
	lines := []string{fmt.Sprintf("%s, %s, %s, %s, %s", m.CPU, plural(int64(m.Cores), "CPU"), byteSize(float64(m.MemoryBytes)), m.Kernel, m.Go)}
	if r.Pinning != "" {
		lines = append(lines, r.Pinning)
	}
	for _, caveat := range caveats(r) {
		lines = append(lines, "! "+caveat)
	}
	return lines
}

func writeSection(text *strings.Builder, s section) {
	fmt.Fprintf(text, "%s; %s\n", Title(s.workload), s.repetitions())
	heads, rows := s.grid()
	writeGrid(text, fit(append([][]string{heads}, rows...)))
	writeWrapped(text, "! ", s.remarks())
}

// tableWidth is how wide a table may be, and spareHeads the columns that go first where one is wider.
const tableWidth = 120

var spareHeads = []string{"B/conn", "±", "max", "user+sys", "RSS", "p50", "deliv./s"}

// fit leaves out columns until the grid, heads first, is not too wide.
func fit(grid [][]string) [][]string {
	for _, head := range spareHeads {
		at := slices.Index(grid[0], head)
		if at < 0 || gridWidth(grid) <= tableWidth {
			continue
		}
		for i := range grid {
			grid[i] = slices.Delete(grid[i], at, at+1)
		}
	}
	return grid
}

func gridWidth(grid [][]string) (width int) {
	for _, each := range columnWidths(grid) {
		width += each + len(gap)
	}
	return width - len(gap)
}

func columnWidths(grid [][]string) []int {
	widths := make([]int, len(grid[0]))
	for _, row := range grid {
		for i, word := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(word))
		}
	}
	return widths
}

// gap is between two columns.
const gap = "  "

// writeGrid aligns the first column to the left and the others to the right.
func writeGrid(text *strings.Builder, grid [][]string) {
	widths := columnWidths(grid)
	for _, row := range grid {
		var line strings.Builder
		for i, word := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(word))
			if i == 0 {
				line.WriteString(word + pad)
				continue
			}
			line.WriteString(gap + pad + word)
		}
		fmt.Fprintln(text, strings.TrimRight(line.String(), " "))
	}
}

// lineWidth is where writeWrapped breaks lines.
const lineWidth = 110

// writeWrapped writes each line behind the mark, broken between words.
func writeWrapped(text *strings.Builder, mark string, lines []string) {
	for _, line := range lines {
		indent := mark
		for _, part := range wrap(line, lineWidth) {
			fmt.Fprintln(text, indent+part)
			indent = strings.Repeat(" ", utf8.RuneCountInString(mark))
		}
	}
}

func wrap(line string, width int) (lines []string) {
	words := strings.Fields(line)
	for start := 0; start < len(words); {
		end, length := start+1, utf8.RuneCountInString(words[start])
		for end < len(words) && length+1+utf8.RuneCountInString(words[end]) <= width {
			length += 1 + utf8.RuneCountInString(words[end])
			end++
		}
		lines = append(lines, strings.Join(words[start:end], " "))
		start = end
	}
	return lines
}
