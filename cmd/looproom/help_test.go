//go:build linux

package main_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"looproom/loop/door"
)

// doorHelp is the part of --help that tells of doors.
func doorHelp(t *testing.T) string {
	t.Helper()
	_, help, _ := outcome(t, nil, "--help")
	_, doors, found := strings.Cut(help, "\nDoors:\n")
	doors, _, ended := strings.Cut(doors, "\nExit status:\n")
	if !found || !ended {
		t.Fatalf("--help has no part on doors:\n%s", help)
	}
	return doors
}

// TestHelpOnDoors: each URL in the help is one that --listen takes, and there is one for each kind of door.
func TestHelpOnDoors(t *testing.T) {
	var schemes []string
	for _, url := range regexp.MustCompile(`(?m)^  ([a-z+]+://\S+)`).FindAllStringSubmatch(doorHelp(t), -1) {
		if _, err := door.Parse(url[1]); err != nil {
			t.Errorf("the help shows %s: %v", url[1], err)
		}
		scheme, _, _ := strings.Cut(url[1], "://")
		schemes = append(schemes, scheme)
	}
	for _, want := range []string{"line", "http", "fixed", "chunk", "irc", "echo", "line+tls", "line+unix"} {
		if !slices.Contains(schemes, want) {
			t.Errorf("the help shows the doors %q, want %s, too", schemes, want)
		}
	}
}

// TestHelpOnOptions: every option that a door's URL can have is in the help and in the README. Which there are is read from the source that
// takes them.
func TestHelpOnOptions(t *testing.T) {
	help := doorHelp(t)
	var pages []byte
	for _, page := range []string{"../../README.md", "README.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, text...)
	}
	options := 0
	for path, pattern := range map[string]string{"../../loop/door/options.go": `(?m)^\t"([a-z-]+)":`, "../../loop/door/certificate.go": `case "([a-z-]+)":`} {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(source), -1) {
			options++
			shown := regexp.MustCompile(`(^|[\s?&` + "`" + `])` + found[1] + `=`)
			if !shown.MatchString(help) {
				t.Errorf("a door has the option %s=, and --help doesn't tell of it", found[1])
			}
			if !shown.Match(pages) {
				t.Errorf("a door has the option %s=, and no page tells of it", found[1])
			}
		}
	}
	if options < 9 {
		t.Errorf("the source has %d options, want 9 at least: is it still read as it should be?", options)
	}
}
