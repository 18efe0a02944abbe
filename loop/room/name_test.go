package room

import (
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	tests := []struct {
		name, shown, key string
		why              Reason
	}{
		{"ana", "ana", "ana", 0},
		{"Ana", "Ana", "ana", 0},
		{"ＡＮＡ", "ANA", "ana", 0},       // full-width forms
		{"Zoe\u0308", "Zoë", "zoë", 0}, // composed
		{"o'neil-2", "o'neil-2", "o'neil-2", 0},
		{"имя", "имя", "имя", 0},
		{"a", "a", "a", 0},
		{"12345678901234567890123456789012", "12345678901234567890123456789012", "12345678901234567890123456789012", 0},
		{"123456789012345678901234567890123", "", "", NameLength},
		{"", "", "", NameLength},
		{"a b", "", "", NameLetters},
		{"a\tb", "", "", NameLetters},
		{"a\u200bb", "", "", NameLetters},
		{"🙂", "", "", NameLetters},
		{"[ana]", "[ana]", "[ana]", 0},
		{"]ana", "]ana", "]ana", 0},
		{`a{}\|^`, `a{}\|^`, `a{}\|^`, 0},
		{"<ana", "", "", NameBegins},
		{">ana", "", "", NameBegins},
		{"#ana", "", "", NameBegins},
		{"＃ana", "", "", NameLetters},
		{"/ana", "", "", NameBegins},
		{"!ana", "", "", NameBegins},
		{"*ana", "", "", NameBegins},
		{"=ana", "", "", NameBegins},
		{"ana(away)", "", "", NameLikeAway},
		{"ana(AWAY)", "", "", NameLikeAway},
		{"10.0.0.5", "", "", NameLikeAddress},
		{"10.0.0.5:51234", "", "", NameLikeAddress},
		{"local:7", "", "", NameLikeAddress},
		{"fe80::1", "", "", NameLikeAddress},
		{"host:80", "", "", NameLikeAddress},
		{"10.0.0.0/8", "", "", NameLikeAddress},
		{"2001:db8::/32", "", "", NameLikeAddress},
		{"::/0", "", "", NameLikeAddress},
		{"2001:DB8::1", "", "", NameLikeAddress},
		{"fe80::1%eth0", "", "", NameLikeAddress},
		{"10.0.0.5:51234/2", "", "", NameLikeAddress}, // the second guest from one address
		{"k3x9q2.m4t7wz:17", "", "", NameLikeAddress}, // a cloak
		{"guest:17", "", "", NameLikeAddress},
		{"1/2", "1/2", "1/2", 0},
		{"50%", "50%", "50%", 0},
		{"either/or", "either/or", "either/or", 0},
		{"42", "42", "42", 0},
		{"cafe", "cafe", "cafe", 0},
		{"a:b", "a:b", "a:b", 0},
	}
	for _, test := range tests {
		shown, key, why := checkName(test.name)
		if why != test.why || (why == 0 && (shown != test.shown || key != test.key)) {
			t.Errorf("checkName(%q) = %q, %q, %v; want %q, %q, %v", test.name, shown, key, why, test.shown, test.key, test.why)
		}
	}
}

func TestCheckNew(t *testing.T) {
	tests := []struct {
		name string
		why  Reason
	}{
		{"ana", 0}, {"Zoë", 0}, {"имя", 0}, {"Ελένη", 0}, {"Nguyễn", 0}, {"ᾧδε", 0}, {"عائشة", 0}, {"מרים", 0}, {"चीज़ें", 0}, {"ร้องเพลง", 0},
		{"さくらサクラ桜", 0}, {"sakura桜サクラ", 0}, {"kim김金", 0}, {"李小龙", 0}, {"bob-42", 0}, {"имя-42", 0}, {"ʻokina", 0}, {"o.o", 0}, {"lol", 0},

		{"аdmin", NameScripts},     // a Cyrillic а
		{"admіn", NameScripts},     // a Cyrillic і
		{"αdmin", NameScripts},     // Greek
		{"имяαβ", NameScripts},     // Cyrillic and Greek
		{"김さくら", NameScripts},      // Korean and Japanese
		{"имя桜", NameScripts},      // Cyrillic and Han
		{"ana\u05d0", NameLetters}, // left to right and right to left (RFC 5893)

		{"a\u0301\u0323\u0308b", 0}, // one of the three goes with the letter: ạ
		{"a\u0323\u0301\u0308\u030ab", NameMarks},
		{"x" + strings.Repeat("\u0336", 3), NameMarks},
		{"x" + strings.Repeat("\u0336", 30), NameMarks},
		{"\u0336ana", NameLetters}, // RFC 5892 has it so
		{"क" + strings.Repeat("\u094d", 5), NameMarks},
		{"a\u0336\u0335b\u0336\u0335", 0},

		{"10.0.0.5\u02d051234", NameLetters}, // what looks like a colon
		{"l0.0.0.5", NameLikeAddress},
		{"1O.0.0.5", NameLikeAddress},
		{"\u01c3closing", NameBegins}, // a letter that looks like !
	}
	for _, test := range tests {
		if _, _, why := checkNew(test.name); why != test.why {
			t.Errorf("checkNew(%q) = %v, want %v", test.name, why, test.why)
		}
	}
}

// A line can hold a name of 8 KB, and WHO and TEXT TO take any. Nobody looks into it.
func TestLongNamesCostNothing(t *testing.T) {
	for _, name := range []string{strings.Repeat("é", 4<<10), strings.Repeat("e\u0301", 2<<10), strings.Repeat("x", longestName+2)} {
		if n := testing.AllocsPerRun(10, func() {
			if _, _, why := checkNew(name); why != NameLength {
				t.Errorf("checkNew of %d bytes = %v, want %v", len(name), why, NameLength)
			}
			if _, ok := foldName(name); ok {
				t.Errorf("foldName of %d bytes has a key", len(name))
			}
		}); n > 0 {
			t.Errorf("a name of %d bytes costs %v allocations, want none", len(name), n)
		}
	}
	syllables := strings.Repeat("\u1100\u1161\u11a8", MaxName) // Hangul, as parts
	if _, _, why := checkNew(syllables); why != 0 {
		t.Errorf("checkNew of %d bytes that are %d letters = %v, want none", len(syllables), MaxName, why)
	}
}

func BenchmarkCheckNew(b *testing.B) {
	for _, name := range []string{"user12345", "ana", "Анастасия", "桜サクラさくら", strings.Repeat("аa", 16), strings.Repeat("e", 8<<10)} {
		b.Run(name[:min(len(name), 20)], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if shown, key, why := checkNew(name); why == 0 {
					guiseOf(shown, key)
				}
			}
		})
	}
}

// TestNewNamesCanBeWrittenInIRC: nothing in them is a sign or a separator there.
func TestNewNamesCanBeWrittenInIRC(t *testing.T) {
	for name, want := range map[string]Reason{
		"ana": 0, "[ana]": 0, "a-b": 0, "a+b": 0, "ana&bob": 0, "~ana": NameBegins, "&ana": NameBegins, "@ana": NameBegins, "%ana": NameBegins, "+ana": NameBegins, "$ana": NameBegins, "-ana": NameBegins,
		":ana": NameBegins, "a!b": NameSeparates, "a@b": NameSeparates, "a,b": NameSeparates, "a*b": NameSeparates, "a?b": NameSeparates, "a:b": NameSeparates,
	} {
		if _, _, why := checkNewUser(name); why != want {
			t.Errorf("checkNewUser(%q) = %v, want %v", name, why, want)
		}
	}
}
