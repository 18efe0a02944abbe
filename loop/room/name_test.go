package room

import (
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	tests := []struct {
		name, shown, key string
		err              error
	}{
		{"ana", "ana", "ana", nil},
		{"Ana", "Ana", "ana", nil},
		{"ＡＮＡ", "ANA", "ana", nil},       // full-width forms
		{"Zoe\u0308", "Zoë", "zoë", nil}, // composed
		{"o'neil-2", "o'neil-2", "o'neil-2", nil},
		{"имя", "имя", "имя", nil},
		{"a", "a", "a", nil},
		{"12345678901234567890123456789012", "12345678901234567890123456789012", "12345678901234567890123456789012", nil},
		{"123456789012345678901234567890123", "", "", errNameLength},
		{"", "", "", errNameLength},
		{"a b", "", "", errNameLetters},
		{"a\tb", "", "", errNameLetters},
		{"a\u200bb", "", "", errNameLetters},
		{"🙂", "", "", errNameLetters},
		{"[ana", "", "", errNameReserved},
		{"]ana", "", "", errNameReserved},
		{"<ana", "", "", errNameReserved},
		{">ana", "", "", errNameReserved},
		{"#ana", "", "", errNameReserved},
		{"＃ana", "", "", errNameLetters},
		{"/ana", "", "", errNameReserved},
		{"!ana", "", "", errNameReserved},
		{"*ana", "", "", errNameReserved},
		{"=ana", "", "", errNameReserved},
		{"ana(away)", "", "", errNameAway},
		{"ana(AWAY)", "", "", errNameAway},
		{"10.0.0.5", "", "", errNameAddress},
		{"10.0.0.5:51234", "", "", errNameAddress},
		{"local:7", "", "", errNameAddress},
		{"fe80::1", "", "", errNameAddress},
		{"host:80", "", "", errNameAddress},
		{"10.0.0.0/8", "", "", errNameAddress},
		{"2001:db8::/32", "", "", errNameAddress},
		{"::/0", "", "", errNameAddress},
		{"2001:DB8::1", "", "", errNameAddress},
		{"fe80::1%eth0", "", "", errNameAddress},
		{"10.0.0.5:51234/2", "", "", errNameAddress}, // the second guest from one address
		{"k3x9q2.m4t7wz:17", "", "", errNameAddress}, // a cloak
		{"guest:17", "", "", errNameAddress},
		{"1/2", "1/2", "1/2", nil},
		{"50%", "50%", "50%", nil},
		{"either/or", "either/or", "either/or", nil},
		{"42", "42", "42", nil},
		{"cafe", "cafe", "cafe", nil},
		{"a:b", "a:b", "a:b", nil},
	}
	for _, test := range tests {
		shown, key, err := checkName(test.name)
		if err != test.err || (err == nil && (shown != test.shown || key != test.key)) {
			t.Errorf("checkName(%q) = %q, %q, %v; want %q, %q, %v", test.name, shown, key, err, test.shown, test.key, test.err)
		}
	}
}

func TestCheckNew(t *testing.T) {
	tests := []struct {
		name string
		err  error
	}{
		{"ana", nil}, {"Zoë", nil}, {"имя", nil}, {"Ελένη", nil}, {"Nguyễn", nil}, {"ᾧδε", nil}, {"عائشة", nil}, {"מרים", nil}, {"चीज़ें", nil}, {"ร้องเพลง", nil},
		{"さくらサクラ桜", nil}, {"sakura桜サクラ", nil}, {"kim김金", nil}, {"李小龙", nil}, {"bob-42", nil}, {"имя-42", nil}, {"ʻokina", nil}, {"o.o", nil}, {"lol", nil},

		{"аdmin", errNameScripts},     // a Cyrillic а
		{"admіn", errNameScripts},     // a Cyrillic і
		{"αdmin", errNameScripts},     // Greek
		{"имяαβ", errNameScripts},     // Cyrillic and Greek
		{"김さくら", errNameScripts},      // Korean and Japanese
		{"имя桜", errNameScripts},      // Cyrillic and Han
		{"ana\u05d0", errNameLetters}, // left to right and right to left (RFC 5893)

		{"a\u0301\u0323\u0308b", nil}, // one of the three goes with the letter: ạ
		{"a\u0323\u0301\u0308\u030ab", errNameMarks},
		{"x" + strings.Repeat("\u0336", 3), errNameMarks},
		{"x" + strings.Repeat("\u0336", 30), errNameMarks},
		{"\u0336ana", errNameLetters}, // RFC 5892 has it so
		{"क" + strings.Repeat("\u094d", 5), errNameMarks},
		{"a\u0336\u0335b\u0336\u0335", nil},

		{"10.0.0.5\u02d051234", errNameLetters}, // what looks like a colon
		{"l0.0.0.5", errNameAddress},
		{"1O.0.0.5", errNameAddress},
		{"\u01c3closing", errNameReserved}, // a letter that looks like !
	}
	for _, test := range tests {
		if _, _, err := checkNew(test.name); err != test.err {
			t.Errorf("checkNew(%q) = %v, want %v", test.name, err, test.err)
		}
	}
}

// A line can hold a name of 8 KB, and WHO and TEXT TO take any. Nobody looks into it.
func TestLongNamesCostNothing(t *testing.T) {
	for _, name := range []string{strings.Repeat("é", 4<<10), strings.Repeat("e\u0301", 2<<10), strings.Repeat("x", longestName+2)} {
		if n := testing.AllocsPerRun(10, func() {
			if _, _, err := checkNew(name); err != errNameLength {
				t.Errorf("checkNew of %d bytes = %v, want %v", len(name), err, errNameLength)
			}
			if _, ok := foldName(name); ok {
				t.Errorf("foldName of %d bytes has a key", len(name))
			}
		}); n > 0 {
			t.Errorf("a name of %d bytes costs %v allocations, want none", len(name), n)
		}
	}
	syllables := strings.Repeat("\u1100\u1161\u11a8", MaxName) // Hangul, as parts
	if _, _, err := checkNew(syllables); err != nil {
		t.Errorf("checkNew of %d bytes that are %d letters = %v, want nil", len(syllables), MaxName, err)
	}
}

func BenchmarkCheckNew(b *testing.B) {
	for _, name := range []string{"user12345", "ana", "Анастасия", "桜サクラさくら", strings.Repeat("аa", 16), strings.Repeat("e", 8<<10)} {
		b.Run(name[:min(len(name), 20)], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if shown, key, err := checkNew(name); err == nil {
					guiseOf(shown, key)
				}
			}
		})
	}
}
