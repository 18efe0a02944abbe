//go:build linux

package main_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestPageAlignsByOrder has the page merge what RECENT tells with what is shown. Each letter is a message of bob's, in capitals one of the page's own; a
// digit behind it is its time in seconds, "|" is where a connection was lost, "?" follows what may have been said or not, and "^" stands before
// what is all that the server has.
func TestPageAlignsByOrder(t *testing.T) {
	need(t, "chromium")
	page := openPage(t, startServer(t, "--listen", "http://127.0.0.1:0"), 0, "reader")
	rows := []struct{ name, shown, told, want string }{
		{"nothing shown", "", "ab", "ab"},
		{"nothing missed", "abc|", "abc", "abc"},
		{"missed", "abc|", "abcde", "abcde"},
		{"told from the middle on", "abcdef|", "efgh", "abcdefgh"},
		{"told from before on", "cd|", "abcde", "cde"},
		{"too much missed", "abc|", "xyz", "abcxyz"},
		{"too much missed, and more came meanwhile", "abc|z", "xyz", "abcxyz"},
		{"missed, and more came meanwhile", "abc|z", "bcxyz", "abcxyz"},
		{"the same words again and again", "a1a1|", "a1a1a2a2", "a1a1a2a2"},
		{"the same words in the same second", "a1a1|", "a1a1a1a1", "a1a1a1a1"},
		{"the same words, shown long after they were said", "a9a9|", "^a1a1a8", "a9a9a8"},
		{"two losses", "ab|cd|", "abcdef", "abcdef"},
		{"a loss that was never filled", "ab|ef|", "abcdefg", "abcdefg"},
		{"own lines stand where they were written", "aBc|", "acBd", "aBcd"},
		{"own lines said twice", "AA|", "AAb", "AAb"},
		{"own lines from before", "B|", "ABc", "Bc"},
		{"a line that was said after all", "aB?|", "aBc", "aBc"},
		{"a line that was not said", "aB?|", "ac", "aB?c"},
		{"another room of the same name", "a1b1|", "^a9b9", "a1b1a9b9"},
		{"own lines alone, and others from before", "B|", "xBc", "Bc"},
		{"own lines in between", "aBcD|", "acBDe", "aBcDe"},
		{"skipped in the middle", "ab|e", "abcde", "abcde"},
		{"hours behind", "a1b2c3|", "a1b2c3d9", "a1b2c3d9"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := evaluate[string](page, fmt.Sprintf(mergeInPage, quoted(row.shown), quoted(row.told)))
			if got = untimed(got); got != untimed(row.want) {
				t.Errorf("%q shown and %q told = %q, want %q", row.shown, row.told, got, untimed(row.want))
			}
		})
	}
	t.Run("a hundred in a row, cut anywhere", func(t *testing.T) {
		all := strings.Split(strings.Repeat("a b a a c ", 20), " ")[:100]
		for at := range all {
			all[at] += fmt.Sprint(at / 12) // eight times in all, so that many are alike
		}
		for cut := 10; cut < 100; cut += 9 {
			shown, told := strings.Join(all[:cut], "")+"|", strings.Join(all[max(0, cut-30):], "")
			got := evaluate[string](page, fmt.Sprintf(mergeInPage, quoted(shown), quoted(told)))
			if want := untimed(strings.Join(all, "")); untimed(got) != want {
				t.Errorf("cut after %d: %q, want %q", cut, untimed(got), want)
			}
		}
	})
}

// untimed leaves out the digits and the losses.
func untimed(messages string) string {
	return string(slices.DeleteFunc([]rune(messages), func(r rune) bool { return r >= '0' && r <= '9' || r == '|' }))
}

const mergeInPage = `import("/messages.js").then(({ History, makeEntry }) => {
	const read = (text, history) => [...text.matchAll(/([a-zA-Z])(\d?)(\??)|\|/g)].map(([whole, letter, time, unsure]) => {
		if (whole === "|") return history.interrupted();
		const own = letter !== letter.toLowerCase();
		const entry = makeEntry("said", { name: own ? "ana" : "bob", text: letter, own, time: 1000 * Number(time || 1), state: unsure ? "unsure" : "sent" });
		history?.add(entry);
		return entry;
	});
	const history = new History();
	read(%[1]s, history);
	const { said } = history.merge(read(%[2]s, null), { all: %[2]s.startsWith("^") });
	for (const entry of said) entry.state = "sent";
	return history.entries.map(({ text, state }) => text + (state === "unsure" ? "?" : "")).join("");
})`
