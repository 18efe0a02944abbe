package irc

import (
	"strings"
	"testing"

	"looproom/loop/room"
)

func TestMatches(t *testing.T) {
	for _, row := range []struct {
		mask, name string
		want       bool
	}{
		{"*", "", true}, {"", "", true}, {"", "a", false}, {"?", "", false}, {"a*b*c", "aXbYc", true}, {"a*b*c", "aXcYb", false},
		{"*.LOCAL", "looproom.local", true}, {"#Ä?", "#äb", true}, {"**a", "ba", true}, {"a?", "a", false}, {"*aab", "aaaab", true},
	} {
		if got := room.Matches(row.mask, row.name); got != row.want {
			t.Errorf("Matches(%q, %q) = %v, want %v", row.mask, row.name, got, row.want)
		}
	}
}

// Modern IRC, "ELIST Parameter".
func TestSieve(t *testing.T) {
	const now = 100 * 60_000
	row := room.Row{Name: "#Go", Count: 5, At: now - 10*60_000, Of: &room.Portrait{Since: (now - 50*60_000) / 1000}}
	for asked, want := range map[string]bool{
		"": true, ">4": true, ">5": false, "<6": true, "<5": false, "C<51": true, "C>49": true, "C>50": false, "T<11": true, "T>9": true, "T>10": false,
		"#go": true, "#other": false, "#other,#GO": true, "#g*": true, "!#g*": false, "*o,!*x": true, ">4,<5": false, ">x": true, "#go >5": false, "nonsense": true,
	} {
		s := sifting(strings.Fields(asked))
		if got := s.lets(&row, now); got != want {
			t.Errorf("LIST %s lets %s through: %v, want %v", asked, row.Name, got, want)
		}
	}
	never := room.Row{Name: "#go", Count: 1}
	for _, asked := range []string{"T<9", "T>9"} {
		if s := sifting([]string{asked}); s.lets(&never, now) {
			t.Errorf("LIST %s lets a room through that has no topic", asked)
		}
	}
}
