package session

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// toldShort is what a window hears of an answer, in short.
func toldShort(e *Event) string {
	switch e.Kind {
	case Recalled:
		return "recalled " + e.Tag + " " + e.Who + ": " + e.Text
	case Found:
		return fmt.Sprintf("found %s in %s %s: %s %v %v", e.Tag, e.Place, e.Who, e.Text, e.Direct, e.Action)
	case HistoryFollows, SearchFollows, ExportFollows:
		return fmt.Sprintf("head %s %s %d %d", e.Tag, e.Who, e.Count, e.N)
	case Refused:
		return "refused " + e.Tag + " " + e.Who
	case Answered:
		return "answered " + e.Tag
	case Forgotten:
		return fmt.Sprintf("forgotten %s %d", e.Who, e.Count)
	}
	return "other " + e.Line
}

// TestLook: what a server answers belongs to the question, and the question ends, whatever the server answers.
func TestLook(t *testing.T) {
	const at = "2026-11-21T09:30:00.123Z "
	rows := []struct {
		name, line, answer string
		want               []string
	}{
		{"a room", "/history #go 2", "= HISTORY 2 #go first\n= @1-1 " + at + "[bob] one\n= @1-2 " + at + "* ana two\n",
			[]string{"head q #go 2 1", "recalled q bob: one", "recalled q ana: two", "answered q"}},
		{"a conversation", "/history bob", "= HISTORY 2 bob\n= @1-1 " + at + "*bob* psst\n= @1-2 " + at + "*ana* yes\n",
			[]string{"head q bob 2 0", "recalled q bob: psst", "recalled q ana: yes", "answered q"}},
		{"places", "/search x", "= SEARCH 4 more\n= @1-4 " + at + "#go [ana] x\n= @1-3 " + at + "#go * ana x\n= @1-2 " + at + "bob *bob* x\n= @1-1 " + at + "[::1]:5 *ana* x] y\n",
			[]string{"head q  4 1", "found q in #go ana: x false false", "found q in #go ana: x false true", "found q in bob bob: x true false", "found q in [::1]:5 ana: x] y true false", "answered q"}},
		{"no place", "/search x", "= SEARCH 2\n= @1-4 " + at + "[ana] x\n= @1-3 " + at + "words\n",
			[]string{"head q  2 0", "other = @1-4 " + at + "[ana] x", "other = @1-3 " + at + "words", "answered q"}},
		{"fewer than said", "/history #go", "= HISTORY 9 #go\n= @1-1 " + at + "[bob] one\n", []string{"head q #go 9 0", "recalled q bob: one", "answered q"}},
		{"more than said", "/history #go", "= HISTORY 1 #go\n= @1-1 " + at + "[bob] one\n= @1-2 " + at + "[bob] two\n",
			[]string{"head q #go 1 0", "recalled q bob: one", "other = @1-2 " + at + "[bob] two", "answered q"}},
		{"another answer", "/history #go", "= SEARCH 1\n= @1-1 " + at + "#go [bob] one\n= FORGET ana 3\n",
			[]string{"other = SEARCH 1", "other = @1-1 " + at + "#go [bob] one", "other = FORGET ana 3", "answered q"}},
		{"nothing", "/history #go", "", []string{"answered q"}},
		{"an old server", "/history #go", "! unknown-command HISTORY is none\n", []string{"refused q unknown-command", "answered q"}},
		{"words within", "/history #go", "= HISTORY 1 #go\n[bob] live\n= @1-1 " + at + "[bob] one\n", []string{"head q #go 1 0", "other [bob] live", "recalled q bob: one", "answered q"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			over := make(chan bool, 1)
			l, server, _ := linked(t, func(e Event) {
				if e.Kind == Ponged {
					over <- true
					return
				}
				got = append(got, toldShort(&e))
			})
			l.expect.ids = true
			go script(server, func(line string) string {
				if line == row.line {
					return row.answer
				}
				return ""
			})
			l.Look(row.line, "q")
			l.Say("PING over")
			<-over
			if !slices.Equal(got, row.want) {
				t.Errorf("%s is answered by\n%s\nwant\n%s", row.line, strings.Join(got, "\n"), strings.Join(row.want, "\n"))
			}
		})
	}
}

// TestLookEnds: of a question that a lost connection leaves open nothing is told but that loss.
func TestLookEnds(t *testing.T) {
	l, server, ended := linked(t, func(e Event) {
		if e.Kind == Answered {
			t.Error("the question is told to have been answered")
		}
	})
	go func() {
		_, _ = server.Read(make([]byte, 100))
		server.Close()
	}()
	l.Look("/history #go", "q")
	<-ended
}
