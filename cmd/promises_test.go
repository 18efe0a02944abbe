package cmd

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A promise stands in a table of a page, in one row with the tests that show it.
var (
	namedTest   = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
	namedFolder = regexp.MustCompile("`([a-z]+(?:/[a-z]+)*)`: `(?:Test|Fuzz)[^;|]*")
	tableFolder = regexp.MustCompile(`^\| when \|.* test in \[([a-z/]+)\]\([^)]*\) \|`)
)

// TestPagesNameTests: every test that a table of a page names is there, in the folder that the table or the row says, or else in the page's.
func TestPagesNameTests(t *testing.T) {
	found := 0
	for _, page := range pages {
		folder := path.Dir(page)
		for line := range strings.Lines(readPage(t, filepath.Join("..", page))) {
			if heading := tableFolder.FindStringSubmatch(line); heading != nil {
				folder = heading[1]
			}
			if strings.HasPrefix(line, "## ") {
				folder = path.Dir(page)
			}
			for _, elsewhere := range namedFolder.FindAllStringSubmatch(line, -1) {
				found += expectTests(t, page, elsewhere[1], elsewhere[0])
				line = strings.Replace(line, elsewhere[0], "", 1)
			}
			found += expectTests(t, page, folder, line)
		}
	}
	if found < 80 {
		t.Errorf("the pages name %d tests, want 80 at least: are their tables still read?", found)
	}
}

// expectTests wants each test that a text names in the folder, or below it, and says how many those are.
func expectTests(t *testing.T, page, folder, text string) int {
	t.Helper()
	names := namedTest.FindAllStringSubmatch(text, -1)
	if len(names) == 0 {
		return 0
	}
	there := testsBelow(t, folder)
	for _, name := range names {
		if !slices.Contains(there, name[1]) {
			t.Errorf("%s names %s in %s, and there is none", page, name[1], folder)
		}
	}
	return len(names)
}

// testsBelow are the names of all tests in a folder and in those within.
func testsBelow(t *testing.T, folder string) (names []string) {
	t.Helper()
	for _, pattern := range []string{"*_test.go", "*/*_test.go"} {
		files, err := filepath.Glob(filepath.Join("..", folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, declared := range declaredTest.FindAllSubmatch(source, -1) {
				names = append(names, string(declared[1]))
			}
		}
	}
	return names
}

var declaredTest = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
