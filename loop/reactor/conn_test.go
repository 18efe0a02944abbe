//go:build linux

package reactor

import (
	"io"
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

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
	conn, err := NetConn(<-own)
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

// descriptorOf is the descriptor of a connection of NetConn, which stays open.
func descriptorOf(c net.Conn) (fd int, err error) {
	raw, err := c.(*net.UnixConn).SyscallConn()
	if err != nil {
		return -1, err
	}
	return fd, raw.Control(func(f uintptr) { fd = int(f) })
}
