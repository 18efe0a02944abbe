package journal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// MaxAsk is the longest question, and the longest answer to Everyone, in bytes.
	MaxAsk = 256 << 10

	chunk    = 256 << 10 // bytes of an answer in one message
	inFlight = 4         // chunks that have not been read yet

	// maxAnswering is how many long answers a node gives at once, and maxSmall how many short ones. Who comes beyond that is told so.
	maxAnswering = 4
	maxSmall     = 16

	// creditWait is how long an answer waits for its reader to go on, and stillEvery how often a reader hears that the answer is still being made.
	creditWait = 30 * time.Second
	stillEvery = time.Second

	chunkHeader = "Loop-Chunk" // its number, from 0
	endHeader   = "Loop-End"   // SHA-256 of all chunks
	errorHeader = "Loop-Error"
	stillHeader = "Loop-Still"
	fromHeader  = "Loop-From" // the node that asks or answers
)

var (
	// ErrBusy is the error of an answer that the other node makes when it makes as many as it does at a time. An Answer may return it as well.
	ErrBusy = errors.New("busy with others, ask again")

	errGone  = errors.New("who asked is gone")
	errLong  = fmt.Errorf("the answer has more than %d bytes", MaxAsk)
	errPanic = errors.New("the answer panicked")
)

// Answer answers a question of another node: it writes into w what that is to read. An error reaches the one who asked as text, but for ErrBusy. The context is over when nobody reads any more, or
// when the Journal closes, which waits for the answer to end.
type Answer func(ctx context.Context, ask []byte, w io.Writer) error

// offers are what a node answers.
type offers struct {
	ctx     context.Context
	nc      *nats.Conn
	names   names
	slots   chan struct{}
	small   chan struct{}
	mu      sync.Mutex // of over, so that nothing is begun after wait
	over    bool
	running sync.WaitGroup
}

func newOffers(ctx context.Context, nc *nats.Conn, n names) *offers {
	return &offers{ctx: ctx, nc: nc, names: n, slots: make(chan struct{}, maxAnswering), small: make(chan struct{}, maxSmall)}
}

// wait returns when no answer is being made any more. The context is over by then.
func (o *offers) wait() {
	o.mu.Lock()
	o.over = true
	o.mu.Unlock()
	o.running.Wait()
}

// begin runs an answer on a goroutine, if there is a slot for it.
func (o *offers) begin(slots chan struct{}, answer func()) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over {
		return false
	}
	select {
	case slots <- struct{}{}:
	default:
		return false
	}
	o.running.Go(func() {
		defer func() { <-slots }()
		answer()
	})
	return true
}

// Offer has this node answer questions of a kind, until it is closed. A kind is a name as a node's is. The answer runs on a goroutine of its own: four at a time for Ask, 16 for Everyone.
func (j *Journal) Offer(kind string, answer Answer) error {
	if !IsName(kind) {
		return fmt.Errorf("offer %q: a kind is 1 to 32 letters, digits, - and _", kind)
	}
	o := j.offers
	for _, way := range []struct {
		subject string
		on      nats.MsgHandler
	}{
		{o.names.ask(o.names.node, kind), func(m *nats.Msg) { o.long(m, answer) }},
		{o.names.who(kind), o.here},
		{o.names.all(kind), func(m *nats.Msg) { o.short(m, answer) }},
	} {
		if _, err := o.nc.Subscribe(way.subject, way.on); err != nil {
			return fmt.Errorf("offer %s: %w", kind, err)
		}
	}
	// This node's server has to know of it when Offer has returned; the others hear of it from that.
	if err := o.nc.FlushTimeout(apiWait); err != nil {
		return fmt.Errorf("offer %s: %w", kind, err)
	}
	return nil
}

// here tells another node that this one answers.
func (o *offers) here(m *nats.Msg) {
	if m.Header.Get(fromHeader) != o.names.node {
		o.reply(m.Reply, nats.Header{}, nil)
	}
}

func (o *offers) reply(to string, header nats.Header, body []byte) {
	header[fromHeader] = []string{o.names.node}
	// Who doesn't hear it asks again.
	_ = o.nc.PublishMsg(&nats.Msg{Subject: to, Header: header, Data: body})
}

func (o *offers) refuse(to string, err error) {
	o.reply(to, nats.Header{errorHeader: {err.Error()}}, nil)
}

// short answers by one message.
func (o *offers) short(m *nats.Msg, answer Answer) {
	ok := o.begin(o.small, func() {
		ctx, cancel := context.WithTimeout(o.ctx, creditWait)
		defer cancel()
		w := &limited{}
		if err := safely(ctx, answer, m.Data, w); err != nil {
			o.refuse(m.Reply, err)
			return
		}
		o.reply(m.Reply, nats.Header{}, w.Bytes())
	})
	if !ok {
		o.refuse(m.Reply, ErrBusy)
	}
}

// limited takes at most MaxAsk bytes.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > MaxAsk {
		return 0, errLong
	}
	return l.Buffer.Write(p)
}

// safely turns a panic of an answer into an error: what one node asks must not end another.
func safely(ctx context.Context, answer Answer, ask []byte, w io.Writer) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("%w: %v", errPanic, broken)
		}
	}()
	return answer(ctx, ask, w)
}

// long answers in chunks.
func (o *offers) long(m *nats.Msg, answer Answer) {
	ok := o.begin(o.slots, func() {
		if err := o.stream(m, answer); err != nil {
			o.refuse(m.Reply, err)
		}
	})
	if !ok {
		o.refuse(m.Reply, ErrBusy)
	}
}

func (o *offers) stream(m *nats.Msg, answer Answer) error {
	ctx, cancel := context.WithCancelCause(o.ctx)
	defer cancel(nil)
	w := &chunks{ctx: ctx, offers: o, to: m.Reply, sum: sha256.New(), credits: make(chan struct{}, 2*inFlight), inbox: nats.NewInbox()}
	sub, err := o.nc.Subscribe(w.inbox, func(m *nats.Msg) {
		if m.Header.Get(statusHeader) != "" || m.Header.Get(errorHeader) != "" {
			cancel(errGone)
			return
		}
		ring(w.credits)
	})
	if err != nil {
		return err
	}
	defer func() { _ = sub.Unsubscribe() }()
	o.running.Go(func() { w.still(ctx) })
	if err := safely(ctx, answer, m.Data, w); err != nil {
		return err
	}
	return w.end()
}

// chunks is the writer of a long answer. It waits while too much of it hasn't been read.
type chunks struct {
	ctx     context.Context
	offers  *offers
	to      string
	inbox   string        // where the reader tells that it has read a chunk, or doesn't want more
	credits chan struct{} // one for each chunk that has been read
	buf     []byte
	sent    int // chunks
	flying  int
	sum     hash.Hash
}

func (w *chunks) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		if w.buf == nil {
			w.buf = make([]byte, 0, chunk)
		}
		part := min(len(p), chunk-len(w.buf))
		w.buf = append(w.buf, p[:part]...)
		p, n = p[part:], n+part
		if len(w.buf) == chunk {
			if err := w.flush(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// flush sends what is there as one chunk.
func (w *chunks) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	if err := w.credit(); err != nil {
		return err
	}
	w.sum.Write(w.buf)
	if err := w.send(nats.Header{chunkHeader: {strconv.Itoa(w.sent)}}, w.buf); err != nil {
		return err
	}
	w.sent++
	w.flying++
	w.buf = w.buf[:0]
	return nil
}

// credit waits until the reader has room.
func (w *chunks) credit() error {
	for {
		select {
		case <-w.credits:
			w.flying--
			continue
		default:
		}
		if w.flying < inFlight {
			return context.Cause(w.ctx)
		}
		timer := time.NewTimer(creditWait)
		select {
		case <-w.credits:
			w.flying--
		case <-w.ctx.Done():
			timer.Stop()
			return context.Cause(w.ctx)
		case <-timer.C:
			return fmt.Errorf("%w: nothing read for %v", errGone, creditWait)
		}
		timer.Stop()
	}
}

func (w *chunks) send(header nats.Header, body []byte) error {
	return w.offers.nc.PublishMsg(&nats.Msg{Subject: w.to, Reply: w.inbox, Header: header, Data: body})
}

// still tells the reader each second that the answer is being made, until the context is over. If the reader is gone, the answer to that says so.
func (w *chunks) still(ctx context.Context) {
	ticker := time.NewTicker(stillEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_ = w.send(nats.Header{stillHeader: {"1"}}, nil)
		}
	}
}

func (w *chunks) end() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.send(nats.Header{chunkHeader: {strconv.Itoa(w.sent)}, endHeader: {hex.EncodeToString(w.sum.Sum(nil))}}, nil)
}
