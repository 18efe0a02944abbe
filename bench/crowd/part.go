//go:build linux

package crowd

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"golang.org/x/sys/unix"

	"looproom/bench"
)

// Part is which clients one process holds.
type Part struct {
	// Number is which of Parts it is, from 0, and Clients how many it holds.
	Number, Parts, Clients int
	// Address is where they come, an IPv4 address and a port; From is their own, the same for all.
	Address, From string
	Dialect       bench.Dialect
	// Notices begin what the server tells everybody and is no refusal, though it looks like one.
	Notices [][]byte
	// Burst is how many are on their way in at once.
	Burst int
}

// order is a line that a part reads.
type order struct {
	Talk  float64       `json:"talk,omitempty"` // so many messages a second
	For   time.Duration `json:"for_ns,omitempty"`
	Ask   []byte        `json:"ask,omitempty"`   // the first client is to ask that
	Until []byte        `json:"until,omitempty"` // and to hear that
}

// Word is a line that a part writes: how far it is, at least once a second while anything changes.
type Word struct {
	In     int            `json:"in"`              // clients that are in
	Ended  map[string]int `json:"ended,omitempty"` // connections that have ended, or have not come about, by reason
	Heard  int64          `json:"heard"`           // messages, by all clients together
	Said   int64          `json:"said"`
	Wrong  int64          `json:"wrong"`            // of what was heard, how often a message was missing in front of it, came twice or out of order
	Talked bool           `json:"talked"`           // the time to talk is over
	Answer string         `json:"answer,omitempty"` // what was last asked for, the line up to its end
	// Latency is from when a message was due to when a client had it.
	Latency *bench.Distribution `json:"latency,omitempty"`
}

// part is a Part at work. It belongs to one goroutine.
type part struct {
	Part
	to      unix.SockaddrInet4
	from    [4]byte
	epoll   int
	clients []client
	dialed  int // clients that have begun to connect
	coming  int // of them, those that are on their way in
	word    Word
	told    time.Time
	orders  chan order
	out     *json.Encoder

	talk    time.Duration // between two messages; 0: nobody talks
	due     int64         // the next one
	until   int64         // what is due then isn't said any more
	number  uint32
	asked   []byte // what the answer to a question has in it; nil: nothing has been asked
	scratch []byte
	buf     []byte
}

// readSize is how much is read at once: what waits for a client is mostly a few lines.
const readSize = 256 << 10

// RunPart holds the clients of a part until in ends: it reads orders there, and writes to out.
func RunPart(o Part, in io.Reader, out io.Writer) error {
	p := &part{Part: o, clients: make([]client, o.Clients), orders: make(chan order, 1), out: json.NewEncoder(out), buf: make([]byte, readSize)}
	p.word.Ended = map[string]int{}
	p.word.Latency = &bench.Distribution{}
	if err := p.resolve(); err != nil {
		return err
	}
	var err error
	if p.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("epoll_create1: %w", err)
	}
	go p.readOrders(in)
	return p.run()
}

func (p *part) resolve() error {
	to, err := net.ResolveTCPAddr("tcp4", p.Address)
	if err != nil {
		return fmt.Errorf("target %s: %w", p.Address, err)
	}
	from := net.ParseIP(p.From).To4()
	if from == nil {
		return fmt.Errorf("clients' address %q: not one of IPv4", p.From)
	}
	p.to, p.from = unix.SockaddrInet4{Port: to.Port, Addr: [4]byte(to.IP.To4())}, [4]byte(from)
	return nil
}

// readOrders brings the orders to the part, and closes their channel when there are no more.
func (p *part) readOrders(in io.Reader) {
	defer close(p.orders)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var o order
		if json.Unmarshal(lines.Bytes(), &o) == nil {
			p.orders <- o
		}
	}
}

// run is the part's life.
func (p *part) run() error {
	events := make([]unix.EpollEvent, 1024)
	for {
		p.dialMore()
		n, err := unix.EpollWait(p.epoll, events, p.patience())
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("epoll_wait: %w", err)
		}
		for i := range max(n, 0) {
			p.handle(&p.clients[events[i].Fd], events[i].Events)
		}
		p.sayDue()
		select {
		case o, ok := <-p.orders:
			if !ok {
				return nil
			}
			p.obey(o)
		default:
		}
		if time.Since(p.told) > 200*time.Millisecond {
			p.told = time.Now()
			if err := p.out.Encode(&p.word); err != nil {
				return fmt.Errorf("tell how far the part is: %w", err)
			}
		}
	}
}

// patience is how long epoll waits, in milliseconds.
func (p *part) patience() int {
	const most = 50
	if p.talk == 0 {
		return most
	}
	return int(min(max((p.due-now())/int64(time.Millisecond), 0), most))
}

// now is the clock that all processes of a machine share.
func now() int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) // Linux has it
	return t.Nano()
}

func (p *part) obey(o order) {
	if o.Talk > 0 {
		p.talk = time.Duration(float64(time.Second) / o.Talk)
		p.due, p.until = now(), now()+int64(o.For)
		p.word.Talked = false
	}
	if len(o.Ask) > 0 {
		p.asked, p.word.Answer = o.Until, ""
		p.must(&p.clients[0], p.clients[0].send(o.Ask))
	}
}

// dialMore has more clients begin to come.
func (p *part) dialMore() {
	for p.coming < p.Burst && p.dialed < len(p.clients) {
		c := &p.clients[p.dialed]
		c.index, c.next = p.dialed, make([]uint32, p.Parts)
		p.dialed++
		p.coming++
		err := c.dial(p.from, &p.to)
		if err == nil {
			err = unix.EpollCtl(p.epoll, unix.EPOLL_CTL_ADD, c.fd, &unix.EpollEvent{Events: c.wants(), Fd: int32(c.index)})
		}
		p.must(c, err)
	}
}

// must ends c if there is an error.
func (p *part) must(c *client, err error) {
	if err == nil || c.stage == ended {
		return
	}
	if c.stage == inside {
		p.word.In--
	} else {
		p.coming--
	}
	c.stage = ended
	unix.Close(c.fd)
	p.word.Ended[err.Error()]++
}

func (p *part) handle(c *client, events uint32) {
	wanted := c.wants()
	if c.stage == connecting && events&(unix.EPOLLOUT|unix.EPOLLERR|unix.EPOLLHUP) != 0 {
		p.must(c, p.connected(c))
	} else if c.stage != ended && events&unix.EPOLLOUT != 0 {
		p.must(c, c.send(nil))
	}
	if c.stage != ended && c.stage != connecting && events&(unix.EPOLLIN|unix.EPOLLERR|unix.EPOLLHUP) != 0 {
		p.must(c, p.readable(c))
	}
	if c.stage != ended && c.wants() != wanted {
		p.must(c, unix.EpollCtl(p.epoll, unix.EPOLL_CTL_MOD, c.fd, &unix.EpollEvent{Events: c.wants(), Fd: int32(c.index)}))
	}
}

func (p *part) connected(c *client) error {
	code, err := unix.GetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && code != 0 {
		err = unix.Errno(code)
	}
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	c.stage, c.steps = greeting, p.Dialect.Hello(c.index, 0)
	return p.greet(c)
}

// greet says what comes next of the hello.
func (p *part) greet(c *client) error {
	for len(c.steps) > 0 {
		if err := c.send(c.steps[0].Send); err != nil || len(c.steps[0].Await) > 0 {
			return err
		}
		c.steps = c.steps[1:]
	}
	c.stage, c.steps, c.tail = inside, nil, nil
	p.coming--
	p.word.In++
	return nil
}

var errRefused = errors.New("refused by the server")

func (p *part) readable(c *client) error {
	begin := copy(p.buf, c.tail)
	n, err := c.receive(p.buf[begin:])
	if err != nil || n == 0 {
		return err
	}
	in := p.buf[:begin+n]
	if c.stage == greeting {
		return p.greeted(c, in)
	}
	if p.asked != nil && c.index == 0 {
		p.look(in)
	}
	rest := p.hear(c, in)
	c.tail = append(c.tail[:0], rest...)
	if len(rest) == 0 {
		c.tail = nil
	}
	p.scratch = p.Dialect.Control(p.scratch[:0], in[begin:])
	if len(p.scratch) > 0 {
		return c.send(p.scratch)
	}
	return nil
}

func (p *part) greeted(c *client, in []byte) error {
	const keep = 1024
	step := &c.steps[0]
	switch {
	case len(step.Refused) > 0 && bytes.Contains(p.withoutNotices(in), step.Refused):
		return errRefused
	case !bytes.Contains(in, step.Await):
		c.tail = append(c.tail[:0], in[max(0, len(in)-keep):]...)
		return nil
	}
	c.steps = c.steps[1:]
	return p.greet(c)
}

func (p *part) withoutNotices(in []byte) []byte {
	for _, notice := range p.Notices {
		in = bytes.ReplaceAll(in, notice, nil)
	}
	return in
}

// look finds the answer to what the first client was to ask.
func (p *part) look(in []byte) {
	_, behind, found := bytes.Cut(in, p.asked)
	line, _, whole := bytes.Cut(behind, []byte("\n"))
	if found && whole {
		p.word.Answer, p.asked = string(p.asked)+string(bytes.TrimSpace(line)), nil
	}
}

// hear counts what stands in what has come, and returns where more may have begun.
func (p *part) hear(c *client, in []byte) []byte {
	at := now()
	for {
		talker, number, due, rest, found := nextWords(in)
		if in = rest; !found {
			return rest
		}
		if int(talker) >= p.Parts || int(talker) == p.Number && c.index == 0 {
			continue // its own, or nobody's
		}
		if number != c.next[talker] {
			p.word.Wrong++
		}
		c.next[talker] = number + 1
		p.word.Heard++
		p.word.Latency.Record(time.Duration(at - due))
	}
}

// sayDue has the first client say what is due.
func (p *part) sayDue() {
	for p.talk > 0 && p.due <= now() {
		if p.due >= p.until {
			p.talk, p.word.Talked = 0, true
			return
		}
		words := appendWords(nil, uint32(p.Number), p.number, p.due)
		p.due += int64(p.talk)
		p.number++
		p.word.Said++
		first := &p.clients[0]
		p.must(first, first.send(p.Dialect.Say(nil, 0, 0, words)))
	}
}
