package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"looproom/bench"
)

// TestHTML: it parses, it is whole without a net, and everything is in it.
func TestHTML(t *testing.T) {
	r := lossy(full(5), "threads")
	got := written(t, r, HTML)
	decoder := xml.NewDecoder(bytes.NewReader(got))
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	parse(t, decoder)
	self := strings.ReplaceAll(string(got), `xmlns="http://www.w3.org/2000/svg"`, "")
	if outside := regexp.MustCompile(`https?://|//[a-z]+\.|src=|<script|@import|url\(|<link`).FindString(self); outside != "" {
		t.Errorf("the page has %q, want nothing from outside", outside)
	}
	for _, s := range r.Subjects {
		if !strings.Contains(self, "<strong>"+s.Name+"</strong>") || !strings.Contains(self, `<th scope="row">`+s.Name+"</th>") {
			t.Errorf("the page has no %s in its tables or among the subjects", s.Name)
		}
	}
	for _, want := range []string{"12 LOST", "ngircd", "max_pending: 1GB", "Example CPU 3000", "server on CPU 0", "loopbench compare", "prefers-color-scheme:dark", "net.core.somaxconn"} {
		if !strings.Contains(self, want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

// TestHTMLEscapes: what comes from a result file is text, not markup.
func TestHTMLEscapes(t *testing.T) {
	const evil = `<script>alert("x")</script>`
	r := only(3, bench.Fanout, "looproom", "threads")
	for i := range r.Measurements {
		if m := &r.Measurements[i]; m.Subject == "threads" {
			m.Subject, m.Warnings = evil, []string{evil}
		}
	}
	r.Subjects[1].Name, r.Subjects[1].Config, r.Machine.CPU, r.Missing = evil, evil, evil, []string{evil}
	if got := string(written(t, r, HTML)); strings.Contains(got, "<script") {
		t.Errorf("the page has markup from a name: %s", got[strings.Index(got, "<script"):][:60])
	}
}

func parse(t *testing.T, decoder *xml.Decoder) {
	t.Helper()
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestSVGs: each parses strictly, has its own style, and no text leaves the picture.
func TestSVGs(t *testing.T) {
	dir := t.TempDir()
	paths, err := WriteSVGs(dir, lossy(full(5), "threads"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < 15 {
		t.Errorf("there are %d plots, want one or more for each workload: %q", len(paths), paths)
	}
	for _, path := range paths {
		picture, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		parse(t, xml.NewDecoder(bytes.NewReader(picture)))
		if !bytes.Contains(picture, []byte("prefers-color-scheme:dark")) || bytes.Contains(picture, []byte("NaN")) || bytes.Contains(picture, []byte("Inf")) {
			t.Errorf("%s has no style of its own, or places that are no numbers", path)
		}
		checkTexts(t, path, string(picture))
	}
}

var (
	texts = regexp.MustCompile(`<text class="[^"]*" text-anchor="(\w+)" x="([-\d.]+)" y="([-\d.]+)">([^<]*)</text>`)
	sizes = regexp.MustCompile(`viewBox="0 0 (\d+) (\d+)"`)
)

func checkTexts(t *testing.T, path, picture string) {
	t.Helper()
	size := sizes.FindStringSubmatch(picture)
	width, height := float(t, size[1]), float(t, size[2])
	for _, found := range texts.FindAllStringSubmatch(picture, -1) {
		x, y, long := float(t, found[2]), float(t, found[3]), textWidth(found[4])
		if x == 0 && y == 0 {
			continue // turned around its own origin
		}
		left := map[string]float64{"start": x, "middle": x - long/2, "end": x - long}[found[1]]
		if left < 0 || left+long > width || y < 0 || y > height {
			t.Errorf("%s: %q is from %.0f to %.0f at %.0f, want it inside %.0f × %.0f", path, found[4], left, left+long, y, width, height)
		}
	}
}

func float(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestPlotsOfOneIdle: with one number of connections, memory is bars.
func TestPlotsOfOneIdle(t *testing.T) {
	r := only(3, bench.Idle, "looproom", "threads")
	r.Measurements = filter(r.Measurements, func(m bench.Measurement) bool { return m.Workload.Clients == 1000 })
	plots := memoryPlots(r)
	if len(plots) != 1 || !strings.Contains(plots[0].title, "each idle connection") {
		t.Errorf("memoryPlots = %d plots, want one with bars", len(plots))
	}
}

// TestBystanderOverTheCrowd: with several sizes of the crowd there is a plot over them, a line for each subject; workloads that differ in more
// have one each.
func TestBystanderOverTheCrowd(t *testing.T) {
	r := only(3, bench.Bystander, "looproom", "redis", "nats")
	plots := bystanderPlots(r)
	if len(plots) != 1 || plots[0].name != "bystander" {
		t.Fatalf("%d plots of one workload in two sizes, want one", len(plots))
	}
	for _, want := range []string{"looproom", "redis", "nats", "5 messages a second", "members of a crowd"} {
		if !strings.Contains(plots[0].String(), want) {
			t.Errorf("the plot has no %q", want)
		}
	}
	faster := only(3, bench.Bystander, "looproom")
	for _, m := range faster.Measurements {
		m.Workload.Rate = 50
		r.Measurements = append(r.Measurements, m)
	}
	if plots := bystanderPlots(r); len(plots) != 2 || plots[0].name == plots[1].name {
		t.Errorf("%d plots of two rates, want two with names of their own", len(plots))
	}
	alone := filter(r.Measurements, func(m bench.Measurement) bool { return m.Workload.Clients == 1000 })
	r.Measurements = alone
	if plots := bystanderPlots(r); len(plots) != 0 {
		t.Errorf("%d plots of one size, want none", len(plots))
	}
}

// TestLatencyAgainstCPU: the baseline with other flags is a line, by CPU, with a name at each point, and no other server to win or lose against.
func TestLatencyAgainstCPU(t *testing.T) {
	r := only(3, bench.Chat, "looproom", "redis", "nats")
	named := func(subject, name string, times time.Duration) {
		for _, m := range slices.Clone(r.Measurements) {
			if m.Subject == subject {
				m.Subject, m.Server.User, m.Server.System = name, m.Server.User*times, m.Server.System*times
				r.Measurements = append(r.Measurements, m)
			}
		}
	}
	plots := func() (found []plot) {
		for _, s := range sectionsOf(r) {
			found = append(found, s.plots(r)...)
		}
		return filter(found, func(p plot) bool { return strings.HasSuffix(p.name, "-tradeoff") })
	}
	if n := len(plots()); n != 0 {
		t.Errorf("%d plots without variants, want none", n)
	}
	named("looproom", "looproom --wait 0", 3)
	named("looproom", "looproom --wait 9", 2)
	found := plots()
	if len(found) != 1 {
		t.Fatalf("%d plots of latency against CPU, want one", len(found))
	}
	picture := found[0].String()
	for _, want := range []string{">--wait 0<", ">--wait 9<", ">redis<", ">nats<", ">looproom<"} {
		if !strings.Contains(picture, want) {
			t.Errorf("the plot has no %q", want)
		}
	}
	if strings.Index(picture, ">--wait 0<") < strings.Index(picture, ">--wait 9<") {
		t.Error("the one with less CPU stands behind the one with more")
	}
	checkTexts(t, "the plot", found[0].file())
	if text := Advice(r); strings.Contains(text, "--wait") {
		t.Errorf("the advice speaks of looproom with other flags:\n%s", text)
	}
}

func TestApartBy(t *testing.T) {
	places := []float64{10, 11, 12, 98, 99}
	apartBy(places, 10, 0, 100)
	for i := 1; i < len(places); i++ {
		if places[i]-places[i-1] < 10 || places[i] > 100 || places[0] < 0 {
			t.Fatalf("apartBy = %v, want all 10 apart from 0 to 100", places)
		}
	}
}

func TestAxes(t *testing.T) {
	rows := []struct {
		name      string
		axis      axis
		low, high float64
		ticks     string
	}{
		{"from zero", linear("", 6.77e3, 4, duration), 0, 8e3, "0ns 2µs 4µs 6µs 8µs"},
		{"small values", linear("", 0.4, 2, perSecond), 0, 0.4, "0 0.2 0.4"},
		{"some decades", logarithmic("", 3, 40, perSecond), 2, 50, "2 5 10 20 50"},
		{"many decades", logarithmic("", 3, 40000, perSecond), 1, 100000, "1 10 100 1k 10k 100k"},
		{"one value", logarithmic("", 10, 10, perSecond), 10, 20, "10 20"},
		{"near each other", spanning("", 50, 100, perSecond), 0, 100, "0 20 40 60 80 100"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var labels []string
			for _, tick := range row.axis.ticks {
				labels = append(labels, tick.label)
			}
			if got := strings.Join(labels, " "); got != row.ticks || row.axis.low != row.low || row.axis.high != row.high {
				t.Errorf("axis from %v to %v with %q, want from %v to %v with %q", row.axis.low, row.axis.high, got, row.low, row.high, row.ticks)
			}
		})
	}
}
