package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"looproom/bench"
)

// compared are the metrics of which Compare says whether they changed.
var compared = []metric{throughput, knee, cpuEach, askedP50, askedP99, p50, p99, lastP50, lastP99, memoryEach}

// Compare writes what changed from a to b beyond noise, for each workload and subject that both have; what is indistinguishable; what
// only one has; and a warning where the machines differ, because then the servers aren't what differs. The error is w's.
func Compare(w io.Writer, a, b *bench.Report) error {
	var text strings.Builder
	writeWrapped(&text, "! ", differences(a, b))
	sectionsB := sectionsOf(b)
	shared := false
	for _, s := range sectionsOf(a) {
		at := slices.IndexFunc(sectionsB, func(other section) bool { return shape(other.workload) == shape(s.workload) })
		if at < 0 {
			continue
		}
		shared = true
		compareSections(&text, s, sectionsB[at])
	}
	if !shared {
		fmt.Fprintln(&text, "no workload is in both")
	}
	writeWrapped(&text, "", onlyIn("A", sectionsOf(a), sectionsB))
	writeWrapped(&text, "", onlyIn("B", sectionsB, sectionsOf(a)))
	_, err := io.WriteString(w, text.String())
	return err
}

// differences are those of the machines and of how the tool ran on them.
func differences(a, b *bench.Report) (lines []string) {
	differ := func(name, a, b string) {
		if a != b {
			lines = append(lines, fmt.Sprintf("%s differs: %s in A, %s in B", name, orNothing(a), orNothing(b)))
		}
	}
	differ("CPU", a.Machine.CPU, b.Machine.CPU)
	differ("number of CPUs", fmt.Sprint(a.Machine.Cores), fmt.Sprint(b.Machine.Cores))
	differ("memory", byteSize(float64(a.Machine.MemoryBytes)), byteSize(float64(b.Machine.MemoryBytes)))
	differ("kernel", a.Machine.Kernel, b.Machine.Kernel)
	differ("system", a.Machine.System, b.Machine.System)
	differ("Go", a.Machine.Go, b.Machine.Go)
	differ("pinning", a.Pinning, b.Pinning)
	names := maps.Clone(a.Machine.Sysctls)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, b.Machine.Sysctls)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		differ(name, a.Machine.Sysctls[name], b.Machine.Sysctls[name])
	}
	if len(lines) > 0 {
		lines = append(lines, "what changed below may come from that")
	}
	return lines
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

func compareSections(text *strings.Builder, a, b section) {
	fmt.Fprintf(text, "\n%s\n", Title(a.workload))
	fmt.Fprintf(text, "A: %s, B: %s\n", a.repetitions(), b.repetitions())
	grid := [][]string{{"subject", "figure", "A", "B", "B / A", ""}}
	var same, trouble []string
	for _, c := range a.cells {
		other := b.of(c.subject)
		if len(other.runs) == 0 {
			continue
		}
		rows, indistinguishable := changes(c, other)
		grid = append(grid, rows...)
		if len(indistinguishable) > 0 {
			same = append(same, fmt.Sprintf("indistinguishable: %s: %s", c.subject, strings.Join(indistinguishable, ", ")))
		}
		if c.trouble() != other.trouble() {
			trouble = append(trouble, fmt.Sprintf("%s: A: %s; B: %s", c.subject, orNothingWrong(c), orNothingWrong(other)))
		}
	}
	if len(grid) > 1 {
		writeGrid(text, grid)
	}
	writeWrapped(text, "= ", same)
	writeWrapped(text, "! ", trouble)
}

func orNothingWrong(c cell) string {
	if trouble := c.trouble(); trouble != "" {
		return trouble
	}
	return "all came"
}

// changes returns a row for each metric that is not the same beyond noise, and the names of the others.
func changes(a, b cell) (rows [][]string, same []string) {
	for _, m := range compared {
		before, after := a.sample(m), b.sample(m)
		change := apart(after, before)
		switch {
		case change.value == 0 || m.name == throughput.name && !unpaced(a.runs[0].Workload):
		case change.indistinguishable():
			same = append(same, fmt.Sprintf("%s %s", m.name, change.figures()))
		default:
			rows = append(rows, []string{a.subject, m.name, m.show(before.median()), m.show(after.median()), change.String(), m.direction(change)})
		}
	}
	return rows, same
}

// direction says in a word whether a change is for the better.
func (m metric) direction(change ratio) string {
	switch {
	case !change.interval:
		return "too few repetitions to tell"
	case change.below() == m.lowerIsBetter:
		return "better"
	default:
		return "worse"
	}
}

// onlyIn lists the cells that the other report doesn't have.
func onlyIn(name string, sections, others []section) (lines []string) {
	for _, s := range sections {
		var subjects []string
		for _, c := range s.cells {
			if !has(others, s.workload, c.subject) {
				subjects = append(subjects, c.subject)
			}
		}
		if len(subjects) > 0 {
			lines = append(lines, fmt.Sprintf("only in %s: %s: %s", name, Title(s.workload), strings.Join(subjects, ", ")))
		}
	}
	return lines
}

func has(sections []section, w bench.Workload, subject string) bool {
	return slices.ContainsFunc(sections, func(s section) bool {
		return shape(s.workload) == shape(w) && len(s.of(subject).runs) > 0
	})
}
