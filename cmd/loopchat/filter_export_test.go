//go:build linux

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFilterExports: one's own messages come into a file, or out of a pipe, without a terminal, and nothing else does.
func TestFilterExports(t *testing.T) {
	t.Parallel()
	a := startArchive(t, 700)
	password := passwordFile(t)
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	to := func(arguments ...string) []string {
		return append([]string{"--name", "ana", "--password-file", password, a.address()}, arguments...)
	}
	few := startArchive(t, 3)
	status, out, errs := piped(t, nil, to("--export", path)...)
	text, err := os.ReadFile(path)
	if status != 0 || out != "" || errs != "" || err != nil || strings.Count(string(text), "\n") != 700 {
		t.Errorf("exit status %d, output %q, errors %q, %d lines, %v; want 0, none, none and 700", status, out, errs, strings.Count(string(text), "\n"), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v %v, want mode 0600", info.Mode(), err)
	}
	if status, out, errs := piped(t, nil, to("--export", "-")...); status != 0 || out != string(text) || errs != "" {
		t.Errorf("to standard output: exit status %d, %d bytes, errors %q; want 0, the %d bytes of the file, and none", status, len(out), errs, len(text))
	}
	if status, _, errs := piped(t, nil, to("--export", path)...); status != 1 || !strings.Contains(errs, "is there already") {
		t.Errorf("over a file: exit status %d, errors %q; want 1", status, errs)
	}
	if status, _, errs := piped(t, nil, "--name", "ana", "--password-file", password, few.address(), "--export", path, "--replace"); status != 0 || errs != "" {
		t.Errorf("with --replace: exit status %d, errors %q; want 0", status, errs)
	}
	for len(a.heard) > 0 {
		if line := <-a.heard; strings.HasPrefix(line, "JOIN") {
			t.Errorf("who exports has said %q", line)
		}
	}
	if text, _ := os.ReadFile(path); strings.Count(string(text), "\n") != 3 {
		t.Errorf("the file that replaces has %d lines, want 3", strings.Count(string(text), "\n"))
	}
	if status, _, errs := piped(t, nil, "--export", path, a.address()); status != 2 || !strings.Contains(errs, "--name and --password-file are missing") {
		t.Errorf("of a guest: exit status %d, errors %q; want 2", status, errs)
	}
	if status, _, errs := piped(t, nil, "--replace", a.address()); status != 2 || !strings.Contains(errs, "--export FILE is missing") {
		t.Errorf("--replace alone: exit status %d, errors %q; want 2", status, errs)
	}
}

// TestFilterExportFails: an export that fails leaves nothing, and says so.
func TestFilterExportFails(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, answer string
		status       int
		says         string
	}{
		{"no messages kept", "! history-off this server keeps no messages\n", 3, "! history-off"},
		{"an old server", "! unknown-command what is that\n", 3, "! unknown-command"},
		{"no answer", "", 1, "has not answered"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f := startReplying(t, func(line string) string {
				switch {
				case strings.HasPrefix(line, "LOGIN"):
					return "= LOGIN ana\n"
				case strings.HasPrefix(line, "/export"):
					return row.answer
				}
				return ""
			}, greeting)
			dir := t.TempDir()
			status, out, errs := piped(t, nil, "--name", "ana", "--password-file", passwordFile(t), "--export", filepath.Join(dir, "x"), f.address())
			if status != row.status || out != "" || !strings.Contains(errs, row.says) {
				t.Errorf("exit status %d, output %q, errors %q; want %d and %q", status, out, errs, row.status, row.says)
			}
			if found, _ := os.ReadDir(dir); len(found) > 0 {
				t.Errorf("the folder has %v, want nothing", found)
			}
		})
	}
}

// TestFilterLooks: what is asked for is printed as it comes, and no server is made to say the question aloud.
func TestFilterLooks(t *testing.T) {
	t.Parallel()
	a := startArchive(t, 9)
	status, out, errs := piped(t, strings.NewReader("HISTORY #go 2\n/search x 1\nFORGET ME\n"), a.address())
	want := greeting + "\n= HISTORY 2 #go\n" + a.rows(8, 9, "#go", false) + "= SEARCH 1 more\n" + a.row(9, "#go", true) + "= FORGET ana 12\n"
	if status != 0 || out != want || errs != "" {
		t.Errorf("exit status %d, output %q, errors %q; want 0, %q and none", status, out, errs, want)
	}
	var said []string
	for len(a.heard) > 0 {
		said = append(said, <-a.heard)
	}
	if want := []string{"/HISTORY #go 2", "/search x 1", "/FORGET ME", "END"}; !slices.Equal(said, want) {
		t.Errorf("the filter has said %q, want %q", said, want)
	}
}
