//go:build linux

package reactor

import (
	"fmt"
	"net"
	"sync"

	"github.com/panjf2000/gnet/v2"
	"golang.org/x/sys/unix"
)

// Conn is what a Loop has of one connection. It is made to be embedded by value: there are very many, and most are quiet. The zero Conn is attached to nothing.
// It is touched on its loop only, from the moment it is enrolled.
type Conn struct {
	conn gnet.Conn // nil: detached
}

func (c *Conn) connection() *Conn { return c }

// Attached says whether gnet has the connection.
func (c *Conn) Attached() bool { return c.conn != nil }

// Descriptor is gnet's descriptor of an attached connection.
func (c *Conn) Descriptor() int { return c.conn.Fd() }

// Dup returns a descriptor of the caller's own for an attached connection.
func (c *Conn) Dup() (fd int, err error) { return c.conn.Dup() }

// enrols are the connections that are being given to a loop. A client can be given away and come back before the Enrol that brought it has returned, so each has
// a number. Safe for any goroutine.
type enrols struct {
	turns chan struct{} // one entry for each
	mu    sync.Mutex
	count uint64           // how many have begun
	under map[*Conn]uint64 // the numbers of those that have not opened
}

// enrolsAtOnce is how many connections are given to a loop at once, those that come back as well. Each holds a second
// descriptor until the loop has it; so many are kept free for that.
const enrolsAtOnce = 8

func (e *enrols) init() {
	e.turns, e.under = make(chan struct{}, enrolsAtOnce), map[*Conn]uint64{}
}

func (e *enrols) begin(c *Conn) (number uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.count++
	e.under[c] = e.count
	return e.count
}

// opened is when c is in the loop.
func (e *enrols) opened(c *Conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.under, c)
}

// end says whether the one of that number has not opened.
func (e *enrols) end(c *Conn, number uint64) (never bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if never = e.under[c] == number; never {
		delete(e.under, c)
	}
	return never
}

// Enrol gives a TCP or Unix connection to the loop for c, and closes conn in any case; its addresses are lost. It returns when Handler.Opened has, or with an error, and then that isn't called. A panic of
// gnet's is returned as an error: no guard is around the goroutines that enrol. It must not be called on a loop.
func (l *Loop) Enrol(conn net.Conn, c Client) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	if conn.RemoteAddr() == nil { // reset meanwhile; gnet looks at the address
		conn.Close()
		return unix.ECONNRESET
	}
	forgetAddresses(conn)
	l.enrols.turns <- struct{}{}
	defer func() { <-l.enrols.turns }()
	number := l.enrols.begin(c.connection())
	defer func() {
		if never := l.enrols.end(c.connection(), number); never && err == nil {
			err = errNotOpened // gnet tells nobody that its epoll has refused it
		}
	}()
	_, err = l.engine.EnrollContext(conn, c)
	return err
}

// nowhere is the address that all connections have for gnet.
var nowhere = net.IP{0, 0, 0, 0}

// forgetAddresses lets go of the bytes of the two addresses that gnet keeps for each connection and that nobody reads: 64 of them on
// each of very many connections, and 32 more of a third that gnet makes of one of IPv6.
func forgetAddresses(conn net.Conn) {
	for _, address := range []net.Addr{conn.LocalAddr(), conn.RemoteAddr()} {
		if tcp, ok := address.(*net.TCPAddr); ok {
			*tcp = net.TCPAddr{IP: nowhere}
		}
	}
}

var errNotOpened = fmt.Errorf("gnet's epoll has not taken the descriptor")

// Close closes the connection, of which nothing more is heard: within a callback about it, when that is over. Of one that is detached it does nothing. Loop only.
func (l *Loop) Close(c Client) {
	k := c.connection()
	conn := k.conn
	l.Detach(c)
	switch at := l.callbackOf(k); {
	case conn == nil:
	case at != nil:
		at.closes = true
	default:
		l.closeByGnet(conn)
	}
}

// callbackOf is the callback about k that is under way, nil if there is none.
func (l *Loop) callbackOf(k *Conn) *callback {
	for i := range l.under {
		if l.under[i].conn == k {
			return &l.under[i]
		}
	}
	return nil
}

// End has the connection end as if its stream were at its end: Handler.Ended follows, when the step at hand is over. Of one that is detached it does nothing. Loop only.
func (l *Loop) End(c Client) {
	k := c.connection()
	switch at := l.callbackOf(k); {
	case k.conn == nil:
	case at != nil:
		at.closes = true
	default:
		l.ending = append(l.ending, k.conn)
	}
}

// stepEnds ends a step, and has those end that End was called for in it.
func (l *Loop) stepEnds() {
	l.handler.StepEnds()
	if l.endingOn {
		return // their own steps
	}
	l.endingOn = true
	for len(l.ending) > 0 {
		conn := l.ending[0]
		l.ending = l.ending[1:]
		l.closeByGnet(conn)
	}
	l.ending, l.endingOn = nil, false
}

func (l *Loop) closeByGnet(conn gnet.Conn) {
	_ = l.tasks.Close(conn) // says only that epoll no longer had the descriptor
}

// Detach lets go of c: gnet's connection is no longer its own, and no longer is its descriptor watched. It must come before the descriptor by which c is written to is closed or
// replaced. Loop only.
func (l *Loop) Detach(c Client) {
	k := c.connection()
	l.waker.forget(k)
	delete(l.paused, k)
	k.conn = nil
}

// Within runs f as a step about c, in the middle of which gnet's connection isn't closed. For tasks and letters, behind all else that they do: it is a step of its own.
// Loop only.
func (l *Loop) Within(c Client, f func()) {
	conn := c.connection().conn
	if l.within(c, f) && conn != nil {
		l.closeByGnet(conn)
	}
}

func (l *Loop) within(c Client, f func()) (closes bool) {
	l.enter(c)
	l.handler.Begins()
	l.Guarded(c, f)
	return l.leave()
}

func (l *Loop) enter(c Client) { l.under = append(l.under, callback{conn: c.connection()}) }

// leave ends a step about a connection, and says whether gnet is to close it.
func (l *Loop) leave() (closes bool) {
	l.stepEnds()
	last := len(l.under) - 1
	closes, l.under = l.under[last].closes, l.under[:last]
	l.handler.Rests()
	return closes
}
