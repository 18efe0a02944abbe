//go:build linux

package reactor

import (
	"net"
	"os"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"
)

// testPatience is how long a test waits for what must come.
const testPatience = 10 * time.Second

// client is a connection with a name.
type client struct {
	Conn
	name string
}

// fake is a Handler that writes down what it is told. What its functions are nil for does nothing more.
type fake struct {
	loop   *Loop
	said   chan string
	opened func(c *client)
	read   func(c *client, said string)
	ended  func(c *client, err error)
	alarm  func(id uint64, kind uint8)
	steps  int
	rounds int
	rested int
	rang   []time.Duration
}

func (f *fake) Begins()                {}
func (f *fake) StepEnds()              { f.steps++ }
func (f *fake) Rests()                 { f.rested++ }
func (f *fake) RoundBegins()           { f.rounds++ }
func (f *fake) Rang(due time.Duration) { f.rang = append(f.rang, due) }
func (f *fake) Writable(ids []uint64) {
	for _, id := range ids {
		f.say("writable " + string(rune(id)))
	}
}

func (f *fake) say(what string) { f.said <- what }

func (f *fake) Opened(c Client) {
	f.say(c.(*client).name + " opened")
	if f.opened != nil {
		f.opened(c.(*client))
	}
}

func (f *fake) Read(c Client, buf []byte) {
	f.say(c.(*client).name + " said " + string(buf))
	if f.read != nil {
		f.read(c.(*client), string(buf))
	}
}

func (f *fake) Ended(c Client, err error) {
	words := c.(*client).name + " ended"
	if err != nil {
		words += ": " + err.Error()
	}
	f.say(words)
	if f.ended != nil {
		f.ended(c.(*client), err)
	}
}

func (f *fake) Alarm(id uint64, kind uint8) {
	if f.alarm != nil {
		f.alarm(id, kind)
	}
}

func (f *fake) Panicked(c Client, value any) {
	name := "nobody"
	if c != nil {
		name = c.(*client).name
	}
	f.say(name + " panicked: " + value.(string))
}

// start returns a loop that ends with the test.
func start(t *testing.T) *fake {
	t.Helper()
	began := time.Now()
	f := &fake{said: make(chan string, 1000)}
	l, err := Start(f, Config{ReadSize: 64 << 10, Clock: func() time.Duration { return time.Since(began) }, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	f.loop = l
	t.Cleanup(l.Stop)
	return f
}

// do runs do on the loop.
func (f *fake) do(t *testing.T, do func()) {
	t.Helper()
	if err := f.loop.Call(do); err != nil {
		t.Fatal(err)
	}
}

// expect fails unless the handler is told that next.
func (f *fake) expect(t *testing.T, want ...string) {
	t.Helper()
	for _, want := range want {
		select {
		case said := <-f.said:
			if said != want {
				t.Fatalf("the handler heard %q, want %q", said, want)
			}
		case <-time.After(testPatience):
			t.Fatalf("the handler heard nothing, want %q", want)
		}
	}
}

// expectNothing fails if the handler has been told something.
func (f *fake) expectNothing(t *testing.T) {
	t.Helper()
	f.do(t, func() {})
	select {
	case said := <-f.said:
		t.Fatalf("the handler heard %q, want nothing", said)
	default:
	}
}

// pair returns both ends of a Unix socket pair.
func pair(t *testing.T) (ours, theirs net.Conn) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	ends := make([]net.Conn, 2)
	for i, fd := range fds {
		if ends[i], err = NetConn(fd); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ends[i].Close() })
	}
	if err := ends[1].SetDeadline(time.Now().Add(testPatience)); err != nil {
		t.Fatal(err)
	}
	return ends[0], ends[1]
}

// enrol brings a client into the loop, and returns its end of the connection.
func (f *fake) enrol(t *testing.T, name string) (*client, net.Conn) {
	t.Helper()
	ours, theirs := pair(t)
	c := &client{name: name}
	if err := f.loop.Enrol(ours, c); err != nil {
		t.Fatal(err)
	}
	f.expect(t, name+" opened")
	return c, theirs
}

func say(t *testing.T, c net.Conn, words string) {
	t.Helper()
	if _, err := c.Write([]byte(words)); err != nil {
		t.Fatal(err)
	}
}

// expectEnd fails unless the other end of c has been closed.
func expectEnd(t *testing.T, c net.Conn) {
	t.Helper()
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil || os.IsTimeout(err) {
		t.Fatalf("Read = %d, %v, want the end of the stream", n, err)
	}
}

func (c *client) fd() int {
	if c.Attached() {
		return c.Descriptor()
	}
	return -1
}

// rounds2 lets the loop look at its descriptors twice at least.
func (f *fake) rounds2(t *testing.T) {
	t.Helper()
	err := f.loop.CallUntil(func(done func()) { f.loop.AfterInput(func() { f.loop.AfterInput(done) }) })
	if err != nil {
		t.Fatal(err)
	}
}

// dial returns both ends of a connection of that network.
func dial(t *testing.T, network, address string) (ours, theirs net.Conn) {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skip(err) // not every machine has IPv6
	}
	defer l.Close()
	theirs, err = net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { theirs.Close() })
	if ours, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

// soon has a task run that is asked for once.
func (f *fake) soon(task func()) { f.loop.NewTask(task).Soon() }
