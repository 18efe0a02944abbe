//go:build linux

package main_test

import (
	"bytes"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// allDoors are one door of each kind that chats.
var allDoors = []string{"--listen", "line://127.0.0.1:0", "--listen", "fixed://127.0.0.1:0", "--listen", "chunk://127.0.0.1:0"}

// TestEndlessLine: a line that does not end is answered once, occupies no memory, and what comes behind it is read.
func TestEndlessLine(t *testing.T) { endlessLine(t, 64<<20) }

func endlessLine(t *testing.T, size int) {
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", "chunk://127.0.0.1:0?pause=1m") // who is held up for a moment has not come to an end
	bob := signedIn(t, s, 0, "bob")
	for n, door := range []string{"line", "chunk"} {
		before := s.memory("VmHWM")
		conn := s.dial(t, n)
		bob.until("> New user ")
		piece := bytes.Repeat([]byte("x"), 1<<20)
		for range size >> 20 {
			if _, err := conn.Write(piece); err != nil {
				t.Fatal(err)
			}
		}
		told := readUntil(t, conn, "! line-too-long ")
		bob.expectOnly()
		if _, err := conn.Write([]byte("\nthat was long\n")); err != nil {
			t.Fatal(err)
		}
		bob.until("[" + conn.LocalAddr().String() + "] that was long")
		if n := strings.Count(told, "! "); n != 1 {
			t.Errorf("a %s client was told of %d errors, want one: %q", door, n, told)
		}
		grown, limit := s.memory("VmHWM")-before, int64(16<<20)
		if underRace {
			limit *= 4
		}
		if grown > limit {
			t.Errorf("the memory grew by %d MiB, want at most %d MiB", grown>>20, limit>>20)
		}
		t.Logf("a line of %d MiB on a %s door: the memory grew by %d KiB", size>>20, door, grown>>10)
	}
}

// readUntil reads until word has come, with line ends or without, and returns all that has come by then.
func readUntil(t *testing.T, conn net.Conn, word string) string {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	var got bytes.Buffer
	for buffer := make([]byte, 4096); !strings.Contains(got.String(), word); {
		n, err := conn.Read(buffer)
		if err != nil {
			t.Fatalf("no %q, but %v; before it: %.300q", word, err, got.String())
		}
		got.Write(buffer[:n])
	}
	return got.String()
}

// TestEveryByte: each byte value, alone, doubled and between others, on each kind of door. Nobody is disturbed, and what the others get is
// fit to be shown.
func TestEveryByte(t *testing.T) {
	s := startServer(t, allDoors...)
	bob := signedIn(t, s, 0, "bob")
	for n := range 3 {
		conn := s.dial(t, n)
		bob.until("> New user ")
		speakFirst(t, conn, n)
		for b := range 256 {
			segment := []byte{byte(b), byte(b), byte(b), ' ', 'a', byte(b), 'b', '\n'}
			if _, err := conn.Write(segment); err != nil {
				t.Fatalf("door %d: byte %#02x: %v", n, b, err)
			}
			expectFit(t, bob.fence())
		}
		conn.Close()
		_, before := bob.until("< The user ")
		expectFit(t, before)
	}
}

// speakFirst has a client of the n-th of allDoors begin with text: what begins otherwise is refused.
func speakFirst(t *testing.T, conn net.Conn, n int) {
	t.Helper()
	first := "hello\n"
	if n == 1 {
		first = block("hello", 512)
	}
	if _, err := conn.Write([]byte(first)); err != nil {
		t.Fatal(err)
	}
}

// expectFit fails when a line would do something to a terminal, or is no text.
func expectFit(t *testing.T, lines []string) {
	t.Helper()
	for _, line := range lines {
		if !fit(line) {
			t.Errorf("line %q is not fit to be shown", line)
		}
	}
}

func fit(line string) bool {
	drives := func(r rune) bool { return r != '\t' && unicode.IsControl(r) }
	return utf8.ValidString(line) && !strings.ContainsFunc(line, drives)
}

// TestNoise: random bytes, telnet negotiation above all, on all doors at once.
func TestNoise(t *testing.T) { makeNoise(t, 1<<20) }

func makeNoise(t *testing.T, size int) {
	s := startServer(t, allDoors...)
	bob := signedIn(t, s, 0, "bob")
	descriptors := s.descriptors()
	var noises sync.WaitGroup
	for n := range 6 {
		conn, random := s.dial(t, n%3), rand.New(rand.NewPCG(5, uint64(n)))
		go discard(conn)
		speakFirst(t, conn, n%3)
		noises.Go(func() { sendNoise(t, conn, random, size) })
	}
	quiet := make(chan struct{})
	go func() { noises.Wait(); close(quiet) }()
	lines := 0
	for waits := true; waits; {
		select {
		case <-quiet:
			waits = false
		default:
		}
		heard := bob.fence()
		expectFit(t, heard)
		lines += len(heard)
	}
	s.expectDescriptors(t, descriptors)
	expectFit(t, bob.fence())
	s.expectMemory(256 << 20)
	t.Logf("bob heard %d lines of 6 x %d KiB of noise", lines, size>>10)
}

// sendNoise sends size bytes of noise and closes the connection, or ends when it is closed: noise can say END.
func sendNoise(t *testing.T, conn net.Conn, random *rand.Rand, size int) {
	defer conn.Close()
	for sent := 0; sent < size; {
		piece := noise(random, 4096)
		n, err := conn.Write(piece)
		if err != nil {
			t.Logf("noise ended after %d bytes: %v", sent, err)
			return
		}
		sent += n
	}
}

// discard reads all that comes, so that the noise is not taken for a slow reader.
func discard(conn net.Conn) {
	buffer := make([]byte, 64<<10)
	for {
		if _, err := conn.Read(buffer); err != nil {
			return
		}
	}
}

// words are what noise is made of besides random bytes: what framers and parsers look at.
var words = []string{
	"\n", "\r\n", "\r", "\x00", " ", "\t", "\xff", "\xff\xff", "\xff\xfb\x01", "\xff\xfd\x1f", "\xff\xfa\x1f\x00\x50\xff\xf0", "\xff\xf0",
	"ADD ", "NICK ", "TEXT ", "TEXT TO ", "ME ", "LIST", "ROOMS", "WHO ", "JOIN #", "PART ", "TOPIC ", "AWAY ", "BACK", "RECENT ", "FILES", "GET ",
	"PING ", "HELP", "/", "//", "/msg ", "#lobby", "#room", "bob", "ana", "-1", "0", "99999999999999999999", "\u202e", "\u2028", "\xc3", "é", "🎉",
	"\x1b[2J", "SEND 3 a\nabc", "SEND 0 \n", "SEND -1 a\n",
}

// greedyWords make the server drop much of what comes behind them, so they are rare.
var greedyWords = []string{"\xff\xfa", "SEND 99999999999999999999 a\n", "SEND 9223372036854775807 a\n", "SEND 70000 a\n"}

// noise returns about size bytes.
func noise(random *rand.Rand, size int) []byte {
	var b bytes.Buffer
	for b.Len() < size {
		switch random.IntN(8) {
		case 7:
			if random.IntN(500) == 0 {
				b.WriteString(greedyWords[random.IntN(len(greedyWords))])
			}
		case 0:
			for range random.IntN(40) {
				b.WriteByte(byte(random.Uint32()))
			}
		case 1:
			b.WriteString(strings.Repeat(string(rune('a'+random.IntN(26))), random.IntN(30)))
		default:
			b.WriteString(words[random.IntN(len(words))])
		}
	}
	return b.Bytes()
}
