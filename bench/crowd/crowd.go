//go:build linux

package crowd

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"

	"looproom/bench"
)

// Options is what a crowd is.
type Options struct {
	// Command returns the arguments of the process that calls RunPart for a part, the program first.
	Command func(number int) []string
	// Parts is how many there are, and Clients how many are in all of them.
	Parts, Clients int
	// Rate is messages a second of all parts together, for the time For.
	Rate float64
	For  time.Duration
	// Ask is what one client of each part asks at the end, and Until what the line of the answer has in it. nil: nothing is asked.
	Ask, Until []byte
	// Patience is how long nothing may happen before the rest counts as lost.
	Patience time.Duration
	// Gathered is called when all are in, before anybody talks, and Talked when all has been heard.
	Gathered, Talked func() error
	// Progress is told how far the crowd is, once a second.
	Progress func(phase string, w Word)
}

// Result is what came of a crowd.
type Result struct {
	Clients int            `json:"clients"` // that were to come
	In      int            `json:"in"`      // that came in, and were there at the end
	Ended   map[string]int `json:"ended,omitempty"`
	Took    time.Duration  `json:"took_ns"` // from the first one's connect until all were in
	// Said counts messages, Expected and Heard deliveries. Wrong is how often one was missing, came twice or out of order.
	Said     int64 `json:"said"`
	Expected int64 `json:"expected"`
	Heard    int64 `json:"heard"`
	Wrong    int64 `json:"wrong"`
	// Talking is from the first message until the last was heard.
	Talking time.Duration      `json:"talking_ns"`
	Latency bench.Distribution `json:"latency"`
	// Answers are those of the parts, by their numbers.
	Answers []string `json:"answers,omitempty"`
}

// running is a part as the crowd has it.
type running struct {
	command *exec.Cmd
	orders  io.WriteCloser
	said    chan struct{} // closed when it says no more

	mu   sync.Mutex
	word Word
}

// crowd is a Crowd at work.
type crowd struct {
	options Options
	parts   []*running
}

// Run gathers a crowd, has it talk, and returns what came of it. The error is for what kept it from that.
func Run(ctx context.Context, o Options) (r *Result, err error) {
	c := &crowd{options: o}
	defer c.end()
	began := time.Now()
	for number := range o.Parts {
		part, err := start(o.Command(number))
		if err != nil {
			return nil, fmt.Errorf("part %d: %w", number, err)
		}
		c.parts = append(c.parts, part)
	}
	r = &Result{Clients: o.Clients}
	if err := c.wait(ctx, "coming", func(w *Word) (int64, bool) { return int64(w.In), w.In+sum(w.Ended) >= o.Clients }); err != nil {
		return nil, err
	}
	r.Took = time.Since(began)
	in := c.word().In
	if err := o.Gathered(); err != nil {
		return nil, err
	}
	began = time.Now()
	c.tell(order{Talk: o.Rate / float64(o.Parts), For: o.For})
	err = c.wait(ctx, "talking", func(w *Word) (int64, bool) { return w.Heard + w.Said, w.Talked && w.Heard >= w.Said*int64(in-1) })
	r.Talking = time.Since(began)
	if err = errors.Join(err, o.Talked()); err != nil {
		return nil, err
	}
	if o.Ask != nil {
		c.tell(order{Ask: o.Ask, Until: o.Until})
		err = c.wait(ctx, "asking", func(*Word) (int64, bool) { return 0, !slices.Contains(c.answers(), "") })
	}
	w := c.word()
	r.In, r.Ended, r.Said, r.Heard, r.Wrong, r.Latency = w.In, w.Ended, w.Said, w.Heard, w.Wrong, *w.Latency
	r.Expected, r.Answers = w.Said*int64(in-1), c.answers()
	return r, err
}

func start(argv []string) (*running, error) {
	r := &running{command: exec.Command(argv[0], argv[1:]...), said: make(chan struct{})}
	r.command.Stderr = os.Stderr
	out, err := r.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if r.orders, err = r.command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := r.command.Start(); err != nil {
		return nil, err
	}
	go r.listen(out)
	return r, nil
}

// listen keeps the last word of a part.
func (r *running) listen(out io.Reader) {
	defer close(r.said)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var w Word
		if json.Unmarshal(lines.Bytes(), &w) == nil {
			r.mu.Lock()
			r.word = w
			r.mu.Unlock()
		}
	}
}

func (c *crowd) tell(o order) {
	line, _ := json.Marshal(o) // nothing in it can't be
	for _, part := range c.parts {
		_, _ = part.orders.Write(append(line, '\n')) // one that has ended shows by what it doesn't say
	}
}

// word is what all parts have said last, added up.
func (c *crowd) word() Word {
	all := Word{Ended: map[string]int{}, Talked: true, Latency: &bench.Distribution{}}
	for _, part := range c.parts {
		part.mu.Lock()
		w := part.word
		part.mu.Unlock()
		all.In, all.Heard, all.Said, all.Wrong = all.In+w.In, all.Heard+w.Heard, all.Said+w.Said, all.Wrong+w.Wrong
		all.Talked = all.Talked && w.Talked
		for why, n := range w.Ended {
			all.Ended[why] += n
		}
		if w.Latency != nil {
			all.Latency.Merge(w.Latency)
		}
	}
	return all
}

func (c *crowd) answers() (all []string) {
	for _, part := range c.parts {
		part.mu.Lock()
		all = append(all, part.word.Answer)
		part.mu.Unlock()
	}
	return all
}

func sum(m map[string]int) (n int) {
	for v := range maps.Values(m) {
		n += v
	}
	return n
}

// wait returns when done, or when for the patience nothing has moved. look says how far the crowd is, too.
func (c *crowd) wait(ctx context.Context, phase string, look func(*Word) (at int64, done bool)) error {
	const every = 100 * time.Millisecond
	last, since, told := int64(-1), time.Now(), time.Now()
	for {
		w := c.word()
		at, done := look(&w)
		if done {
			return nil
		}
		if at != last {
			last, since = at, time.Now()
		}
		if time.Since(since) > c.options.Patience {
			return nil
		}
		if time.Since(told) >= time.Second {
			told = time.Now()
			c.options.Progress(phase, w)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

// end ends the parts.
func (c *crowd) end() {
	for _, part := range c.parts {
		_ = part.orders.Close() // it ends by that
	}
	for _, part := range c.parts {
		select {
		case <-part.said:
		case <-time.After(10 * time.Second):
			_ = part.command.Process.Kill()
			<-part.said
		}
		_ = part.command.Wait() // what it has said is what counts
	}
}
