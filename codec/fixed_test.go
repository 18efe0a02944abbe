package codec

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFixed(t *testing.T) {
	tests := []struct {
		name   string
		stream string
		want   []string
	}{
		{"nothing", "", nil},
		{"old bytes behind the nul", "hi\x00ldmes", []string{`"hi"`}},
		{"no nul", "01234567", []string{`"01234567"`}},
		{"only nul", "\x00\x00\x00\x00\x00\x00\x00\x00", []string{`""`}},
		{"lf is cut", "hi\n\x00abcd", []string{`"hi"`}},
		{"crlf is cut", "hi\r\n\x00abc", []string{`"hi"`}},
		{"one lf is cut", "hi\n\n\x00abc", []string{`"hi\n"`}},
		{"lf ends a block without nul", "0123456\n", []string{`"0123456"`}},
		{"cr alone stays", "hi\r\x00abcd", []string{`"hi\r"`}},
		{"lf behind the nul", "hi\x00\nabcd", []string{`"hi"`}},
		{"two blocks", "hi\x00ldmesyo\x00ldmes", []string{`"hi"`, `"yo"`}},
		{"the stream ends in a block", "hi\x00ldmesyo\x00o", []string{`"hi"`, `flush "yo"`}},
		{"the stream ends before a nul", "yo", []string{`flush "yo"`}},
		{"the stream ends after nul", "\x00yo", nil},
		{"the stream ends in an empty line", "\r\n", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkFrames(t, func() Framer { fixed := NewFixed(8); return &fixed }, [][]byte{[]byte(test.stream)}, test.want)
		})
	}
}

func TestFixedNoAllocs(t *testing.T) {
	fixed := NewFixed(8)
	checkNoAllocs(t, &fixed, []byte("hi\x00ldmesyo\x00ldmesrest"))
}

func TestAppendBlocks(t *testing.T) {
	tests := []struct {
		name, text string
		head, size int
		want       []string
	}{
		{"empty", "", 0, 6, []string{"\x00\x00\x00\x00\x00\x00"}},
		{"short", "ab", 0, 6, []string{"ab\x00\x00\x00\x00"}},
		{"short with a head", "ab", 1, 6, []string{"ab\x00\x00\x00\x00"}},
		{"fills one", "abcde", 0, 6, []string{"abcde\x00"}},
		{"one more", "abcdef", 0, 6, []string{"abcde\x00", "f\x00\x00\x00\x00\x00"}},
		{"fills two", "abcdefghij", 0, 6, []string{"abcde\x00", "fghij\x00"}},
		{"a rune at the cut", "abcdéf", 0, 6, []string{"abcd\x00\x00", "éf\x00\x00\x00"}},
		{"a rune before the cut", "abcéf", 0, 6, []string{"abcé\x00", "f\x00\x00\x00\x00\x00"}},
		{"longest runes", "😀😀", 0, 6, []string{"😀\x00\x00", "😀\x00\x00"}},
		{"not utf-8", "\x80\x80\x80\x80\x80\x80", 0, 6, []string{"\x80\x80\x80\x80\x80\x00", "\x80\x00\x00\x00\x00\x00"}},
		{"size too small", "abcde", 0, 0, []string{"abcd\x00", "e\x00\x00\x00\x00"}},
		{"a head", "[a] bcdefghijk", 4, 10, []string{"[a] bcdef\x00", "[a] ghijk\x00"}},
		{"a head and three blocks", "[a] bcdefghijklm", 4, 10, []string{"[a] bcdef\x00", "[a] ghijk\x00", "[a] lm\x00\x00\x00\x00"}},
		{"a head of more than three quarters of a block", "[anastasia] bcd", 12, 10, []string{"[anastasi\x00", "[anasa] \x00\x00", "[anasbcd\x00\x00"}},
		{"a rune in the middle of a shortened head", "[éé] abcdefghi", 7, 8, []string{"[éé] \x00", "[éabcd\x00", "[éefgh\x00", "[éi\x00\x00\x00\x00"}},
		{"a text that is all head", "[abcdefgh] ", 11, 10, []string{"[abcdefgh\x00", "[abcd] \x00\x00\x00"}},
		{"words", "[a] one two three", 4, 14, []string{"[a] one two \x00\x00", "[a] three\x00\x00\x00\x00\x00"}},
		{"a space that is too far before", "a bcdefghijklm", 0, 10, []string{"a bcdefgh\x00", "ijklm\x00\x00\x00\x00\x00"}},
		{"a space at the cut", "abcdefgh ijk", 0, 10, []string{"abcdefgh \x00", "ijk\x00\x00\x00\x00\x00\x00\x00"}},
		{"smallest blocks", "[a] bcd", 4, 5, []string{"[a] \x00", "bcd\x00\x00"}},
		{"small blocks", "[a] 😀b", 4, 7, []string{"[a] \x00\x00\x00", "[a😀\x00", "[ab\x00\x00\x00\x00"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := "before" + strings.Join(test.want, "")
			if got := AppendBlocks([]byte("before"), []byte(test.text), test.head, test.size); string(got) != want {
				t.Errorf("AppendBlocks(%q, %q, %d, %d) = %q, want %q", "before", test.text, test.head, test.size, got, want)
			}
		})
	}
}

func TestAppendBlocksNoAllocs(t *testing.T) {
	dst, text := make([]byte, 0, 8*BlockSize), bytes.Repeat([]byte("é"), BlockSize)
	if allocs := testing.AllocsPerRun(100, func() { AppendBlocks(dst, text, 8, BlockSize) }); allocs != 0 {
		t.Errorf("AppendBlocks of %d bytes: %v allocations, want 0", len(text), allocs)
	}
}

func FuzzFixed(f *testing.F) {
	f.Add([]byte("hi\x00ldmesyo\n\x00dmesrest"), []byte{0, 3}, byte(8))
	f.Add([]byte("0123456789"), []byte{9}, byte(0))
	f.Fuzz(func(t *testing.T, stream, cuts []byte, size byte) {
		var want []string
		rest := stream
		for block := max(int(size), MinBlockSize); len(rest) >= block; rest = rest[block:] {
			want = append(want, fmt.Sprintf("%q", naiveText(rest[:block])))
		}
		if text := naiveText(rest); text != "" {
			want = append(want, fmt.Sprintf("flush %q", text))
		}
		for _, cuts := range [][]byte{nil, {0}, cuts} {
			fixed := NewFixed(int(size))
			if got := frames(t, &fixed, [][]byte{stream}, cuts); !slices.Equal(got, want) {
				t.Errorf("size %d: frames of %q cut by %v = %v, want %v", size, stream, cuts, got, want)
			}
		}
	})
}

func naiveText(block []byte) string {
	text, _, _ := strings.Cut(string(block), "\x00")
	if line, found := strings.CutSuffix(text, "\n"); found {
		return strings.TrimSuffix(line, "\r")
	}
	return text
}

// FuzzAppendBlocks checks that a C client that prints each block up to its NUL prints the text, with the head in front of each block, and
// never half a rune.
func FuzzAppendBlocks(f *testing.F) {
	f.Add("hello wörld 😀", byte(2), byte(6))
	f.Add("", byte(0), byte(0))
	f.Fuzz(func(t *testing.T, text string, head, size byte) {
		text = strings.ReplaceAll(text, "\x00", "")
		block := max(int(size), MinBlockSize)
		n := min(int(head), len(text))
		for !utf8.ValidString(text[:n]) {
			n-- // the end of a head is the end of a rune
		}
		front := text[:n]
		for len(front) > min((block-1)*3/4, block-MinBlockSize) || !utf8.ValidString(front) {
			front = front[:len(front)-1]
		}
		printed, blocks := "", 0
		for rest := AppendBlocks(nil, []byte(text), n, int(size)); len(rest) > 0; rest = rest[block:] {
			if len(rest) < block || rest[block-1] != 0 {
				t.Fatalf("AppendBlocks(%q, %d, %d) ends in %q, which is no NUL-terminated block", text, n, size, rest)
			}
			part, pad, _ := strings.Cut(string(rest[:block]), "\x00")
			if strings.Trim(pad, "\x00") != "" {
				t.Errorf("AppendBlocks(%q, %d, %d) has %q behind the NUL", text, n, size, pad)
			}
			if utf8.ValidString(text) && !utf8.ValidString(part) {
				t.Errorf("AppendBlocks(%q, %d, %d) cuts a rune: %q", text, n, size, part)
			}
			if blocks++; blocks > 1 {
				words, headed := strings.CutPrefix(part, front)
				if !headed {
					t.Fatalf("AppendBlocks(%q, %d, %d) has the block %q, which doesn't begin with %q", text, n, size, part, front)
				}
				part = words
			}
			printed += part
		}
		if printed != text {
			t.Errorf("AppendBlocks(%q, %d, %d) prints %q", text, n, size, printed)
		}
	})
}

func BenchmarkAppendBlocks(b *testing.B) {
	for _, size := range []int{64, 4 << 10} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			text := bytes.Repeat([]byte("x"), size)
			dst := AppendBlocks(nil, text, 8, BlockSize)
			b.SetBytes(int64(len(dst)))
			b.ReportAllocs()
			for b.Loop() {
				dst = AppendBlocks(dst[:0], text, 8, BlockSize)
			}
		})
	}
}
