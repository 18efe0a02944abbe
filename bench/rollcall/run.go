//go:build linux

package rollcall

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"looproom/bench"
	"looproom/bench/bystander"
)

// Options is who comes where.
type Options struct {
	// Address is host:port.
	Address string
	// Clients is how many come into the channel, evenly within the time Within.
	Clients int
	Within  time.Duration
	// Burst is how many of them may be on their way in at once. 0: any number.
	Burst int
	// Bystander is the language of the one who asks, Pings times a second; nil or 0: there is none.
	Bystander bench.Asker
	Pings     float64
	// Pin has the bystander's thread run on these CPUs. nil: where the kernel likes.
	Pin []int
	// Patience is how long nothing may come that the server owes. 0: a minute.
	Patience time.Duration
	// Progress is told how many clients have come and played their parts, now and then; nil: nobody is.
	Progress func(done int)
}

// Result is what came of it.
type Result struct {
	Clients int `json:"clients"` // that were to come
	In      int `json:"in"`      // that came in
	Members int `json:"members"` // of the channel at the end
	Listed  int `json:"listed"`  // of them, those that NAMES tells to everybody
	// Took is from when the first one was due until the last one was in.
	Took time.Duration `json:"took_ns"`
	// Entering is, of each who came in, from when it was due until it had the names.
	Entering bench.Distribution `json:"entering"`
	// RoundTrip is what the bystander has seen while they came, of Asked questions; Late ones left over a millisecond after they were due.
	RoundTrip bench.Distribution `json:"round_trip"`
	Asked     int64              `json:"asked"`
	Answered  int64              `json:"answered"`
	Late      int64              `json:"late"`
	// Wrong is how many clients see somebody who isn't there, don't see somebody who is, or were told what can't be. Faults tells of some.
	Wrong  int      `json:"wrong"`
	Faults []string `json:"faults,omitempty"`
	// Lost is why connections ended that should not have, by reason.
	Lost map[string]int `json:"lost,omitempty"`
	// Bytes is what came to all clients together.
	Bytes int64 `json:"bytes"`
}

// Run brings the clients in, waits until the server has told everybody all, and compares. The error is for what kept it from that.
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.Clients < 2 || o.Clients > 99_999 {
		return nil, errors.New("rollcall: from 2 to 99,999 clients")
	}
	if o.Patience == 0 {
		o.Patience = time.Minute
	}
	if o.Progress == nil {
		o.Progress = func(int) {}
	}
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	r := &rollcall{options: o, done: make(chan struct{}, o.Clients), told: make(chan struct{}, o.Clients), result: &Result{Clients: o.Clients, Lost: map[string]int{}}}
	r.deal()
	if err := r.gather(ctx); err != nil {
		return nil, err
	}
	if err := r.settle(ctx); err != nil {
		return nil, err
	}
	return r.result, r.compare()
}

// rollcall is a run under way.
type rollcall struct {
	options Options
	names   *names
	clients []*client
	done    chan struct{} // gets one for each who has played its part, or failed
	told    chan struct{} // and then one for each who has been told all, or failed: it is left alone then
	result  *Result
}

func (r *rollcall) deal() {
	r.names = newNames(r.options.Clients)
	stretch := max(len(parts)+1, r.options.Clients/30)
	for i := range r.options.Clients {
		r.clients = append(r.clients, &client{number: i, part: partOf(i, stretch), view: newView(r.names, i)})
	}
}

// gather brings the clients in, beside a bystander, and has them play their parts.
func (r *rollcall) gather(ctx context.Context) error {
	o := &r.options
	var aside *bystander.Group
	if o.Bystander != nil && o.Pings > 0 {
		var err error
		aside, err = bystander.Enter(ctx, bystander.Options{Address: o.Address, Dialect: o.Bystander, Room: 1, From: "127.0.0.9", Rate: o.Pings, Pin: o.Pin})
		if err != nil {
			return err
		}
		defer aside.Close()
		aside.Begin()
	}
	began := time.Now()
	go r.invite(ctx, began)
	if err := r.await(ctx, r.done, len(r.clients), "came in and played its part"); err != nil {
		return err
	}
	if aside != nil {
		seen := aside.End(ctx)
		r.result.RoundTrip, r.result.Asked, r.result.Answered, r.result.Late = seen.RoundTrip, seen.Asked, seen.Answered, seen.Late
		for _, why := range seen.Lost {
			r.result.Lost["bystander: "+why]++
		}
	}
	r.count(began)
	return nil
}

// invite has each client call when it is due.
func (r *rollcall) invite(ctx context.Context, began time.Time) {
	o := &r.options
	places := make(chan struct{}, max(o.Burst, 1))
	for i, c := range r.clients {
		due := began.Add(time.Duration(i) * o.Within / time.Duration(o.Clients))
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return
		}
		if o.Burst > 0 {
			places <- struct{}{}
		}
		go func() {
			c.err = c.call(ctx, o.Address, due)
			if o.Burst > 0 {
				<-places
			}
			stays := c.err == nil && !c.left
			r.done <- struct{}{}
			if stays {
				c.lost = c.listen()
				r.told <- struct{}{}
			}
		}()
	}
}

// await waits until so many have come out of done.
func (r *rollcall) await(ctx context.Context, done <-chan struct{}, many int, what string) error {
	patience := time.NewTimer(r.options.Patience)
	defer patience.Stop()
	for n := range many {
		if n%100 == 0 {
			r.options.Progress(n)
		}
		select {
		case <-done:
			patience.Reset(r.options.Patience)
		case <-ctx.Done():
			return ctx.Err()
		case <-patience.C:
			return fmt.Errorf("rollcall: %d of %d clients are done, and for %v no other %s", n, many, r.options.Patience, what)
		}
	}
	return nil
}

// count looks at who has come in.
func (r *rollcall) count(began time.Time) {
	for _, c := range r.clients {
		if !c.came.IsZero() {
			r.result.In++
			r.result.Entering.Record(c.took)
			r.result.Took = max(r.result.Took, c.came.Sub(began))
		}
		if c.err != nil {
			r.result.Lost[reason(c.err)]++
		}
	}
}

// settle has every client that is still there ask, so that all that was said before has come to it when it has its answer.
func (r *rollcall) settle(ctx context.Context) error {
	stayed := 0
	for _, c := range r.clients {
		if c.err == nil && !c.left {
			stayed++
			_, _ = io.WriteString(c.conn, ask) // where it fails, the one who reads finds out as well
		}
	}
	if err := r.await(ctx, r.told, stayed, "was told all"); err != nil {
		return err
	}
	for _, c := range r.clients {
		if c.lost != nil {
			r.result.Lost[reason(c.lost)]++
		}
		r.result.Bytes += c.bytes
	}
	return nil
}

// reason is an error in words that don't differ from client to client.
func reason(err error) string {
	if errors.Is(err, io.EOF) {
		return "closed by the server: " + err.Error()
	}
	return err.Error()
}
