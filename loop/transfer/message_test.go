//go:build linux

package transfer

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"looproom/codec"
	"looproom/loop/rate"
)

// TestUploadPace: a SEND that came too soon waits, a ping within a file costs as much as a line, and what has been spent is the client's again.
func TestUploadPace(t *testing.T) {
	const every = 100 * time.Millisecond
	limits := Limits{Lines: rate.Rate{Every: every}}
	s := newService(t, &limits)
	c := newClient(t)
	server, theirs := connections(t)
	paid := s.Now() + 2*every // by the SEND, and a line before it that came too soon
	f := forms[2]
	u, err := s.Announce("a name", int64(len(content)), sender)
	if err != nil {
		t.Fatal(err)
	}
	frames := codec.NewWebSocket(1024)
	u.Start(c, Input{Conn: server, Early: []byte(f.sent()), Frames: &frames, Paid: paid})
	c.until("the first pong", func() bool { return len(c.pongs) == 1 })
	if now := s.Now(); now < paid {
		t.Errorf("the first ping is answered at %v, want %v at the earliest", now, paid)
	}
	c.until("the second pong", func() bool { return len(c.pongs) == 2 })
	if now := s.Now(); now < paid+every {
		t.Errorf("the second ping is answered at %v, want %v at the earliest", now, paid+every)
	}
	if end := c.ended(); end.Err != nil || u.Paid() < paid+2*every {
		t.Errorf("end %+v, paid until %v; want the file kept, %v", end, u.Paid(), paid+2*every)
	}
	theirs.Close()
}

// TestPings: an upload whose pings the loop has not answered is not read further.
func TestPings(t *testing.T) {
	s := newService(t, nil)
	c := newClient(t)
	server, theirs := connections(t)
	u, err := s.Announce("a name", 1, sender)
	if err != nil {
		t.Fatal(err)
	}
	frames := codec.NewWebSocket(1024)
	u.Start(c, Input{Conn: server, Frames: &frames})
	const pings = 3 * maxPongs
	for i := range pings {
		write(t, theirs, frame(codec.OpPing, fmt.Sprint(i)))
	}
	write(t, theirs, frame(codec.OpBinary, "x"))
	first := <-c.letters
	for len(c.letters) < maxPongs-1 { // the upload is about to post them
		select {
		case r := <-c.panics:
			t.Fatal(r)
		default:
		}
	}
	if n := len(c.letters); n != maxPongs-1 {
		t.Errorf("%d pings have been taken, want %d", n+1, maxPongs)
	}
	first()
	if end := c.ended(); end.Err != nil || len(c.pongs) != pings || c.pongs[pings-1] != fmt.Sprint(pings-1) {
		t.Errorf("end %+v, pongs %q; want all %d, in order", end, c.pongs, pings)
	}
}

// TestPongsKeepTheirPayload: what has been read since a ping doesn't change what it is answered with.
func TestPongsKeepTheirPayload(t *testing.T) {
	s := newService(t, nil)
	c := newClient(t)
	server, theirs := connections(t)
	u, err := s.Announce("a name", 100, sender)
	if err != nil {
		t.Fatal(err)
	}
	frames := codec.NewWebSocket(1024)
	u.Start(c, Input{Conn: server, Frames: &frames})
	write(t, theirs, frame(codec.OpPing, "ping"))
	pong := <-c.letters
	for range 100 { // one by one, each of them in the buffer's front
		write(t, theirs, frame(codec.OpBinary, "x"))
	}
	end := <-c.letters
	pong()
	end()
	if len(c.pongs) != 1 || c.pongs[0] != "ping" {
		t.Errorf("pongs %q, want that of the ping", c.pongs)
	}
}

// TestBrokenRules: what must not come within a file by WebSocket ends the upload, with the code for it.
func TestBrokenRules(t *testing.T) {
	rows := []struct {
		name, sent string
		code       uint16 // 0: it is closed by the client
	}{
		{"text", frame(codec.OpBinary, "abc") + frame(codec.OpText, "hello\n"), codec.CloseUnsupported},
		{"a long text", frame(codec.OpText, strings.Repeat("x", 100)), codec.CloseUnsupported},
		{"more than the file", frame(codec.OpBinary, strings.Repeat("x", len(content)+1)), codec.CloseUnsupported},
		{"a reserved opcode", frame(5, "x"), codec.CloseProtocol},
		{"a close", frame(codec.OpBinary, "abc") + frame(codec.OpClose, "\x03\xe8"), 0},
	}
	s := newService(t, nil)
	for _, row := range rows {
		for cut := range len(row.sent) - 1 { // else the whole file can come by itself, and what is behind it later
			c := newClient(t)
			server, theirs := connections(t)
			u, err := s.Announce("a name", int64(len(content)), sender)
			if err != nil {
				t.Fatal(err)
			}
			frames := codec.NewWebSocket(50)
			u.Start(c, Input{Conn: server, Early: []byte(row.sent[:cut]), Frames: &frames})
			write(t, theirs, row.sent[cut:])
			var (
				broken *codec.CloseError
				closed ClosedError
			)
			switch end := c.ended(); {
			case row.code == 0 && (!errors.As(end.Broken, &closed) || closed.Code != 1000),
				row.code != 0 && (!errors.As(end.Broken, &broken) || broken.Code != row.code):
				t.Fatalf("%s, cut at %d: %v, want code %d", row.name, cut, end.Broken, row.code)
			}
			server.Close()
		}
	}
	if held := s.Budget.Total(); held != 0 {
		t.Errorf("%d bytes are held, want 0", held)
	}
}
