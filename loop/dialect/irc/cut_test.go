package irc

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSplitWords(t *testing.T) {
	rows := []struct {
		name, words string
		room        int
		want        []string
	}{
		{"what fits", "hello", 5, []string{"hello"}},
		{"nothing", "", 5, []string{""}},
		{"at a space", "hello brave world", 12, []string{"hello brave", "world"}},
		{"the space is the first that doesn't fit", "hello brave world", 11, []string{"hello brave", "world"}},
		{"a space before the last quarter is none", "ab cdefghijklmn", 12, []string{"ab cdefghijk", "lmn"}},
		{"no space", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"between characters", "ääää", 5, []string{"ää", "ää"}},
		{"four bytes each", "😀😀", 4, []string{"😀", "😀"}},
		{"room for nothing is room for a character", "äb", 0, []string{"äb"}},
		{"a space at the end isn't lost", "abcdefgh ", 8, []string{"abcdefgh", " "}},
		{"no UTF-8", "\x80\x80\x80\x80\x80\x80", 4, []string{"\x80\x80\x80\x80", "\x80\x80"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := slices.Collect(splitWords(row.words, row.room)); !slices.Equal(got, row.want) {
				t.Errorf("%q in %d bytes: %q, want %q", row.words, row.room, got, row.want)
			}
		})
	}
}

func FuzzSplitWords(f *testing.F) {
	f.Add("hello brave new world", 7)
	f.Add("äöüäöü 😀😀😀", 5)
	f.Add("      ", 4)
	f.Fuzz(func(t *testing.T, words string, room int) {
		if room > 1<<20 {
			return
		}
		pieces := slices.Collect(splitWords(words, room))
		for _, piece := range pieces {
			if len(piece) > max(room, utf8.UTFMax) || piece == "" && words != "" || utf8.ValidString(words) && !utf8.ValidString(piece) {
				t.Fatalf("%q in %d bytes has a piece %q", words, room, piece)
			}
		}
		all := strings.Join(pieces, "")
		lost := len(words) - len(all)
		if lost < 0 || lost > len(pieces)-1 || strings.ReplaceAll(all, " ", "") != strings.ReplaceAll(words, " ", "") {
			t.Fatalf("%q in %d bytes is %q: nothing but a space at each cut may be missing", words, room, pieces)
		}
	})
}
