//go:build linux

package main_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// found is an expression for what the search has found: "eve in #lobby: past [7]", with what is marked in brackets.
const found = `[...document.querySelectorAll("#search-list li")].map((li) => {
	const words = li.querySelector(".words").cloneNode(true);
	for (const mark of words.querySelectorAll("mark")) mark.replaceWith("[" + mark.textContent + "]");
	return li.querySelector(".about").textContent.split(",")[0] + ": " + words.textContent;
})`

// finds waits until the search has found these, and no others.
func (b *person) finds(messages ...string) {
	b.t.Helper()
	b.waits(fmt.Sprintf("search that finds %q", messages), `JSON.stringify(`+found+`) === `+quoted(jsonOf(messages)))
}

// searchesFor opens the panel by its key and looks for words.
func (b *person) searchesFor(words string) {
	b.t.Helper()
	b.presses("F", ctrl, chromedp.ModifierShift)
	b.waits("the search", `document.activeElement.id === "search-input"`)
	evaluate[bool](b, `(document.activeElement.select(), true)`)
	b.says(words)
}

// isMarked waits until that message is shown in the middle, marked, and has the focus.
func (b *person) isMarked(words string) {
	b.t.Helper()
	b.waits("that "+words+" is marked", `document.activeElement.matches("#messages .found") && document.activeElement.querySelector("p").innerText.trim() === `+quoted(words)+`
		&& (({ top, bottom }, box) => top >= box.top && bottom <= box.bottom)(document.activeElement.getBoundingClientRect(), document.getElementById("log").getBoundingClientRect())`)
}

// looksThrough answers SEARCH by those of the past whose words end so, and all else as tellsPast.
func looksThrough(past []string, words string) func(line string) ([]string, bool) {
	history := tellsPast(past)
	return func(line string) ([]string, bool) {
		if !strings.HasPrefix(line, "/search ") {
			return history(line)
		}
		var lines []string
		for i := len(past) - 1; i >= 0; i-- {
			if at := past[i]; strings.HasSuffix(at, words) {
				lines = append(lines, strings.Replace(at, "[eve]", "#lobby [eve]", 1))
			}
		}
		more, n := "", 20
		if _, id, is := strings.Cut(line, " before 5-"); is {
			id, _, _ = strings.Cut(id, " ")
			for len(lines) > 0 && atoi(strings.Fields(lines[0])[1][len("@5-"):]) >= atoi(id) {
				lines = lines[1:]
			}
		}
		if len(lines) > n {
			lines, more = lines[:n], " more"
		}
		return append([]string{fmt.Sprintf("= SEARCH %d%s", len(lines), more)}, lines...), true
	}
}

// TestSearch finds words in a long past, shows more of them on demand, and goes to one: far from the present, with what stands around it, and from there to the newest and up and down.
func TestSearch(t *testing.T) {
	need(t, "chromium")
	ana, k, bob := hasPast(t, 3000)
	k.answers(looksThrough(pastLines(3000), "0"))
	ana.searchesFor("PAST")
	ana.waits("a page", `document.querySelectorAll("#search-list li").length === 20 && document.getElementById("search-status").textContent === "20 messages so far, the newest first."`)
	if got := evaluate[string](ana, found+`[0]`); got != "eve in #lobby: [past] 3000" {
		t.Errorf("the first that was found is %q", got)
	}
	ana.clicks("#search-more")
	ana.waits("two pages, and the focus on the first of the second", `document.querySelectorAll("#search-list li").length === 40
		&& document.activeElement === document.querySelectorAll("#search-list button")[20]`)
	ana.enters()
	ana.isMarked("past 2800")
	ana.waits("the way back", `document.getElementById("below").innerText === "To the newest"`)
	lines := k.lines()
	if want := "/history #lobby after 5-2800 50"; lines[len(lines)-1] != want && lines[len(lines)-2] != want {
		t.Errorf("the last lines are %q, want %q among them", lines[len(lines)-2:], want)
	}
	bob.say("news")
	ana.waits("that there are news", `document.getElementById("below").innerText === "1 new message below"`)

	// On the way down the past ends where the present begins.
	got := evaluate[[]string](ana, descends)
	for n := 2800; n <= 3000; n++ {
		if want := fmt.Sprint("past ", n); got[len(got)-2-3001+n] != want {
			t.Fatalf("on the way down stands %q, want %q", got[len(got)-2-3001+n], want)
		}
	}
	if end := got[len(got)-2:]; end[0] != "said before ana came" || end[1] != "news" {
		t.Errorf("the end is %q", end)
	}
	ana.sees("eve: past 3000", "bob: said before ana came", "bob: news")

	ana.clicks("#search-list button")
	ana.isMarked("past 3000") // which is shown already
	ana.presses(kb.Escape)
	ana.waits("the newest", `document.getElementById("below").hidden`)
	ana.complainsOfNothing()
}

// TestSearchMeetsTrouble: what the server refuses is said, and the page goes on; a search that is overtaken shows nothing.
func TestSearchMeetsTrouble(t *testing.T) {
	need(t, "chromium")
	ana, k, _ := hasPast(t, 10)
	tells := func(words string) {
		t.Helper()
		ana.waits(words, `document.getElementById("search-status").textContent === `+quoted(words))
	}
	for _, row := range []struct{ answer, told string }{
		{"! busy too many are looking; try again", "Too many are looking; try again"},
		{"! history-failed the messages could not be read; try again later", "The messages could not be read; try again later"},
		{"! history-off this server keeps no messages", "This server keeps no messages, so there is nothing to look through."},
		{"= SEARCH 0", "Nothing found."},
		{"= SEARCH 0 more", "Nothing found so far."},
	} {
		k.answers(func(line string) ([]string, bool) { return []string{row.answer}, strings.HasPrefix(line, "/search") })
		ana.searchesFor("words")
		tells(row.told)
	}
	ana.searchesFor("...")
	tells("Give a word with letters or digits.")
	tell := func(text string) {
		k.answers(func(line string) ([]string, bool) {
			return []string{"= SEARCH 1", "= @5-1 " + time.Now().UTC().Format(time.RFC3339) + " #lobby * eve " + text}, strings.HasPrefix(line, "/search")
		})
	}
	tell("says Łódź, ÉTÉ, été and étés")
	ana.searchesFor("ete łodz")
	ana.finds("eve in #lobby: says [Łódź], [ÉTÉ], [été] and étés")
	tell("says étés, and stands by me")
	ana.searchesFor("éte* by")
	ana.finds("eve in #lobby: says [étés], and stands [by] me")

	history := tellsPast(pastLines(10))
	k.answers(func(line string) ([]string, bool) {
		if !strings.HasPrefix(line, "/search") {
			return history(line)
		}
		text := "<img src=x onerror=alert(1)> " + line
		return []string{"= SEARCH 1", "= @5-1 " + time.Now().UTC().Format(time.RFC3339) + " #lobby [eve] " + text}, true
	})
	evaluate[bool](ana, `(document.getElementById("search-by").value = "eve", true)`)
	ana.searchesFor("onerror in")
	ana.waits("what was found", `document.querySelectorAll("#search-list li").length === 1`)
	if got, want := evaluate[string](ana, found+`[0]`), `eve in #lobby: <img src=x [onerror]=alert(1)> /search [onerror] "" [in] [in] #lobby by eve 20`; got != want {
		t.Errorf("found is %s, want %s", got, want)
	}
	ana.clicks("#search-list button") // of a message that is there no more
	ana.isMarked(`<img src=x onerror=alert(1)> /search onerror "" in in #lobby by eve 20`)
	ana.complainsOfNothing()
}
