package report

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"

	"looproom/bench"
)

//go:embed page.html.tmpl
var pageFile embed.FS

var pageTemplate = template.Must(template.ParseFS(pageFile, "page.html.tmpl"))

// page is what the template shows.
type page struct {
	Report   *bench.Report
	Style    template.CSS
	Command  string
	Began    string
	Caveats  []string
	Machine  []fact
	Sysctls  []fact
	Advice   []pageChapter
	Sections []pageSection
	Memory   []template.HTML
	// Bystander is its round trip over the size of the crowd.
	Bystander []template.HTML
	Legend    []string
}

type fact struct{ Name, Value string }

type pageChapter struct {
	Head  string
	Lines []string
}

type pageSection struct {
	Title, Repetitions, ID string
	Heads                  []string
	Rows                   []pageRow
	Remarks                []string
	Plots                  []template.HTML
}

type pageRow struct {
	Ours, Short bool // the baseline's; one that lost or held less than asked
	Words       []string
}

// HTML writes one page without links to anything outside of it: advice, tables, plots, machine, and how each subject was
// started. It is for light and dark and for narrow screens.
func HTML(w io.Writer, r *bench.Report) error {
	p := page{
		Report:  r,
		Style:   template.CSS(plotStyle),
		Command: strings.Join(r.Command, " "),
		Began:   r.Began.UTC().Format("2 January 2006, 15:04 UTC"),
		Caveats: caveats(r),
		Machine: machineFacts(r.Machine),
		Sysctls: sysctlFacts(r.Machine.Sysctls),
		Memory:  inline(memoryPlots(r)), Bystander: inline(bystanderPlots(r)),
	}
	for _, c := range advise(r) {
		p.Advice = append(p.Advice, pageChapter{c.head, c.lines})
	}
	sections := sectionsOf(r)
	p.Legend = legend(sections)
	for _, s := range sections {
		p.Sections = append(p.Sections, s.page(r))
	}
	return pageTemplate.Execute(w, p)
}

func (s section) page(r *bench.Report) pageSection {
	heads, rows := s.grid()
	p := pageSection{
		Title: Title(s.workload), Repetitions: s.repetitions(), ID: slug(s.workload),
		Heads: heads, Remarks: s.remarks(), Plots: inline(s.plots(r)),
	}
	for i, words := range rows {
		c := s.cells[i]
		p.Rows = append(p.Rows, pageRow{Ours: c.subject == s.baseline, Short: c.lost() > 0 || c.held() < c.asked(), Words: words})
	}
	return p
}

// inline is safe, because svg escapes every text that it draws.
func inline(plots []plot) (elements []template.HTML) {
	for _, p := range plots {
		elements = append(elements, template.HTML(p.String()))
	}
	return elements
}

func machineFacts(m bench.Machine) []fact {
	all := []fact{
		{"CPU", m.CPU}, {"CPUs", fmt.Sprint(m.Cores)}, {"Memory", byteSize(float64(m.MemoryBytes))}, {"Kernel", m.Kernel},
		{"System", m.System}, {"Go", m.Go}, {"Descriptor limit", count(int64(m.Descriptors))}, {"Commit", m.Commit},
	}
	return slices.DeleteFunc(all, func(f fact) bool { return f.Value == "" })
}

func sysctlFacts(sysctls map[string]string) (all []fact) {
	for _, name := range slices.Sorted(maps.Keys(sysctls)) {
		all = append(all, fact{name, sysctls[name]})
	}
	return all
}
