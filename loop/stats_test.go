//go:build linux

package loop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/logtext"
	"looproom/loop/meter"
	"looproom/loop/room"
)

// TestNobodyIsCountedWhoHasGone signs clients in that are gone before they get the answer.
func TestNobodyIsCountedWhoHasGone(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address := start(t, cfg)
		for n := range 200 {
			c, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fmt.Fprintf(c, "ADD gone%d\nhello\n", n); err != nil {
				t.Fatal(err)
			}
			if err := c.(*net.TCPConn).SetLinger(0); err != nil {
				t.Fatal(err)
			}
			c.Close()
		}
		last := dial(t, address) // which is let in behind all others
		last.until("> Connected")
		last.Close()
		eventually(t, "the last client to go", func() bool { return s.Clients() == 0 })
		door := s.Stats().Doors[0]
		if want := (meter.DoorStats{URL: door.URL}); door != want {
			t.Errorf("clients by standing = %+v, want none", door)
		}
	})
}

// startLogged runs a server that logs to the result.
func startLogged(t *testing.T, cfg Config) (*Server, string, *logtext.Text) {
	t.Helper()
	log := &logtext.Text{}
	cfg.Log = zerolog.New(log)
	s, address := start(t, cfg)
	return s, address, log
}

// TestStallSaysWho: a command that took too long is one line with the client and the verb, whichever loop the client is on.
func TestStallSaysWho(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address, log := startLogged(t, cfg)
		clients := make([]*client, cfg.Loops)
		for i := range clients {
			clients[i] = dial(t, address)
			clients[i].until("> Connected")
		}
		for _, l := range s.loops {
			id, name := room.NoClient, ""
			if err := l.reactor.Call(func() {
				for _, p := range l.peers {
					if p != nil {
						id, name = p.id(), p.address
					}
				}
			}); err != nil {
				t.Fatal(err)
			}
			home := s.homeLoop()
			if err := home.reactor.Call(func() {
				m := meter.NewLoop(home.index, s.clock, s.log) // which has logged nothing yet
				home.home.sayWhose(m.Applied(150*time.Millisecond), &room.Command{Client: id, Verb: room.List})
			}); err != nil {
				t.Fatal(err)
			}
			ours := `"what":"apply","took":"150ms"` // a busy machine has others
			eventually(t, "the stall of "+name+" is logged", func() bool { return len(log.With(ours)) > l.index })
			checkLine(t, log.With(ours)[l.index], map[string]any{
				"level": "warn", "message": "stall", "what": "apply", "took": "150ms", "loop": 0.0, "verb": "LIST", "client": name,
			})
		}
	})
}

func checkLine(t *testing.T, line string, want map[string]any) {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		t.Fatalf("log line %q: %v", line, err)
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s in the log = %v, want %v; the line: %s", name, got[name], value, line)
		}
	}
}

// TestAlive: a loop that is held up is named, however many ask, and is alive again when it goes on.
func TestAlive(t *testing.T) {
	s, _ := start(t, testConfig(2))
	if err := s.Alive(t.Context()); err != nil {
		t.Errorf("Alive = %v, want nil", err)
	}
	held, goOn := make(chan struct{}), make(chan struct{})
	s.loops[1].reactor.Post(func() { close(held); <-goOn })
	<-held
	const want = "event loop 1 does not answer"
	for range 3 {
		// The other loop may take a while to answer, too.
		err := errors.New("nobody has asked")
		for wait := time.Millisecond; wait < testPatience && err != nil && err.Error() != want; wait *= 2 {
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			err = s.Alive(ctx)
			cancel()
		}
		if err == nil || err.Error() != want {
			t.Errorf("Alive while a loop is held up = %v, want %q", err, want)
		}
	}
	s.Stats() // waits for no loop
	close(goOn)
	ctx, cancel := context.WithTimeout(t.Context(), testPatience)
	defer cancel()
	if err := s.Alive(ctx); err != nil {
		t.Errorf("Alive when the loop goes on = %v, want nil", err)
	}
}
