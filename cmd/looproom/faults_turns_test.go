//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"looproom/codec"
)

// maskedEmpty is a frame of WebSocket with an empty text, of a client.
var maskedEmpty = []byte{0x80 | byte(codec.OpText), 0x80, 1, 2, 3, 4}

// TestWhatSaysNothingIsPaidFor: empty lines, telnet commands and frames without a line count as parts of a line. Who sends few of them gets its answer at once; who sends so
// many that its burst is used up has to wait for its time, as with lines.
func TestWhatSaysNothingIsPaidFor(t *testing.T) {
	for _, row := range []struct {
		name    string
		door    string
		nothing []byte
		ping    []byte
	}{
		{"empty lines", "line://127.0.0.1:0", []byte("\n"), []byte("PING a\n")},
		{"empty lines with CR", "line://127.0.0.1:0", []byte("\r\n"), []byte("PING a\n")},
		{"telnet NOPs", "line://127.0.0.1:0", []byte("\xff\xf1"), []byte("PING a\n")},
		{"empty blocks", "fixed://127.0.0.1:0?size=16", make([]byte, 16), []byte("PING a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")},
		{"empty bursts", "chunk://127.0.0.1:0", []byte("\n"), []byte("PING a\n")},
		{"empty frames", onWeb, maskedEmpty, append([]byte{0x80 | byte(codec.OpText), 0x80 | 6, 0, 0, 0, 0}, "PING a"...)},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := startServer(t, "--listen", row.door, "--admin", "127.0.0.1:0", "--lines-per-second", "0.02", "--lines-burst", "8", "--recvq", "1M")
			admin := adminOf(t, s)
			delayed := func() float64 { return scrape(t, admin).sum("looproom_floods_delayed_total") }
			send := func(times int) io.Reader {
				conn := s.dial(t, 0)
				if row.door == onWeb {
					overWeb(t, conn, "web", "")
				}
				text := append(append(bytes.Clone(row.ping), bytes.Repeat(row.nothing, times)...), row.ping...)
				if _, err := conn.Write(text); err != nil {
					t.Fatal(err)
				}
				return conn
			}
			readPongs(t, send(1000), 2) // 2 lines, and 4 for what says nothing
			if n := delayed(); n != 0 {
				t.Errorf("a client that had said little was delayed %v times, want never", n)
			}
			readPongs(t, send(3000), 1)
			waitFor(t, "who had sent 3,000 times nothing to be delayed", func() bool { return delayed() > 0 })
		})
	}
}

// readPongs reads until so many answers to pings have come.
func readPongs(t *testing.T, r io.Reader, n int) {
	t.Helper()
	var got bytes.Buffer
	for buffer := make([]byte, 4096); bytes.Count(got.Bytes(), []byte("PONG a")) < n; {
		more, err := r.Read(buffer)
		if err != nil {
			t.Fatalf("%v before %d answers; there was %.200q", err, n, got.String())
		}
		got.Write(buffer[:more])
	}
}

// TestKeyUpdatesArePaidFor: records of TLS that bring nothing count as lines, and can't wait as lines do. Who sends far more than that is disconnected.
func TestKeyUpdatesArePaidFor(t *testing.T) {
	need(t, "openssl")
	s, config := startSecure(t, "--lines-per-second", "0.02", "--lines-burst", "8")
	host, port := s.hostPort(0)
	c := startProgram(t, "openssl", "s_client", "-tls1_3", "-msg", "-connect", host+":"+port)
	c.until("> Connected")
	c.say("PING a")
	c.until("PONG a")
	updates, err := 0, error(nil)
	for until := func(prefix string) {
		for line := ""; err == nil && !strings.HasPrefix(line, prefix); {
			line, err = c.line()
		}
	}; ; updates++ {
		_, _ = io.WriteString(c.input, "K\n") // the end of openssl shows where its output is read
		if until("<<< TLS 1.3, Handshake [length 0005], KeyUpdate"); err != nil {
			break
		}
		_, _ = io.WriteString(c.input, "crypto/tls lets nobody send nothing but those\n")
		until(">>> ") // openssl takes a K for a command only if it comes alone
	}
	if least, most := 4, 2*8+20; updates < least || updates > most {
		t.Errorf("the client was disconnected after %d KeyUpdates, want %d to %d", updates, least, most)
	}
	s.awaitLog(`"flood"`)
	signedInSecure(t, s, 0, "bob", config).say("PING others are well") // and bob's records have lines in them
}

// TestMuchInputIsTakenByTurns: many send megabytes at once, of what costs most, on a server without limits. Nobody's turn is longer than a loop has time for, so the rest
// waits; a bystander is answered meanwhile, and all that was sent is handled in the end, whole and in order, also of who closes its sending side behind it.
func TestMuchInputIsTakenByTurns(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run(loops+" loops", func(t *testing.T) { takeTurns(t, loops, 20, 2<<20) })
	}
}

func takeTurns(t *testing.T, loops string, clients, size int) {
	s := startServer(t, "--loops", loops, "--admin", "127.0.0.1:0")
	admin := adminOf(t, s)
	pinger := connect(t, s, 0, "pinger")
	pinger.say("JOIN #quiet")
	pinger.say("PART #lobby")
	pinger.fence()
	stop, trips := make(chan struct{}), make(chan spread, 1)
	go func() { trips <- measureTrips(pinger, stop) }()
	var all sync.WaitGroup
	for n := range clients {
		conn := s.dial(t, 0)
		all.Go(func() { sendMuch(t, conn, n, size) })
	}
	all.Wait()
	close(stop)
	trip := <-trips
	deferred := scrape(t, admin).sum("looproom_inputs_deferred_total")
	if deferred == 0 {
		t.Errorf("no input was put off, want that it is: %d clients have sent %d MiB each at once", clients, size>>20)
	}
	t.Logf("%d clients sent %d MiB of empty lines and telnet commands each: %v turns were put off, PING of a bystander p50 %v, p99 %v, longest %v",
		clients, size>>20, deferred, trip.p50, trip.p99, trip.most)
}

// sendMuch sends size bytes of empty lines and telnet commands with numbered questions among them, closes its sending side, and expects all answers in order.
func sendMuch(t *testing.T, conn net.Conn, n, size int) {
	const questions = 64
	nothing := bytes.Repeat([]byte("\n\xff\xf1"), size/questions/3)
	var text bytes.Buffer
	for i := range questions {
		fmt.Fprintf(&text, "PING %d.%d\n", n, i)
		text.Write(nothing)
	}
	go func() {
		_, err := conn.Write(text.Bytes())
		if err == nil {
			err = conn.(*net.TCPConn).CloseWrite()
		}
		if err != nil {
			t.Errorf("client %d: %v", n, err)
		}
	}()
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Errorf("client %d: %v", n, err)
		return
	}
	i := 0
	for line := range strings.Lines(string(got)) {
		if strings.HasPrefix(line, "PONG ") {
			if want := fmt.Sprintf("PONG %d.%d\n", n, i); line != want {
				t.Errorf("client %d: answer %q, want %q", n, line, want)
				return
			}
			i++
		}
	}
	if i != questions {
		t.Errorf("client %d got %d answers, want %d", n, i, questions)
	}
}

// TestPiecesOfALineInRecordsArePaidFor: who cuts a line into very many records of TLS makes the server work, and is disconnected for it; a line in some few costs nothing.
func TestPiecesOfALineInRecordsArePaidFor(t *testing.T) {
	s, config := startSecure(t, "--lines-per-second", "0.02", "--lines-burst", "8")
	for _, row := range []struct {
		name   string
		pieces int
		want   string
	}{
		{"few", 100, "PONG xxx"},
		{"many", 20 * (2*8 + 20 + 10), "! flood too many records of TLS with nothing in them; disconnected"},
	} {
		c := greeted(dialSecure(t, s, 0, row.name, config))
		go func() { // until it is disconnected
			_, err := io.WriteString(c.input, "PING ")
			for range row.pieces {
				if err == nil {
					_, err = io.WriteString(c.input, "x")
				}
			}
			_, _ = io.WriteString(c.input, "\n")
		}()
		c.until(row.want)
	}
}
