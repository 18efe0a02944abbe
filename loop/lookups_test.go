//go:build linux

package loop

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/logtext"
	"looproom/loop/room"
	"looproom/loop/store"
)

// desk is a store's, as the loops of a server see it: a test answers in its place.
type desk struct {
	mu    sync.Mutex
	asked chan question
	full  atomic.Bool
	whom  []string // who has asked
}

// question is one that waits for its answer.
type question struct {
	look   *room.Look
	answer func(store.Found, error)
}

// newDesk has all loops of s ask a desk.
func newDesk(t *testing.T, s *Server) *desk {
	t.Helper()
	d := &desk{asked: make(chan question, 100)}
	for _, l := range s.loops {
		if err := l.reactor.Call(func() { l.lookups.ask = d.ask }); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func (d *desk) ask(whom string, look *room.Look, done func(store.Found, error)) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.whom = append(d.whom, whom)
	if d.full.Load() {
		return false
	}
	d.asked <- question{look, done}
	return true
}

// next is the next question.
func (d *desk) next(t *testing.T) question {
	t.Helper()
	select {
	case q := <-d.asked:
		return q
	case <-time.After(testPatience):
		t.Fatal("nobody has asked")
		return question{}
	}
}

// rows are so many messages of so many bytes.
func rows(n, size int) (all []room.Row) {
	for i := range n {
		all = append(all, room.Row{Name: "ana", Text: fmt.Sprintf("%05d", i) + strings.Repeat("x", max(0, size-5)), ID: room.MsgID(i + 1), At: 1000})
	}
	return all
}

// lookers starts a server with a desk, and has one client sign in on each of its loops, or two where there is one.
func lookers(t *testing.T, cfg Config) (s *Server, d *desk, all []*client) {
	t.Helper()
	s, address := start(t, cfg)
	for i := range 2 {
		c := dial(t, address)
		c.say("ADD looker%d", i)
		c.until("= ADD")
		all = append(all, c)
	}
	for _, c := range all {
		c.say("PING ready")
		c.until("PONG ready")
	}
	return s, newDesk(t, s), all
}

// expect takes exactly these lines.
func (c *client) expect(want ...string) {
	c.t.Helper()
	for _, line := range want {
		if got := c.until(""); got != line {
			c.t.Fatalf("the next line is %.80q, want %q", got, line)
		}
	}
}

// TestLookIsAnsweredInItsPlace: what a client has asked behind a question about what was said is answered behind that, however long it takes, and nobody else waits.
func TestLookIsAnsweredInItsPlace(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		_, d, all := lookers(t, cfg)
		for _, c := range all {
			c.say("PING before\nHISTORY #lobby 3\nPING behind\nHISTORY #lobby before 7-7 2\nPING last")
			c.expect("PONG before")
			q := d.next(t)
			if l := q.look; l.Verb != room.History || l.N != 3 || l.Shown != "#lobby" {
				t.Errorf("asked for %+v, want the last 3 of #lobby", l)
			}
			for _, other := range all {
				if other != c {
					other.say("PING other")
					other.expect("PONG other")
				}
			}
			if len(d.asked) > 0 {
				t.Error("a client's second question was asked before its first was answered")
			}
			q.answer(store.Found{Rows: rows(2, 5), End: true}, nil)
			c.expect("= HISTORY 2 #lobby first", "= 1970-01-01T00:00:01Z [ana] 00000", "= 1970-01-01T00:00:01Z [ana] 00001", "PONG behind")
			d.next(t).answer(store.Found{}, nil)
			c.expect("= HISTORY 0 #lobby", "PONG last")
		}
		if !slices.Equal(d.whom, []string{d.whom[0], d.whom[0], d.whom[0], d.whom[0]}) || d.whom[0] == "" {
			t.Errorf("asked by %q, want always the same address", d.whom)
		}
	})
}

// TestLookTellsIDs to who has asked for them, and to nobody else.
func TestLookTellsIDs(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		_, d, all := lookers(t, cfg)
		c := all[1]
		c.say("IDS ON\nSEARCH x\nIDS OFF\nSEARCH x")
		c.until("= IDS ON")
		for _, want := range []string{"= @0-1 1970-01-01T00:00:01.000Z #go [ana] 00000", "= 1970-01-01T00:00:01Z #go [ana] 00000"} {
			found := rows(1, 5)
			found[0].Who = "#go"
			d.next(t).answer(store.Found{Rows: found, End: true}, nil)
			c.until("= SEARCH 1")
			c.expect(want)
		}
	})
}

// TestLookRefused: too many wait, or the disk fails. What comes behind it is answered.
func TestLookRefused(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		var log logtext.Text
		cfg.Log = zerolog.New(&log)
		_, d, all := lookers(t, cfg)
		for _, c := range all {
			d.full.Store(true)
			c.say("EXPORT\nHISTORY\nPING behind")
			c.until("! not-registered")
			c.until("! busy ")
			c.expect("PONG behind")
			d.full.Store(false)
			for range 20 {
				c.say("HISTORY\nPING behind")
				d.next(t).answer(store.Found{}, errors.New("the disk is on fire"))
				c.until("! history-failed ")
				c.expect("PONG behind")
			}
		}
		if n := strings.Count(log.String(), "the disk is on fire"); n < 1 || n > 20 {
			t.Errorf("%d lines of log tell of 40 failures, want some and not all", n)
		}
	})
}

// TestLooksOfWhoIsGone: the answer comes when the client has gone, or it goes while it is being told, or closes its sending side. Nothing is left of it, and who only closed that side has all.
func TestLooksOfWhoIsGone(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address := start(t, cfg)
		d := newDesk(t, s)
		held := func() (bytes int) {
			for _, l := range s.loops {
				if err := l.reactor.Call(func() { bytes += l.writer.Held() }); err != nil {
					t.Fatal(err)
				}
			}
			return bytes
		}
		for range 2 {
			gone := dial(t, address)
			gone.say("HISTORY")
			q := d.next(t)
			_ = gone.Conn.(*net.TCPConn).SetLinger(0) // else it might still read: there may be nothing that it has not taken
			gone.Close()
			eventually(t, "the client has gone", func() bool { return s.Clients() == 0 })
			q.answer(store.Found{Rows: rows(500, 8000)}, nil)

			half := dial(t, address)
			half.say("HISTORY 500\nPING last")
			half.closeWrite()
			d.next(t).answer(store.Found{Rows: rows(500, 8000)}, nil)
			half.until("= HISTORY 500 #lobby")
			for n := range 500 {
				if line := half.until("= "); !strings.Contains(line[:40], fmt.Sprintf(" [ana] %05d", n)) {
					t.Fatalf("row %d is %.60q", n, line)
				}
			}
			half.expect("PONG last")
			eventually(t, "the client has gone", func() bool { return s.Clients() == 0 })

			middle := dial(t, address)
			middle.say("HISTORY 500")
			d.next(t).answer(store.Found{Rows: rows(500, 8000)}, nil)
			middle.until("= HISTORY 500 #lobby")
			middle.Close()
			eventually(t, "the client has gone", func() bool { return s.Clients() == 0 })
		}
		eventually(t, "nothing is held any more", func() bool { return held() < 1<<20 })
	})
}

// TestLooksThatNobodyReadsAreWeighed: what a client has been found and doesn't take counts as waiting for it, all of it and not just the next piece.
func TestLooksThatNobodyReadsAreWeighed(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		cfg.Limits.SendQGrace = time.Hour
		s, d, all := lookers(t, cfg)
		owed := func() (bytes int) {
			for _, l := range s.loops {
				if err := l.reactor.Call(func() {
					for _, p := range l.peers {
						if p != nil {
							bytes += p.out.Owes()
						}
					}
				}); err != nil {
					t.Fatal(err)
				}
			}
			return bytes
		}
		const many, size = 2000, 5000
		for _, c := range all {
			c.say("HISTORY 500")
			d.next(t).answer(store.Found{Rows: rows(many, size)}, nil)
		}
		eventually(t, "what waits for both to be counted", func() bool { n := owed(); return n > many*size && n < 3*many*size })
		for _, c := range all {
			c.until(fmt.Sprintf("= HISTORY %d ", many))
			for range many {
				c.until("= ")
			}
		}
		eventually(t, "nothing to wait for them", func() bool { return owed() == 0 })
	})
}
