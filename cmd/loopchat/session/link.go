package session

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxLine is the longest line that is read whole; of a longer one the rest is skipped. Servers send at most 8 KiB unless they are told
	// otherwise.
	maxLine = 64 << 10
	// greeted is how long a server may take for its first line. Then the client says something itself: a door for TLS, for one, waits for that.
	greeted = 2 * time.Second
	// quiet is how long nothing may come before the client asks whether the server is there, and patience how long it waits for that.
	quiet    = 30 * time.Second
	patience = time.Minute
)

// ErrSilent ends a link whose server does not answer any more.
var ErrSilent = errors.New("the server doesn't answer")

// item is one thing to send: a line with its end, a file, or what somebody says.
type item struct {
	line   string
	ask    *ask // of a line; nil where nothing is to be told apart
	file   *upload
	parcel *parcel
}

// Link is one connection to a server. Say, Send, Fetch, Drain and Close may be called from any goroutine.
type Link struct {
	conn            net.Conn
	in              *bufio.Reader
	handle          func(Event)
	heard           bool         // the first line has been waited for
	moved           atomic.Int64 // bytes of files written, to see that there is progress: a line tells nothing, as it goes into a buffer at once
	quiet, patience time.Duration
	expect          expected // of the reading goroutine

	mu     sync.Mutex
	change sync.Cond // something below has changed
	queue  []item
	flow   flow
	probe  bool // a fence is wanted, whatever is under way
	ending bool // END has been sent
	ended  bool
	post   post
}

// NewLink makes a link of a connection, which belongs to it from now on. handle is called with each event, from one goroutine at a time but
// for Progress and Failed of uploads, which come from another; it must be quick.
func NewLink(conn net.Conn, handle func(Event)) *Link {
	l := &Link{conn: conn, in: bufio.NewReaderSize(conn, maxLine), handle: handle, flow: newFlow(), quiet: quiet, patience: patience}
	l.change.L = &l.mu
	return l
}

// Run reads until the connection ends, and returns why: io.EOF where the server has closed it. It is called once.
func (l *Link) Run() error {
	written := make(chan struct{})
	go func() {
		defer close(written)
		l.write()
	}()
	err := l.read()
	l.end()
	l.conn.Close()
	<-written
	l.dropDownloads()
	return err
}

// Close ends the connection without a word.
func (l *Link) Close() {
	l.end()
	l.conn.Close()
}

func (l *Link) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.change.Broadcast()
}

// Say queues a line, given without its end. It never waits.
func (l *Link) Say(line string) { l.add(item{line: line + "\n", ask: askOf(line)}) }

// Ask is Say for what the client wants to know and the person has not asked: its answer is not Own.
func (l *Link) Ask(line string) {
	a := askOf(line)
	if a != nil {
		a.own = false
	}
	l.add(item{line: line + "\n", ask: a})
}

func (l *Link) add(i item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = append(l.queue, i)
	l.change.Broadcast()
}

// Drain waits until fewer than most things wait to be sent; with 0, until the server has acknowledged all. It returns false if the link
// ended before.
func (l *Link) Drain(most int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.ended && !l.drained(most) {
		l.change.Wait()
	}
	return l.drained(most)
}

func (l *Link) drained(most int) bool {
	if most > 0 {
		return len(l.queue) < most
	}
	return len(l.queue) == 0 && len(l.flow.lines) == 0
}

// Left returns the lines that were never sent, and how many were sent and not acknowledged. It is for a link that has ended, and leaves out
// what an outbox keeps.
func (l *Link) Left() (unsent []string, unsure int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, i := range l.queue {
		switch {
		case i.file != nil:
			i.file.fail(l.handle, errors.New("the connection was lost"))
		case i.line != "":
			unsent = append(unsent, i.line[:len(i.line)-1])
		}
	}
	for _, sent := range l.flow.lines {
		if sent.parcel == nil {
			unsure++
		}
	}
	return unsent, unsure
}

// read hands on what comes until the connection ends.
func (l *Link) read() error {
	for {
		line, err := l.line()
		if err != nil {
			return err
		}
		if err := l.take(Parse(line)); err != nil {
			return err
		}
	}
}

func (l *Link) take(e Event) error {
	if e.Kind == Ponged && l.pong(e.Text) {
		return nil
	}
	a := l.asked()
	l.expect.judge(&e, a)
	if l.takePost(&e) || (a != nil && a.hear != nil && a.hear(&e)) {
		return nil
	}
	if a != nil && a.fetch != nil {
		if d := a.fetch; e.Kind == FileFollows {
			a.fetch, a.accepts = nil, nil
			return d.receive(l, e.Count)
		} else if e.Kind == Refused && !asides[e.Who] {
			a.fetch = nil
		}
	}
	l.handle(e)
	return nil
}

// asides are the codes of errors that answer no command.
var asides = map[string]bool{
	"flood": true, "skipped": true, "closing": true, "put-out": true, "kicked": true, "logged-out": true, "logged-in-elsewhere": true,
	"waiting": true, "goes-on": true,
}

// Aside says whether an error of that code answers no command.
func Aside(code string) bool { return asides[code] }

func (l *Link) asked() *ask {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.flow.asked()
}

func (l *Link) pong(token string) bool {
	l.mu.Lock()
	ours, lines, a := l.flow.pong(token)
	l.change.Broadcast()
	l.mu.Unlock()
	if ours {
		l.expect.fenced()
		l.settle(lines)
	}
	if a != nil && a.done != nil {
		a.done()
	}
	return ours
}

// line returns the next line without its end. What is unfinished at the end of the stream is dropped: it can't be told from a whole line.
func (l *Link) line() (string, error) {
	var kept []byte
	for {
		part, err := l.slice()
		if len(kept) == 0 && err == nil {
			return trimEnd(part), nil
		}
		if room := maxLine - len(kept); room > 0 {
			kept = append(kept, part[:min(len(part), room)]...)
		}
		switch {
		case err == nil:
			return trimEnd(kept), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", err
		}
	}
}

func trimEnd(line []byte) string {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return string(line)
}

// slice reads up to the next line end. Where nothing comes for long, it asks the server whether it is there.
func (l *Link) slice() ([]byte, error) {
	deadline, moved, asked := l.quiet, l.moved.Load(), false
	if !l.heard {
		deadline, l.heard = greeted, true
	}
	for {
		if err := l.conn.SetReadDeadline(time.Now().Add(deadline)); err != nil {
			return nil, err
		}
		part, err := l.in.ReadSlice('\n')
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return part, err
		}
		if len(part) > 0 {
			return part, bufio.ErrBufferFull
		}
		if asked && l.moved.Load() == moved {
			return nil, fmt.Errorf("%w for %v", ErrSilent, l.quiet+l.patience)
		}
		deadline, moved, asked = l.patience, l.moved.Load(), true
		l.ask()
	}
}

func (l *Link) ask() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.probe = true
	l.change.Broadcast()
}

// body copies the next n bytes of the stream.
func (l *Link) body(to io.Writer, n int64) error {
	for n > 0 {
		if err := l.conn.SetReadDeadline(time.Now().Add(l.quiet + l.patience)); err != nil {
			return err
		}
		part, err := io.CopyN(to, l.in, min(n, maxLine))
		if n -= part; err != nil {
			return err
		}
	}
	return nil
}
