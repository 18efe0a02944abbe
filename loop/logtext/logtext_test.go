package logtext

import (
	"slices"
	"testing"
)

func TestWith(t *testing.T) {
	var text Text
	for _, part := range []string{"one two\nthree", " two\nfour\n", "two"} {
		if n, err := text.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatalf("Write(%q) = %d, %v", part, n, err)
		}
	}
	if got, want := text.With("two"), []string{"one two\n", "three two\n", "two"}; !slices.Equal(got, want) {
		t.Errorf("With = %q, want %q", got, want)
	}
	if text.String() != "one two\nthree two\nfour\ntwo" {
		t.Errorf("String = %q", text.String())
	}
}
