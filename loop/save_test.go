//go:build linux

package loop

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"looproom/loop/room"
)

// populate has so many users come who have names, rooms and something to say, and no connections.
func populate(t *testing.T, s *Server, users int) {
	t.Helper()
	home := s.homeLoop().home
	for first := 0; first < users; first += 500 {
		if err := s.homeLoop().reactor.Call(func() {
			for n := first; n < min(first+500, users); n++ {
				for _, cmd := range []room.Command{
					{Verb: room.Connect, Name: fmt.Sprintf("10.0.%d.%d:1024", n>>8, n&255)}, {Verb: room.SignIn, Name: fmt.Sprint("someone-", n)},
					{Verb: room.Join, Name: fmt.Sprint("#room-", n/50)}, {Verb: room.Say, Text: "what people say in a room is about as long as this"},
				} {
					now := s.command(room.NewClientID(uint32(10_000+n), 0), cmd.Verb)
					cmd.Client, cmd.At, cmd.Wall, cmd.N = now.Client, now.At, now.Wall, now.N
					home.order.Submit(&cmd)
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSaveUnderTraffic: while the state is saved again and again, each client gets all its answers and hears all that others say, in order, and others come and go; and what is saved at the
// end is the state.
func TestSaveUnderTraffic(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address := start(t, cfg)
		populate(t, s, 4000)
		const talkers, saves = 6, 10
		all, saved := make([]*client, talkers), make(chan struct{})
		for i := range all {
			all[i] = dial(t, address)
			all[i].say("ADD talker%d", i)
			all[i].until("= ADD")
			all[i].say("JOIN #talk")
			all[i].until("= JOIN")
		}
		var busy sync.WaitGroup
		rounds := make([]int, talkers)
		for i, c := range all {
			busy.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-saved:
						rounds[i] = n
						return
					default:
					}
					c.say("said %d\nPING %d\nPING again", n, n)
					if got, want := c.until("PONG "), fmt.Sprint("PONG ", n); got != want {
						t.Errorf("answered %s, want %s", got, want)
						return
					}
					c.until("PONG again")
				}
			})
		}
		busy.Go(func() {
			for {
				select {
				case <-saved:
					return
				default:
				}
				c := dial(t, address)
				c.until("> Connected ")
				c.say("END")
				c.until("= END")
				c.Close()
			}
		})
		listener := dial(t, address)
		listener.say("JOIN #talk")
		listener.until("= JOIN")
		var longest time.Duration
		for range saves {
			v, err := takeState(s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := room.Restore(bytes.NewReader(bytes.Join(v.pieces, nil))); err != nil {
				t.Fatal(err)
			}
			longest = max(longest, v.longest)
		}
		close(saved)
		busy.Wait()
		t.Logf("the longest piece of %d saves took %v", saves, longest)

		last := map[string]int{}
		for talking := talkers; talking > 0; {
			line, err := listener.lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			who, what, is := strings.Cut(strings.TrimSuffix(line, "\n"), "] said ")
			if !is {
				continue
			}
			n, _ := strconv.Atoi(what)
			if before, heard := last[who]; heard && n != before+1 {
				t.Fatalf("%s has said %d behind %d", who, n, before)
			}
			last[who] = n
			for i, said := range rounds {
				if who == fmt.Sprint("[talker", i) && n == said-1 {
					talking--
				}
			}
		}

		eventually(t, "those who came and went have gone", func() bool { return s.Clients() == talkers+1 })
		var out bytes.Buffer
		if err := s.Save(&out); err != nil {
			t.Fatal(err)
		}
		again, err := room.Restore(&out)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := again.Len(), 4000+talkers+1; got != want {
			t.Errorf("%d users are restored, want %d", got, want)
		}
	})
}

// TestInputWaitsWhileTheStateIsSaved: what clients send meanwhile is not handled, and not read on; then it is.
func TestInputWaitsWhileTheStateIsSaved(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address := start(t, cfg)
		populate(t, s, 100)
		c, d := dial(t, address), dial(t, address) // one on each loop, where there are two
		for _, c := range []*client{c, d} {        // whichever was let in first
			c.until("> Connected")
		}
		for _, c := range []*client{c, d} { // and all that is told of their coming
			c.say("PING 0")
			c.until("PONG 0")
		}
		home := s.homeLoop()
		inPiece, goOn := make(chan struct{}), make(chan struct{})
		if err := home.reactor.Call(func() {
			later := home.home.site.later
			first := true
			home.home.site.later = func(work func()) {
				if first && home.home.order.Held() { // the first piece is over
					first = false
					close(inPiece)
					go func() { <-goOn; home.reactor.Post(work) }()
					return
				}
				later(work)
			}
		}); err != nil {
			t.Fatal(err)
		}
		result := make(chan error)
		go func() { result <- s.Save(io.Discard) }()
		<-inPiece
		const lines = 20_000
		for _, c := range []*client{c, d} {
			go func() { _, _ = io.WriteString(c, strings.Repeat("PING 1\n", lines)) }()
		}
		eventually(t, "both have sent something, and are not read on", func() bool {
			paused := 0
			for _, l := range s.loops {
				if err := l.reactor.Call(func() {
					for _, p := range l.peers {
						if p != nil && p.session.Waiting() > 0 && l.reactor.Paused(p) {
							paused++
						}
					}
				}); err != nil {
					t.Fatal(err)
				}
			}
			return paused == 2
		})
		close(goOn)
		if err := <-result; err != nil {
			t.Error(err)
		}
		for _, c := range []*client{c, d} {
			for range lines {
				if got := c.until(""); got != "PONG 1" {
					t.Fatalf("answered %q, want PONG 1", got)
				}
			}
		}
	})
}

// TestSaveFails: with the error of the disk; and when the server has ended, at once. The chat goes on.
func TestSaveFails(t *testing.T) {
	s, err := Start(testConfig(1))
	if err != nil {
		t.Fatal(err)
	}
	address := listen(t, s, "line://127.0.0.1:0")
	c := dial(t, address)
	if err := s.Save(full{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("Save = %v, want the error of the disk", err)
	}
	c.say("PING still")
	c.until("PONG still")
	c.Close()
	if err := s.Drain(testPatience); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(io.Discard); !errors.Is(err, errEnds) {
		t.Errorf("Save = %v, want %v", err, errEnds)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
