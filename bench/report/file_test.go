package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"looproom/bench"
)

// TestJSONRoundTrip: what is read is what was written, histograms included.
func TestJSONRoundTrip(t *testing.T) {
	r := lossy(only(2, bench.Knee, "looproom", "threads", "nats"), "threads")
	path := filepath.Join(t.TempDir(), "result.json")
	if err := WriteJSON(path, r); err != nil {
		t.Fatal(err)
	}
	got, err := ReadJSON(path)
	if err != nil {
		t.Fatal(err)
	}
	if again, want := written(t, got, JSON), written(t, r, JSON); !bytes.Equal(again, want) {
		t.Error("a report that was read writes another file than the one before")
	}
	for i := range r.Measurements {
		sameDistribution(t, &got.Measurements[i].Latency, &r.Measurements[i].Latency)
	}
	for _, write := range []struct {
		name string
		of   func(*bench.Report) []byte
	}{
		{"table", func(r *bench.Report) []byte { return written(t, r, Table) }},
		{"CSV", func(r *bench.Report) []byte { return written(t, r, CSV) }},
		{"HTML", func(r *bench.Report) []byte { return written(t, r, HTML) }},
	} {
		if !bytes.Equal(write.of(got), write.of(r)) {
			t.Errorf("the %s of a report that was read is another one", write.name)
		}
	}
}

func sameDistribution(t *testing.T, got, want *bench.Distribution) {
	t.Helper()
	if got.Count() != want.Count() || got.Max() != want.Max() {
		t.Errorf("distribution has %d, up to %v, want %d, up to %v", got.Count(), got.Max(), want.Count(), want.Max())
	}
	for _, p := range []float64{0, 50, 99, 99.9, 100} {
		if got.Percentile(p) != want.Percentile(p) {
			t.Errorf("percentile %v = %v, want %v", p, got.Percentile(p), want.Percentile(p))
		}
	}
}

func TestReadJSONRefuses(t *testing.T) {
	rows := []struct{ name, text, want string }{
		{"another version", `{"schema": 99}`, "schema 99"},
		{"something else", `{"name": "x"}`, "not a result file"},
		{"no JSON", `hello`, "invalid character"},
		{"cut short", `{"schema": 1, "measurements": [`, "unexpected end"},
		{"a broken histogram", `{"schema": 1, "measurements": [{"latency": {"hdr": "AAAA"}}]}`, "decode histogram"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "result.json")
			if err := os.WriteFile(path, []byte(row.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ReadJSON(path)
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("ReadJSON of %s = %v, want %q and the path in it", row.text, err, row.want)
			}
		})
	}
	if _, err := ReadJSON(filepath.Join(t.TempDir(), "none.json")); err == nil {
		t.Error("ReadJSON of no file gave no error")
	}
}

func TestWriteFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "no folder", "result")
	for name, write := range map[string]func(string, *bench.Report) error{"JSON": WriteJSON, "CSV": WriteCSV, "HTML": WriteHTML} {
		if err := write(path, interrupted()); err == nil {
			t.Errorf("Write%s to a folder that isn't there gave no error", name)
		}
	}
}
