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

// item is one thing to send: a line with its end, or a file.
type item struct {
	line string
	file *upload
}

// Link is one connection to a server. Say, Send, Fetch, Drain and Close may be called from any goroutine.
type Link struct {
	conn   net.Conn
	in     *bufio.Reader
	handle func(Event)
	heard  bool         // the first line has been waited for
	moved  atomic.Int64 // bytes written, to see that there is progress

	mu     sync.Mutex
	change sync.Cond // something below has changed
	queue  []item
	flow   flow
	probe  bool // a fence is wanted, whatever is under way
	ended  bool
	fetch  []*download // in the order of the GETs
}

// NewLink makes a link of a connection, which belongs to it from now on. handle is called with each event, from one goroutine at a time but
// for Progress and Failed of uploads, which come from another; it must be quick.
func NewLink(conn net.Conn, handle func(Event)) *Link {
	l := &Link{conn: conn, in: bufio.NewReaderSize(conn, maxLine), handle: handle}
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
func (l *Link) Say(line string) { l.add(item{line: line + "\n"}) }

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

// Left returns the lines that were never sent, and how many were sent and not acknowledged. It is for a link that has ended.
func (l *Link) Left() (unsent []string, unsure int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, i := range l.queue {
		if i.file != nil {
			i.file.fail(l.handle, errors.New("the connection was lost"))
			continue
		}
		unsent = append(unsent, i.line[:len(i.line)-1])
	}
	return unsent, len(l.flow.lines)
}

// write sends what is queued, as much as the flow allows, until the link ends.
func (l *Link) write() {
	for {
		text, file, ok := l.next()
		if !ok {
			return
		}
		if err := l.put(text, file); err != nil {
			l.conn.Close()
			return
		}
	}
}

func (l *Link) put(text []byte, file *upload) error {
	if file != nil {
		return file.send(l)
	}
	n, err := l.conn.Write(text)
	l.moved.Add(int64(n))
	return err
}

// next waits for something to send: several lines with a fence behind them, or a file.
func (l *Link) next() (text []byte, file *upload, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		if l.ended {
			return nil, nil, false
		}
		if len(l.queue) > 0 && l.queue[0].file != nil {
			file = l.queue[0].file
			l.queue = l.queue[1:]
			l.flow.sent(len(file.head()))
			return nil, file, true
		}
		text = l.takeLines()
		text = append(text, l.flow.fence(l.probe)...)
		if len(text) > 0 {
			l.probe = false
			l.change.Broadcast()
			return text, nil, true
		}
		l.change.Wait()
	}
}

// takeLines takes the lines up to the next file, as far as the flow allows.
func (l *Link) takeLines() (text []byte) {
	for len(l.queue) > 0 && l.queue[0].file == nil && !l.flow.full() {
		line := l.queue[0].line
		l.queue = l.queue[1:]
		l.flow.sent(len(line))
		text = append(text, line...)
	}
	return text
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
	switch e.Kind {
	case Ponged:
		if l.pong(e.Text) {
			return nil
		}
	case FileFollows:
		if d := l.nextDownload(); d != nil {
			return d.receive(l, e.Count)
		}
	case Refused:
		l.refuseDownload(e)
	}
	l.handle(e)
	return nil
}

func (l *Link) pong(token string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	ours := l.flow.pong(token)
	l.change.Broadcast()
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
	deadline, moved := quiet, l.moved.Load()
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
		if deadline == patience && l.moved.Load() == moved {
			return nil, fmt.Errorf("%w for %v", ErrSilent, quiet+patience)
		}
		deadline, moved = patience, l.moved.Load()
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
		if err := l.conn.SetReadDeadline(time.Now().Add(quiet + patience)); err != nil {
			return err
		}
		part, err := io.CopyN(to, l.in, min(n, maxLine))
		if n -= part; err != nil {
			return err
		}
	}
	return nil
}
