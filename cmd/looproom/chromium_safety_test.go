//go:build linux

package main_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// hostile is text that would run, were it taken for HTML.
const hostile = `<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>`

// TestNothingOfOthersRuns says hostile things wherever the page shows what others say.
func TestNothingOfOthersRuns(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--files", t.TempDir())
	ana := inBrowser(t, s, 0, "ana")
	for _, name := range []string{"x<script>hacked=3</script>", `x"onclick="hacked()`, "__proto__", "constructor", "toString"} {
		bad := connect(t, s, 1, name)
		bad.say("ADD " + name)
		bad.until("= ADD " + name)
		bad.say(hostile)
		bad.say("ME " + hostile)
		bad.say("TEXT TO ana " + hostile)
		bad.say("TEXT TO ana javascript:window.hacked=4 https://x.example/\"onmouseover=\"window.hacked=5")
		ana.sees(name + ": " + hostile)
		ana.sees("* " + name + " " + hostile)
		ana.waits("the conversation with "+name, `[...document.querySelectorAll("#people li.unread .name")].some(({ textContent }) => textContent === `+quoted(name)+`)`)
		ana.waits(name+" among the people", `[...document.querySelectorAll("#users .name")].some(({ textContent }) => textContent === `+quoted(name)+`)`)
	}
	bad := signedIn(t, s, 1, "zed")
	bad.say("TOPIC " + hostile)
	bad.say("JOIN #b<b>bold</b>")
	bad.say("TOPIC " + hostile)
	bad.write("SEND 1 " + hostile + "\nx")
	bad.say("AWAY " + hostile)
	ana.sees("zed set the topic: "+hostile, "zed is away: "+hostile)
	ana.clicks("#files-button")
	ana.waits("the file", `document.querySelector("#files-list .file")?.textContent === `+quoted(hostile))
	ana.presses("k", ctrl)
	ana.waits("the room", `document.getElementById("goto-list").innerText.includes("#b<b>bold</b>")`)
	ana.says("proto")
	ana.isIn("__proto__")
	if got := evaluate[string](ana, `String(window.hacked)`); got != "undefined" {
		t.Errorf("window.hacked = %s, want undefined: something that another has said was run", got)
	}
	if got := evaluate[int](ana, `document.querySelectorAll("#chat script, #chat img[src=x], #chat b, dialog b, #chat [onmouseover]").length`); got != 0 {
		t.Errorf("elements that others have made = %d, want 0", got)
	}
	if got := evaluate[[]string](ana, `[...document.querySelectorAll("#messages a")].map(({ protocol, rel }) => protocol + rel)`); len(got) != 1 || got[0] != "https:noopener noreferrer" {
		t.Errorf("links = %q, want one with https:, noopener and noreferrer", got)
	}
	ana.complainsOfNothing()
}

// TestPageTakesTextAsText reads the sources of the page: nothing in them makes HTML of text, or fetches from elsewhere.
func TestPageTakesTextAsText(t *testing.T) {
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML|\beval\b|new Function|setAttribute\("(?:on|style)|style=|\son\w+="|(?:src|href)="(?:https?:)?//|@import|url\(`)
	files := 0
	err := filepath.WalkDir("../../loop/web/page", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if found := forbidden.Find(text); found != nil {
			t.Errorf("%s has %q", filepath.Base(path), found)
		}
		return err
	})
	if err != nil || files < 10 {
		t.Errorf("read %d files of the page, want 10 or more: %v", files, err)
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
