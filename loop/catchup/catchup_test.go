package catchup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/journal"
	"looproom/loop/room"
	"looproom/loop/store"
)

// wire brings what a node asks to the other one.
type wire struct {
	offers map[string]journal.Answer
	to     *wire
	fails  func() bool // breaks an answer off; nil: none
}

func (w *wire) Offer(kind string, answer journal.Answer) error {
	w.offers[kind] = answer
	return nil
}

func (w *wire) Ask(ctx context.Context, _, kind string, ask []byte) (io.ReadCloser, error) {
	var b bytes.Buffer
	if err := w.to.offers[kind](ctx, ask, &b); err != nil {
		return nil, err
	}
	if w.fails != nil && w.fails() {
		return io.NopCloser(io.MultiReader(io.LimitReader(&b, int64(b.Len()/2)), broken{})), nil
	}
	return io.NopCloser(&b), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, journal.ErrBroken }

// node is a store with its Keeper.
type node struct {
	*store.Store
	dir    string
	keeper *Keeper
	wire   *wire
	since  map[string]int64
	begins bool // it has no state yet
}

func newNode(t testing.TB) *node {
	t.Helper()
	n := &node{dir: t.TempDir(), wire: &wire{offers: map[string]journal.Answer{}}, since: map[string]int64{}}
	n.open(t)
	return n
}

// open opens the store, once more if it is open.
func (n *node) open(t testing.TB) {
	t.Helper()
	if n.Store != nil {
		if err := n.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if n.Store, err = store.Open(n.dir, store.Options{Sync: store.Off}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	n.keeper, err = New(Config{Store: n.Store, Journal: n.wire, Settle: func() error { return nil }, Ready: func() bool { return !n.begins }, Since: func(key string) int64 { return n.since[key] }, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
}

// rows are the lines of an export that are of messages.
func rows(t *testing.T, n *node) (all []string) {
	t.Helper()
	if err := n.Landed(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := n.Export(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, `{"kind":"message"`) || strings.HasPrefix(line, `{"kind":"letter"`) {
			all = append(all, line)
		}
	}
	return all
}

var people = []string{"ana", "bob", "cy", ""}

// talk is what is said at random, with ids that rise.
type talk struct {
	*rand.Rand
	id     room.MsgID
	places []room.PlaceID
}

func (k *talk) some() (all []store.Message) {
	for range 1 + k.Intn(60) {
		k.id += room.MsgID(1 + k.Intn(2))
		who, to := people[k.Intn(len(people))], people[k.Intn(3)]
		if k.Intn(4) == 0 {
			l := &room.Letter{ID: k.id, At: int64(k.id), Text: fmt.Sprint("psst ", k.id), From: "x" + who, FromKey: "x" + who, FromAccount: who, To: to, ToKey: to, ToAccount: to}
			all = append(all, store.Message{ID: k.id, At: int64(k.id), To: l})
			continue
		}
		place := k.places[k.Intn(len(k.places))]
		all = append(all, store.Message{ID: k.id, Place: place, Room: fmt.Sprint("#", place), Who: "x" + who, Account: who, Text: fmt.Sprint("words ", k.id), At: int64(k.id)})
	}
	return all
}

// TestFrom has a store that was away keep the same as one that went on, whatever was said and erased there meanwhile, what it has that nobody else has, and how often it is broken off and restarted.
func TestFrom(t *testing.T) {
	for seed := range int64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			testFrom(t, seed)
		})
	}
}

func testFrom(t *testing.T, seed int64) {
	here, there := newNode(t), newNode(t)
	here.wire.to = there.wire
	k := &talk{Rand: rand.New(rand.NewSource(seed)), places: []room.PlaceID{room.LobbyPlace, 12, 13, 14, 15}}
	for _, key := range people[:3] {
		here.since[key], there.since[key] = 1, 1
	}
	for round := range 4 {
		batch := k.some()
		here.Say(slices.Clone(batch))
		there.Say(batch)
		for range k.Intn(3) { // while this one is away
			there.Say(k.some())
		}
		if k.Intn(3) == 0 { // by who didn't know that the others had gone on
			here.Say(k.some())
			there.Say(k.some())
		}
		happen(t, k, there)
		if k.Intn(3) == 0 {
			here.open(t)
		}
		if k.Intn(3) == 0 {
			times := 1 + k.Intn(2)
			here.wire.fails = func() bool { times--; return times >= 0 }
		}
		var err error
		for range 5 {
			if err = here.keeper.From(t.Context(), "there"); err == nil {
				break
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		for key, since := range there.since {
			here.since[key] = since
		}
		checkSame(t, round, here, there)
	}
}

// happen erases something.
func happen(t *testing.T, k *talk, there *node) {
	t.Helper()
	key := people[k.Intn(3)]
	var err error
	switch k.Intn(6) {
	case 0:
		err = there.Change(store.ErasePlace(k.places[k.Intn(len(k.places))]))
	case 1:
		err = there.Change(there.EndAccount(key)...)
		there.since[key]++
		there.Say(k.some()) // another one has the name
	case 2:
		_, err = there.Forget(key)
		there.since[key]++
	case 3:
		all, _ := there.MessagesAfter(0, 1+k.Intn(100))
		for _, m := range all {
			if m.To == nil && k.Intn(3) == 0 && err == nil {
				err = there.EraseMessage(m.Place, m.ID)
			}
		}
	case 4:
		err = there.NamePlace(12, fmt.Sprint("#other", k.Intn(9)))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func checkSame(t *testing.T, round int, here, there *node) {
	t.Helper()
	got, want := rows(t, here), rows(t, there)
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("round %d: %d rows, want %d; row %d is %s, want %s", round, len(got), len(want), i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("round %d: %d rows, want %d", round, len(got), len(want))
	}
	for _, words := range []string{"words", "psst"} {
		look := &room.Look{Verb: room.Search, Words: words, Account: "ana", Letters: true, Places: []room.Seen{{Place: room.LobbyPlace}, {Place: 12}, {Place: 13}}, N: 5000}
		for deadline := time.Now().Add(time.Minute); ; { // words are found a moment later
			got, want := found(t, here, look), found(t, there, look)
			if got == want {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("round %d: a search for %s finds %d, want %d", round, words, got, want)
			}
		}
	}
}

func found(t *testing.T, n *node, look *room.Look) int {
	t.Helper()
	got := make(chan int, 1)
	n.Ask("one", look, func(f store.Found, err error) {
		if err != nil {
			t.Error(err)
		}
		got <- len(f.Rows)
	})
	select {
	case count := <-got:
		return count
	case <-time.After(time.Minute):
		t.Fatal("no answer in a minute")
	}
	return 0
}

// TestCopy: a node that keeps nothing begins with what another one keeps, whole or not at all; where nobody has the state it begins with nothing, and who keeps something keeps that.
func TestCopy(t *testing.T) {
	there := newNode(t)
	k := &talk{Rand: rand.New(rand.NewSource(1)), places: []room.PlaceID{room.LobbyPlace}}
	for range 20 {
		there.Say(k.some())
	}
	asks := &wire{to: there.wire}
	dir := t.TempDir()
	begin := func(want error) bool {
		t.Helper()
		if err := Copy(t.Context(), asks, dir, zerolog.Nop()); !errors.Is(err, want) {
			t.Fatalf("Copy = %v, want %v", err, want)
		}
		isNew, err := store.IsNew(dir)
		if err != nil {
			t.Fatal(err)
		}
		return !isNew
	}
	there.begins = true
	if begin(errNotYet) {
		t.Error("a copy comes of a node that has no state")
	}
	there.begins = false
	asks.fails = func() bool { return true }
	if begin(journal.ErrBroken) {
		t.Error("half a copy is there")
	}
	asks.fails = nil
	if !begin(nil) {
		t.Fatal("no copy is there")
	}
	here := newNode(t)
	here.dir = dir
	here.open(t)
	if got, want := rows(t, here), rows(t, there); !slices.Equal(got, want) {
		t.Errorf("the copy has %d rows, want %d", len(got), len(want))
	}
	if !begin(nil) {
		t.Error("what is kept is gone")
	}
}

// TestFromOneWithout: where the other node keeps no messages, what is here stays.
func TestFromOneWithout(t *testing.T) {
	here, k := newNode(t), &talk{Rand: rand.New(rand.NewSource(1)), places: []room.PlaceID{room.LobbyPlace}}
	here.Say(k.some())
	want := rows(t, here)
	here.wire.to = &wire{offers: map[string]journal.Answer{}}
	if _, err := New(Config{Journal: here.wire.to}); err != nil {
		t.Fatal(err)
	}
	if err := here.keeper.From(t.Context(), "there"); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, here); !slices.Equal(got, want) || len(want) == 0 {
		t.Errorf("%d rows are left of %d", len(got), len(want))
	}
}
