package irc_test

import (
	"fmt"
	"strings"
	"testing"

	"looproom/loop/dialect/irc"
	"looproom/loop/room"
)

// TestLabelOfALongAnswer: what answers a labeled line is in one batch, also what came in front of the first piece of a list (IRCv3 labeled-response).
func TestLabelOfALongAnswer(t *testing.T) {
	state := room.New(room.Config{AnnounceMax: 100, Page: 100, Operators: []string{"ops"}})
	for n := range 20 {
		id := room.NewClientID(uint32(n), 1)
		state.Apply(&room.Command{Verb: room.Connect, Client: id, Name: fmt.Sprint("10.0.0.1:", 1000+n)})
		state.Apply(&room.Command{Verb: room.SignIn, Client: id, Name: fmt.Sprint("user", n)})
		state.Apply(&room.Command{Verb: room.Join, Client: id, Name: "#go"})
	}
	server := &irc.Server{Name: "irc.test", Network: "Test", Words: func(*room.Refusal) string { return "no" }}
	ida, id := irc.NewClient(func() *irc.Server { return server }, irc.Conn{Host: "here"}), room.NewClientID(20, 1)
	state.Apply(&room.Command{Verb: room.Connect, Off: true, Client: id, Name: "10.0.0.2:1"})
	says := func(line string) (told string) {
		ida.Hear([]byte(line), func(cmd *room.Command) {
			one := *cmd
			one.Client = id
			for _, e := range state.Apply(&one) {
				if e.Client != id || e.Scope != room.ToClient {
					continue
				}
				rest := e.Rest
				told += string(ida.Append(nil, &e))
				for more := rest != nil; more; {
					e.Continued = true
					if e.List, more = rest.Next(); !more {
						e.Rest = nil
					}
					told += string(ida.Append(nil, &e))
				}
			}
		})
		return told
	}
	for _, line := range []string{"CAP REQ :labeled-response batch message-tags", "NICK ida", "USER ida 0 * :Ida", "CAP END"} {
		says(line)
	}
	state.Apply(&room.Command{Verb: room.Grant, Client: id, Name: "ops"})
	for n, tt := range []struct {
		line string
		want []string
	}{
		{"JOIN #go", []string{":ida!ida@here JOIN #go\r\n", " 353 ida = #go :", " 366 ida #go :"}},
		{"RENAME #go #rust :words", []string{":ida!ida@here PART #go :words\r\n", ":ida!ida@here JOIN #rust\r\n", " 353 ida = #rust :", " 366 ida #rust :"}},
	} {
		told, batch := says("@label=l "+tt.line), fmt.Sprint("b", n+1)
		lines := strings.Split(strings.TrimSuffix(told, "\r\n"), "\r\n")
		if first, last := lines[0], lines[len(lines)-1]; first != "@label=l :irc.test BATCH +"+batch+" labeled-response" || last != ":irc.test BATCH -"+batch {
			t.Errorf("the answer to %s begins with %q and ends with %q", tt.line, first, last)
		}
		for _, want := range tt.want {
			if !strings.Contains(told, want) {
				t.Errorf("the answer to %s lacks %q:\n%s", tt.line, want, told)
			}
		}
		for _, line := range lines[1 : len(lines)-1] {
			if tags, _, _ := strings.Cut(line, " "); !strings.HasPrefix(tags, "@") || !strings.Contains(tags, "batch="+batch) {
				t.Errorf("%q, an answer to %s, is in no batch", line, tt.line)
			}
		}
	}
}
