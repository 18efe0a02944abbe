//go:build linux

package rival

import (
	"context"
	"sync"

	"looproom/loop/room"
)

// threads is the chat with one thread for each client. A thread reads what its client says, does it under the hub's lock, and then
// writes to every receiver itself, one call each.
//
// So the lines of one sender keep their order, and those of two senders may come to two receivers in different orders. A receiver that
// doesn't read blocks whoever sends to it: that is this model. Only after sendPatience it is dropped.
type threads struct {
	hub  *hub
	crew *crew
	o    Options

	// batch is what the command at hand has for whom. The hub's lock guards it.
	batch []delivery
}

// delivery is a message for one client; nil bytes are its end.
type delivery struct {
	to *threadClient
	b  []byte
}

// threadClient is one client, a receiver. Its thread runs talk.
type threadClient struct {
	*blockingConn
	server *threads
	ended  bool       // nothing more may be written; guarded by writing
	spare  []delivery // the last batch of its thread, to be used again
}

func serveThreads(ctx context.Context, o Options) error {
	l, err := listen(o)
	if err != nil {
		return err
	}
	defer l.close()
	o.ready(l.addr)
	if o.Echo {
		return newCrew(1, (*blockingConn).echo).serve(ctx, l)
	}
	s := &threads{hub: newHub(o), o: o}
	s.crew = newCrew(1, s.talk)
	context.AfterFunc(ctx, s.hub.close)
	var ticking sync.WaitGroup
	ticking.Go(func() { tickUntil(ctx.Done(), s.tick) })
	defer ticking.Wait()
	return s.crew.serve(ctx, l)
}

// talk serves a client on its own thread.
func (s *threads) talk(conn *blockingConn) {
	c := &threadClient{blockingConn: conn, server: s}
	s.hub.mu.Lock()
	m := s.hub.admit(c)
	s.hub.mu.Unlock()
	talk := newSession(m, c.act, s.o.maxLine())
	talk.act = c.enter
	talk.connect(conn.name)
	talk.act = c.act
	if c.converse(talk) {
		c.linger()
	}
	c.end()
}

// end waits until no thread writes any more.
func (c *threadClient) end() {
	c.hangUp()
	c.writing.Lock()
	defer c.writing.Unlock()
	c.ended = true
}

// act does a command and writes what follows to everyone.
func (c *threadClient) act(cmd *room.Command) {
	c.apply(cmd)
	c.writing.Lock()
	c.putOwn()
	c.writing.Unlock()
	c.putOthers()
}

// enter is act for the first command: the lock is taken before anybody else knows of the client, so that its welcome comes first.
func (c *threadClient) enter(cmd *room.Command) {
	c.writing.Lock()
	c.apply(cmd)
	c.putOwn()
	c.writing.Unlock()
	c.putOthers()
}

// putOwn writes what the last command has for the client itself, at once and with writing held: nobody's lines come between its
// farewell and the end.
func (c *threadClient) putOwn() {
	for _, d := range c.spare {
		if d.to == c {
			c.putLocked(d.b)
		}
	}
}

// putOthers writes what the last command has for others. It must not hold writing: two clients would wait for each other.
func (c *threadClient) putOthers() {
	for _, d := range c.spare {
		if d.to != c {
			d.to.put(d.b)
		}
	}
	clear(c.spare)
}

// apply does a command; what follows is in spare.
func (c *threadClient) apply(cmd *room.Command) {
	s := c.server
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.batch = c.spare[:0]
	s.hub.apply(cmd)
	c.spare, s.batch = s.batch, nil
}

// tick writes under the hub's lock: what a user does next may not be told before it is told that the user is away.
func (s *threads) tick() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.apply(&room.Command{Verb: room.Tick})
	for _, d := range s.batch {
		d.to.put(d.b)
	}
	s.batch = nil
}

// send is for the hub.
func (c *threadClient) send(b []byte) { c.server.batch = append(c.server.batch, delivery{c, b}) }

// finish is for the hub.
func (c *threadClient) finish() { c.server.batch = append(c.server.batch, delivery{c, nil}) }

// put writes b, or ends what is written if it is nil. Any thread may call it; it blocks as long as the client doesn't read.
func (c *threadClient) put(b []byte) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.putLocked(b)
}

func (c *threadClient) putLocked(b []byte) {
	switch {
	case c.ended:
	case b == nil:
		c.ended = true
	default:
		if _, err := c.write(b); err != nil {
			c.ended = true
			c.hangUp()
		}
	}
}

var _ receiver = (*threadClient)(nil)
