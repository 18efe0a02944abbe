//go:build linux

package peer

import (
	"bytes"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"looproom/bench"
)

// patience is how long a server may take for anything.
const patience = 20 * time.Second

// member is a client of a server that is tested. A call reads or writes until it is over or patience ends.
type member struct {
	conn    net.Conn
	dialect bench.Dialect
	number  int
	room    int
	in      []byte // came and not yet taken
}

// enter connects and says hello.
func enter(addr string, d bench.Dialect, number, room int) (*member, error) {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return nil, err
	}
	m := &member{conn: conn, dialect: d, number: number, room: room}
	for _, step := range d.Hello(number, room) {
		if err := m.step(step); err != nil {
			_ = conn.Close()
			return nil, fmt.Errorf("client %d: %w", number, err)
		}
	}
	return m, nil
}

func (m *member) step(step bench.HelloStep) error {
	if err := m.write(step.Send); err != nil {
		return err
	}
	return m.readUntil(func() (over bool, err error) {
		if len(step.Refused) > 0 && bytes.Contains(m.in, step.Refused) {
			return false, fmt.Errorf("refused: %q", m.in)
		}
		_, behind, over := bytes.Cut(m.in, step.Await)
		if over {
			m.in = behind
		}
		return over, nil
	})
}

func (m *member) write(p []byte) error {
	_ = m.conn.SetWriteDeadline(time.Now().Add(patience))
	_, err := m.conn.Write(p)
	return err
}

// readUntil reads more into m.in until over says so.
func (m *member) readUntil(over func() (bool, error)) error {
	_ = m.conn.SetReadDeadline(time.Now().Add(patience))
	buf := make([]byte, 64<<10)
	for {
		if ended, err := over(); ended || err != nil {
			return err
		}
		n, err := m.conn.Read(buf)
		m.in = append(m.in, buf[:n]...)
		if err != nil {
			return fmt.Errorf("%w, with %d bytes that end in %q", err, len(m.in), m.in[max(len(m.in)-200, 0):])
		}
	}
}

// say says the messages from first to one before end with one write each ten.
func (m *member) say(first, end int) error {
	var out []byte
	for i := first; i < end; i++ {
		out = m.dialect.Say(out, m.number, m.room, message(i))
		if i%10 == 9 || i == end-1 {
			if err := m.write(out); err != nil {
				return err
			}
			out = out[:0]
		}
	}
	return nil
}

// hear returns when the messages from first to one before end have come, and the error of one that came out of order. Those before first are its
// own, which some servers send back.
func (m *member) hear(first, end int) error {
	next := first
	return m.readUntil(func() (over bool, err error) {
		for next < end {
			number, rest, found := nextMessage(m.in)
			if m.in = rest; !found {
				return false, nil
			}
			if number < first {
				continue
			}
			if number != next {
				return false, fmt.Errorf("client %d heard message %d, want %d", m.number, number, next)
			}
			next++
		}
		return true, nil
	})
}

// message is the words of message i, longer than most lines that people write.
func message(i int) []byte {
	return fmt.Appendf(nil, "{%05d}%s", i, strings.Repeat("x", 57))
}

// nextMessage finds the number of the first message in the stream, and returns what stands behind it, or what has to be read again.
func nextMessage(in []byte) (number int, rest []byte, found bool) {
	for {
		begin := bytes.IndexByte(in, '{')
		if begin < 0 {
			return 0, nil, false
		}
		if in = in[begin:]; len(in) < 7 {
			return 0, in, false
		}
		if number, err := strconv.Atoi(string(in[1:6])); err == nil && in[6] == '}' {
			return number, in[7:], true
		}
		in = in[1:]
	}
}

// enterAll has clients 0 to n-1 enter room 3: at once where there is a hello that says when they are in, and one by one otherwise.
func enterAll(t *testing.T, addr string, d bench.Dialect, n int) []*member {
	t.Helper()
	return enterBy(t, addr, d, n, n)
}

// enterBy is enterAll with no more than burst of them on their way at once.
func enterBy(t *testing.T, addr string, d bench.Dialect, n, burst int) []*member {
	t.Helper()
	members := make([]*member, n)
	t.Cleanup(func() {
		for _, m := range members {
			if m != nil {
				_ = m.conn.Close()
			}
		}
	})
	places := make(chan struct{}, burst)
	enterOne := func(i int) (err error) {
		places <- struct{}{}
		defer func() { <-places }()
		members[i], err = enter(addr, d, i, 3)
		return err
	}
	if _, roomless := d.(Roomless); !roomless {
		together(t, n, enterOne)
		return members
	}
	for i := range n {
		if err := enterOne(i); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			probe(t, members[0], members[i])
		}
	}
	return members
}

// together does n things at once, and fails the test where one of them fails.
func together(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- do(i) }()
	}
	failed := 0
	for range n {
		if err := <-errs; err != nil {
			if failed++; failed <= 3 {
				t.Error(err)
			}
		}
	}
	if failed > 0 {
		t.Fatalf("%d of %d failed", failed, n)
	}
}

// probe has one member say something until the other hears it.
func probe(t *testing.T, one, other *member) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		if err := one.write([]byte("probe\n")); err != nil {
			t.Fatal(err)
		}
		_ = other.conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if n, _ := other.conn.Read(make([]byte, 100)); n > 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("client %d hears nothing", other.number)
		}
	}
}
