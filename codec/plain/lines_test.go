package plain

import (
	"slices"
	"testing"
)

func TestLines(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"one", "hello", []string{"hello"}},
		{"none", "", []string{""}},
		{"one of which nothing shows", " \x02", []string{" \x02"}},
		{"two", "hello\nthere", []string{"hello", "there"}},
		{"blank ones", "\na\n\n \t\n\x02\nb\n", []string{"a", "b"}},
		{"nothing but blank ones", "\n\n", nil},
	}
	for _, test := range tests {
		if got := slices.Collect(Lines(test.text)); !slices.Equal(got, test.want) || CountLines(test.text) != len(test.want) {
			t.Errorf("%s: Lines(%q) = %q, counted %d, want %q", test.name, test.text, got, CountLines(test.text), test.want)
		}
	}
}
