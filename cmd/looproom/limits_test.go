//go:build linux

package main_test

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestRefusedAtTheDoor: who is one too many gets a line with the reason, though it has sent something already, and comes in when
// there is room.
func TestRefusedAtTheDoor(t *testing.T) {
	rows := []struct {
		name      string
		arguments []string
		want      string
		room      bool // once someone has left
	}{
		{"clients", []string{"--max-clients", "2"}, "! server-full ", true},
		{"clients of an address", []string{"--max-per-address", "2"}, "! too-many-connections ", true},
		{"connections of an address", []string{"--connect-rate", "0.001", "--connect-burst", "2"}, "! connecting-too-fast ", false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, row.arguments...)
			ana, bob := connect(t, s, 0, "ana"), connect(t, s, 0, "bob")
			for range 3 {
				c := dial(t, s, 0, "one too many")
				c.say("hello")
				if _, before := c.until(row.want); len(before) > 0 {
					t.Errorf("before the refusal came %q, want nothing", before)
				}
				c.expectEnd()
			}
			ana.say("END")
			ana.until("= END")
			ana.expectEnd()
			ana.closeInput()
			if row.room {
				waitFor(t, "room for another client", func() bool { return comesIn(t, s) })
			}
			bob.fence()
		})
	}
}

// comesIn says whether a client is served.
func comesIn(t *testing.T, s *server) bool {
	t.Helper()
	c := dial(t, s, 0, "again")
	defer c.input.Close()
	line, err := c.line()
	return err == nil && strings.HasPrefix(line, "> Connected")
}

// TestUnixSocketHasNoAddress: the limits of an address don't hold there.
func TestUnixSocketHasNoAddress(t *testing.T) {
	s := startServer(t, "--max-per-address", "1", "--connect-rate", "0.001", "--connect-burst", "1",
		"--listen", "line+unix://"+t.TempDir()+"/door")
	for n := range 5 {
		connect(t, s, 0, "client "+strconv.Itoa(n))
	}
}

// TestManyRefusalsAreCounted: not each of very many has its line in the log, but all are counted.
func TestManyRefusalsAreCounted(t *testing.T) {
	const knocks = 500
	s := startServer(t, "--max-clients", "1", "--log-format", "json")
	connect(t, s, 0, "ana")
	began := time.Now()
	for range knocks {
		c := dial(t, s, 0, "one too many")
		c.until("! server-full ")
		c.input.Close()
	}
	seconds := int(time.Since(began)/time.Second) + 2 // begun ones
	counted := regexp.MustCompile(`"clients":(\d+),.*"refused, too many to log each"`)
	var logged, more int
	waitFor(t, "all refusals in the log", func() bool {
		logged, more = strings.Count(s.log.String(), `"message":"refused"`), 0
		for _, match := range counted.FindAllStringSubmatch(s.log.String(), -1) {
			n, _ := strconv.Atoi(match[1])
			more += n
		}
		return logged+more >= knocks
	})
	if most := 10 * seconds; logged+more != knocks || logged > most {
		t.Errorf("%d refusals were logged and %d counted, want %d in all, and at most %d logged in %d seconds", logged, more, knocks, most, seconds)
	}
}

// limitedLines are the flags of a server that handles so many lines a second, and 5 at once.
func limitedLines(perSecond int, more ...string) []string {
	return append([]string{"--lines-per-second", strconv.Itoa(perSecond), "--lines-burst", "5"}, more...)
}

// pings are lines that are answered one by one.
func pings(from, to int) string {
	var all strings.Builder
	for n := from; n < to; n++ {
		fmt.Fprintf(&all, "PING %d %s\n", n, strings.Repeat(".", 90))
	}
	return all.String()
}

// expectPongs takes the answers to pings.
func (c *talker) expectPongs(from, to int) {
	c.t.Helper()
	for n := from; n < to; n++ {
		c.expect(fmt.Sprintf("PONG %d %s", n, strings.Repeat(".", 90)))
	}
}

// TestPastedLines: with the limits that a server has by default, pasting 20 lines is no flood.
func TestPastedLines(t *testing.T) {
	s := startServer(t, "--lines-per-second", "10", "--lines-burst", "50")
	ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
	ana.fence()
	ana.write(strings.Repeat("a pasted line\n", 20))
	for range 20 {
		bob.expect("[ana] a pasted line")
	}
	ana.expectOnly()
	if log := s.log.String(); strings.Contains(log, "flood") {
		t.Errorf("the log speaks of a flood:\n%s", log)
	}
}

// TestFloodIsDelayed: lines over the rate are answered later, all of them and in order.
func TestFloodIsDelayed(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, limitedLines(100, "--loops", loops, "--admin", "127.0.0.1:0")...)
			admin, ana := adminOf(t, s), connect(t, s, 0, "ana")
			ana.write(pings(0, 80))
			ana.expectPongs(0, 80)
			ana.expectOnly()
			waitFor(t, "nothing to be counted as waiting any more", func() bool { return scrape(t, admin).sum("looproom_memory_bytes", "source=recvq") == 0 })
		})
	}
}

// TestFloodIsTold: who has half of recvq waiting is told so, once, and loses nothing; be it that it waits for its turn before it waits for its rate.
func TestFloodIsTold(t *testing.T) {
	s := startServer(t, limitedLines(100, "--recvq", "12k", "--loops", "1")...)
	var all []*talker
	for n := range 40 {
		all = append(all, connect(t, s, 0, fmt.Sprintf("client %d", n)))
	}
	for _, c := range all {
		c.fence() // behind what it hears of the others' coming
	}
	var wg sync.WaitGroup
	for _, c := range all {
		wg.Go(func() { io.WriteString(c.input, pings(0, 100)) }) // 9.7 KB
	}
	wg.Wait()
	for _, c := range all {
		told := 0
		for n := 0; n < 100; {
			line := c.next()
			switch {
			case line == "! flood you send faster than 100 lines a second; slow down":
				told++
			case strings.HasPrefix(line, fmt.Sprintf("PONG %d ", n)):
				n++
			default:
				t.Fatalf("line = %q, want the answer to PING %d or that it is too fast", line, n)
			}
		}
		if told != 1 {
			t.Errorf("it was told %d times that it is too fast, want once", told)
		}
		c.expectOnly()
	}
}

// TestFloodIsEnded: who has more than recvq waiting is told so and disconnected; nobody else is.
func TestFloodIsEnded(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, limitedLines(100, "--recvq", "12k", "--loops", loops)...)
			bob, ana := signedIn(t, s, 0, "bob"), signedIn(t, s, 0, "ana")
			ana.write(pings(0, 1000))
			ana.until("! flood too much is waiting; disconnected")
			ana.expectEnd()
			bob.until("< The user ana left")
			bob.fence()
			waitFor(t, "the reason in the log", func() bool { return strings.Contains(s.log.String(), "flood") })
		})
	}
}

// TestHalfCloseBehindDelayedLines: all lines are still handled and answered, an upload among them.
func TestHalfCloseBehindDelayedLines(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		for _, end := range []string{"", "END\n", "PING unfinished"} {
			t.Run(fmt.Sprintf("loops=%s/%q", loops, end), func(t *testing.T) {
				t.Parallel()
				s := startServer(t, limitedLines(100, "--loops", loops, "--files", t.TempDir())...)
				ana := connect(t, s, 0, "ana")
				ana.write(pings(0, 30) + "SEND 5 a.txt\nhello" + pings(30, 50) + "SEND 3 b.txt\nbye" + end)
				ana.closeInput()
				ana.expectPongs(0, 30)
				ana.until("= SENT 5 a.txt ")
				ana.expectPongs(30, 50)
				ana.until("= SENT 3 b.txt ")
				if end != "" {
					ana.expect(map[string]string{"END\n": "= END", "PING unfinished": "PONG unfinished"}[end])
				}
				ana.expectEnd()
			})
		}
	}
}

// TestUploadIsNoFlood: the bytes of files are no lines. A SEND is one, also if the file is empty; one that comes too soon waits with the bytes
// behind it, and nobody is disconnected for those.
func TestUploadIsNoFlood(t *testing.T) {
	const perSecond, files = 20, 30
	for _, size := range []int{0, 100_000} {
		t.Run(fmt.Sprint(size, " bytes"), func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--lines-per-second", fmt.Sprint(perSecond), "--lines-burst", "2", "--recvq", "8k", "--files", t.TempDir())
			ana := dial(t, s, 0, "ana")
			began := time.Now()
			ana.write("PING one\nPING two\n")
			go func() { // the server takes it as slowly as it handles it
				for n := range files {
					_, _ = fmt.Fprintf(ana.input, "SEND %d file%d\n%s", size, n, strings.Repeat("line\n", size/5))
				}
			}()
			for n := range files {
				ana.until(fmt.Sprintf("= SENT %d file%d ", size, n))
			}
			if took, least := time.Since(began), time.Second*(files-2)/perSecond; took < least {
				t.Errorf("%d files took %v, want at least %v at %d a second", files, took, least, perSecond)
			}
		})
	}
}

// TestSlowSkip: on a door with slow=skip a client that reads nothing loses the oldest messages, is told how many, and stays.
func TestSlowSkip(t *testing.T) {
	const said = 8000
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--sendq", "64k", "--loops", loops, "--listen", "line://127.0.0.1:0?slow=skip")
			slow := slowReader(t, s, "slow")
			slow.say("PING before")
			text := speak(t, s, said) // 6.4 MB: more than waits for anybody, and than sockets take
			slow.say("PING after")
			hearSkipping(t, slow.next, text, said, "PONG before", "PONG after")
			slow.expectOnly()
		})
	}
}

// TestSignInTimeout: a guest is sent away, who has signed in stays.
func TestSignInTimeout(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--sign-in-timeout", "3s", "--loops", loops)
			ana, bob := signedIn(t, s, 0, "ana"), connect(t, s, 0, "bob")
			bob.say("NICK bob")
			bob.until("= NICK bob")
			guest := connect(t, s, 0, "guest")
			guest.until("! sign-in-timeout sign in within 3s: ADD name")
			guest.expectEnd()
			ana.fence()
			bob.fence()
			waitFor(t, "the reason in the log", func() bool { return strings.Contains(s.log.String(), "has not signed in") })
		})
	}
}
