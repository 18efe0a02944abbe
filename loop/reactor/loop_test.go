//go:build linux

package reactor

import (
	"io"
	"net"
	"os"
	"slices"
	"sync/atomic"
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
		if ends[i], err = connOf(fd); err != nil {
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

// TestConnections: what a connection tells its handler, from its beginning to its end.
func TestConnections(t *testing.T) {
	f := start(t)
	ann, anns := f.enrol(t, "ann")
	_, bobs := f.enrol(t, "bob")
	say(t, anns, "hello")
	f.expect(t, "ann said hello")
	say(t, bobs, "hi")
	f.expect(t, "bob said hi")
	f.do(t, func() {
		if !ann.Attached() {
			t.Error("ann is not attached")
		}
	})
	anns.Close()
	f.expect(t, "ann ended")
	f.do(t, func() {
		if ann.Attached() {
			t.Error("ann is attached behind her end")
		}
	})
}

// TestManyEnrol: more than are enrolled at once, one after the other and together.
func TestManyEnrol(t *testing.T) {
	f := start(t)
	const many = 4 * enrolsAtOnce
	errs := make(chan error, many)
	for range many {
		ours, _ := pair(t)
		go func() { errs <- f.loop.Enrol(ours, &client{name: "one of many"}) }()
	}
	for range many {
		select {
		case err := <-errs:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(testPatience):
			t.Fatal("not all have been enrolled")
		}
		f.expect(t, "one of many opened")
	}
}

// TestOutlives: a connection whose stream has ended goes on by a descriptor of its own, and comes back by it.
func TestOutlives(t *testing.T) {
	f := start(t)
	ann, anns := f.enrol(t, "ann")
	own := make(chan int, 1)
	f.do(t, func() {
		f.ended = func(c *client, _ error) {
			fd, err := c.Dup()
			if err != nil {
				t.Error(err)
			}
			own <- fd
		}
		f.loop.End(ann)
	})
	f.expect(t, "ann ended")
	conn, err := connOf(<-own)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("still here")); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 20)
	if n, err := anns.Read(buf); string(buf[:n]) != "still here" {
		t.Fatalf("Read = %q, %v, want what the descriptor of its own has sent", buf[:n], err)
	}
	f.do(t, func() {
		fd, err := descriptorOf(conn)
		if err == nil {
			err = f.loop.Watch(ann, 'a', fd)
		}
		if err != nil {
			t.Error(err)
		}
	})
	f.expect(t, "writable a")
	if err := f.loop.Enrol(conn, ann); err != nil {
		t.Fatal(err)
	}
	f.expect(t, "ann opened")
	f.do(t, func() {
		if len(f.loop.waker.armed) > 0 {
			t.Error("the descriptor of her own is still known, and is closed")
		}
	})
	say(t, anns, "back")
	f.expect(t, "ann said back")
}

// TestClose: however a connection is closed, the client sees its end, and the handler hears no more of it.
func TestClose(t *testing.T) {
	for _, test := range []struct {
		name string
		ends func(f *fake, c *client)
	}{
		{"by a letter", func(f *fake, c *client) { f.loop.Post(func() { f.loop.Close(c) }) }},
		{"in its own callback", func(f *fake, _ *client) { f.read = func(c *client, _ string) { f.loop.Close(c) } }},
		{"twice in its own callback", func(f *fake, _ *client) { f.read = func(c *client, _ string) { f.loop.Close(c); f.loop.Close(c) } }},
		{"within a step about it", func(f *fake, c *client) {
			f.loop.Post(func() {
				f.loop.Within(c, func() {
					f.loop.Close(c)
					if _, err := unix.FcntlInt(uintptr(c.fd()), unix.F_GETFD, 0); err == nil && c.Attached() {
						f.say("attached")
					}
				})
			})
		}},
		{"by a letter, and to be ended before", func(f *fake, c *client) {
			f.loop.Post(func() { f.loop.End(c); f.loop.Close(c) })
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := start(t)
			ann, anns := f.enrol(t, "ann")
			f.do(t, func() { test.ends(f, ann) })
			_, _ = anns.Write([]byte("hello")) // may be over by now
			expectEnd(t, anns)
			f.do(t, func() {})
			for len(f.said) > 0 {
				if said := <-f.said; said != "ann said hello" {
					t.Errorf("the handler heard %q", said)
				}
			}
		})
	}
}

func (c *client) fd() int {
	if c.Attached() {
		return c.Descriptor()
	}
	return -1
}

// TestEnd: End within a step is followed by Ended behind that step.
func TestEnd(t *testing.T) {
	f := start(t)
	ann, anns := f.enrol(t, "ann")
	bob, bobs := f.enrol(t, "bob")
	f.do(t, func() {
		f.read = func(c *client, _ string) {
			f.loop.End(ann)
			f.loop.End(bob)
			f.say("both are to end")
		}
	})
	say(t, anns, "hello")
	f.expect(t, "ann said hello", "both are to end", "bob ended", "ann ended")
	expectEnd(t, anns)
	expectEnd(t, bobs)
}

// TestPanics: a panic in a step ends that step, and nothing else.
func TestPanics(t *testing.T) {
	f := start(t)
	ann, anns := f.enrol(t, "ann")
	f.do(t, func() { f.read = func(*client, string) { panic("in Read") } })
	say(t, anns, "hello")
	f.expect(t, "ann said hello", "ann panicked: in Read")
	f.do(t, func() {
		f.read = nil
		f.loop.Soon(func() { panic("in a task") })
		f.loop.Post(func() { panic("in a letter") })
		f.loop.AfterInput(func() { panic("behind the input") })
		f.loop.Within(ann, func() { panic("within") })
		f.alarm = func(uint64, uint8) { panic("in an alarm") }
		f.loop.SetAlarm(0, 1, 1)
	})
	want := []string{"nobody panicked: in a task", "nobody panicked: in a letter", "nobody panicked: behind the input", "ann panicked: within", "nobody panicked: in an alarm"}
	for range want {
		select {
		case said := <-f.said:
			if !slices.Contains(want, said) {
				t.Fatalf("the handler heard %q, want one of %q", said, want)
			}
		case <-time.After(testPatience):
			t.Fatal("a panic was not told")
		}
	}
	say(t, anns, "still here")
	f.expect(t, "ann said still here")
}

// TestPause: of who is paused nothing is read until that is over; then all that has come.
func TestPause(t *testing.T) {
	f := start(t)
	if err := f.loop.CanPause(); err != nil {
		t.Skip(err)
	}
	ann, anns := f.enrol(t, "ann")
	f.do(t, func() { f.loop.Pause(ann); f.loop.Pause(ann) })
	say(t, anns, "hello")
	f.rounds2(t)
	f.expectNothing(t)
	f.do(t, func() {
		if !f.loop.Paused(ann) {
			t.Error("ann is not paused")
		}
		f.loop.Resume(ann)
		if f.loop.Paused(ann) {
			t.Error("ann is still paused")
		}
	})
	f.expect(t, "ann said hello")
	f.do(t, func() {
		f.loop.Pause(ann)
		f.loop.Detach(ann)
		if f.loop.Paused(ann) || len(f.loop.paused) > 0 {
			t.Error("who is detached is still paused")
		}
		f.loop.Pause(ann)
		if f.loop.Paused(ann) {
			t.Error("who is detached can be paused")
		}
	})
}

// rounds2 lets the loop look at its descriptors twice at least.
func (f *fake) rounds2(t *testing.T) {
	t.Helper()
	err := f.loop.CallUntil(func(done func()) { f.loop.AfterInput(func() { f.loop.AfterInput(done) }) })
	if err != nil {
		t.Fatal(err)
	}
}

// TestWatch: there is word of a socket once each time that it was asked for, when it can take bytes, and none of one that is detached.
func TestWatch(t *testing.T) {
	f := start(t)
	ann, anns := f.enrol(t, "ann")
	sent := 0
	f.do(t, func() {
		full := make([]byte, 64<<10)
		for err := error(nil); err == nil; {
			var n int
			n, err = unix.Write(ann.Descriptor(), full)
			sent += max(n, 0)
		}
		if err := f.loop.Watch(ann, 'a', ann.Descriptor()); err != nil {
			t.Error(err)
		}
	})
	f.expectNothing(t)
	if _, err := io.CopyN(io.Discard, anns, int64(sent)); err != nil {
		t.Fatal(err)
	}
	f.expect(t, "writable a")
	f.expectNothing(t)
	f.do(t, func() {
		if err := f.loop.Watch(ann, 'b', ann.Descriptor()); err != nil {
			t.Error(err)
		}
	})
	f.expect(t, "writable b")
	f.do(t, func() {
		f.loop.Detach(ann)
		if len(f.loop.waker.armed) > 0 {
			t.Error("the descriptor of who is detached is still known")
		}
	})
	f.do(t, func() {
		if err := f.loop.Watch(ann, 'c', 1<<30); err == nil {
			t.Error("Watch of a descriptor that there is not = nil, want an error")
		}
	})
}

// TestAddressesAreForgotten: gnet holds no bytes of addresses for each connection.
func TestAddressesAreForgotten(t *testing.T) {
	for _, network := range []struct{ name, address string }{{"tcp4", "127.0.0.1:0"}, {"tcp6", "[::1]:0"}, {"unix", t.TempDir() + "/socket"}} {
		t.Run(network.name, func(t *testing.T) {
			f := start(t)
			ours, theirs := dial(t, network.name, network.address)
			c := &client{name: "ann"}
			if err := f.loop.Enrol(ours, c); err != nil {
				t.Fatal(err)
			}
			f.expect(t, "ann opened")
			f.do(t, func() {
				for _, address := range []net.Addr{c.conn.LocalAddr(), c.conn.RemoteAddr()} {
					if tcp, ok := address.(*net.TCPAddr); ok && &tcp.IP[0] != &nowhere[0] {
						t.Errorf("gnet keeps the address %v", tcp)
					}
				}
				if local, ok := c.conn.LocalAddr().(*net.UnixAddr); ok && local.Name != "" {
					t.Errorf("gnet keeps the name %q", local.Name)
				}
			})
			say(t, theirs, "hello")
			f.expect(t, "ann said hello")
		})
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

// TestEnrolRefused: what gnet can't take is closed, Enrol says so, and Opened isn't called.
func TestEnrolRefused(t *testing.T) {
	f := start(t)
	t.Run("closed before", func(t *testing.T) {
		ours, theirs := pair(t)
		ours.Close()
		if err := f.loop.Enrol(ours, &client{}); err == nil {
			t.Error("Enrol = nil, want an error")
		}
		expectEnd(t, theirs)
	})
	t.Run("of a kind that it doesn't know", func(t *testing.T) {
		ours, theirs := net.Pipe()
		if err := f.loop.Enrol(ours, &client{}); err == nil {
			t.Error("Enrol = nil, want an error")
		}
		expectEnd(t, theirs)
	})
	if len(f.loop.enrols.under) > 0 {
		t.Errorf("%d are under way behind their end", len(f.loop.enrols.under))
	}
	f.expectNothing(t)
}

// TestStop: what the loop holds ends, and letters that come behind it are lost without a word.
func TestStop(t *testing.T) {
	f := start(t)
	_, anns := f.enrol(t, "ann")
	held, goOn := make(chan struct{}), make(chan struct{})
	f.loop.Post(func() { close(held); <-goOn })
	<-held
	var read atomic.Int32
	for range 5000 { // more than gnet takes tasks in order
		f.loop.Post(func() { read.Add(1) })
	}
	stopped := make(chan struct{})
	go func() { defer close(stopped); f.loop.Stop() }()
	for !f.loop.stopped.Load() {
	}
	close(goOn)
	<-stopped
	f.loop.Post(func() { t.Error("a letter was read behind the end") })
	f.loop.Stop() // does nothing
	expectEnd(t, anns)
	f.expect(t, "ann ended: "+ErrStopped.Error())
}

// TestAlive: however many ask, there is one question under way, which is answered when the loop comes to it.
func TestAlive(t *testing.T) {
	f := start(t)
	held, goOn := make(chan struct{}), make(chan struct{})
	f.loop.Post(func() { close(held); <-goOn })
	<-held
	answer := f.loop.Alive()
	for range 3 {
		if f.loop.Alive() != answer {
			t.Fatal("a second question is under way")
		}
	}
	select {
	case <-answer:
		t.Fatal("a loop that is held up has answered")
	default:
	}
	close(goOn)
	select {
	case <-answer:
	case <-time.After(testPatience):
		t.Fatal("no answer")
	}
	f.do(t, func() {})
	again := f.loop.Alive()
	if again == answer {
		t.Error("the question that has been answered is asked once more")
	}
	<-again
}

// TestSteps: each letter is a step, and what comes at one blow has one end.
func TestSteps(t *testing.T) {
	f := start(t)
	type counts struct{ steps, rested, rounds int }
	now := func() counts { return counts{f.steps, f.rested, f.rounds} }
	for _, test := range []struct {
		name string
		ask  func(then func())
		want counts
	}{
		{"letters", func(then func()) { f.loop.Post(func() {}); f.loop.Post(func() {}); f.loop.Post(then) }, counts{2, 0, 0}},
		{"behind letters", func(then func()) { f.loop.Post(func() {}); f.loop.Post(func() { f.loop.Post(then) }) }, counts{2, 1, 0}},
		{"tasks", func(then func()) { f.loop.Soon(func() {}); f.loop.Soon(then) }, counts{1, 1, 0}},
		{"behind the input", func(then func()) { f.loop.AfterInput(func() {}); f.loop.AfterInput(func() { f.loop.AfterInput(then) }) }, counts{2, 1, 2}},
		{"a round", func(then func()) {
			f.loop.AskRound()
			f.loop.AskRound()
			f.loop.AfterInput(func() { f.loop.AfterInput(then) })
		}, counts{2, 1, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var before, after counts
			err := f.loop.CallUntil(func(done func()) {
				f.loop.Soon(func() { // behind which all that led here has had its end
					f.loop.Soon(func() {
						before = now()
						test.ask(func() { after = now(); done() })
					})
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			got := counts{after.steps - before.steps, after.rested - before.rested, after.rounds - before.rounds}
			own := counts{1, 1, 0} // the end of the task that asked
			if want := (counts{test.want.steps + own.steps, test.want.rested + own.rested, test.want.rounds}); got != want {
				t.Errorf("steps, ends and rounds = %v, want %v", got, want)
			}
		})
	}
}

// TestDescriptors: a loop has no more than it says, and gives all back.
func TestDescriptors(t *testing.T) {
	open := func() int {
		t.Helper()
		names, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	warm := start(t) // the runtime's own
	warm.loop.Stop()
	before := open()
	f := start(t)
	_, anns := f.enrol(t, "ann")
	if n := open() - before - 2; n > Descriptors {
		t.Errorf("a loop has %d descriptors open, want at most %d", n, Descriptors)
	}
	f.loop.Stop()
	expectEnd(t, anns)
	anns.Close()
	if n := open() - before; n != 0 {
		t.Errorf("%d descriptors are open behind the end of the loop", n)
	}
}
