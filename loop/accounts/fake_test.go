//go:build linux

package accounts

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/ban"
	"looproom/loop/dialect"
	"looproom/loop/dialect/line"
	"looproom/loop/logtext"
	"looproom/loop/meter"
	"looproom/loop/registry"
	"looproom/loop/room"
	"looproom/loop/secret"
	"looproom/loop/store"
)

// patience bounds what a test waits for.
const patience = 10 * time.Second

// fake is an event loop that writes down what it is asked for, in the place of a room.
type fake struct {
	t        *testing.T
	answers  *Answers
	counters meter.Counters
	mail     chan func()
	clients  map[room.ClientID]*Client
	dead     bool // it doesn't answer any more
	heard    func(*room.Command)
	went     func(room.ClientID) // a client goes on

	mu   sync.Mutex
	cond *sync.Cond
	done []string
}

// house is a server's Accounts with its loops, a clock that is set, and a registry in a folder.
type house struct {
	t        *testing.T
	accounts *Accounts
	loops    []*fake
	now      atomic.Int64
	timeout  atomic.Int64
	log      *logtext.Text
	store    *store.Store
	registry *registry.Registry
	drained  chan string
	order    Order
}

func (h *house) putName(n registry.Name) error {
	return h.registry.CarryOut(&registry.Change{Kind: registry.NamePut, Name: n})
}

func (h *house) putRoom(k *room.KeptRoom) error {
	return h.registry.CarryOut(&registry.Change{Kind: registry.RoomPut, Room: k})
}

// trust has a key open an account that there is.
func (h *house) trust(account, digest string) error {
	n, _ := h.registry.Name(account)
	return h.registry.CarryOut(registry.KeyChange(registry.KeyTrusted, n, digest))
}

// The passwords that there are, and their hashes, which cost a moment.
const (
	serverPassword = "open sesame please"
	annPassword    = "correct horse battery"
	bobPassword    = "a name for bob alone"
)

var hashes = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, password := range []string{serverPassword, annPassword, bobPassword} {
		hash, err := secret.Hash(password)
		if err != nil {
			panic(err)
		}
		all[password] = hash
	}
	return all
})

// began is when the server began, by the clock on the wall.
var began = time.Unix(1_000_000, 0)

// ann is an operator's client, at an address of its own; guests come from elsewhere.
const (
	ann = room.ClientID(1)
	bob = room.ClientID(2)
)

// newHouse starts accounts with so many loops. Each has two clients: 1 and 2 are the first's, 3 and 4 the second's.
func newHouse(t *testing.T, loops int) *house {
	t.Helper()
	return newNode(t, loops, nil, store.Options{})
}

// newNode is newHouse for one of several servers.
func newNode(t *testing.T, loops int, order Order, o store.Options) *house {
	t.Helper()
	h := &house{t: t, log: &logtext.Text{}, drained: make(chan string, 1), order: order}
	h.now.Store(int64(time.Hour))
	var err error
	if h.store, err = store.Open(t.TempDir(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.store.Close() })
	if h.registry, err = registry.Open(h.store); err != nil {
		t.Fatal(err)
	}
	h.start(loops)
	return h
}

func (h *house) start(loops int) {
	var err error
	h.accounts, err = New(Config{
		Access:   Access{Password: hashes()[serverPassword], Operators: map[string]string{"Ann": hashes()[annPassword]}},
		Registry: h.registry, Store: h.store, Order: h.order, Began: began, Clock: func() time.Duration { return time.Duration(h.now.Load()) }, Log: zerolog.New(h.log),
		MayLog: func() bool { return true }, SignInTimeout: func() time.Duration { return time.Duration(h.timeout.Load()) },
		Stats: func() meter.Stats { return meter.Stats{Clients: 7} }, OnDrain: func(operator string) { h.drained <- operator }, Page: 1 << 10,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(h.accounts.Close)
	for i := range loops {
		f := &fake{t: h.t, mail: make(chan func(), 1<<12), clients: map[room.ClientID]*Client{}}
		f.cond = sync.NewCond(&f.mu)
		for k := range 2 {
			id := room.ClientID(2*i + k + 1)
			f.clients[id] = &Client{Address: fmt.Sprintf("10.0.%d.%d:5", i, k+1), Descriptor: -1, Standing: meter.SignedIn, Chats: true, Waits: true}
		}
		f.answers = h.accounts.Join(f, &f.counters)
		h.loops = append(h.loops, f)
		go func() {
			for letter := range f.mail {
				letter()
			}
		}()
		h.t.Cleanup(func() { close(f.mail) })
	}
	h.t.Cleanup(h.accounts.Close) // before the mail
}

// pass sets the clock on.
func (h *house) pass(d time.Duration) { h.now.Add(int64(d)) }

func (f *fake) note(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done = append(f.done, fmt.Sprintf(format, args...))
	f.cond.Broadcast()
}

// on runs step on the loop's goroutine.
func (f *fake) on(step func()) {
	f.t.Helper()
	if err := f.Call(step); err != nil {
		f.t.Fatal(err)
	}
}

// ask has the room ask what the client wants.
func (f *fake) ask(id room.ClientID, ask room.Ask) {
	f.t.Helper()
	f.on(func() { f.answers.Asked(id, &ask) })
}

// want waits for as many things as there are in want, and compares. Then all are forgotten.
func (f *fake) want(want ...string) {
	f.t.Helper()
	timer := time.AfterFunc(patience, f.cond.Broadcast)
	defer timer.Stop()
	deadline := time.Now().Add(patience)
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.done) < len(want) && time.Now().Before(deadline) {
		f.cond.Wait()
	}
	if !slices.Equal(f.done, want) {
		f.t.Errorf("the loop was asked for\n\t%s\nwant\n\t%s", strings.Join(f.done, "\n\t"), strings.Join(want, "\n\t"))
	}
	f.done = nil
}

// wantNothing says that all that was begun is over, and the loop was asked for nothing.
func (h *house) wantNothing() {
	h.t.Helper()
	h.settle()
	for _, f := range h.loops {
		f.want()
	}
}

// settle waits until the workers have done what was given to them, and the loops what was posted by that.
func (h *house) settle() {
	h.t.Helper()
	for range 2 { // what one of them does can be given to the other
		h.hold(h.accounts.checks)()
		h.hold(h.accounts.keeps)()
		h.hold(h.accounts.erases)()
		h.hold(h.accounts.reads)()
		if h.order != nil {
			h.hold(h.accounts.sanctions)()
		}
	}
	for range 2 {
		for _, f := range h.loops {
			if !f.dead {
				f.on(func() {})
			}
		}
	}
}

// hold waits for the workers, and keeps them busy until release is called.
func (h *house) hold(w *workers) (release func()) {
	h.t.Helper()
	n := keepers
	if w == h.accounts.checks {
		n = checkers
	}
	held, wait := make(chan struct{}, n), make(chan struct{})
	for deadline := time.Now().Add(patience); n > 0; {
		switch {
		case w.give(func() { held <- struct{}{}; <-wait }):
			n--
		case time.Now().After(deadline): // what has waited before may be on its way
			h.t.Fatal("the workers take no more")
		default:
			runtime.Gosched()
		}
	}
	for range cap(held) {
		select {
		case <-held:
		case <-time.After(patience):
			h.t.Fatal("the workers are at work for ever")
		}
	}
	return sync.OnceFunc(func() { close(wait) })
}

// fill has no more wait for the workers, who must be held.
func fill(w *workers) {
	for w.give(func() {}) {
	}
}

// The methods of Loop.

func (f *fake) Post(letter func()) { f.mail <- letter }

func (f *fake) PostTo(id room.ClientID, letter func()) {
	f.Post(func() {
		if c := f.clients[id]; c != nil && !c.Deaf {
			letter()
		}
	})
}

func (f *fake) Call(step func()) error {
	if f.dead {
		return errors.New("event loop 1 does not answer")
	}
	ended := make(chan struct{})
	f.Post(func() { step(); close(ended) })
	select {
	case <-ended:
		return nil
	case <-time.After(patience):
		return errors.New("the fake loop does not answer")
	}
}

func (f *fake) EachClient(look func(room.ClientID)) error {
	return f.Call(func() {
		for id := range room.ClientID(64) {
			if f.clients[id] != nil {
				look(id)
			}
		}
	})
}

func (f *fake) Guard(id room.ClientID, work func()) {
	defer func() {
		if r := recover(); r != nil {
			f.note("%d panicked: %v", id, r)
		}
	}()
	work()
}

func (f *fake) Client(id room.ClientID) (Client, bool) {
	if c := f.clients[id]; c != nil {
		return *c, true
	}
	return Client{Descriptor: -1}, false
}

func (f *fake) Tell(id room.ClientID, e *room.Event) {
	if e.Kind == room.Challenged { // which no line tells
		f.note("%d< challenged: %s", id, e.Text)
		return
	}
	f.note("%d< %s", id, bytes.TrimSuffix((line.Dialect{}).Append(nil, e, dialect.Reader{Here: true}), []byte{'\n'}))
}

func (f *fake) Answered(id room.ClientID) {
	if c := f.clients[id]; c != nil {
		c.Waits = false
	}
	f.note("%d goes on", id)
	if f.went != nil {
		f.went(id)
	}
}

// verbs are those that are submitted here.
var verbs = map[room.Verb]string{
	room.Admit: "admit", room.LogIn: "log in", room.Grant: "grant", room.Registered: "registered", room.Unregistered: "unregistered", room.SetBan: "set ban",
	room.SetShun: "set shun", room.ShunClient: "shun client", room.RoomKept: "room kept", room.RestoreRoom: "restore room", room.Restored: "restored", room.PersonKept: "person kept",
	room.Forgotten: "forgotten", room.RoomCleared: "room cleared", room.Remember: "remember", room.RestorePerson: "restore person",
}

func (f *fake) Submit(cmd *room.Command) {
	words := verbs[cmd.Verb]
	if cmd.Name != "" {
		words += " " + cmd.Name
	}
	if cmd.Kept != nil {
		words += " " + cmd.Kept.Name
	}
	if cmd.Off {
		words += " off"
	}
	if cmd.N != room.None {
		words += fmt.Sprintf(" until %d", cmd.N)
	}
	if cmd.Text != "" {
		words += ": " + cmd.Text
	}
	if want := began.Add(cmd.At).UnixMilli(); cmd.Wall != want {
		words += fmt.Sprintf(" at the wrong time %d", cmd.Wall)
	}
	if f.heard != nil {
		f.heard(cmd)
	}
	f.note("%s> %s", called(cmd.Client), words)
}

func called(id room.ClientID) string {
	if id == room.NoClient {
		return "nobody"
	}
	return fmt.Sprint(id)
}

func (f *fake) SetAlarm(after time.Duration, id room.ClientID, alarm Alarm) {
	f.note("%s alarm %d in %v", called(id), alarm, after)
}

func (f *fake) Expel(id room.ClientID, why room.Refusal, reason string) {
	f.clients[id].Ending = true
	f.note("%d expelled: %s (%s)", id, (line.Dialect{}).AppendRefusal(nil, &why), reason)
}

func (f *fake) Ban(id room.ClientID, e ban.Entry) {
	f.clients[id].Ending = true
	f.note("%d banned until %d: %s", id, e.Until, e.Words)
}

// reopen has accounts made anew of what is kept, as after a restart.
func (h *house) reopen() {
	h.t.Helper()
	err := h.store.Change() // behind all that is written in the store's time
	if err != nil {
		h.t.Fatal(err)
	}
	if h.registry, err = registry.Open(h.store); err != nil {
		h.t.Fatal(err)
	}
	h.accounts.registry = h.registry
}

// breakDisk ends the store: what is to be written fails.
func (h *house) breakDisk() {
	if err := h.store.Close(); err != nil {
		h.t.Fatal(err)
	}
}
