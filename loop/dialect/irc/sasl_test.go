package irc

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"looproom/loop/room"
)

// b64 is text as AUTHENTICATE has it.
func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// saslWords are the steps as the tests tell them.
var saslWords = map[saslStep]string{saslMore: "more", saslBegin: "begin", saslAborted: "aborted", saslTooLong: "too long", saslUnknown: "unknown", saslFailed: "failed"}

// tells is what take returns, in words.
func tells(step saslStep, what authentic) string {
	if step == saslAsk {
		return fmt.Sprintf("%s %q %q", what.verb, what.name, what.text)
	}
	if what != (authentic{}) {
		return fmt.Sprintf("%s, and asks %v", saslWords[step], what)
	}
	return saslWords[step]
}

// TestExchange: what each AUTHENTICATE of a client comes to, see section "The AUTHENTICATE Command" of IRCv3's SASL 3.1 and 3.2.
func TestExchange(t *testing.T) {
	long := strings.Repeat("a", 290) // 390 bytes of base64 with what is around it
	whole := b64("\x00ann\x00" + strings.Repeat("a", 295))
	if len(whole) != saslPiece {
		t.Fatalf("a message of %d bytes, want %d", len(whole), saslPiece)
	}
	four := b64("\x00ann\x00" + strings.Repeat("b", 3*saslPiece-5)) // four pieces
	rows := []struct {
		name   string
		params []string
		want   []string
	}{
		{"PLAIN", []string{"PLAIN", b64("\x00ann\x00open sesame")}, []string{"begin", `LOGIN "ann" "open sesame"`}},
		{"PLAIN in lower case", []string{"plain", b64("\x00ann\x00open sesame")}, []string{"begin", `LOGIN "ann" "open sesame"`}},
		{"PLAIN as oneself", []string{"PLAIN", b64("ANN\x00ann\x00open sesame")}, []string{"begin", `LOGIN "ann" "open sesame"`}},
		{"PLAIN as another", []string{"PLAIN", b64("eve\x00ann\x00open sesame")}, []string{"begin", "failed"}},
		{"PLAIN as what nobody is", []string{"PLAIN", b64("#\x00#\x00open sesame")}, []string{"begin", "failed"}},
		{"PLAIN, nobody", []string{"PLAIN", b64("\x00\x00open sesame")}, []string{"begin", "failed"}},
		{"PLAIN, no password", []string{"PLAIN", b64("\x00ann\x00")}, []string{"begin", "failed"}},
		{"PLAIN, blanks", []string{"PLAIN", b64("\x00ann\x00  ")}, []string{"begin", "failed"}},
		{"PLAIN, blanks around it", []string{"PLAIN", b64("\x00ann\x00 open  sesame ")}, []string{"begin", `LOGIN "ann" "open  sesame"`}},
		{"PLAIN, two parts", []string{"PLAIN", b64("ann\x00open sesame")}, []string{"begin", "failed"}},
		{"PLAIN, four parts", []string{"PLAIN", b64("\x00ann\x00open\x00sesame")}, []string{"begin", "failed"}},
		{"PLAIN, not UTF-8", []string{"PLAIN", b64("\x00ann\x00open \xff sesame")}, []string{"begin", "failed"}},
		{"PLAIN, a line in the name", []string{"PLAIN", b64("\x00an\r\nn\x00open sesame")}, []string{"begin", "failed"}},
		{"PLAIN, nothing", []string{"PLAIN", "+"}, []string{"begin", "failed"}},
		{"PLAIN, not base64", []string{"PLAIN", "open sesame"}, []string{"begin", "failed"}},
		{"PLAIN, base64 that is cut", []string{"PLAIN", "AGFubgBvcGVu="}, []string{"begin", "failed"}},
		{"PLAIN, base64 with bits too many", []string{"PLAIN", "AGFubgBvcGVuIHNlc2FtZR=="}, []string{"begin", "failed"}},
		{"again after a failure", []string{"PLAIN", "+", "PLAIN", b64("\x00ann\x00open sesame")}, []string{"begin", "failed", "begin", `LOGIN "ann" "open sesame"`}},
		{"a mechanism within another", []string{"PLAIN", "EXTERNAL", "EXTERNAL", "+"}, []string{"begin", "failed", "begin", `LOGIN CERT "" ""`}},

		{"less than a piece", []string{"PLAIN", b64("\x00ann\x00" + long)}, []string{"begin", `LOGIN "ann" "` + long + `"`}},
		{"a whole piece", []string{"PLAIN", whole, "+"}, []string{"begin", "more", `LOGIN "ann" "` + strings.Repeat("a", 295) + `"`}},
		{"two pieces", []string{"PLAIN", four[:400], four[400:600]}, []string{"begin", "more", `LOGIN "ann" "` + strings.Repeat("b", 445) + `"`}},
		{"four pieces", []string{"PLAIN", four[:400], four[400:800], four[800:1200], four[1200:], "+"},
			[]string{"begin", "more", "more", "more", "more", `LOGIN "ann" "` + strings.Repeat("b", 1195) + `"`}},
		{"five pieces", []string{"PLAIN", four[:400], four[400:800], four[800:1200], four[1200:], "AAAA", "PLAIN"},
			[]string{"begin", "more", "more", "more", "more", "too long", "begin"}},
		{"a piece too long", []string{"PLAIN", strings.Repeat("A", saslPiece+1), "PLAIN"}, []string{"begin", "too long", "begin"}},

		{"EXTERNAL", []string{"EXTERNAL", "+"}, []string{"begin", `LOGIN CERT "" ""`}},
		{"EXTERNAL as somebody", []string{"EXTERNAL", b64("ann")}, []string{"begin", `LOGIN CERT "ann" ""`}},
		{"EXTERNAL as what nobody is", []string{"EXTERNAL", b64("a\nn")}, []string{"begin", "failed"}},

		{"SCRAM", []string{"SCRAM-SHA-256", b64("n,,n=user,r=abc"), b64("c=biws,r=abcdef,p=AAAA"), "+"},
			[]string{"begin", `LOGIN SCRAM "" "n,,n=user,r=abc"`, `LOGIN SCRAM "" "c=biws,r=abcdef,p=AAAA"`, `LOGIN SCRAM "" ""`}},
		{"SCRAM, a line in it", []string{"SCRAM-SHA-256", b64("n,,n=user,r=a\nbc")}, []string{"begin", "failed"}},
		{"SCRAM, given up", []string{"SCRAM-SHA-256", b64("n,,n=user,r=abc"), "*", "PLAIN"}, []string{"begin", `LOGIN SCRAM "" "n,,n=user,r=abc"`, "aborted", "begin"}},

		{"given up before it has begun", []string{"*"}, []string{"aborted"}},
		{"given up in the middle", []string{"PLAIN", whole, "*", "PLAIN", b64("\x00ann\x00open sesame")}, []string{"begin", "more", "aborted", "begin", `LOGIN "ann" "open sesame"`}},
		{"unknown", []string{"GSSAPI", "PLAIN"}, []string{"unknown", "begin"}},
		{"with channel binding", []string{"SCRAM-SHA-256-PLUS"}, []string{"unknown"}},
		{"the end of one that is over", []string{"+"}, []string{"unknown"}},
		{"nothing", []string{""}, []string{"unknown"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var x exchange
			var got []string
			for _, param := range row.params {
				got = append(got, tells(x.take(param, true)))
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("take of %.80q = %.200q, want %.200q", row.params, got, row.want)
			}
		})
	}
}

// TestExternalNeedsACertificate: who has shown none is not offered it, and can't take it.
func TestExternalNeedsACertificate(t *testing.T) {
	var x exchange
	if got := tells(x.take("EXTERNAL", false)); got != "unknown" {
		t.Errorf("take(EXTERNAL) without a certificate = %q, want unknown", got)
	}
	if got, want := saslMechanisms(false), "SCRAM-SHA-256,PLAIN"; got != want {
		t.Errorf("without a certificate the mechanisms are %s, want %s", got, want)
	}
	if got, want := saslMechanisms(true), "EXTERNAL,SCRAM-SHA-256,PLAIN"; got != want {
		t.Errorf("with a certificate the mechanisms are %s, want %s", got, want)
	}
}

// TestSaslPieces: a message is cut as its reader puts it together, and one that ends with a whole piece has an empty one behind it.
func TestSaslPieces(t *testing.T) {
	for _, n := range []int{0, 1, 299, 300, 301, 599, 600, 601, 900} {
		message := strings.Repeat("m", n)
		var read string
		pieces := 0
		for piece := range saslPieces(message) {
			if len(piece) > saslPiece || piece == "" || strings.HasSuffix(read, "!") {
				t.Errorf("%d bytes: piece %q", n, piece)
			}
			if pieces++; piece != saslEmpty {
				read += piece
			}
			if len(piece) < saslPiece {
				read += "!"
			}
		}
		if read != base64.StdEncoding.EncodeToString([]byte(message))+"!" || pieces != len(b64(message))/saslPiece+1 {
			t.Errorf("%d bytes: %d pieces are read as %d bytes", n, pieces, len(read))
		}
	}
}

// TestSaslNumeric: an account that can't be used is told from a wrong password, as clients then try another one.
func TestSaslNumeric(t *testing.T) {
	for why, want := range map[room.Reason]int{room.WrongSecret: 904, room.TriesTooOften: 904, room.NamesNotKept: 904, room.CertNotShown: 904, room.NameBanned: 902} {
		if got := saslNumeric(why); got != want {
			t.Errorf("saslNumeric(%d) = %d, want %d", why, got, want)
		}
	}
}

// FuzzExchange: whatever is said, no more is kept than four pieces, what is asked can be a command, and the same is asked however a message is cut.
func FuzzExchange(f *testing.F) {
	f.Add("PLAIN\n" + b64("\x00ann\x00open sesame"))
	f.Add("SCRAM-SHA-256\n" + b64("n,,n=user,r=abc") + "\n+\n*")
	f.Add("EXTERNAL\n+")
	f.Add("PLAIN\n" + strings.Repeat("A", 400) + "\n" + strings.Repeat("B", 400))
	f.Fuzz(func(t *testing.T, lines string) {
		var x exchange
		for param := range strings.SplitSeq(lines, "\n") {
			step, what := x.take(param, true)
			if len(x.said) > maxSaslPieces*saslPiece {
				t.Fatalf("%d bytes are kept", len(x.said))
			}
			if (step == saslAsk) != (what.verb != 0) || step > saslAsk && x.by != noMechanism {
				t.Fatalf("take(%q) = %s", param, tells(step, what))
			}
			if strings.ContainsAny(what.name+what.text, "\x00\r\n") || !strings.ContainsFunc(what.name, isGood) && what.name != "" {
				t.Fatalf("take(%q) asks %q %q", param, what.name, what.text)
			}
			if step == saslAsk && what.verb == room.Scram {
				checkCut(t, what)
			}
		}
	})
}

func isGood(r rune) bool { return r > ' ' }

// checkCut has a message that was asked said again, in pieces as saslPieces cuts them.
func checkCut(t *testing.T, want authentic) {
	t.Helper()
	x := exchange{by: saslScram}
	for piece := range saslPieces(want.text) {
		if step, what := x.take(piece, false); step == saslAsk && what != want {
			t.Fatalf("in pieces it asks %v, want %v", what, want)
		} else if step != saslAsk && step != saslMore {
			t.Fatalf("in pieces it comes to %s", saslWords[step])
		}
	}
}
