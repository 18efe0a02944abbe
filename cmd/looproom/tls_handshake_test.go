//go:build linux

package main_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// expectQuiet waits until no handshake is under way, and everybody but those clients has gone.
func expectQuiet(t *testing.T, admin string, clients float64) {
	t.Helper()
	waitFor(t, fmt.Sprintf("no handshake and %v clients", clients), func() bool {
		m := scrape(t, admin)
		return m.sum("looproom_prefaces") == 0 && m.sum("looproom_clients") == clients
	})
}

// TestTLSPlainClient: who speaks no TLS is told so in clear, and how to connect.
func TestTLSPlainClient(t *testing.T) {
	s, _ := startSecure(t)
	c := dial(t, s, 0, "plain")
	c.say("hi")
	c.until("! need-tls this door speaks TLS: ncat --ssl 127.0.0.1 ")
	c.expectEnd()
}

// TestTLSGarbage: what is no TLS, or broken TLS, costs a connection and nothing else.
func TestTLSGarbage(t *testing.T) {
	s, config := startSecure(t, "--admin", "127.0.0.1:0")
	admin := adminOf(t, s)
	bob := signedInSecure(t, s, 0, "bob", config)
	rows := []struct{ name, sent string }{
		{"a request", "GET / HTTP/1.1\r\n\r\n"},
		{"random bytes", string(randomBytes(1, 100_000))},
		{"SSLv2", "\x80\x2e\x01\x00\x02" + strings.Repeat("x", 41)},
		{"an empty hello", "\x16\x03\x01\x00\x04\x01\x00\x00\x00"},
		{"a record too long", "\x16\x03\x01\xff\xff" + strings.Repeat("x", 0xffff)},
		{"random bytes in a record", "\x16\x03\x01\x10\x00" + string(randomBytes(2, 0x1000))},
		{"an alert", "\x15\x03\x01\x00\x02\x02\x28"},
		{"nothing", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			conn := s.dial(t, 0)
			_, _ = io.WriteString(conn, row.sent) // the server may have closed it before the end
			_ = conn.(*net.TCPConn).CloseWrite()
			if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
				t.Errorf("the connection was not closed: %v", err)
			}
		})
	}
	expectQuiet(t, admin, 1)
	if got := scrape(t, admin).sum("looproom_refused_connections_total"); got != float64(len(rows)) {
		t.Errorf("%v connections were refused, want %d", got, len(rows))
	}
	bob.expectOnly()
}

// brokenConn is a connection that ends when it is to send its n-th byte.
type brokenConn struct {
	net.Conn
	left int
}

var errBroken = errors.New("broken off")

func (c *brokenConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b[:min(len(b), c.left)])
	c.left -= n
	if err == nil && n < len(b) {
		err = errBroken
	}
	return n, err
}

// TestTLSCutHandshake: a client may go at any stage of its handshake, by a reset or in peace.
func TestTLSCutHandshake(t *testing.T) {
	s, config := startSecure(t, "--admin", "127.0.0.1:0")
	admin := adminOf(t, s)
	bob := signedInSecure(t, s, 0, "bob", config)
	descriptors := s.descriptors()
	for name, version := range versions {
		config := only(config, version)
		for n, more := 0, true; more; n += 37 {
			conn := s.dial(t, 0)
			err := tls.Client(&brokenConn{conn, n}, config).Handshake()
			more = errors.Is(err, errBroken)
			if err != nil && !more {
				t.Fatalf("TLS %s, cut after %d bytes: %v", name, n, err)
			}
			if n%2 == 0 {
				_ = conn.(*net.TCPConn).SetLinger(0)
			}
			conn.Close()
		}
	}
	expectQuiet(t, admin, 1)
	s.expectDescriptors(t, descriptors)
	bob.fence()
}

// TestTLSCutRecords: wherever the stream is cut into packets, the lines are the same.
func TestTLSCutRecords(t *testing.T) {
	for name, version := range versions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, config := startSecure(t)
			conn := &dribblingConn{Conn: s.dial(t, 0)}
			secure := secured(t, conn, only(config, version))
			c := greeted(newTalker(t, "slow", secure, secure))
			for n := range 20 {
				c.say(fmt.Sprintf("PING %d", n))
				c.expect(fmt.Sprintf("PONG %d", n))
			}
		})
	}
}

// dribblingConn sends each byte by itself.
type dribblingConn struct{ net.Conn }

func (c *dribblingConn) Write(b []byte) (int, error) {
	for n := range b {
		if _, err := c.Conn.Write(b[n : n+1]); err != nil {
			return n, err
		}
	}
	return len(b), nil
}

// TestTLSBrokenRecord: a record that was tampered with ends the connection, with an alert.
func TestTLSBrokenRecord(t *testing.T) {
	s, config := startSecure(t)
	conn := secured(t, s.dial(t, 0), config)
	c := greeted(newTalker(t, "tampered", conn, conn))
	if _, err := conn.NetConn().Write([]byte("\x17\x03\x03\x00\x20" + strings.Repeat("x", 32))); err != nil {
		t.Fatal(err)
	}
	if line, err := c.line(); err == nil || !strings.Contains(err.Error(), "bad record MAC") {
		t.Errorf("after a broken record came %q, %v; want TLS's alert", line, err)
	}
	s.awaitLog("bad record MAC")
}

// TestTLSStuckHandshakes: clients that don't go on with their handshake hold a slot each, and nobody up.
func TestTLSStuckHandshakes(t *testing.T) { stick(t, 200, false) }

// stick has count clients stay in their handshake, each at another stage, and two others chat meanwhile. toTheEnd waits until the server
// has closed all of them.
func stick(t *testing.T, count int, toTheEnd bool) {
	s, config := startSecure(t, "--admin", "127.0.0.1:0")
	admin := adminOf(t, s)
	ana, bob := signedInSecure(t, s, 0, "ana", config), signedInSecure(t, s, 0, "bob", config)
	ana.fence()
	began := time.Now()
	var ends sync.WaitGroup
	for n := range count {
		conn := s.dial(t, 0)
		// 0 to 1,500 bytes: nothing, a part of the hello, or all of it.
		if err := tls.Client(&brokenConn{conn, n * 1500 / count}, config).Handshake(); err == nil {
			t.Fatal("the handshake is over")
		}
		ends.Go(func() {
			_ = conn.SetReadDeadline(time.Now().Add(patience))
			_, _ = io.Copy(io.Discard, conn)
		})
	}
	waitFor(t, "all handshakes to be under way", func() bool { return scrape(t, admin).sum("looproom_prefaces") >= float64(count*9/10) })
	trips := roundTrips(t, ana, 200)
	ana.say("still here?")
	bob.expect("[ana] still here?")
	if late := signedInSecure(t, s, 0, "late", config); late != nil {
		late.say("me too")
		bob.until("[late] me too")
	}
	if !toTheEnd {
		t.Logf("%d stuck handshakes: PING meanwhile %v", count, trips)
		return
	}
	ends.Wait()
	took := time.Since(began)
	expectQuiet(t, admin, 3)
	if took > 20*time.Second {
		t.Errorf("the stuck handshakes ended after %v, want 10s", took)
	}
	t.Logf("%d stuck handshakes: PING meanwhile %v; all ended after %v", count, trips, took.Round(time.Millisecond))
}

// TestTLSBehindProxy: the handshake comes behind a proxy's header, in the same packet or not.
func TestTLSBehindProxy(t *testing.T) {
	c := newCertificate(t)
	const header = "PROXY TCP4 192.0.2.7 192.0.2.1 1234 7778\r\n"
	for _, together := range []bool{true, false} {
		t.Run(fmt.Sprintf("together=%v", together), func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--listen", c.door("line", "proxy=127.0.0.1"))
			conn := &headedConn{Conn: s.dial(t, 0), header: header}
			if !together {
				if _, err := conn.Write(nil); err != nil {
					t.Fatal(err)
				}
			}
			secure := secured(t, conn, c.trust(t))
			client := greeted(newTalker(t, "client", secure, secure))
			client.say("LIST")
			client.expect("= LIST 1 192.0.2.7:1234")
		})
	}
}

// headedConn sends a header with its first bytes.
type headedConn struct {
	net.Conn
	header string
}

func (c *headedConn) Write(b []byte) (int, error) {
	header := c.header
	c.header = ""
	n, err := c.Conn.Write(append([]byte(header), b...))
	return max(n-len(header), 0), err
}
