//go:build linux

package rival

import (
	"bytes"
	"sync"
	"time"

	"looproom/loop/dialect"
	"looproom/loop/dialect/line"
	"looproom/loop/room"
	"looproom/loop/roomindex"
)

// native is what the clients speak.
var native line.Dialect

// receiver is where the bytes for one client go. Both methods are called with the hub's lock held, so they must not call the hub.
type receiver interface {
	// send takes whole lines for the client, in the order in which it is to get them. b is shared with other receivers and never
	// changes: it may be kept, and must not be written to.
	send(b []byte)
	// finish says that nothing more comes, and is called once: the connection ends when all that was sent has been written.
	finish()
}

// hub is the chat that the clients of a model share: the state, and who hears what. Fields are guarded by mu, and methods want
// it to be held unless they say otherwise.
type hub struct {
	mu      sync.Mutex
	state   *room.State
	began   time.Time
	closed  bool // the server is ending: nothing is told any more
	index   roomindex.Index[*member]
	slots   uint32    // so many have been given out
	free    []uint32  // slots of members that have gone
	tag     uint32    // of the last member
	forms   [4][]byte // of the event at hand, by how it is read; nil: not encoded yet
	scratch []byte
}

// member is one client of the chat.
type member struct {
	id   room.ClientID
	out  receiver
	ids  bool // it is told the ids of messages
	gone bool // nothing more comes. Set by its own last command, so whoever gives its commands may read it without the lock
}

func newHub(o Options) *hub {
	return &hub{state: room.New(o.Room), began: time.Now()}
}

// admit makes room for a client; its first command has to be room.Connect.
func (h *hub) admit(out receiver) *member {
	h.tag++
	slot := h.slots
	if n := len(h.free); n > 0 {
		slot = h.free[n-1]
		h.free = h.free[:n-1]
	} else {
		h.slots++
	}
	m := &member{id: room.NewClientID(slot, h.tag), out: out}
	h.index.Add(m.id, m)
	return m
}

// apply does what cmd says and tells everyone concerned.
func (h *hub) apply(cmd *room.Command) {
	if h.closed {
		return
	}
	cmd.At = time.Since(h.began)
	cmd.Wall = h.began.Add(cmd.At).UnixMilli()
	events := h.state.Apply(cmd)
	for i := range events {
		h.deliver(&events[i])
	}
}

// do is apply for who doesn't hold the lock.
func (h *hub) do(cmd *room.Command) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.apply(cmd)
}

// close lets nothing be told any more, so that a server's end isn't a storm of leaving. It takes the lock itself.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
}

// deliver tells the audience of e, and follows who is where.
func (h *hub) deliver(e *room.Event) {
	if e.Scope == room.ToLoops {
		h.note(e)
		return
	}
	h.forms = [4][]byte{}
	if e.Scope == room.ToClient {
		e = orRefusal(e)
	}
	h.index.Audience(e, func(m *member, here bool) { h.tell(m, e, dialect.Reader{Here: here, IDs: m.ids}) })
}

// note keeps who is where.
func (h *hub) note(e *room.Event) {
	m, ok := h.index.Find(e.Client)
	h.index.Follow(e)
	if ok && e.Kind == room.Gone {
		h.free = append(h.free, m.id.Slot())
		m.gone = true
		m.out.finish()
	}
}

// tell sends e to m, encoded on first use in each form.
func (h *hub) tell(m *member, e *room.Event, as dialect.Reader) {
	form := h.form(as)
	if *form == nil {
		h.scratch = native.Append(h.scratch[:0], e, as)
		*form = bytes.Clone(h.scratch)
	}
	if len(*form) > 0 {
		m.out.send(*form)
	}
	if e.Kind == room.IDsAre {
		m.ids = e.On
	}
}

// form is where those who read the event at hand so have it.
func (h *hub) form(as dialect.Reader) *[]byte {
	i := 0
	if as.Here {
		i = 1
	}
	if as.IDs {
		i += 2
	}
	return &h.forms[i]
}

// orRefusal answers what is asked of files, passwords and operators: there are none. Other events come back as they are.
func orRefusal(e *room.Event) *room.Event {
	switch e.Kind {
	case room.Asked:
		return asked(e)
	case room.UploadAsked:
		if e.Ask != nil {
			return asked(e)
		}
		fallthrough
	case room.FilesAsked, room.FileAsked:
		return refused(e, room.Refusal{Why: room.NoFiles})
	case room.LookAsked:
		return refused(e, room.Refusal{Why: room.HistoryOff})
	}
	return e
}

// asked refuses what the state lets through, too: nobody is left waiting for an answer.
func asked(e *room.Event) *room.Event {
	a := e.Ask
	if a.Refusal.Why != 0 {
		return refused(e, a.Refusal)
	}
	switch a.Verb {
	case room.Pass, room.Oper:
		return refused(e, room.Refusal{Why: room.WrongSecret})
	case room.Register, room.Login, room.Unregister, room.Forget:
		return refused(e, room.Refusal{Why: room.NamesNotKept})
	}
	return refused(e, room.Refusal{Why: room.NoOperators})
}

// refused is told to whom e was for.
func refused(e *room.Event, why room.Refusal) *room.Event {
	no := why.Event()
	no.Scope, no.Client = e.Scope, e.Client
	return &no
}

// tickEvery is how often a hub wants a tick.
const tickEvery = time.Second

// tickUntil calls tick once a second until done is closed.
func tickUntil(done <-chan struct{}, tick func()) {
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			tick()
		}
	}
}

// tick tells the hub that time has passed. It takes the lock itself.
func (h *hub) tick() { h.do(&room.Command{Verb: room.Tick}) }
