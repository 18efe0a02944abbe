package room

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestGlob(t *testing.T) {
	rows := []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true}, {"*", "bob", true}, {"", "", true}, {"", "b", false}, {"bob", "bob", true}, {"bob", "bobby", false}, {"bob*", "bobby", true}, {"*by", "bobby", true},
		{"*bo*by*", "bobby", true}, {"b?b", "bob", true}, {"b?b", "bb", false}, {"?", "ö", true}, {"??", "ö", false}, {"*?", "", false}, {"*a", "aab", false}, {"*ab", "aab", true},
		{"**", "x", true}, {"a*a", "a", false}, {"*öx", "ööx", true}, {"*.isp.example", "10.pool.isp.example", true}, {"*.isp.example", "isp.example", false},
	}
	for _, row := range rows {
		if got := glob(row.pattern, row.text); got != row.want {
			t.Errorf("glob(%q, %q) = %v, want %v", row.pattern, row.text, got, row.want)
		}
	}
}

// naiveGlob tries everything.
func naiveGlob(pattern, text []rune) bool {
	switch {
	case len(pattern) == 0:
		return len(text) == 0
	case pattern[0] == '*':
		return naiveGlob(pattern[1:], text) || len(text) > 0 && naiveGlob(pattern, text[1:])
	case len(text) == 0:
		return false
	}
	return (pattern[0] == '?' || pattern[0] == text[0]) && naiveGlob(pattern[1:], text[1:])
}

// TestGlobIsLikeANaiveOne compares it with one that tries everything.
func TestGlobIsLikeANaiveOne(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	draw := func(letters string, most int) string {
		var b strings.Builder
		for range random.IntN(most + 1) {
			b.WriteRune([]rune(letters)[random.IntN(len([]rune(letters)))])
		}
		return b.String()
	}
	matched := 0
	for range 100_000 {
		pattern, text := draw("aö*?b", 6), draw("aöb", 8)
		got, want := glob(pattern, text), naiveGlob([]rune(pattern), []rune(text))
		if got != want {
			t.Fatalf("glob(%q, %q) = %v, want %v", pattern, text, got, want)
		}
		if want {
			matched++
		}
	}
	if matched < 1000 {
		t.Errorf("only %d have matched: the test has lost its point", matched)
	}
}

func TestCompleteMask(t *testing.T) {
	for written, want := range map[string]string{
		"bob": "bob!*@*", "bob!": "bob!*@*", "bob!b": "bob!b@*", "bob@host": "*!bob@host", "@host": "*!*@host", "*@host": "*!*@host", "bob!b@host": "bob!b@host", "!b@": "*!b@*",
		"*!*@*": "*!*@*", "b**b!***@host": "b*b!*@host", "": "*!*@*", "Bob!*@2001:db8:*": "Bob!*@2001:db8:*",
	} {
		if got := CompleteMask(written); got != want {
			t.Errorf("CompleteMask(%q) = %q, want %q", written, got, want)
		}
		if again := CompleteMask(want); again != want {
			t.Errorf("CompleteMask(%q) = %q, want it unchanged", want, again)
		}
	}
}

// TestTargetsOfRooms: how each way to write a target is told, and whom it means; and that what is told means the same.
func TestTargetsOfRooms(t *testing.T) {
	ann := &user{name: "Ann", key: "ann", first: session{from: "Pool.Example 10.0.0.1:1", flags: there}, rare: &rare{ident: &ident{user: "Annie"}, account: &account{name: "Ann", key: "ann"}}}
	bob := &user{name: "bob", key: "bob", first: session{from: "10.0.0.2:2", flags: there}}
	guest := &user{name: "10.0.0.3:3", key: "10.0.0.3:3", first: session{from: "10.0.0.3:3", flags: there | guest}}
	away := &user{name: "Eve", key: "eve", rare: &rare{account: &account{name: "Eva", key: "eva"}}} // without a session
	all := []*user{ann, bob, guest, away}
	rows := []struct{ written, told, means string }{
		{"ANN", "ANN", "Ann"}, {"eva", "eva", "Eve"}, {"10.0.0.3:77", "10.0.0.3:*", "10.0.0.3:3"}, {"10.0.0.2", "10.0.0.2", "bob"},
		{"ann!*@*", "ann!*@*", "Ann"}, {"A?N!*@*", "A?N!*@*", "Ann"}, {"*!ANN*@*", "*!ANN*@*", "Ann"}, {"*!line@*", "*!line@*", "bob 10.0.0.3:3 Eve"}, {"*@pool.example", "*!*@pool.example", "Ann"},
		{"*!*@10.0.0.1", "*!*@10.0.0.1", ""}, {"*!*@looproom", "*!*@looproom", "Eve"}, {"*!*@10.0.0.?", "*!*@10.0.0.?", "bob 10.0.0.3:3"}, {"a:ANN", "a:ANN", "Ann"}, {"a:*", "a:*", "Ann Eve"}, {"a:ev?", "a:ev?", "Eve"},
		{"m:bob", "m:bob!*@*", "bob"}, {"m:a:eva", "m:a:eva", "Eve"}, {"m:*!*@*", "m:*!*@*", "Ann bob 10.0.0.3:3 Eve"},
	}
	for _, row := range rows {
		parsed, told, ok := parseTarget(row.written)
		again, retold, is := parseTarget(told)
		if !ok || told != row.told || !is || again != parsed || retold != told {
			t.Errorf("parseTarget(%q) = %+v, %q, %v, and of that %+v, %q, %v; want it told as %q, and the same again", row.written, parsed, told, ok, again, retold, is, row.told)
		}
		var means []string
		for _, u := range all {
			if parsed.means(lookAs(u, accountOf(u))) {
				means = append(means, u.name)
			}
		}
		if got := strings.Join(means, " "); got != row.means {
			t.Errorf("%q means %q, want %q", row.written, got, row.means)
		}
	}
	for _, written := range []string{"a:", "m:", "m:a:", "<x>", strings.Repeat("x", MaxMask) + "!*@*", "*" + strings.Repeat("x", MaxMask), "a:" + strings.Repeat("x", MaxMask+1)} {
		if _, told, ok := parseTarget(written); ok {
			t.Errorf("parseTarget(%q) is told as %q, want that it is none", written, told)
		}
	}
}
