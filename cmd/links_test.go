package cmd

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pages are those that people read.
var pages = []string{"README.md", "codec/PROTOCOL.md", "cmd/looproom/README.md", "cmd/loopchat/README.md", "loop/README.md", "bench/README.md", "bench/results/README.md"}

var (
	pageLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading  = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInID  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestLinks: what a page links to is there, and so is the heading that it names.
func TestLinks(t *testing.T) {
	for _, page := range pages {
		page = filepath.Join("..", page)
		for _, link := range pageLink.FindAllStringSubmatch(readPage(t, page), -1) {
			target, id, named := strings.Cut(link[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			path := page
			if target != "" {
				path = filepath.Join(filepath.Dir(page), target)
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s has a link to %s: %v", page, link[1], err)
				continue
			}
			if named && !slices.Contains(headingsOf(readPage(t, path)), id) {
				t.Errorf("%s has a link to %s, and there is no such heading", page, link[1])
			}
		}
	}
}

func readPage(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// headingsOf are the ids that GitHub and others give the headings of a page.
func headingsOf(page string) (ids []string) {
	for _, found := range heading.FindAllStringSubmatch(page, -1) {
		ids = append(ids, strings.ReplaceAll(notInID.ReplaceAllString(strings.ToLower(found[1]), ""), " ", "-"))
	}
	return ids
}
