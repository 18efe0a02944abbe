//go:build linux

package main_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"looproom/bench/abuse"
)

// attack runs loopbench abuse, which is to succeed, and reads what it kept.
func attack(t *testing.T, arguments ...string) (r abuse.Report, table string) {
	t.Helper()
	kept := filepath.Join(t.TempDir(), "abuse.json")
	table, stderr, err := run(t, append([]string{"abuse", "--json", kept}, arguments...)...)
	if err != nil {
		t.Fatalf("loopbench abuse %v: %v\n%s", arguments, err, stderr)
	}
	text, err := os.ReadFile(kept)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r, table
}

// TestAbuse attacks looproom at each of its doors, a rival, and one that has nothing of the kind.
func TestAbuse(t *testing.T) {
	r, table := attack(t, "-s", "looproom,goroutines,floor", "-c", "rooms", "-c", "fragments", "-c", "files", "-c", "echo")
	if r.Schema != abuse.SchemaVersion || len(r.Outcomes) != 12 || len(r.Subjects) != 3 {
		t.Fatalf("schema %d, %d outcomes of %d subjects; want %d and 12 of 3", r.Schema, len(r.Outcomes), len(r.Subjects), abuse.SchemaVersion)
	}
	done := map[string]string{}
	for _, o := range r.Outcomes {
		if o.Skipped != "" {
			continue
		}
		done[o.Subject] += o.Case + "/" + o.Dialect + " "
		if o.Failed != "" || o.Asked == 0 || o.RoundTrip.Max() == 0 || o.Sent == 0 || o.Server.CPU() == 0 || o.Server.PeakRSS < o.Server.BaseRSS {
			t.Errorf("%s, %s: failed %q, asked %d, longest %v, sent %d, CPU %v, memory from %d to %d", o.Subject, o.Case, o.Failed, o.Asked, o.RoundTrip.Max(),
				o.Sent, o.Server.CPU(), o.Server.BaseRSS, o.Server.PeakRSS)
		}
	}
	want := map[string]string{"looproom": "rooms/line fragments/ws files/line echo/echo ", "goroutines": "rooms/line echo/echo ", "floor": "echo/echo "}
	if !maps.Equal(done, want) {
		t.Errorf("done were %v, want %v", done, want)
	}
	for _, want := range []string{"longest ping", "! goroutines, floor: nothing like it", "! floor: nothing like it"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table has no %q:\n%s", want, table)
		}
	}
}

// TestAbuseOfATarget attacks a server that runs already, twice over.
func TestAbuseOfATarget(t *testing.T) {
	address := freeAddress(t)
	server := exec.Command(loopbench, "serve", "goroutines", "--listen", address)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = server.Process.Kill() // ended already is as good
		_ = server.Wait()
	}()
	waitFor(t, address)
	r, _ := attack(t, "-c", "names", "-c", "empty", "--target", "tcp://"+address, "--pid", fmt.Sprint(server.Process.Pid))
	if len(r.Outcomes) != 2 {
		t.Fatalf("%d outcomes, want 2", len(r.Outcomes))
	}
	for _, o := range r.Outcomes {
		if o.Failed != "" || o.Asked == 0 || o.Sent == 0 || o.Server.PeakRSS == 0 {
			t.Errorf("%s: failed %q, asked %d, sent %d, peak %d", o.Case, o.Failed, o.Asked, o.Sent, o.Server.PeakRSS)
		}
	}
}
