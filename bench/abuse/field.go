//go:build linux

package abuse

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"looproom/bench"
	"looproom/bench/guest"
	"looproom/codec"
)

// Door is where a server speaks a dialect.
type Door struct {
	Address string
	Dialect bench.Dialect
}

// field is where an attack takes place: a server that runs, and all who come to it. It belongs to one goroutine.
type field struct {
	ctx   context.Context
	door  Door
	size  Size
	burst int // how many may be on their way in at once
	crew  *crew
	came  int // clients, for their names and addresses
}

const (
	// perAddress is how many clients come from one address. Servers count by it what one may send, too.
	perAddress = 20
	// smallBuffer is what the kernel keeps for who doesn't read, in bytes: the sooner the server feels it.
	smallBuffer = 4 << 10
	// room is where attackers are.
	room = 1
	// quietRoom is where bystanders are.
	quietRoom = 4242
)

// addressOf is where client number n of a server on this machine's 127.0.0.0/8 comes from; elsewhere it is the system's choice.
func addressOf(server string, n int) string {
	n /= perAddress
	return from(server, fmt.Sprintf("127.1.%d.%d", n/250%250, 1+n%250))
}

// from is the address where a client of the server can come from it.
func from(server, address string) string {
	if at, err := netip.ParseAddrPort(server); err != nil || !at.Addr().Is4() || !at.Addr().IsLoopback() {
		return ""
	}
	return address
}

// enter brings n clients in, in a room. Each says what more has for it before it counts as in, and has the answers; nil: nothing.
func (f *field) enter(n, room int, reads bool, more func(i int) []byte) ([]*member, error) {
	fds, errs := make([]int, n), make([]error, n)
	var coming sync.WaitGroup
	places := make(chan struct{}, cmp.Or(f.burst, 64))
	first := f.came
	f.came += n
	for i := range n {
		places <- struct{}{}
		coming.Go(func() {
			defer func() { <-places }()
			fds[i], errs[i] = f.enterOne(first+i, i, room, reads, more)
		})
	}
	coming.Wait()
	var members []*member
	for i := range n {
		if errs[i] != nil {
			continue
		}
		m, err := f.crew.add(fds[i], reads)
		if err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	if err := cmp.Or(errs...); err != nil {
		return nil, fmt.Errorf("bring in the attackers: %w", err)
	}
	return members, nil
}

func (f *field) enterOne(number, i, room int, reads bool, more func(i int) []byte) (int, error) {
	o := guest.Options{Address: f.door.Address, Dialect: f.door.Dialect, Number: number, Room: room, From: addressOf(f.door.Address, number)}
	if !reads {
		o.Buffer = smallBuffer
	}
	if more != nil {
		o.Dialect = prepared{f.door.Dialect, more(i)}
	}
	return guest.Enter(f.ctx, o)
}

// prepared is a dialect whose hello says more, and waits until that is done.
type prepared struct {
	bench.Dialect
	more []byte
}

func (p prepared) Hello(client, room int) []bench.HelloStep {
	steps := p.Dialect.Hello(client, room)
	asker, asks := p.Dialect.(bench.Asker)
	if !asks {
		return append(steps, bench.HelloStep{Send: p.more})
	}
	// What is more may be shared with others.
	return append(steps, bench.HelloStep{Send: asker.Ask(slices.Clip(p.more)), Await: asker.Answer()})
}

// line is a line of text as the door takes it.
func (f *field) line(text string) []byte { return appendLine(nil, f.door.Dialect.Name(), text) }

// lines are several in one.
func (f *field) lines(texts ...string) (all []byte) {
	for _, text := range texts {
		all = appendLine(all, f.door.Dialect.Name(), text)
	}
	return all
}

// times is a line that many times over.
func (f *field) times(n int, texts ...string) (all []byte) {
	for range n {
		all = append(all, f.lines(texts...)...)
	}
	return all
}

// lineEnds are those of dialects of text.
var lineEnds = map[string]string{"line": "\n", "echo": "\n", "plain": "\n", "irc": "\r\n", "redis": "\r\n", "nats": "\r\n"}

func appendLine(dst []byte, dialect, text string) []byte {
	if end, plain := lineEnds[dialect]; plain {
		return append(append(dst, text...), end...)
	}
	return codec.AppendMaskedFrame(dst, codec.OpText, mask, []byte(text)) // the others speak WebSocket
}

// mask is that of all messages; the server can't tell that it is not drawn anew for each.
const mask = 0x5a17c3e9
