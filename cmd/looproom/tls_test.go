//go:build linux

package main_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"looproom/loop/dialect/dialogue"
)

// certificate is one that looproom cert has made.
type certificate struct{ cert, key string }

func newCertificate(t *testing.T) certificate {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command(binary, "cert", "--dir", dir).CombinedOutput(); err != nil {
		t.Fatalf("looproom cert: %v\n%s", err, out)
	}
	return certificate{filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")}
}

// door is a TLS door's URL, with options such as client-ca=FILE.
func (c certificate) door(scheme string, options ...string) string {
	options = append(options, "cert="+url.QueryEscape(c.cert), "key="+url.QueryEscape(c.key))
	return scheme + "+tls://127.0.0.1:0?" + strings.Join(options, "&")
}

// trust is what a client needs that believes this certificate alone.
func (c certificate) trust(t *testing.T) *tls.Config {
	t.Helper()
	text, err := os.ReadFile(c.cert)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		t.Fatalf("%s has no certificate in PEM", c.cert)
	}
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

// startSecure starts a server with a TLS door and, behind it, a line door.
func startSecure(t *testing.T, arguments ...string) (*server, *tls.Config) {
	t.Helper()
	c := newCertificate(t)
	s := startServer(t, append(arguments, "--listen", c.door("line"), "--listen", "line://127.0.0.1:0")...)
	return s, c.trust(t)
}

// secured does the handshake of a client on a connection.
func secured(t *testing.T, conn net.Conn, config *tls.Config) *tls.Conn {
	t.Helper()
	secure := tls.Client(conn, config)
	if err := secure.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if err := secure.Handshake(); err != nil {
		t.Fatalf("TLS handshake: %v", err)
	}
	if err := secure.SetDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	return secure
}

// dialSecure dials the n-th door, which has TLS.
func dialSecure(t *testing.T, s *server, n int, name string, config *tls.Config) *talker {
	t.Helper()
	conn := secured(t, s.dial(t, n), config)
	return newTalker(t, name, conn, conn)
}

// signedInSecure dials the n-th door, which has TLS, and signs in.
func signedInSecure(t *testing.T, s *server, n int, name string, config *tls.Config) *talker {
	t.Helper()
	c := greeted(dialSecure(t, s, n, name, config))
	c.say("ADD " + name)
	c.until("= ADD " + name)
	return c
}

// awaitLog waits until the server has logged a line with all of these.
func (s *server) awaitLog(texts ...string) {
	s.t.Helper()
	defer func() {
		if s.t.Failed() {
			s.t.Logf("the log:\n%s", s.log.String())
		}
	}()
	waitFor(s.t, fmt.Sprintf("a line of the log with %q", texts), func() bool {
		for line := range strings.Lines(s.log.String()) {
			if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(line, text) }) {
				return true
			}
		}
		return false
	})
}

// versions are those of TLS that clients may talk.
var versions = map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

func only(config *tls.Config, version uint16) *tls.Config {
	config = config.Clone()
	config.MinVersion, config.MaxVersion = version, version
	return config
}

// TestTLS: a client talks with one in clear, and hears the end of the server's words as TLS has it.
func TestTLS(t *testing.T) {
	for name, version := range versions {
		for _, loops := range []string{"1", "2"} {
			t.Run(name+"/loops="+loops, func(t *testing.T) {
				t.Parallel()
				s, config := startSecure(t, "--loops", loops)
				ana := signedInSecure(t, s, 0, "ana", only(config, version))
				bob := signedIn(t, s, 1, "bob")
				ana.until("> 127.0.0.1")
				ana.say("hello, bob")
				bob.expect("[ana] hello, bob")
				long := strings.Repeat("0123456789", 800)
				bob.say(long)
				ana.expect("[bob] " + long)
				ana.write("LIST\nPING 1\nEND\n")
				ana.expect("= LIST 2 ana bob", "PONG 1", "= END")
				ana.expectEnd()
				bob.expect("< The user ana left (1 user online)")
			})
		}
	}
}

// TestTLSOldVersions: TLS 1.1 and before are refused.
func TestTLSOldVersions(t *testing.T) {
	s, config := startSecure(t)
	conn := tls.Client(s.dial(t, 0), only(config, tls.VersionTLS11))
	if err := conn.Handshake(); err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("handshake of TLS 1.1: %v, want an error about the protocol version", err)
	}
}

// TestTLSDialogues plays every dialogue over TLS.
func TestTLSDialogues(t *testing.T) {
	all, err := dialogue.All()
	if err != nil {
		t.Fatal(err)
	}
	c := newCertificate(t)
	config := c.trust(t)
	for _, d := range all {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			stage := func(address string) *dialogue.TCP { return dialogue.NewTLS(address, config) }
			playOn(t, d, stage, "--loops", "2", "--listen", c.door("line"))
		})
	}
}

// TestTLSHalfClose: who ends what it sends, by TLS or by TCP alone, gets every reply, and then the end of TLS.
func TestTLSHalfClose(t *testing.T) {
	rows := []struct {
		name string
		end  func(secure *tls.Conn) error
	}{
		{"close_notify", func(secure *tls.Conn) error { return secure.CloseWrite() }},
		{"TCP alone", func(secure *tls.Conn) error { return secure.NetConn().(*net.TCPConn).CloseWrite() }},
	}
	for _, row := range rows {
		for name, version := range versions {
			t.Run(row.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				s, config := startSecure(t)
				conn := secured(t, s.dial(t, 0), only(config, version))
				c := greeted(newTalker(t, "half", conn, conn))
				c.write(strings.Repeat("PING x\n", 5000) + "PING last")
				if err := row.end(conn); err != nil {
					t.Fatal(err)
				}
				for range 5000 {
					c.expect("PONG x")
				}
				c.expect("PONG last")
				c.expectEnd()
			})
		}
	}
}

// TestTLSOtherDoors: what is no line door has TLS as well.
func TestTLSOtherDoors(t *testing.T) {
	t.Run("echo", func(t *testing.T) {
		t.Parallel()
		c := newCertificate(t)
		s := startServer(t, "--listen", c.door("echo"))
		echoed := dialSecure(t, s, 0, "echoed", c.trust(t))
		sent := strings.Repeat("one two\x00\xff", 100_000)
		go func() {
			echoed.write(sent)
			echoed.closeInput()
		}()
		if got := string(echoed.bytes(len(sent))); got != sent {
			t.Errorf("echo of %d bytes differs from what was sent", len(sent))
		}
		echoed.expectEnd()
	})
	t.Run("fixed", func(t *testing.T) {
		t.Parallel()
		c := newCertificate(t)
		s := startServer(t, "--listen", c.door("fixed", "size=64"))
		fixed := dialSecure(t, s, 0, "fixed", c.trust(t))
		fixed.bytes(64)
		fixed.write(block("PING x", 64))
		if got := text(fixed.bytes(64)); got != "PONG x" {
			t.Errorf("answer = %q, want PONG x", got)
		}
	})
	t.Run("chunk", func(t *testing.T) {
		t.Parallel()
		c := newCertificate(t)
		s := startServer(t, "--listen", c.door("chunk"))
		chunk := dialSecure(t, s, 0, "chunk", c.trust(t))
		chunk.bytes(len("> Connected to the chat server (1 user online)"))
		chunk.write("PING x")
		if got := string(chunk.bytes(len("PONG x"))); got != "PONG x" {
			t.Errorf("answer = %q, want PONG x", got)
		}
	})
}

// TestTLSDrain: the end of the server is told inside of TLS, behind all that was said.
func TestTLSDrain(t *testing.T) {
	s, config := startSecure(t)
	ana, bob := signedInSecure(t, s, 0, "ana", config), signedIn(t, s, 1, "bob")
	ana.until("> 127.0.0.1")
	bob.write(strings.Repeat("still here\n", 1000))
	bob.fence()
	s.stop()
	for range 1000 {
		ana.expect("[bob] still here")
	}
	ana.expect("! closing the server is shutting down")
	ana.expectEnd()
}

// TestTLSSlowReader: who doesn't read is dropped as in clear.
func TestTLSSlowReader(t *testing.T) {
	c := newCertificate(t)
	s := startServer(t, "--sendq", "64KiB", "--sendq-grace", "1s", "--recent", "0", "--listen", c.door("line"), "--listen", "line://127.0.0.1:0")
	ana, bob := signedIn(t, s, 1, "ana"), signedInSecure(t, s, 0, "bob", c.trust(t))
	slow := signedInSecure(t, s, 0, "slow", c.trust(t))
	if err := slow.source.(*tls.Conn).NetConn().(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	ana.fence()
	bob.fence()
	heard, gone := make(chan int), make(chan struct{})
	go func() { heard <- bob.hearAll(1, gone) }()
	said, _ := ana.talkUntil(connect(t, s, 1, "pinger"), 5*time.Millisecond, gone)
	ana.say("that is all")
	if got := <-heard; got != said {
		t.Errorf("bob heard %d lines, want %d", got, said)
	}
	s.awaitLog(`"reads too slowly"`)
}

// TestTLSRefusal: why one isn't served is told inside of TLS.
func TestTLSRefusal(t *testing.T) {
	s, config := startSecure(t, "--max-clients", "1")
	ana := signedInSecure(t, s, 0, "ana", config)
	for range 3 {
		c := dialSecure(t, s, 0, "one too many", config)
		c.say("hello")
		if _, before := c.until("! server-full "); len(before) > 0 {
			t.Errorf("before the refusal came %q, want nothing", before)
		}
		c.expectEnd()
	}
	ana.expectOnly()
}
