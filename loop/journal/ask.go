package journal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// lostAfter is how long nothing comes from a node that answers until it counts as dead. It says each second that it isn't.
	lostAfter = 4 * time.Second

	// whoWait is how long a node is waited for that answers a kind, offerWait how long its offer may need to get here, and offerLook how often that is tried.
	whoWait   = 2 * time.Second
	offerWait = time.Second / 2
	offerLook = 50 * time.Millisecond
)

var (
	// ErrNobody is the error of Ask when no node answers that kind.
	ErrNobody = errors.New("no other node answers that")
	// ErrBroken is the error of an answer that has broken off, or isn't as it was sent.
	ErrBroken = errors.New("the answer is not whole")
)

// Ask asks a node, or with "" the other one that answers first, and returns what it writes. What has been read counts once Read has returned io.EOF: only then the answer was whole, by its length
// and its checksum. A node that dies in between makes Read return ErrBroken within seconds. The answer ends with the context. Who reads must close it.
func (j *Journal) Ask(ctx context.Context, node, kind string, ask []byte) (io.ReadCloser, error) {
	if len(ask) > MaxAsk {
		return nil, fmt.Errorf("ask %s: a question of %d bytes, at most %d are possible", kind, len(ask), MaxAsk)
	}
	if !IsName(kind) || node != "" && !IsName(node) {
		return nil, fmt.Errorf("ask %q for %q: no such name is possible", node, kind)
	}
	if node == "" {
		var err error
		if node, err = j.whoAnswers(ctx, kind); err != nil {
			return nil, fmt.Errorf("ask for %s: %w", kind, err)
		}
	}
	inbox := nats.NewInbox()
	sub, err := j.nc.SubscribeSync(inbox)
	if err != nil {
		return nil, fmt.Errorf("ask %s for %s: %w", node, kind, err)
	}
	err = j.nc.PublishMsg(&nats.Msg{Subject: j.names.ask(node, kind), Reply: inbox, Data: ask, Header: nats.Header{fromHeader: {j.names.node}}})
	if err != nil {
		_ = sub.Unsubscribe()
		return nil, fmt.Errorf("ask %s for %s: %w", node, kind, err)
	}
	return &answerReader{ctx: ctx, nc: j.nc, sub: sub, from: node, kind: kind, sum: sha256.New()}, nil
}

// whoAnswers is the first other node that says that it answers a kind.
func (j *Journal) whoAnswers(ctx context.Context, kind string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, whoWait)
	defer cancel()
	offered := time.NewTimer(offerWait)
	defer offered.Stop()
	for {
		m, err := j.nc.RequestMsgWithContext(ctx, &nats.Msg{Subject: j.names.who(kind), Header: nats.Header{fromHeader: {j.names.node}}})
		switch {
		case err == nil:
			return m.Header.Get(fromHeader), nil
		case errors.Is(err, context.DeadlineExceeded):
			return "", ErrNobody
		case !errors.Is(err, nats.ErrNoResponders):
			return "", err
		}
		select {
		case <-offered.C:
			return "", ErrNobody
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(offerLook):
		}
	}
}

// answerReader reads a long answer and tells the other side how far it has come.
type answerReader struct {
	ctx    context.Context
	nc     *nats.Conn
	sub    *nats.Subscription
	from   string
	kind   string
	rest   []byte // of a chunk, not yet read
	credit string // where to tell that the chunk has been read
	stop   string // where to tell that no more is wanted
	next   int    // number of the chunk that comes next
	sum    hash.Hash
	err    error // the last word
}

func (r *answerReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 && r.err == nil {
		r.release()
		if err := r.receive(); err != nil {
			r.err = err
			if err != io.EOF {
				r.err = fmt.Errorf("%s of %s: %w", r.kind, r.from, err)
			}
		}
	}
	if len(r.rest) == 0 {
		return 0, r.err
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// release tells the other side that a chunk has been read.
func (r *answerReader) release() {
	if r.credit != "" {
		// A connection that is gone shows by nothing coming any more.
		_ = r.nc.Publish(r.credit, nil)
		r.credit = ""
	}
}

// receive takes the next message.
func (r *answerReader) receive() error {
	ctx, cancel := context.WithTimeout(r.ctx, lostAfter)
	defer cancel()
	m, err := r.sub.NextMsgWithContext(ctx)
	switch {
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case errors.Is(err, nats.ErrNoResponders) || err == nil && m.Header.Get(statusHeader) == "503":
		return ErrNobody
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: nothing for %v", ErrBroken, lostAfter)
	case err != nil:
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return r.take(m)
}

func (r *answerReader) take(m *nats.Msg) error {
	r.stop = m.Reply
	if refused := m.Header.Get(errorHeader); refused != "" {
		r.stop = ""
		return refusal(refused)
	}
	if m.Header.Get(stillHeader) != "" {
		return nil
	}
	if number := m.Header.Get(chunkHeader); number != strconv.Itoa(r.next) {
		return fmt.Errorf("%w: chunk %q came, want %d", ErrBroken, number, r.next)
	}
	if want := m.Header.Get(endHeader); want != "" {
		r.stop = ""
		if got := hex.EncodeToString(r.sum.Sum(nil)); got != want {
			return fmt.Errorf("%w: its checksum is %s, want %s", ErrBroken, got, want)
		}
		return io.EOF
	}
	r.next++
	r.sum.Write(m.Data)
	r.rest, r.credit = m.Data, m.Reply
	return nil
}

// refusal is the error of another node, by its text.
func refusal(text string) error {
	if text == ErrBusy.Error() {
		return ErrBusy
	}
	return errors.New(text)
}

// Close tells the other side that no more is wanted, if it isn't through.
func (r *answerReader) Close() error {
	if r.stop != "" {
		_ = r.nc.PublishMsg(&nats.Msg{Subject: r.stop, Header: nats.Header{errorHeader: {errGone.Error()}}})
		r.stop = ""
	}
	r.rest = nil
	if r.err == nil {
		r.err = ErrClosed
	}
	return r.sub.Unsubscribe()
}

// Everyone asks all nodes that answer a kind, this one too, and has each answer, at most MaxAsk bytes, handed in as it comes, on the caller's goroutine. It returns when as many have answered as there
// are nodes with a route, or else with the context, whose end is no error: who is silent may be dead. The error is that of the network, or of the nodes that refused, joined.
func (j *Journal) Everyone(ctx context.Context, kind string, ask []byte, answer func(node string, body []byte)) error {
	if len(ask) > MaxAsk || !IsName(kind) {
		return fmt.Errorf("ask everyone for %q: no such question is possible", kind)
	}
	sub, err := j.nc.SubscribeSync(nats.NewInbox())
	if err != nil {
		return fmt.Errorf("ask everyone for %s: %w", kind, err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := j.nc.PublishRequest(j.names.all(kind), sub.Subject, ask); err != nil {
		return fmt.Errorf("ask everyone for %s: %w", kind, err)
	}
	var refused error
	for heard := map[string]bool{}; !j.heardAll(heard); {
		m, err := sub.NextMsgWithContext(ctx)
		switch {
		case ctx.Err() != nil:
			return refused
		case errors.Is(err, nats.ErrNoResponders) || err == nil && m.Header.Get(statusHeader) == "503":
			return ErrNobody
		case err != nil:
			return fmt.Errorf("ask everyone for %s: %w", kind, err)
		}
		from := m.Header.Get(fromHeader)
		if heard[from] {
			continue
		}
		heard[from] = true
		if text := m.Header.Get(errorHeader); text != "" {
			refused = errors.Join(refused, fmt.Errorf("%s of %s: %w", kind, from, refusal(text)))
			continue
		}
		answer(from, m.Data)
	}
	return refused
}

// heardAll is true once all nodes that are connected have answered. Who the nodes are is known with embedded servers only.
func (j *Journal) heardAll(heard map[string]bool) bool {
	if j.embedded == nil || !heard[j.cfg.Node] {
		return false
	}
	for _, other := range j.embedded.others() {
		if !heard[other] {
			return false
		}
	}
	return true
}
