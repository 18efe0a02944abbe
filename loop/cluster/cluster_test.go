package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/journal"
	"looproom/loop/order"
	"looproom/loop/room"
)

// atMost is how long a test waits for what must come.
const atMost = 20 * time.Second

// hub is a log in memory, and the way by which nodes ask each other.
type hub struct {
	mu      sync.Mutex
	came    *sync.Cond
	entries []journal.Entry
	nodes   map[string]*link
	closed  bool
}

func newHub(t *testing.T) *hub {
	h := &hub{nodes: map[string]*link{}}
	h.came = sync.NewCond(&h.mu)
	t.Cleanup(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.closed = true
		h.came.Broadcast()
	})
	return h
}

// link is a node's Journal.
type link struct {
	hub     *hub
	name    string
	answers map[string]journal.Answer
}

func (h *hub) link(name string) *link {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.nodes[name] = &link{hub: h, name: name, answers: map[string]journal.Answer{}}
	return h.nodes[name]
}

// Health, Members and Votes are not what is tested.
func (l *link) Health() (h journal.Health)        { return h }
func (l *link) Members() (found []journal.Member) { return found }
func (l *link) Votes(string) bool                 { return true }

func (l *link) Publish(life, number uint64, body []byte) {
	h := l.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	for range 2 { // the answer to the first one is lost
		h.entries = append(h.entries, journal.Entry{Seq: uint64(len(h.entries) + 1), At: time.Now(), Node: l.name, Incarnation: life, Number: number, Body: body})
	}
	h.came.Broadcast()
}

func (l *link) Done(uint64) {}

func (l *link) Failed() <-chan error { return nil }

func (l *link) Last() (uint64, error) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	return uint64(len(l.hub.entries)), nil
}

func (l *link) Read(from uint64, deliver func([]journal.Entry)) error {
	go func() {
		for {
			l.hub.mu.Lock()
			for !l.hub.closed && uint64(len(l.hub.entries)) < from {
				l.hub.came.Wait()
			}
			next, closed := slices.Clone(l.hub.entries[min(from-1, uint64(len(l.hub.entries))):]), l.hub.closed
			l.hub.mu.Unlock()
			if closed {
				return
			}
			from += uint64(len(next))
			deliver(next)
		}
	}()
	return nil
}

func (l *link) Offer(kind string, answer journal.Answer) error {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.answers[kind] = answer
	return nil
}

var errNobody = errors.New("nobody answers")

func (l *link) Ask(ctx context.Context, node, kind string, ask []byte) (io.ReadCloser, error) {
	l.hub.mu.Lock()
	answer := l.hub.nodes[node].answers[kind]
	l.hub.mu.Unlock()
	if answer == nil {
		return nil, errNobody
	}
	var b bytes.Buffer
	if err := answer(ctx, ask, &b); err != nil {
		return nil, err
	}
	return io.NopCloser(&b), nil
}

func (l *link) Everyone(ctx context.Context, kind string, ask []byte, answer func(string, []byte)) error {
	l.hub.mu.Lock()
	var names []string
	for name, other := range l.hub.nodes {
		if other.answers[kind] != nil {
			names = append(names, name)
		}
	}
	l.hub.mu.Unlock()
	for _, name := range names {
		if b, err := l.Ask(ctx, name, kind, ask); err == nil {
			all, _ := io.ReadAll(b)
			answer(name, all)
		}
	}
	return nil
}

// house is what a node has around it: a goroutine for the home, a state, and what is kept, as words.
type house struct {
	t       *testing.T
	name    string
	work    chan func()
	state   *room.State
	node    *Node
	made    bool
	kept    string
	carried []string
	number  uint8
	entered chan struct{}
}

func newHouse(t *testing.T, name, kept string) *house {
	u := &house{t: t, name: name, kept: kept, work: make(chan func(), 1000), entered: make(chan struct{}), state: room.New(room.Config{})}
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	go func() {
		for {
			select {
			case f := <-u.work:
				f()
			case <-ended:
				return
			}
		}
	}()
	return u
}

func (u *house) do(f func()) {
	done := make(chan struct{})
	u.work <- func() { f(); close(done) }
	<-done
}

func (u *house) post(f func()) { u.work <- f }

func (u *house) config(l *link, expect int) Config {
	return Config{
		Name: u.name, Expect: expect, Journal: l, Log: zerolog.Nop(),
		Kept: func() uint64 { return uint64(len(u.kept)) },
		Make: func() (int64, error) {
			u.made = true
			u.do(func() { u.state.KeepHash() })
			return 1_000_000, nil
		},
		Use:   func(s *room.State) error { u.do(func() { u.state = s }); return nil },
		Keep:  func(w io.Writer) error { _, err := io.WriteString(w, u.kept); return err },
		Take:  func(r io.Reader) error { b, err := io.ReadAll(r); u.kept = string(b); return err },
		Catch: func(context.Context, string) error { return nil },
		Save: func(w io.Writer, log func() []byte) (err error) {
			u.do(func() {
				if _, err = w.Write(log()); err == nil {
					err = u.state.Save(w)
				}
			})
			return err
		},
		Home: u.post, Later: u.post, Began: func() {}, Enough: func() bool { return false },
		Carry: func(change []byte) error {
			if u.carried = append(u.carried, string(change)); strings.HasPrefix(string(change), "bad") {
				return fmt.Errorf("%s is refused", change)
			}
			return nil
		},
		Hooks: order.LogConfig{
			Apply:   func(cmd *room.Command, _ bool) { u.state.Apply(cmd) },
			Behind:  func() bool { return u.state.Behind() },
			Hash:    func() uint64 { return u.state.Hash() },
			Soon:    func() { u.post(func() { u.node.Order().Flush() }) },
			Entered: func(number uint8) { u.number = number; close(u.entered) },
			Lost:    func() { u.t.Errorf("%s is lost", u.name) },
			Changed: func() {},
			Differs: func(p uint64) { u.t.Errorf("%s differs at %d", u.name, p) },
			Failed:  func(err error) { u.t.Errorf("%s: %v", u.name, err) },
		},
	}
}

func (u *house) begin(ctx context.Context, l *link, expect int) error {
	node, err := Begin(ctx, u.config(l, expect))
	if err != nil {
		return err
	}
	u.t.Cleanup(node.End)
	u.do(func() { u.node = node })
	return node.Follow(u.entered)
}

// TestOneMakesTheState: of nodes that begin together the one that keeps most makes the state, and all others have that, and what it keeps; nobody begins without most of them.
func TestOneMakesTheState(t *testing.T) {
	for round := range 20 {
		h := newHub(t)
		ctx, cancel := context.WithTimeout(context.Background(), atMost)
		defer cancel()
		var houses []*house
		var all sync.WaitGroup
		for i, kept := range []string{"a", "some words", "more words than others"} {
			u := newHouse(t, fmt.Sprint("n", i), kept)
			houses = append(houses, u)
			link := h.link(u.name)
			all.Go(func() {
				if err := u.begin(ctx, link, 3); err != nil {
					t.Errorf("round %d: %s: %v", round, u.name, err)
				}
			})
		}
		all.Wait()
		made, numbers := 0, map[uint8]bool{}
		for _, u := range houses {
			if u.made {
				made++
			}
			numbers[u.number] = true
		}
		if made < 1 || len(numbers) != 3 || numbers[0] {
			t.Errorf("round %d: %d have made the state, numbers %v", round, made, numbers)
		}
		for _, u := range houses {
			if u.kept != houses[0].kept {
				t.Errorf("round %d: %s keeps %q, %s %q", round, u.name, u.kept, houses[0].name, houses[0].kept)
			}
		}
	}
}

// TestFewDontBegin: one of three waits, and says why when it is told to wait no longer.
func TestFewDontBegin(t *testing.T) {
	h := newHub(t)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	u := newHouse(t, "n0", "")
	if err := u.begin(ctx, h.link("n0"), 3); !errors.Is(err, errFew) || u.made {
		t.Errorf("a node by itself begins: %v, made %v; want %v", err, u.made, errFew)
	}
}

// TestProposalsAreCarriedOutByAll: in one order, and who has proposed one learns how it went.
func TestProposalsAreCarriedOutByAll(t *testing.T) {
	h := newHub(t)
	ctx, cancel := context.WithTimeout(context.Background(), atMost)
	defer cancel()
	var houses []*house
	var all sync.WaitGroup
	for i := range 3 {
		u := newHouse(t, fmt.Sprint("n", i), "")
		houses = append(houses, u)
		link := h.link(u.name)
		all.Go(func() {
			if err := u.begin(ctx, link, 3); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i, u := range houses {
		all.Go(func() {
			for n := range 20 {
				word := "good"
				if n%5 == 0 {
					word = "bad"
				}
				err := u.node.Propose(fmt.Appendf(nil, "%s %d of %d", word, n, i), atMost)
				if (err != nil) != (word == "bad") {
					t.Errorf("%s %d of %d: %v", word, n, i, err)
				}
			}
		})
	}
	all.Wait()
	position := func(u *house) (p uint64) { u.do(func() { p = u.node.Order().Position() }); return p }
	for _, u := range houses {
		for end := time.Now().Add(atMost); position(u) < uint64(len(h.entries)) && time.Now().Before(end); {
			runtime.Gosched()
		}
		if !slices.Equal(u.carried, houses[0].carried) || len(u.carried) != 60 {
			t.Errorf("%s has carried out %q, %s %q", u.name, u.carried, houses[0].name, houses[0].carried)
		}
	}
}
