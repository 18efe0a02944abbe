package room

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "anything", true}, {"?", "", false}, {"?", "ж", true}, {"??", "ж", false},
		{"ann", "ANN", true}, {"ann", "anna", false}, {"ann*", "anna", true}, {"*nn*", "anna", true}, {"*nn", "anna", false}, {"a*a", "a", false}, {"a*a", "aa", true},
		{"ЖУК*", "жучок", false}, {"ЖУ*к", "жучок", true}, {"a**b", "ab", true}, {"*.example.org", "host.EXAMPLE.org", true}, {"[a]", "[A]", true}, {"{", "[", false},
		{strings.Repeat("a*", maxPattern), strings.Repeat("a", 500), true}, {strings.Repeat("a*", maxPattern-1) + "b", strings.Repeat("a", 500), false},
	} {
		p, ok := newPattern(tt.pattern)
		if !ok || p.matches(tt.text) != tt.want {
			t.Errorf("%q matches %q: want %v", tt.pattern, tt.text, tt.want)
		}
	}
	if _, ok := newPattern(strings.Repeat("a", maxPattern+1)); ok {
		t.Error("a pattern of too many letters is one")
	}
}

// TestPatternAgreesWithTheNaive compares it with the three lines that one would write without a thought for the time that they take.
func TestPatternAgreesWithTheNaive(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(letters string, most int) string {
		var b strings.Builder
		for range random.IntN(most + 1) {
			b.WriteRune([]rune(letters)[random.IntN(len([]rune(letters)))])
		}
		return b.String()
	}
	matched := 0
	for range 100_000 {
		written, text := word("abж*?", 8), word("aBЖ", 8)
		p, _ := newPattern(written)
		want := naively([]rune(written), []rune(strings.ToLower(text)))
		if p.matches(text) != want {
			t.Fatalf("%q matches %q: want %v", written, text, want)
		}
		if want {
			matched++
		}
	}
	if matched < 1000 {
		t.Errorf("%d matched: the test has lost its point", matched)
	}
}

func naively(p, text []rune) bool {
	switch {
	case len(p) == 0:
		return len(text) == 0
	case p[0] == '*':
		return naively(p[1:], text) || len(text) > 0 && naively(p, text[1:])
	}
	return len(text) > 0 && (p[0] == '?' || p[0] == text[0]) && naively(p[1:], text[1:])
}
