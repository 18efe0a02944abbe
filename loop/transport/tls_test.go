//go:build linux

package transport

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

// versions are those that a client may come by.
var versions = map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13}

func eachVersion(t *testing.T, test func(t *testing.T, version uint16)) {
	for name, version := range versions {
		t.Run(name, func(t *testing.T) { test(t, version) })
	}
}

// pump reads all that in makes of what has come before, and the error behind that.
func pump(s *TLS, in, plain []byte) (text string, err error) {
	s.Feed(in)
	defer s.Feed(nil)
	for {
		n, err := s.Read(plain)
		text += string(plain[:n])
		if err != nil {
			return text, err
		}
	}
}

// seal has all of bufs sealed, and returns it as it travels.
func seal(t testing.TB, sealer *Sealer, s *TLS, text []byte) (sent []byte) {
	t.Helper()
	for bufs := [][]byte{text}; ; {
		out, took, err := sealer.Seal(s, bufs)
		if err != nil {
			t.Fatal(err)
		}
		if len(out) == 0 {
			return sent
		}
		sent = append(sent, out...)
		bufs[0] = bufs[0][took:]
	}
}

// However what a client sends is cut, it is read alike, and nothing is an error but that more is needed.
func TestReadHoweverCut(t *testing.T) {
	eachVersion(t, func(t *testing.T, version uint16) {
		texts := []string{"hello\n", "", strings.Repeat("long ", 5000) + "\n", "x", "bye\n"}
		want := strings.Join(texts, "")
		for _, size := range []int{1, 2, 3, 5, 7, 64, 1000, 17000, 1 << 20} {
			s, c := connect(t, version)
			var stream []byte
			for _, text := range texts {
				stream = append(stream, c.say(text)...)
			}
			got, plain := "", make([]byte, recordSize)
			for len(stream) > 0 {
				n := min(size, len(stream))
				text, err := pump(s, bytes.Clone(stream[:n]), plain)
				if err != ErrNeedInput {
					t.Fatalf("cut every %d bytes: %v after %d bytes of text", size, err, len(got)+len(text))
				}
				got, stream = got+text, stream[n:]
			}
			if got != want {
				t.Errorf("cut every %d bytes: read %d bytes of text that are not the %d sent", size, len(got), len(want))
			}
		}
	})
}

// A record that is not whole brings nothing, says so by no error that stays, and borrows nothing of what was fed.
func TestHalfARecord(t *testing.T) {
	eachVersion(t, func(t *testing.T, version uint16) {
		s, c := connect(t, version)
		record, plain := c.say("a whole line\n"), make([]byte, recordSize)
		for cut := range len(record) {
			half := bytes.Clone(record[cut : cut+1])
			text, err := pump(s, half, plain)
			clear(half)
			if last := cut == len(record)-1; err != ErrNeedInput || (text != "") != last {
				t.Fatalf("byte %d of %d: %q, %v", cut, len(record), text, err)
			}
			if n := s.Useless(); n != 0 {
				t.Fatalf("byte %d of %d: %d records have brought nothing, want none", cut, len(record), n)
			}
		}
	})
}

// What is sealed reads as it was, however much waits, and comes in pieces that may wait for a client.
func TestSeal(t *testing.T) {
	eachVersion(t, func(t *testing.T, version uint16) {
		s, c := connect(t, version)
		var sealer Sealer
		for _, n := range []int{1, 100, recordSize, SealedAtOnce - 1, SealedAtOnce, SealedAtOnce + 1, 5*SealedAtOnce + 3} {
			text := bytes.Repeat([]byte("0123456789abcdef"), n/16+1)[:n]
			got, err := c.hear(seal(t, &sealer, s, text))
			if err != nil || got != string(text) {
				t.Errorf("%d bytes: heard %d, %v", n, len(got), err)
			}
		}
	})
}

// Many small pieces are one record, and none is left out where they come to more than is sealed at once.
func TestSealGathers(t *testing.T) {
	rows := []struct {
		name  string
		sizes []int
		took  int
	}{
		{"nothing", nil, 0},
		{"one", []int{5}, 5},
		{"some", []int{5, 6, 7}, 18},
		{"one that is enough", []int{SealedAtOnce, 7}, SealedAtOnce},
		{"one that is more", []int{SealedAtOnce + 9, 7}, SealedAtOnce},
		{"some that are more", []int{10, SealedAtOnce, 7}, SealedAtOnce},
		{"an empty one", []int{0, 3}, 3},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s, c := connect(t, tls.VersionTLS13)
			var bufs [][]byte
			want := ""
			for i, size := range row.sizes {
				bufs = append(bufs, bytes.Repeat([]byte{byte('a' + i)}, size))
				want += string(bufs[i])
			}
			var sealer Sealer
			out, took, err := sealer.Seal(s, bufs)
			if err != nil || took != row.took {
				t.Fatalf("took %d bytes, %v; want %d", took, err, row.took)
			}
			if got, err := c.hear(out); got != want[:took] || err != nil {
				t.Errorf("heard %d bytes, %v; want the first %d", len(got), err, took)
			}
		})
	}
}

// What a socket does not take waits, comes before all else, and nothing more is sealed until then.
func TestSealedPartlyWritten(t *testing.T) {
	eachVersion(t, func(t *testing.T, version uint16) {
		s, c := connect(t, version)
		var sealer Sealer
		text := bytes.Repeat([]byte("to be said "), 10_000)
		rest, most, heard := text, 0, ""
		for write := 1; len(rest) > 0 || s.Waits() > 0; write++ {
			out, took, err := sealer.Seal(s, [][]byte{rest})
			if err != nil {
				t.Fatal(err)
			}
			rest = rest[took:]
			written := min(write*37, len(out))
			if written < len(out) {
				s.PutBack(out[written:])
			}
			most = max(most, s.Waits())
			got, err := c.hear(out[:written])
			if err != nil {
				t.Fatal(err)
			}
			heard += got
		}
		if heard != string(text) {
			t.Errorf("heard %d bytes that are not the %d said", len(heard), len(text))
		}
		if most > SealedAtOnce+4*recordOverhead {
			t.Errorf("%d bytes waited, want at most %d and what encrypting adds", most, SealedAtOnce)
		}
	})
}

// recordOverhead is more than what any record adds to its text.
const recordOverhead = 64

// The end of what is said is said once, and a client that hears it hears all before it.
func TestCloseWrite(t *testing.T) {
	eachVersion(t, func(t *testing.T, version uint16) {
		s, c := connect(t, version)
		var sealer Sealer
		sent := seal(t, &sealer, s, []byte("bye\n"))
		if !s.CloseWrite() || s.CloseWrite() {
			t.Error("the end is not said the first time alone")
		}
		if got, err := c.hear(append(sent, seal(t, &sealer, s, nil)...)); got != "bye\n" || err != io.EOF {
			t.Errorf("heard %q, %v; want the line and the end", got, err)
		}
	})
}

// A client's close_notify is the end of what it sends; what it is still told arrives.
func TestTheClientCloses(t *testing.T) {
	eachVersion(t, func(t *testing.T, version uint16) {
		s, c := connect(t, version)
		said := c.say("the last\n")
		if err := c.tls.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		text, err := pump(s, append(said, c.sent()...), make([]byte, recordSize))
		if text != "the last\n" || err != io.EOF {
			t.Errorf("read %q, %v; want the line and the end", text, err)
		}
		var sealer Sealer
		if got, err := c.hear(seal(t, &sealer, s, []byte("a reply\n"))); got != "a reply\n" || err != nil {
			t.Errorf("heard %q, %v", got, err)
		}
	})
}

// What is no TLS, or has been changed on its way, is an error that stays, with an alert for the client. What came before it is read.
func TestBroken(t *testing.T) {
	eachVersion(t, func(t *testing.T, version uint16) {
		for _, change := range []string{"a bit", "clear text"} {
			s, c := connect(t, version)
			first, broken := c.say("first\n"), c.say("second\n")
			if change == "a bit" {
				broken[len(broken)-1] ^= 1
			} else {
				broken = []byte("hello, is this a line door?\n")
			}
			text, err := pump(s, append(first, broken...), make([]byte, recordSize))
			if text != "first\n" || err == nil || err == ErrNeedInput || err == io.EOF {
				t.Errorf("%s: read %q, %v; want the first line and an error", change, text, err)
			}
			if _, again := pump(s, nil, make([]byte, recordSize)); again == ErrNeedInput || again == nil {
				t.Errorf("%s: the error does not stay: %v", change, again)
			}
			var alert *net.OpError
			if _, err := c.hear(s.Take()); !errors.As(err, &alert) || alert.Op != "remote error" {
				t.Errorf("%s: the client is told %v, want an alert", change, err)
			}
		}
	})
}

// Records that bring nothing are counted however they are cut; those with a line are not.
func TestUselessRecords(t *testing.T) {
	for _, size := range []int{1, 4, 30, 1 << 20} {
		t.Run(fmt.Sprintf("cut every %d", size), func(t *testing.T) {
			s, c := connect(t, tls.VersionTLS13)
			hand := c.byHand()
			var stream []byte
			want := 0
			for i := range 40 {
				stream = append(stream, hand.record(applicationRecord, []byte("a line\n"))...)
				for range i % 4 {
					stream = append(stream, hand.keyUpdate(false)...)
					want++
				}
			}
			got, lines, plain := 0, 0, make([]byte, recordSize)
			for rest := stream; len(rest) > 0; rest = rest[min(size, len(rest)):] {
				text, err := pump(s, rest[:min(size, len(rest))], plain)
				if err != ErrNeedInput {
					t.Fatal(err)
				}
				lines += strings.Count(text, "\n")
				got += s.Useless()
			}
			if got != want || lines != 40 {
				t.Errorf("%d records brought nothing and %d lines came, want %d and 40", got, lines, want)
			}
		})
	}
}

// A flood of KeyUpdates that want an answer: each is counted, and what TLS has to say to them waits in memory that can be asked for, before what is said next.
func TestKeyUpdateFlood(t *testing.T) {
	s, c := connect(t, tls.VersionTLS13)
	var sealer Sealer
	hand, plain := c.byHand(), make([]byte, recordSize)
	const floods, each = 20, 10 // package crypto/tls bears 16 in a row
	for range floods {
		var flood []byte
		for range each {
			flood = append(flood, hand.keyUpdate(true)...)
		}
		flood = append(flood, hand.record(applicationRecord, []byte("PING\n"))...)
		if text, err := pump(s, flood, plain); text != "PING\n" || err != ErrNeedInput {
			t.Fatalf("read %q, %v", text, err)
		}
		if n := s.Useless(); n != each {
			t.Errorf("%d records brought nothing, want %d", n, each)
		}
		if s.Waits() == 0 {
			t.Error("nothing waits for the client, want the answers to its KeyUpdates")
		}
		if got, err := c.hear(seal(t, &sealer, s, []byte("PONG\n"))); got != "PONG\n" || err != nil {
			t.Fatalf("heard %q, %v: behind answers to KeyUpdates, by another key", got, err)
		}
	}
}

// What has come while somebody waited for the client counts for nobody, and what of it TLS has in hand is read from memory.
func TestAttachAndDetach(t *testing.T) {
	s, c := connect(t, tls.VersionTLS13)
	near, far := net.Pipe()
	record := c.say("GET / HTTP/1.1\n")
	go func() { _, _ = far.Write(append(record, c.say("early\n")...)) }()
	s.Attach(near)
	plain := make([]byte, recordSize)
	if n, err := s.Read(plain); string(plain[:n]) != "GET / HTTP/1.1\n" || err != nil {
		t.Fatalf("read %q, %v", plain[:n], err)
	}
	s.Detach()
	if text, err := pump(s, nil, plain); text != "early\n" || err != ErrNeedInput {
		t.Errorf("read %q, %v; want what TLS had in hand", text, err)
	}
	if n := s.Useless(); n > 0 {
		t.Errorf("%d records have brought nothing, want none", n)
	}
	if text, err := pump(s, c.say("later\n"), plain); text != "later\n" || err != ErrNeedInput {
		t.Errorf("read %q, %v", text, err)
	}
}

// While input is diverted, a read takes what has come by the connection and never waits for more.
func TestDivert(t *testing.T) {
	s, c := connect(t, tls.VersionTLS13)
	near, far := tcpPair(t)
	s.Divert(near)
	plain := make([]byte, recordSize)
	if _, err := s.Read(plain); err != ErrNeedInput {
		t.Fatalf("a read from a connection with nothing in it: %v, want that it needs input", err)
	}
	if _, err := far.Write(c.say("bytes of a file")); err != nil {
		t.Fatal(err)
	}
	text := ""
	for text == "" {
		n, err := s.Read(plain)
		if text = string(plain[:n]); err != nil && err != ErrNeedInput {
			t.Fatal(err)
		}
	}
	if text != "bytes of a file" {
		t.Errorf("read %q", text)
	}
	if err := far.Close(); err != nil {
		t.Fatal(err)
	}
	for err := ErrNeedInput; err != io.EOF; {
		if _, err = s.Read(plain); err != ErrNeedInput && err != io.EOF {
			t.Fatalf("behind the end of the connection: %v", err)
		}
	}
}

// tcpPair returns the two ends of a connection.
func tcpPair(t *testing.T) (near, far net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if far, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if near, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

// What is said to a client behind TLS is encrypted in the loop's own memory.
func TestSealAllocatesNothing(t *testing.T) {
	s, _ := connect(t, tls.VersionTLS13)
	var sealer Sealer
	text := [][]byte{make([]byte, SealedAtOnce)}
	write := func() {
		if _, _, err := sealer.Seal(s, text); err != nil {
			t.Fatal(err)
		}
	}
	write()
	// What other goroutines of the test's process allocate meanwhile counts, too: the best of several tries is that of the write alone.
	allocs := testing.AllocsPerRun(100, write)
	for tries := 0; allocs > 0 && tries < 20; tries++ {
		allocs = min(allocs, testing.AllocsPerRun(100, write))
	}
	if allocs > 0 {
		t.Errorf("%v allocations for a write, want none", allocs)
	}
}
