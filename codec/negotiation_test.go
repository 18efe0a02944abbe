package codec

import (
	"bytes"
	"strings"
	"testing"
)

// negotiate feeds stream in pieces of a size to a client's framer, and returns the answers and the frames between them, as they come.
func negotiate(stream string, size int) (log string) {
	lines, refused := NewLines(64), TelnetRefusals{}
	var asks TelnetAsks
	var kept []byte
	for len(stream) > 0 {
		n := min(size, len(stream))
		kept = append(kept, stream[:n]...)
		stream = stream[n:]
		for len(kept) > 0 {
			frame, n, err := lines.NextAsking(kept, &asks)
			log += string(asks.AppendAnswers(nil, &refused))
			asks.Clear()
			if frame != nil {
				log += "<" + string(frame) + ">"
			}
			if err != nil {
				log += "<too long>"
			}
			if n == 0 {
				break
			}
			kept = kept[n:]
		}
	}
	return log
}

func TestTelnetAnswers(t *testing.T) {
	tests := []struct{ name, stream, want string }{
		{"plain", "hello\n", "<hello>"},
		{"ctrl-c", "\xff\xf4\xff\xfd\x06hello\n", "\xff\xfc\x06<hello>"},
		{"ctrl-c within a line", "he\xff\xf4\xff\xfd\x06llo\n", "\xff\xfc\x06<hello>"},
		{"ctrl-c twice", "\xff\xf4\xff\xfd\x06\xff\xf4\xff\xfd\x06a\n", "\xff\xfc\x06\xff\xfc\x06<a>"},
		{"are you there", "a\n\xff\xf6b\n", "<a>" + Here + "<b>"},
		{"options", "\xff\xfb\x1f\xff\xfd\x01\xff\xfb\x18a\n", "\xff\xfe\x1f\xff\xfc\x01\xff\xfe\x18<a>"},
		{"options again", "\xff\xfb\x1f\xff\xfb\x1f\xff\xfd\x1f\xff\xfd\x1f\n\xff\xfb\x1f\n", "\xff\xfe\x1f\xff\xfc\x1f<><>"},
		{"what is refused anyway", "\xff\xfc\x01\xff\xfe\x01\xff\xfe\x06\xff\xfc\x06\n", "<>"},
		{"a timing mark that is offered", "\xff\xfb\x06\xff\xfb\x06\n", "\xff\xfe\x06<>"},
		{"the highest options", "\xff\xfd\xff\xff\xfd\x00\xff\xfb\xc0\n", "\xff\xfc\xff\xff\xfc\x00\xff\xfe\xc0<>"},
		{"other commands", "\xff\xf1\xff\xf2\xff\xf3\xff\xf4\xff\xf5\xff\xf7\xff\xf8\xff\xf9\xff\xeda\n", "<a>"},
		{"a subnegotiation asks nothing", "\xff\xfa\x18\xff\xf6\xff\xfd\x01\xff\xf0a\n", "<a>"},
		{"a byte of data", "\xff\xff\xf6\xff\xff\n", "<\xff\xf6\xff>"},
		{"a line that is skipped", strings.Repeat("y", 70) + "\xff\xf6\n\xff\xf6", "<too long>" + Here},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for size := 1; size <= len(test.stream); size++ {
				if got := negotiate(test.stream, size); got != test.want {
					t.Errorf("%q in pieces of %d is answered %q, want %q", test.stream, size, got, test.want)
				}
			}
		})
	}
}

// However much a client asks for, the answers are bounded: all options twice, and within a line each question once.
func TestTelnetAnswersAreBounded(t *testing.T) {
	var all strings.Builder
	for range 3 {
		for option := range 256 {
			all.Write([]byte{telnetIAC, telnetDO, byte(option), telnetIAC, telnetWILL, byte(option)})
		}
	}
	// Of 256 wishes the timing mark alone is refused each time.
	if got, want := len(negotiate(all.String(), all.Len())), 3*(255+256+3); got != want {
		t.Errorf("options asked for thrice: answers of %d bytes, want %d", got, want)
	}
	inLine := "a" + strings.Repeat("\xff\xf6\xff\xfd\x06", 10) + "\n"
	if got, want := negotiate(inLine, len(inLine)), "\xff\xfc\x06"+Here+"<a>"; got != want {
		t.Errorf("ten questions in one line are answered %q, want %q", got, want)
	}
}

// FuzzTelnetAnswers: a server that talks to itself falls silent, and the frames are those of Next.
func FuzzTelnetAnswers(f *testing.F) {
	f.Add([]byte("a\xff\xfd\x06\xff\xf6b\n\xff\xfb\x01"), byte(3))
	f.Fuzz(func(t *testing.T, stream []byte, size byte) {
		refused, asks := TelnetRefusals{}, TelnetAsks{}
		lines, plain := NewLines(64), NewLines(64)
		copied := bytes.Clone(stream)
		for len(stream) > 0 {
			frame, n, err := lines.NextAsking(stream, &asks)
			want, wantN, wantErr := plain.Next(copied)
			if !bytes.Equal(frame, want) || n != wantN || err != wantErr {
				t.Fatalf("NextAsking = %q, %d, %v; Next = %q, %d, %v", frame, n, err, want, wantN, wantErr)
			}
			if n == 0 {
				break
			}
			stream, copied = stream[n:], copied[n:]
		}
		answers := asks.AppendAnswers(nil, &refused)
		if again := asks.AppendAnswers(nil, &refused); len(again) > len(Here)+3 {
			t.Errorf("asked once more, the answers are %q", again)
		}
		if echo := negotiate(string(answers)+"\n", int(size)+1); strings.Contains(echo, "\xff") {
			t.Errorf("the answers %q are answered %q", answers, echo)
		}
	})
}
