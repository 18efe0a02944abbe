package session

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// answerer says what a line is answered, and whether the connection is to be cut in the place of that.
type answerer func(line string) (answer string, cut bool)

// served runs a session against a server that is played by answers, one for each connection. It returns what the clients have said on each,
// but PINGs, and what became of what was said, when the last of the answers has cut. hook sees each event, as a window does.
func served(t *testing.T, wish Wish, hook func(s *Session, e *Event), answers ...answerer) (heard [][]string, s *Session, kept []Event) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_ = listener.(*net.TCPListener).SetDeadline(time.Now().Add(30 * time.Second))
	s = New(Address{Network: "tcp", Target: listener.Addr().String()})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan struct{})
	go s.Run(ctx)
	go func() {
		defer close(ended)
		for e := range s.Events() {
			kept = append(kept, e)
			hook(s, &e)
			link := s.Link()
			switch {
			case e.Kind == Lost:
				s.Again()
			case link == nil:
			case e.Kind == Welcomed:
				link.Enter(&wish)
			case e.Kind == Ready:
				link.Open()
			}
		}
	}()
	for _, answer := range answers {
		conn, err := listener.Accept()
		if err != nil {
			t.Fatalf("no connection after %q: %v", heard, err)
		}
		heard = append(heard, converse(t, conn, answer))
	}
	listener.Close()
	waiting := time.After(30 * time.Second)
	for s.Link() != nil {
		select {
		case <-waiting:
			t.Fatal("the session has not noticed the end")
		case <-time.After(time.Millisecond):
		}
	}
	cancel()
	<-ended
	return heard, s, kept
}

func converse(t *testing.T, conn net.Conn, answer answerer) (heard []string) {
	t.Helper()
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	fmt.Fprintln(conn, hello)
	for in := bufio.NewScanner(conn); in.Scan(); {
		token, ping := strings.CutPrefix(in.Text(), "PING ")
		if !ping {
			heard = append(heard, in.Text())
		}
		text, cut := answer(in.Text())
		if cut {
			return heard
		}
		if text == "" && ping {
			text = "PONG " + token
		}
		if text != "" {
			fmt.Fprintln(conn, text)
		}
	}
	t.Errorf("the client ended the connection after %q", heard)
	return heard
}

// numbering answers as a server does that knows numbers. It remembers, and cuts at the line with these words.
func numbering(remembers, cutAt string) answerer {
	return func(line string) (string, bool) {
		f := strings.Fields(line)
		id, _, _ := strings.Cut(strings.TrimPrefix(f[min(1, len(f)-1)], "ID="), ":")
		switch {
		case strings.HasSuffix(line, cutAt):
			return "", true
		case f[0] == "ADD":
			return "= ADD " + f[1], false
		case f[0] == "TEXT" && strings.HasSuffix(f[1], ":0"):
			return "= SAID " + id + ":" + remembers, false
		case f[0] == "TEXT":
			return "= SAID " + strings.TrimPrefix(f[1], "ID="), false
		}
		return "", false
	}
}

// TestPostForgotten: a server that was restarted doesn't know what of the lines under way was said. They aren't said again by themselves; what
// was never sent is.
func TestPostForgotten(t *testing.T) {
	delivered := 0
	heard, s, events := served(t, Wish{Name: "ana"}, func(s *Session, e *Event) {
		switch e.Kind {
		case Ready:
			if delivered == 0 {
				s.Say("TEXT", "TO #lobby one", "")
			}
		case Delivered:
			if delivered++; delivered == 1 {
				s.Say("TEXT", "TO #lobby two", "")
			}
		case Lost:
			if delivered == 1 {
				delivered++
				s.Say("TEXT", "TO #lobby three", "")
			}
		}
	}, numbering("-", "two"), numbering("-", "three"))
	if got, want := said(heard), "1 TO #lobby one, 2 TO #lobby two, | 3 TO #lobby three, | "; got != want {
		t.Errorf("the servers heard %q, want %q", got, want)
	}
	var doubted []int64
	for _, e := range events {
		if e.Kind == Doubted {
			doubted = append(doubted, e.Numbers...)
		}
	}
	waiting, doubtful := s.Undelivered()
	if !slices.Equal(doubted, []int64{2}) || waiting != 1 || doubtful != 1 {
		t.Errorf("doubted %v, %d wait, %d are doubtful; want 2, 1 and 1", doubted, waiting, doubtful)
	}
}

// said returns what was said on each connection by its number.
func said(heard [][]string) string {
	var b strings.Builder
	for _, lines := range heard {
		for _, line := range lines {
			rest, ok := strings.CutPrefix(line, "TEXT ID=")
			if _, words, found := strings.Cut(rest, ":"); ok && found && words != "0" {
				b.WriteString(words + ", ")
			}
		}
		b.WriteString("| ")
	}
	return b.String()
}

// TestPostOldServer: one that knows no numbers is never sent any, for it would say them.
func TestPostOldServer(t *testing.T) {
	for _, wish := range []Wish{{Name: "ana"}, {Name: "ana", Password: "correct horse"}} {
		old := func(line string) (string, bool) {
			f := strings.Fields(line)
			switch {
			case f[0] == "ADD" && len(f) > 2:
				return "! bad-argument ADD takes one name", false
			case f[0] == "ADD" || f[0] == "LOGIN":
				return "= " + f[0] + " " + f[1], false
			case strings.HasSuffix(line, "lobby 3"):
				return "", true
			}
			return "", false
		}
		once := false
		heard, s, events := served(t, wish, func(s *Session, e *Event) {
			for i := range 3 {
				if e.Kind == Ready && !once {
					s.Say("TEXT", fmt.Sprintf("TO #lobby %d", i+1), "")
				}
			}
			once = once || e.Kind == Ready
		}, old)
		for _, line := range heard[0] {
			if strings.Contains(line, "ID=") {
				t.Errorf("the server was sent %q, want no numbers", line)
			}
		}
		if said := []string{"TEXT TO #lobby 1", "TEXT TO #lobby 2", "TEXT TO #lobby 3"}; !slices.Equal(heard[0][len(heard[0])-3:], said) {
			t.Errorf("the server heard %q, want %q last", heard[0], said)
		}
		for _, e := range events {
			if e.Kind == Refused {
				t.Errorf("the person hears of %q, want nothing of a test of the server", e.Line)
			}
		}
		if waiting, doubtful := s.Undelivered(); waiting != 0 || doubtful != 3 {
			t.Errorf("%d wait and %d are doubtful, want 0 and 3", waiting, doubtful)
		}
	}
}
