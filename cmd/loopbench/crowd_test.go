//go:build linux

package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"looproom/bench/report"
)

// TestCompareClusters: members at three nodes get all, and what is measured of the nodes is their sum.
func TestCompareClusters(t *testing.T) {
	for _, name := range []string{"/usr/sbin/nats-server", "/usr/sbin/inspircd"} {
		needProgram(t, name)
	}
	r := result(t, "compare", "-s", "clusters", "-n", "1", "--clients", "21", "--warmup", "50ms", "--duration", "300ms", "-w", "fanout", "-w", "chat:rate=100")
	if len(r.Missing) > 0 || len(r.Measurements) != 6 {
		t.Fatalf("%d measurements, missing: %q", len(r.Measurements), r.Missing)
	}
	for _, m := range r.Measurements {
		if across := m.AcrossLatency.Count(); m.Lost != 0 || m.Received == 0 || across <= m.Received/2 || across >= m.Received {
			t.Errorf("%s, %s: received %d, lost %d, %d across nodes; want two thirds", m.Subject, report.Title(m.Workload), m.Received, m.Lost, across)
		}
	}
}

// TestCrowd gathers one at three nodes.
func TestCrowd(t *testing.T) {
	kept := filepath.Join(t.TempDir(), "crowd.json")
	table, stderr, err := run(t, "crowd", "--nodes", "3", "--clients", "100", "--rate", "30", "--duration", "1s", "--json", kept)
	if err != nil {
		t.Fatalf("loopbench crowd: %v\n%s", err, stderr)
	}
	if want := "100 of 100 clients in one room of 3 nodes"; !strings.Contains(table, want) {
		t.Errorf("the table has no %q:\n%s", want, table)
	}
	text, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	var g struct {
		Result struct{ In, Said, Expected, Heard, Wrong int }
		Nodes  []struct {
			Talking struct {
				RSS int64 `json:"rss_bytes"`
			}
		}
	}
	if err := json.Unmarshal(text, &g); err != nil || g.Result.In != 100 || g.Result.Heard != 99*g.Result.Said || g.Result.Said == 0 || len(g.Nodes) != 3 || g.Nodes[2].Talking.RSS == 0 {
		t.Errorf("kept was %+v (%v), want all heard by 100 at 3 nodes", g, err)
	}
}
