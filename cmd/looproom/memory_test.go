//go:build linux

package main_test

import (
	"fmt"
	"strings"
	"testing"

	"looproom/codec"
)

// TestShortOfMemory: clients that read nothing make the server short of memory, though none has too much waiting by --sendq. Those for whom
// most waits are dropped; who reads stays, hears everything, and newcomers come in.
func TestShortOfMemory(t *testing.T) {
	const slow, said = 150, 8000
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			s := startServer(t, "--max-memory", "96MiB", "--sendq", "64MiB", "--sendq-grace", "10m", "--recent", "0", "--loops", loops,
				"--listen", "line://127.0.0.1:0")
			ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
			for n := range slow {
				slowReader(t, s, fmt.Sprint("slow", n))
			}
			heard := make(chan int)
			go func() { heard <- bob.hearAll(slow, make(chan struct{})) }()
			line := strings.Repeat("x", 4000) + "\n"
			for range said / 50 { // 200 KB at a time, which is 30 MB for all
				ana.write(strings.Repeat(line, 50))
				ana.fence()
			}
			ana.say("that is all")
			if got := <-heard; got != said {
				t.Errorf("bob heard %d lines, want %d", got, said)
			}
			dropped := strings.Count(s.log.String(), `short of memory"`)
			t.Logf("%d of %d slow clients were dropped", dropped, slow)
			if dropped == 0 {
				t.Errorf("nobody was dropped; the log:\n%s", s.log.String())
			}
			connect(t, s, 0, "newcomer").fence()
			s.expectMemory(160 << 20)
		})
	}
}

// TestMemoryBySource: what costs much is refused when there is no more memory for it, and who is in the chat, or comes, notices nothing.
func TestMemoryBySource(t *testing.T) {
	rows := []struct {
		name  string
		flags []string
		take  func(t *testing.T, s *server, bob *talker) (served, refused int)
	}{
		{"uploads", nil, takeUploads},
		{"downloads", nil, takeDownloads},
		{"handshakes", nil, takeHandshakes},
		{"recvq", []string{"--lines-per-second", "1", "--lines-burst", "100", "--recvq", "1MiB"}, takeRecvQ},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c := newCertificate(t)
			s := startServer(t, append(row.flags, "--max-memory", "32MiB", "--sendq-grace", "10m", "--loops", "1", "--files", t.TempDir(),
				"--listen", "line://127.0.0.1:0", "--listen", c.door("line"))...)
			upload(t, s, "big.bin", randomBytes(9, 4<<20))
			bob := signedIn(t, s, 0, "bob")
			served, refused := row.take(t, s, bob)
			t.Logf("%d served, %d refused", served, refused)
			if served < 10 || refused < 10 {
				t.Errorf("%d were served and %d refused, want some of each", served, refused)
			}
			bob.fence()
			connect(t, s, 0, "newcomer").fence()
			s.expectMemory(64 << 20)
		})
	}
}

// takeUploads begins uploads and ends them when all have begun.
func takeUploads(t *testing.T, s *server, bob *talker) (served, refused int) {
	var all []*talker
	for n := range 200 {
		c := connect(t, s, 0, fmt.Sprint("uploader", n))
		c.write("SEND 5 x\nfour")
		all = append(all, c)
	}
	bob.fence()
	bob.fence() // what came in one batch with the first has been handled as well
	for _, c := range all {
		c.write("5PING behind\n")
	}
	for _, c := range all {
		switch answer := c.answer(); {
		case strings.HasPrefix(answer, "= SENT 5 x "):
			served++
		case strings.HasPrefix(answer, "! busy "):
			refused++
		default:
			t.Errorf("%s: answer = %q", c.name, answer)
		}
		c.until("PONG behind")
	}
	return served, refused
}

// takeDownloads asks for files and doesn't read them.
func takeDownloads(t *testing.T, s *server, _ *talker) (served, refused int) {
	for n := range 200 {
		c := slowReader(t, s, fmt.Sprint("downloader", n))
		c.say("GET big.bin")
		switch answer := c.answer(); {
		case strings.HasPrefix(answer, "= FILE "):
			served++
		case strings.HasPrefix(answer, "! busy "):
			refused++
		default:
			t.Errorf("%s: answer = %q", c.name, answer)
		}
	}
	return served, refused
}

// takeHandshakes connects to the TLS door and says nothing.
func takeHandshakes(t *testing.T, s *server, _ *talker) (served, refused int) {
	const count = 600
	for range count {
		s.dial(t, 1)
	}
	waitFor(t, "some to be refused", func() bool {
		refused = strings.Count(s.log.String(), `"code":"busy"`)
		return refused >= 10
	})
	return count - refused, refused
}

// takeRecvQ sends more lines than are handled.
func takeRecvQ(t *testing.T, s *server, _ *talker) (served, refused int) {
	var all []*talker
	text := strings.Repeat("PING "+strings.Repeat("x", 1000)+"\n", 900)
	for n := range 60 {
		c := connect(t, s, 0, fmt.Sprint("sender", n))
		if _, err := c.input.Write([]byte(text)); err != nil { // it has been disconnected already
			refused++
			continue
		}
		all = append(all, c)
	}
	waitFor(t, "some to be disconnected", func() bool {
		return strings.Count(s.log.String(), "sends too fast, and the server is short of memory") >= 10
	})
	refused = strings.Count(s.log.String(), "sends too fast, and the server is short of memory")
	return len(all) - refused, refused
}

// TestMemoryComesBack: whatever clients do and however they end, what was counted for them is given back.
func TestMemoryComesBack(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			c := newCertificate(t)
			s := startServer(t, "--admin", "127.0.0.1:0", "--loops", loops, "--files", t.TempDir(), "--sendq", "64KiB", "--sendq-grace", "1s", "--lines-per-second", "50",
				"--listen", "line://127.0.0.1:0", "--listen", c.door("line"), "--listen", onWeb, "--listen", "chunk://127.0.0.1:0")
			admin, bob := adminOf(t, s), connect(t, s, 0, "bob")
			bob.send("big.bin", randomBytes(9, 4<<20))
			for round := range 3 {
				keepsAll(t, s, c, round)
			}
			bob.input.Close()
			var kept []string
			defer func() {
				if t.Failed() {
					t.Logf("kept: %q", kept)
				}
			}()
			waitFor(t, "all memory to be given back", func() bool {
				m := scrape(t, admin)
				kept = nil
				for _, source := range []string{"connections", "tls", "prefaces", "recvq", "uploads", "downloads", "kernel"} {
					if held := m.sum("looproom_memory_bytes", "source="+source); held != 0 {
						kept = append(kept, fmt.Sprint(source, " ", held))
					}
				}
				return len(kept) == 0 && m.sum("looproom_clients") == 0
			})
		})
	}
}

// keepsAll has clients take memory of each kind, and ends them in as many ways.
func keepsAll(t *testing.T, s *server, c certificate, round int) {
	t.Helper()
	conns := []*talker{}
	line := func(name, text string) *talker {
		l := connect(t, s, 0, fmt.Sprint(name, round))
		l.write(text)
		conns = append(conns, l)
		return l
	}
	line("part", "half a line")
	line("upload", "SEND 1000 x\nsome")
	line("sent", "SEND 4 x\nsomePING 1\n").until("= SENT ")
	line("refused", "SEND 99999999999 x\nsome")
	line("hasty", strings.Repeat("PING "+strings.Repeat("x", 300)+"\n", 200))
	line("quits", "GET big.bin\nEND\n")
	unread := slowReader(t, s, fmt.Sprint("unread", round))
	unread.write("GET big.bin\nGET big.bin\nFILES\n")
	whole := line("whole", "GET big.bin\n")
	whole.until("= FILE ")
	whole.bytes(4 << 20)
	whole.fence()
	half := line("half", "PING 1\nSEND 5 x\nfour")
	half.closeInput()
	secured := dialSecure(t, s, 1, "secured", c.trust(t))
	greeted(secured)
	secured.write("SEND 1000 x\nsome")
	s.dial(t, 1).Close()
	request(t, s.dial(t, 2), getRequest("/"))
	web := browse(t, s, 2, fmt.Sprint("web", round))
	web.say("SEND 1000 x")
	web.sendFrame(codec.OpBinary, []byte("some"))
	chunk := s.dial(t, 3)
	if _, err := chunk.Write([]byte("a burst")); err != nil {
		t.Fatal(err)
	}
	chunk.Close()
	for _, l := range append(conns, unread, secured, web.talker) {
		l.input.Close()
	}
}

// TestNoMemoryForNewcomers: at last nobody comes in any more who talks TLS, which takes most, and hears why: first because there is no memory for a handshake, and when
// there is even less because there is none for the connection. Who is in the chat stays, and others come when some have left.
func TestNoMemoryForNewcomers(t *testing.T) {
	s, config := startSecure(t, "--max-memory", "32MiB", "--admin", "127.0.0.1:0")
	ana := signedInSecure(t, s, 0, "ana", config)
	var in []*talker
	comes := func() bool {
		c := dialSecure(t, s, 0, "newcomer", config)
		line := c.next()
		if strings.HasPrefix(line, "> Connected") {
			in = append(in, c)
			return true
		}
		if line != "! busy the server is short of memory; try again" {
			t.Fatalf("newcomer %d hears %q", len(in), line)
		}
		c.expectEnd()
		c.input.Close()
		return false
	}
	for comes() {
		if len(in) > 1200 {
			t.Fatalf("%d clients came in, want some 840", len(in))
		}
	}
	for range 60 {
		in = append(in, connect(t, s, 1, "in clear"))
	}
	for range 3 {
		if comes() {
			t.Error("another client came in")
		}
	}
	ana.fence()
	if n := scrape(t, adminOf(t, s)).sum("looproom_refused_connections_total", "reason=busy"); n != 4 {
		t.Errorf("%v connections were refused, want 4", n)
	}
	for _, c := range in {
		c.input.Close()
	}
	waitFor(t, "the others to have gone", func() bool { return scrape(t, adminOf(t, s)).sum("looproom_clients") == 1 })
	greeted(dialSecure(t, s, 0, "late", config))
}
