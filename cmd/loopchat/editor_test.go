package main

import (
	"slices"
	"strings"
	"testing"
)

func TestEditor(t *testing.T) {
	rows := []struct {
		name, text string // the cursor is at the |
		keys       []string
		want       string
	}{
		{"left and right", "ab|", []string{"left", "left", "left", "right"}, "a|b"},
		{"an emoji is one character", "a👩‍👩‍👧|b", []string{"backspace"}, "a|b"},
		{"a letter with its accent", "|e\u0301x", []string{"delete"}, "|x"},
		{"home and end", "日本|語", []string{"home", "delete", "end", "backspace"}, "本|"},
		{"a word", "one two  |three", []string{"ctrl+w"}, "one |three"},
		{"to the end", "one| two", []string{"ctrl+k"}, "one|"},
		{"to the beginning", "one| two", []string{"ctrl+u"}, "| two"},
		{"by words", "one two three|", []string{"alt+b", "alt+b", "alt+f"}, "one two| three"},
		{"at the ends", "|", []string{"backspace", "delete", "left", "right", "ctrl+w", "ctrl+k", "alt+f", "alt+b"}, "|"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			e := marked(row.text)
			for _, key := range row.keys {
				edits[key](&e)
			}
			if got := e.text[:e.at] + "|" + e.text[e.at:]; got != row.want {
				t.Errorf("%q after %q = %q, want %q", row.text, row.keys, got, row.want)
			}
		})
	}
}

func marked(text string) (e editor) {
	at := slices.Index([]byte(text), '|')
	e.set(text[:at]+text[at+1:], at)
	return e
}

func TestEditorInsert(t *testing.T) {
	e := marked("a|b")
	e.insert("\x1b[31m\tx\n")
	if want := "a[31m x b"; e.text != want {
		t.Errorf("text = %q, want %q", e.text, want)
	}
	before := e.text
	if e.insert(strings.Repeat("y", maxTyped)) || e.text != before {
		t.Errorf("insert() of too much made %d bytes, want none of it", len(e.text))
	}
}

func TestPastedLines(t *testing.T) {
	rows := []struct {
		name, typed, pasted string
		want                []string
	}{
		{"one line", "typed ", "pasted\n", []string{"pasted\n"}},
		{"several", "", "a\nb\r\nc", []string{"a", "b", "c"}},
		{"behind what was typed", "see: ", "a\nb\n", []string{"see: a", "b"}},
		{"empty ones between", "", "a\n\n  \nb\n\n", []string{"a", "b"}},
		{"indented", "", "if x {\n\ty()\n}\n", []string{"if x {", "\ty()", "}"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := pastedLines(row.typed, row.pasted); !slices.Equal(got, row.want) {
				t.Errorf("pastedLines(%q, %q) = %q, want %q", row.typed, row.pasted, got, row.want)
			}
		})
	}
}

func TestNameAndPath(t *testing.T) {
	rows := []struct{ args, name, path string }{
		{"notes.txt", "notes.txt", ""},
		{"notes.txt here.txt", "notes.txt", "here.txt"},
		{"my very own notes.txt", "my very own notes.txt", ""},
		{`"my notes.txt"`, "my notes.txt", ""},
		{`"my notes.txt" here`, "my notes.txt", "here"},
		{`"my notes.txt" "over there"`, "my notes.txt", "over there"},
		{"", "", ""},
	}
	for _, row := range rows {
		if name, path := nameAndPath(row.args); name != row.name || path != row.path {
			t.Errorf("nameAndPath(%q) = %q, %q; want %q, %q", row.args, name, path, row.name, row.path)
		}
	}
}

func TestPasswordsAreNotShown(t *testing.T) {
	rows := []struct{ typed, want string }{
		{"/pass secret", "/pass ******"},
		{"/LOGIN ana secret", "/LOGIN **********"},
		{"PASS secret", "PASS ******"},
		{"pass me the salt", "pass me the salt"},
		{"/password", "/password"},
		{"/join #go open sesame", "/join #go ***********"},
		{"/join #go", "/join #go"},
		{"JOIN #go x", "JOIN #go *"},
		{"Join us, all", "Join us, all"},
		{"join #go now", "join #go now"},
		{"/room key open sesame", "/room key ***********"},
		{"/room #go KEY x", "/room #go KEY *"},
		{"/room ban key 1h", "/room ban key 1h"},
		{"/room", "/room"},
		{"", ""},
		{"hello /pass x", "hello /pass x"},
	}
	for _, row := range rows {
		line := typing{}
		line.input.set(row.typed, len(row.typed))
		if got, at := line.shown(); got != row.want || at != len(got) {
			t.Errorf("typed %q, shown %q with the cursor at %d; want %q", row.typed, got, at, row.want)
		}
	}
}
