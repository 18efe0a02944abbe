package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
)

const (
	// resendAfter is how long a batch waits for its acknowledgement before it is published again; afterAck how long one that the log has waits for its reader to say Done; afterError how
	// long one waits that the log refused.
	resendAfter = time.Second
	afterAck    = 5 * time.Second
	afterError  = 100 * time.Millisecond
)

// publisher publishes one batch at a time, again and again until somebody has read it.
type publisher struct {
	nc      *nats.Conn
	names   names
	log     zerolog.Logger
	stored  func(seq uint64) // the log has the batch of ours there
	bell    chan struct{}
	elected chan struct{} // rings when the stream has a new leader: what the old one got may be lost
	acks    chan *nats.Msg
	inbox   string
	mu      sync.Mutex
	waiting *outgoing // nil when there is nothing to publish
	takes   bool      // what was published last is in the log
	lastAck time.Time
	resent  uint64
	lastErr error
}

// outgoing is a batch on its way.
type outgoing struct {
	number uint64
	since  time.Time
	msg    nats.Msg
}

func newPublisher(nc *nats.Conn, n names, log zerolog.Logger, stored func(uint64)) (*publisher, error) {
	p := &publisher{nc: nc, names: n, log: log, stored: stored, bell: make(chan struct{}, 1), elected: make(chan struct{}, 1), acks: make(chan *nats.Msg, 64), inbox: nats.NewInbox(), takes: true}
	if _, err := nc.ChanSubscribe(p.inbox+".*", p.acks); err != nil {
		return nil, fmt.Errorf("listen for acknowledgements: %w", err)
	}
	return p, nil
}

// publish takes a batch and forgets the one before.
func (p *publisher) publish(incarnation, number uint64, body []byte) {
	if len(body) > MaxBody {
		panic(fmt.Sprintf("journal: batch %d has %d bytes, at most %d are possible", number, len(body), MaxBody))
	}
	o := &outgoing{number: number, since: time.Now(), msg: nats.Msg{Subject: p.names.batches(), Data: body, Header: nats.Header{
		nodeHeader:        {p.names.node},
		incarnationHeader: {strconv.FormatUint(incarnation, 10)},
		numberHeader:      {strconv.FormatUint(number, 10)},
	}}}
	p.mu.Lock()
	p.waiting = o
	p.mu.Unlock()
	ring(p.bell)
}

func (p *publisher) done(number uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting != nil && p.waiting.number == number {
		p.waiting = nil
	}
}

func (p *publisher) current() *outgoing {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting
}

// run publishes until the context is over.
func (p *publisher) run(ctx context.Context) {
	var (
		sent    *outgoing
		attempt uint64
		first   uint64 // attempt of what was sent last
		timer   = time.NewTimer(resendAfter)
	)
	defer timer.Stop()
	for {
		again, within := false, resendAfter
		select {
		case <-ctx.Done():
			return
		case ack := <-p.acks:
			if n, err := strconv.ParseUint(strings.TrimPrefix(ack.Subject, p.inbox+"."), 10, 64); err == nil && sent != nil && n >= first {
				timer.Reset(p.acknowledged(ack))
			}
			continue
		case <-p.bell:
		case <-p.elected:
			again, within = true, afterError
		case <-timer.C:
			again = true
		}
		now := p.current()
		if now == nil || now == sent && !again {
			continue
		}
		attempt++
		if now == sent {
			p.countResent()
		} else {
			first = attempt
		}
		sent = now
		if !p.send(now, attempt) {
			within = afterError
		}
		timer.Reset(within)
	}
}

// send publishes a batch and is false if the connection doesn't take it.
func (p *publisher) send(o *outgoing, attempt uint64) bool {
	o.msg.Reply = p.inbox + "." + strconv.FormatUint(attempt, 10)
	err := p.nc.PublishMsg(&o.msg)
	if err != nil {
		p.refused(err)
	}
	return err == nil
}

// acknowledged notes what the log says of a batch, and returns when it is to be published again if nobody says that it is done.
func (p *publisher) acknowledged(m *nats.Msg) time.Duration {
	seq, err := ackOf(m)
	if err != nil {
		p.refused(err)
		return afterError
	}
	p.mu.Lock()
	was := p.lastErr
	p.takes, p.lastAck, p.lastErr = true, time.Now(), nil
	p.mu.Unlock()
	if was != nil {
		p.log.Info().Msg("the log takes batches again")
	}
	p.stored(seq)
	return afterAck
}

// refused logs the first error of a row.
func (p *publisher) refused(err error) {
	p.mu.Lock()
	was := p.lastErr
	p.takes, p.lastErr = false, err
	p.mu.Unlock()
	if was == nil {
		p.log.Warn().Err(err).Msg("the log takes no batches, they wait")
	}
}

func (p *publisher) countResent() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.resent++
}

// ackOf reads an acknowledgement of JetStream.
func ackOf(m *nats.Msg) (seq uint64, err error) {
	if status := m.Header.Get(statusHeader); status != "" {
		return 0, fmt.Errorf("nobody keeps the log just now (status %s)", status)
	}
	var ack struct {
		Seq   uint64 `json:"seq"`
		Error *struct {
			Description string `json:"description"`
		} `json:"error"`
	}
	if err := json.Unmarshal(m.Data, &ack); err != nil {
		return 0, fmt.Errorf("an acknowledgement that can't be read: %w", err)
	}
	if ack.Error != nil {
		return 0, errors.New(ack.Error.Description)
	}
	return ack.Seq, nil
}

// ring tells who waits at a bell of one place, and never waits itself.
func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}
