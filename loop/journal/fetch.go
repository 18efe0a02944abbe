package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// One question gets at most maxFetch entries, or as many as pass maxFetchBytes.
	maxFetch      = 512
	maxFetchBytes = 4 << 20

	// fetchWait is how long the next entry of an answer is waited for.
	fetchWait = time.Second
)

// errNoAnswer is the error of from when no copy of the stream answered, or not to the end.
var errNoAnswer = errors.New("no copy of the log answers")

// fetcher asks the copies of the stream for entries: any of them, not only its leader. It belongs to the reader's goroutine.
type fetcher struct {
	nc      *nats.Conn
	stream  string
	answers chan *nats.Msg
	inbox   string
	asked   uint64
	sub     *nats.Subscription
}

func newFetcher(nc *nats.Conn, n names) (*fetcher, error) {
	f := &fetcher{nc: nc, stream: n.stream(), inbox: nats.NewInbox(), answers: make(chan *nats.Msg, 2*maxFetch)}
	sub, err := nc.ChanSubscribe(f.inbox+".*", f.answers)
	f.sub = sub
	return f, err
}

// from returns entries in their order, the first of them the one that was asked for or the first that the copy has after it, and whether there are more. None is no error.
func (f *fetcher) from(ctx context.Context, seq uint64) (entries []Entry, more bool, err error) {
	f.asked++
	reply := f.inbox + "." + strconv.FormatUint(f.asked, 10)
	ask, err := json.Marshal(map[string]uint64{"seq": seq, "batch": maxFetch, "max_bytes": maxFetchBytes})
	if err != nil {
		return nil, false, err
	}
	if err := f.nc.PublishRequest("$JS.API.DIRECT.GET."+f.stream, reply, ask); err != nil {
		return nil, false, fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	timer := time.NewTimer(fetchWait)
	defer timer.Stop()
	for {
		var m *nats.Msg
		select {
		case <-ctx.Done():
			return nil, false, errNoAnswer
		case <-timer.C:
			return entries, false, orNoAnswer(entries)
		case m = <-f.answers:
		}
		if !strings.HasSuffix(m.Subject, reply) {
			continue // it answers an earlier question
		}
		timer.Reset(fetchWait)
		switch status := m.Header.Get(statusHeader); status {
		case "":
			e, err := entryOf(m)
			if err != nil {
				return nil, false, err
			}
			entries = append(entries, e)
		case "204":
			return entries, m.Header.Get(pendingHeader) != "0", nil
		case "404":
			return entries, false, nil
		default:
			return entries, false, orNoAnswer(entries)
		}
	}
}

// orNoAnswer lets an answer that breaks off count as far as it has come.
func orNoAnswer(entries []Entry) error {
	if len(entries) > 0 {
		return nil
	}
	return errNoAnswer
}
