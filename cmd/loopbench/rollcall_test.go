//go:build linux

package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRollcall calls one at servers of IRC.
func TestRollcall(t *testing.T) {
	for _, name := range []string{"/usr/sbin/ngircd", "/usr/sbin/inspircd"} {
		needProgram(t, name)
	}
	kept := filepath.Join(t.TempDir(), "rolls.json")
	table, stderr, err := run(t, "rollcall", "-s", "ngircd,inspircd", "--clients", "30", "--within", "300ms", "--json", kept)
	if err != nil {
		t.Fatalf("loopbench rollcall: %v\n%s", err, stderr)
	}
	text, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	var rolls []struct {
		Subject string
		Result  struct{ In, Members, Listed, Wrong, Asked, Answered int }
	}
	if err := json.Unmarshal(text, &rolls); err != nil || len(rolls) != 2 {
		t.Fatalf("%d rolls were kept (%v), want 2: %s", len(rolls), err, text)
	}
	for _, one := range rolls {
		if r := one.Result; r.In != 30 || r.Wrong != 0 || r.Listed != r.Members || r.Members < 15 || r.Asked == 0 || r.Answered != r.Asked {
			t.Errorf("%s: %+v, want 30 in, all members listed, and all questions answered", one.Subject, r)
		}
		if !strings.Contains(table, one.Subject+" ") {
			t.Errorf("the table has no %s:\n%s", one.Subject, table)
		}
	}
}
