package session

import (
	"slices"
	"strconv"
)

// post is how a link stands with the outbox that it sends from. The link's mutex guards it.
type post struct {
	outbox  *outbox // nil for a link without
	link    int     // the link's own number among all of the session
	open    bool    // the client is who and where it wants to be: what was said may go
	syncing bool    // what the server remembers is being asked
	marked  bool    // the server takes numbers
	support support
	again   bool // the client is signing in once more, without a key
}

// support says whether the server knows of numbers and of keys. One that doesn't would say them aloud.
type support uint8

const (
	unknown support = iota
	supported
	unsupported
)

// use has the link send what the outbox keeps, once it is open.
func (l *Link) use(o *outbox, number int) { l.post.outbox, l.post.link = o, number }

// Open lets go what has been said, and what will be. It is for a client that has signed in, if it wants to, and entered its rooms.
func (l *Link) Open() {
	l.add(item{ask: &ask{done: func() {
		l.mu.Lock()
		l.post.open = true
		l.mu.Unlock()
		l.begin()
	}}})
}

// begin sends what was said before there was this connection. What can't be sent again without numbers is doubtful.
func (l *Link) begin() {
	l.mu.Lock()
	p := l.post
	l.mu.Unlock()
	if p.outbox != nil && p.open && !p.syncing && !p.marked {
		l.tellPost(Doubted, p.outbox.unmarked(p.link))
	}
	l.flush()
}

// flush queues what the outbox keeps, if it may be sent.
func (l *Link) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.post.outbox == nil || !l.post.open || l.post.syncing {
		return
	}
	for _, p := range l.post.outbox.unqueued(l.post.link) {
		l.queue = append(l.queue, item{parcel: p})
	}
	l.change.Broadcast()
}

// pack counts what somebody has said, and returns the lines for it. It is called with the mutex held.
func (l *Link) pack(p *parcel) (text string) {
	if p.room != "" {
		line := "JOIN " + p.room
		text = l.takeLine(item{line: line + "\n", ask: &ask{accepts: answersTo["JOIN"]}})
	}
	line := l.post.outbox.write(p, l.post.link, l.post.marked) + "\n"
	l.flow.sent(len(line), p)
	return text + line
}

// settle tells of what the server has acknowledged.
func (l *Link) settle(lines []sentLine) {
	if o := l.post.outbox; o != nil {
		l.tellPost(Delivered, o.handled(lines))
	}
}

func (l *Link) tellPost(kind Kind, numbers []int64) {
	if len(numbers) > 0 {
		l.handle(Event{Kind: kind, Numbers: numbers})
	}
}

// takePost takes what the outbox wants to hear of, and returns true for what nobody else does.
func (l *Link) takePost(e *Event) bool {
	o := l.post.outbox
	switch {
	case o == nil:
	case e.Kind == Named:
		l.named(e)
	case e.Kind == Handled && e.Who == o.id && l.isSyncing():
		l.resynced(e.Text)
		return true
	case e.Kind == Handled && e.Who == o.id:
		if n, err := strconv.ParseInt(e.Text, 10, 64); err == nil {
			l.handle(Event{Kind: Delivered, Numbers: o.said(n), N: n, ID: e.ID})
		}
		return true
	}
	return false
}

func (l *Link) isSyncing() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.post.syncing
}

// named finds out, once the client has a name, whether the server takes numbers, and what it remembers of those from before.
func (l *Link) named(e *Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := &l.post
	if p.marked || p.syncing {
		return
	}
	switch {
	case e.Tag == keyed || p.support == supported:
		p.support = supported
		l.sync()
	case p.support == unknown:
		l.probeSupport(e.Who)
	}
}

// sync asks what the server remembers. It is called with the mutex held.
func (l *Link) sync() {
	l.post.syncing = true
	l.hurry(item{
		line: l.post.outbox.question() + "\n",
		ask: &ask{
			hear: func(e *Event) bool { return e.Kind == Refused && e.Who == "need-name" },
			done: func() { l.synced(false) },
		},
	})
}

// resynced takes the answer.
func (l *Link) resynced(answer string) {
	delivered, doubted := l.post.outbox.resync(answer, l.post.link)
	l.tellPost(Delivered, delivered)
	l.tellPost(Doubted, doubted)
	l.synced(true)
}

// synced ends the asking. Where there was no answer, nothing is sent with a number.
func (l *Link) synced(answered bool) {
	l.mu.Lock()
	if l.post.syncing {
		l.post.syncing, l.post.marked = false, answered
	}
	l.mu.Unlock()
	l.begin()
}

// knowsNoKeys says whether an ADD with a key was refused for the key.
func knowsNoKeys(e *Event) bool {
	return e.Kind == Refused && (e.Who == "bad-argument" || e.Who == "bad-name")
}

// probeSupport asks in a way that does no harm: a server that knows keys says that the client has signed in already. It is called with the
// mutex held.
func (l *Link) probeSupport(name string) {
	l.post.syncing = true
	l.hurry(item{line: "ADD " + name + " " + l.post.outbox.key + "\n", ask: &ask{
		hear: func(e *Event) bool {
			switch {
			case knowsNoKeys(e):
				l.supports(unsupported)
			case e.Kind == Refused && e.Who == "already-in":
				l.supports(supported)
			default:
				return false
			}
			return true
		},
		done: l.probed,
	}})
}

func (l *Link) supports(s support) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.post.support = s
}

func (l *Link) probed() {
	l.mu.Lock()
	l.post.syncing = false
	if l.post.support == supported {
		l.sync()
	}
	l.mu.Unlock()
	l.begin()
}

// leave says END behind the commands that wait in the queue, and in the place of what somebody has said, which stays in the outbox.
func (l *Link) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = slices.DeleteFunc(l.queue, func(i item) bool { return i.parcel != nil })
	l.queue = append(l.queue, item{line: "END\n"})
	l.change.Broadcast()
}
