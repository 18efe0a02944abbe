package report

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"looproom/bench"
)

var update = flag.Bool("update", false, "write the golden files in testdata as they come out now")

// golden compares with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update makes it)", err)
	}
	if bytes.Equal(got, want) {
		return
	}
	gotLines, wantLines := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(gotLines), len(wantLines)) {
		if gotLines[i] != wantLines[i] {
			t.Fatalf("%s line %d:\ngot  %q\nwant %q\n(go test -update if it should be so)", name, i+1, gotLines[i], wantLines[i])
		}
	}
	t.Fatalf("%s: got %d lines, want %d (go test -update if it should be so)", name, len(gotLines), len(wantLines))
}

// written is what write writes of the report.
func written(t *testing.T, r *bench.Report, write func(io.Writer, *bench.Report) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTable(t *testing.T) {
	rows := []struct {
		name   string
		report *bench.Report
	}{
		{"full", full(5)},
		{"lossy", lossy(only(5, bench.Fanout, "looproom", "threads", "nats"), "threads")},
		{"two-repetitions", only(2, bench.Echo, "looproom", "threads", "goroutines")},
		{"without-looproom", only(3, bench.Chat, "nats", "redis")},
		{"unknown-process", withoutUsage(only(3, bench.Echo, "looproom", "redis"))},
		{"interrupted", interrupted()},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := written(t, row.report, Table)
			golden(t, "table-"+row.name+".txt", got)
			for line := range bytes.Lines(got) {
				if n := utf8.RuneCount(bytes.TrimRight(line, "\n")); n > tableWidth {
					t.Errorf("a line has %d columns, want %d or fewer: %s", n, tableWidth, line)
				}
			}
		})
	}
}

// withoutUsage is as of servers whose processes aren't known.
func withoutUsage(r *bench.Report) *bench.Report {
	for i := range r.Measurements {
		r.Measurements[i].Server = bench.Usage{}
	}
	return r
}

// interrupted is a report that ended before its first measurement.
func interrupted() *bench.Report {
	r := newBuilder().report
	r.Interrupted = true
	return r
}

// TestTableNeverBare: where something was lost, the row says so, and the line below says of how many.
func TestTableNeverBare(t *testing.T) {
	r := lossy(only(5, bench.Fanout, "looproom", "threads"), "threads")
	text := string(written(t, r, Table))
	for _, want := range []string{"12 LOST", "LOST, 3 came twice, 2 out of order, 10 of 5,005 connections not held", "999/1,001", "the generator was the limit"} {
		if !strings.Contains(text, want) {
			t.Errorf("the table has no %q:\n%s", want, text)
		}
	}
}

func TestCSV(t *testing.T) {
	got := written(t, lossy(only(2, bench.Fanout, "looproom", "threads"), "threads"), CSV)
	golden(t, "fanout.csv", got)
	lines := strings.Split(strings.TrimSpace(string(got)), "\n")
	if len(lines) != 5 {
		t.Errorf("CSV has %d lines, want 1 and 4 measurements", len(lines))
	}
	for _, line := range lines {
		if n := strings.Count(line, ","); n != len(csvColumns)-1 {
			t.Errorf("a line has %d commas, want %d: %s", n, len(csvColumns)-1, line)
		}
	}
}

func TestCompare(t *testing.T) {
	a := only(5, bench.Fanout, "looproom", "threads", "nats")
	b := lossy(only(5, bench.Fanout, "looproom", "threads", "redis"), "threads")
	for i := range b.Measurements {
		if m := &b.Measurements[i]; m.Subject == "looproom" {
			m.Server.User, m.Server.System = m.Server.User*8/10, m.Server.System*8/10
		}
	}
	b.Machine.Kernel, b.Machine.Sysctls = "Linux 6.13.0", map[string]string{"net.core.somaxconn": "128", "net.ipv4.tcp_wmem": "4096 16384 4194304"}
	var text bytes.Buffer
	if err := Compare(&text, a, b); err != nil {
		t.Fatal(err)
	}
	golden(t, "compare.txt", text.Bytes())
	for _, want := range []string{"kernel differs", "better", "indistinguishable", "only in A", "only in B", "LOST"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the comparison has no %q:\n%s", want, text.String())
		}
	}
}

// TestCompareWithItself: nothing changed.
func TestCompareWithItself(t *testing.T) {
	r := full(5)
	var text bytes.Buffer
	if err := Compare(&text, r, r); err != nil {
		t.Fatal(err)
	}
	for _, unwanted := range []string{"better", "worse", "differs", "only in", "!"} {
		if strings.Contains(text.String(), unwanted) {
			t.Errorf("a report compared with itself has %q", unwanted)
		}
	}
}

// TestCompareOfABystander: what a bystander sees is compared, too.
func TestCompareOfABystander(t *testing.T) {
	a, b := only(5, bench.Bystander, "looproom"), only(5, bench.Bystander, "looproom")
	for i := range b.Measurements {
		m := &b.Measurements[i]
		m.RoundTrip = bench.Distribution{}
		m.RoundTrip.RecordTimes(50_000, 1000)
	}
	var text bytes.Buffer
	if err := Compare(&text, a, b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"p50 of a bystander", "p99 of a bystander"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the comparison has no %q:\n%s", want, text.String())
		}
	}
}

func TestCompareWithoutShared(t *testing.T) {
	var text bytes.Buffer
	if err := Compare(&text, only(3, bench.Echo, "looproom"), only(3, bench.Idle, "looproom")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "no workload is in both") {
		t.Errorf("Compare of different workloads = %q", text.String())
	}
}
