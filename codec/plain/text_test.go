package plain

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, frame, want string }{
		{"empty", "", ""},
		{"ascii", "hello, world ~ 0123456789", "hello, world ~ 0123456789"},
		{"tab", "a\tb", "a\tb"},
		{"tabs in words of eight", "\t1234567\t1234567", "\t1234567\t1234567"},
		{"other scripts", "grüß дом 日本 😀 e\u0301", "grüß дом 日本 😀 e\u0301"},
		{"nul", "a\x00b", "ab"},
		{"escape", "\x1b[2Jhello", "[2Jhello"},
		{"del", "0123456\x7f", "0123456"},
		{"c1", "a\u0080b\u009bc\u009fd\u00a0e", "abcd\u00a0e"},
		{"lf and cr", "a\r\nb", "ab"},
		{"invalid bytes", "a\xff\xfeb", "a\uFFFD\uFFFDb"},
		{"latin-1", "gr\xfc\xdf", "gr\uFFFD\uFFFD"},
		{"a cut rune, byte by byte", "a\xe2\x82", "a\uFFFD\uFFFD"},
		{"a surrogate, byte by byte", "\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},
		{"an overlong nul, byte by byte", "\xc0\x80", "\uFFFD\uFFFD"},
		{"halves don't join", "\xc3\x00\xa9", "\uFFFD\uFFFD"},
		{"the replacement itself", "a\uFFFDb", "a\uFFFDb"},
		{"embeddings and overrides", "a\u202a\u202b\u202c\u202d\u202eb", "ab"},
		{"isolates", "a\u2066\u2067\u2068\u2069b", "ab"},
		{"separators", "a\u2028b\u2029c", "abc"},
		{"neighbours of the forbidden", "\u2027\u202f\u2065\u206a", "\u2027\u202f\u2065\u206a"},
		{"nothing stays", "\x00\x1b\u202e", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			frame := []byte(test.frame)
			if got := Clean(nil, frame); string(got) != test.want {
				t.Errorf("Clean(%q) = %q, want %q", test.frame, got, test.want)
			}
			if string(frame) != test.frame {
				t.Errorf("Clean(%q) changed its argument to %q", test.frame, frame)
			}
		})
	}
}

// TestCleanEveryByte puts each byte in each place of a word, where the fast path must not miss it.
func TestCleanEveryByte(t *testing.T) {
	for b := range 256 {
		for place := range 17 {
			frame := []byte(strings.Repeat("x", 17))
			frame[place] = byte(b)
			if got, want := string(Clean(nil, frame)), naiveClean(frame); got != want {
				t.Errorf("Clean(%q) = %q, want %q", frame, got, want)
			}
		}
	}
}

func TestCleanReturnsItsArgument(t *testing.T) {
	for _, text := range []string{"a usual line of plain text", "grüß\tdich, 日本"} {
		frame, scratch := []byte(text), make([]byte, 0, 100)
		if got := Clean(scratch, frame); &got[0] != &frame[0] {
			t.Errorf("Clean(%q) is a copy, want the frame itself", text)
		}
	}
}

func TestCleanNoAllocs(t *testing.T) {
	for _, text := range []string{"a usual line of plain text", "grüß dich", strings.Repeat("\xff", 50)} {
		frame, scratch := []byte(text), make([]byte, 0, 3*len(text))
		if allocs := testing.AllocsPerRun(100, func() { Clean(scratch, frame) }); allocs != 0 {
			t.Errorf("Clean(%q): %v allocations, want 0", text, allocs)
		}
		if allocs := testing.AllocsPerRun(100, func() { AppendClean(scratch, text) }); allocs != 0 {
			t.Errorf("AppendClean(%q): %v allocations, want 0", text, allocs)
		}
		if allocs := testing.AllocsPerRun(100, func() { Text(scratch, frame) }); allocs != 0 {
			t.Errorf("Text(%q): %v allocations, want 0", text, allocs)
		}
	}
}

func TestText(t *testing.T) {
	tests := []struct{ name, frame, want string }{
		{"empty", "", ""},
		{"plain", "hello, мир", "hello, мир"},
		{"control characters stay", "\x01ACTION \x02b\x0f\x1b[31m\x7f\u0085\u202e\u2028\x01", "\x01ACTION \x02b\x0f\x1b[31m\x7f\u0085\u202e\u2028\x01"},
		{"NUL, CR and LF don't", "\x00a\r\nb\x00", "ab"},
		{"nothing but these", "\r\x00\n", ""},
		{"bad bytes", "a\xff\x02\xe2\x82", "a\uFFFD\x02\uFFFD\uFFFD"},
		{"halves don't join", "\xc3\x00\xa9", "\uFFFD\uFFFD"},
	}
	for _, test := range tests {
		if got := string(Text(nil, []byte(test.frame))); got != test.want {
			t.Errorf("%s: Text(%q) = %q, want %q", test.name, test.frame, got, test.want)
		}
	}
	frame := []byte("as it came\x02")
	if got := Text(nil, frame); &got[0] != &frame[0] {
		t.Errorf("Text(%q) is a copy, want the frame itself", frame)
	}
}

func TestIsBlank(t *testing.T) {
	for text, want := range map[string]bool{"": true, " \t": true, "\x02 \u202e\x00\n": true, "x": false, "\x02 x": false, "\xff": false, "\u00a0": false} {
		if got := IsBlank(text); got != want {
			t.Errorf("IsBlank(%q) = %v, want %v", text, got, want)
		}
	}
}

func naiveClean(frame []byte) string {
	var clean strings.Builder
	for _, r := range string(frame) {
		if !naiveForbidden(r) {
			clean.WriteRune(r)
		}
	}
	return clean.String()
}

func naiveForbidden(r rune) bool {
	return r < 0x20 && r != '\t' || r >= 0x7F && r <= 0x9F || strings.ContainsRune("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", r)
}

func FuzzClean(f *testing.F) {
	f.Add([]byte("hello\tworld"))
	f.Add([]byte("\x1b[2J gr\xfc\xdf \u202egrüß\u2066 \xc3\x00\xa9"))
	f.Add([]byte("01234567\x7f1234567\u0080"))
	f.Fuzz(func(t *testing.T, frame []byte) {
		want := naiveClean(frame)
		clean := Clean(make([]byte, 3), frame)
		if string(clean) != want {
			t.Errorf("Clean(%q) = %q, want %q", frame, clean, want)
		}
		if !utf8.Valid(clean) || strings.ContainsFunc(string(clean), naiveForbidden) {
			t.Errorf("Clean(%q) = %q, which isn't safe text", frame, clean)
		}
		if appended := AppendClean([]byte("\x1b"), string(frame)); string(appended) != "\x1b"+want {
			t.Errorf("AppendClean(%q) = %q, want %q", frame, appended[1:], want)
		}
		if got := CleanString(string(frame)); got != want {
			t.Errorf("CleanString(%q) = %q, want %q", frame, got, want)
		}
		if text := Text(nil, frame); !utf8.Valid(text) || strings.ContainsAny(string(text), "\x00\r\n") || string(Clean(nil, text)) != want {
			t.Errorf("Text(%q) = %q, want valid UTF-8 without NUL, CR and LF that shows as %q", frame, text, want)
		}
		if got := IsBlank(string(frame)); got != (strings.Trim(want, " \t") == "") {
			t.Errorf("IsBlank(%q) = %v, and %q shows", frame, got, want)
		}
		if again := Clean(nil, clean); string(again) != want {
			t.Errorf("Clean(%q) = %q, want no change", clean, again)
		}
	})
}

func BenchmarkClean(b *testing.B) {
	tests := []struct{ name, frame string }{
		{"ascii", strings.Repeat("hello wo", 8)},
		{"cyrillic", strings.Repeat("привет, ", 5)},
		{"escape", strings.Repeat("hello wo", 7) + "\x1b[2Jhell"},
	}
	for _, test := range tests {
		b.Run(test.name, func(b *testing.B) {
			frame, scratch := []byte(test.frame), make([]byte, 0, 3*len(test.frame))
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for b.Loop() {
				Clean(scratch, frame)
			}
		})
	}
}
