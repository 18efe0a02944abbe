//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// narrowDial dials the n-th door by a socket that holds little.
func narrowDial(t *testing.T, s *server, n int) net.Conn {
	t.Helper()
	network, address := s.address(n)
	dialer := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) (err error) {
		if e := raw.Control(func(fd uintptr) {
			err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096)
		}); e != nil {
			return e
		}
		return err
	}}
	conn, err := dialer.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// narrowKinds are the ways in which a client with a socket that holds little can come.
var narrowKinds = []string{"line", "tls", "web"}

// narrow brings a client of a kind to a server that startNarrow has started.
func (s *server) narrow(t *testing.T, c certificate, kind, name string) *talker {
	t.Helper()
	switch kind {
	case "tls":
		conn := secured(t, narrowDial(t, s, 1), c.trust(t))
		return greeted(newTalker(t, name, conn, conn))
	case "web":
		return greeted(overWeb(t, narrowDial(t, s, 2), name, "").talker)
	}
	conn := narrowDial(t, s, 0)
	return greeted(newTalker(t, name, conn, conn))
}

// startNarrow starts a server with a door for each of narrowKinds, where nobody is dropped for reading slowly.
func startNarrow(t *testing.T, c certificate, arguments ...string) *server {
	t.Helper()
	return startServer(t, append([]string{"--sendq-grace", "10m", "--ping-every", "10m", "--listen", "line://127.0.0.1:0", "--listen", c.door("line"), "--listen", onWeb}, arguments...)...)
}

// bystander pings until it is stopped, and returns how long the longest answer took.
func bystander(t *testing.T, s *server) (stop func() time.Duration) {
	t.Helper()
	c := connect(t, s, 0, "bystander")
	c.say("PART")
	over, longest := make(chan struct{}), make(chan time.Duration, 1)
	go func() {
		most := time.Duration(0)
		defer func() { longest <- most }()
		for n := 0; ; n++ {
			select {
			case <-over:
				return
			default:
			}
			began := time.Now()
			if _, err := fmt.Fprintf(c.input, "PING by%d\n", n); err != nil {
				return
			}
			for line := ""; line != fmt.Sprint("PONG by", n); {
				var err error
				if line, err = c.line(); err != nil {
					return
				}
			}
			most = max(most, time.Since(began))
		}
	}()
	return func() time.Duration {
		close(over)
		return <-longest
	}
}

// fill has a room filled with long messages, and returns how many of them it keeps.
func fill(t *testing.T, s *server, name, room string) (kept int) {
	t.Helper()
	ana := signedIn(t, s, 0, name)
	if room != "" {
		ana.say("JOIN " + room)
	}
	for n := range 100 {
		ana.say(fmt.Sprintf("TEXT %03d%s", n, strings.Repeat("x", 8000)))
	}
	ana.say("RECENT 100")
	head, _ := ana.until("= RECENT ")
	if _, err := fmt.Sscanf(head, "= RECENT %d", &kept); err != nil || kept < 10 {
		t.Fatalf("the room keeps %q (%v), want at least 10 messages", head, err)
	}
	ana.fence()
	return kept
}

// recalled takes an answer to RECENT that has all of the messages, without anything between.
func (c *talker) recalled(kept int) error {
	line, err := "", error(nil)
	for !strings.HasPrefix(line, "= RECENT ") {
		if line, err = c.line(); err != nil {
			return fmt.Errorf("%s: no answer: %w", c.name, err)
		}
	}
	if !strings.HasPrefix(line, fmt.Sprintf("= RECENT %d #", kept)) {
		return fmt.Errorf("%s: %.40q, want %d messages", c.name, line, kept)
	}
	for n := range kept {
		line, err := c.line()
		if want := fmt.Sprintf("] %03dx", 100-kept+n); err != nil || len(line) < 8000 || !strings.Contains(line[:min(50, len(line))], want) {
			return fmt.Errorf("%s: row %d of %d is %.60q (%v), want %q", c.name, n, kept, line, err, want)
		}
	}
	return nil
}

// TestLongAnswersAreMadeAsTheyAreTaken: 40 clients ask 44 times for 100 messages of 8 KB. The server makes them as they are read, and whoever is there besides is served.
func TestLongAnswersAreMadeAsTheyAreTaken(t *testing.T) {
	const clients, asks = 40, 44
	c := newCertificate(t)
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			s := startNarrow(t, c, "--loops", loops)
			kept := fill(t, s, "ana", "")
			stop := bystander(t, s)
			var all []*talker
			for n := range clients {
				all = append(all, s.narrow(t, c, narrowKinds[n%3], fmt.Sprint("asker", n)))
				all[n].write(strings.Repeat("RECENT 100\n", asks) + "PING behind\n")
			}
			s.expectMemory(150 << 20) // while nobody has read anything
			var reading sync.WaitGroup
			for n, asker := range all {
				if n > 5 {
					continue // reads nothing to the end
				}
				reading.Go(func() {
					for range asks {
						if err := asker.recalled(kept); err != nil {
							t.Error(err)
							return
						}
					}
					if line, err := asker.line(); line != "PONG behind" {
						t.Errorf("%s: %.60q, %v behind the answers, want the PONG", asker.name, line, err)
					}
				})
			}
			reading.Wait()
			t.Logf("longest PING of a bystander: %v", stop())
			s.expectMemory(150 << 20)
		})
	}
}

// TestHalfCloseBehindLongAnswers: who closes its sending side while long answers wait gets all of them, and the answer to a last line without end.
func TestHalfCloseBehindLongAnswers(t *testing.T) {
	c := newCertificate(t)
	for _, loops := range []string{"1", "2"} {
		for _, kind := range narrowKinds[:2] { // by WebSocket there is no half-close
			t.Run("loops="+loops+","+kind, func(t *testing.T) {
				s := startNarrow(t, c, "--loops", loops)
				kept := fill(t, s, "ana", "")
				askers := []*talker{s.narrow(t, c, kind, "one"), s.narrow(t, c, kind, "other")} // one for each loop
				for _, asker := range askers {
					asker.write("RECENT 100\nLIST\n" + strings.Repeat("RECENT 100\n", 12) + "PING last")
					asker.closeInput()
				}
				connect(t, s, 0, "someone").fence()
				for _, asker := range askers {
					for range 13 {
						if err := asker.recalled(kept); err != nil {
							t.Fatal(err)
						}
					}
					asker.expect("PONG last")
					asker.expectEnd()
				}
			})
		}
	}
}

// TestEndBehindLongAnswers: END waits behind long answers, and much comes behind it that counts for nothing: the client gets all answers, "= END" and the end.
func TestEndBehindLongAnswers(t *testing.T) {
	c := newCertificate(t)
	for _, loops := range []string{"1", "2"} {
		for _, kind := range narrowKinds[:2] {
			t.Run("loops="+loops+","+kind, func(t *testing.T) {
				s := startNarrow(t, c, "--loops", loops)
				kept := fill(t, s, "ana", "")
				for range 2 {
					asker := s.narrow(t, c, kind, "asker")
					sent := make(chan error, 1)
					go func() {
						_, err := io.WriteString(asker.input, strings.Repeat("RECENT 100\n", 10)+"END\n"+strings.Repeat("PING "+strings.Repeat("x", 1000)+"\n", 2000))
						sent <- err
					}()
					s.waitStuck(t, 0)
					for range 10 {
						if err := asker.recalled(kept); err != nil {
							t.Fatal(err)
						}
					}
					asker.expect("= END")
					asker.expectEnd()
					if err := <-sent; err != nil {
						t.Errorf("write: %v", err)
					}
				}
			})
		}
	}
}

// TestListIsWhole: a list of many that is read slowly has exactly as many names as it says, in order and without a line between, while members come, go
// and take other names.
func TestListIsWhole(t *testing.T) {
	const members, lists = 5000, 12
	c := newCertificate(t)
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			s := startNarrow(t, c, "--loops", loops, "--announce-max", "10")
			for range members {
				s.dial(t, 0)
			}
			watcher := connect(t, s, 0, "watcher")
			waitFor(t, "all to be there", func() bool { return watcher.listed(t) >= members })
			over := make(chan struct{})
			var churn sync.WaitGroup
			for n := range 3 {
				restless := signedIn(t, s, 0, fmt.Sprint("restless", n))
				churn.Go(func() { restless.churn(n, over) })
			}
			var reading sync.WaitGroup
			for n := range 6 {
				reader := s.narrow(t, c, narrowKinds[n%3], fmt.Sprint("reader", n))
				reader.write(strings.Repeat("LIST\n", lists) + "PING behind\n")
				reading.Go(func() {
					for range lists {
						if err := reader.wholeList(); err != nil {
							t.Errorf("%s: %v", reader.name, err)
							return
						}
					}
					for line := ""; line != "PONG behind"; {
						var err error
						if line, err = reader.line(); err != nil || strings.HasPrefix(line, "= ") {
							t.Errorf("%s: %.60q, %v behind the lists, want the PONG", reader.name, line, err)
							return
						}
					}
				})
			}
			reading.Wait()
			close(over)
			churn.Wait()
		})
	}
}

// listed is how many users LIST says that there are.
func (c *talker) listed(t *testing.T) (n int) {
	t.Helper()
	c.say("LIST")
	line, _ := c.until("= LIST ")
	if _, err := fmt.Sscanf(line, "= LIST %d", &n); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	c.fence()
	return n
}

// churn comes, goes and takes other names, until it is over.
func (c *talker) churn(n int, over chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-over:
			return
		default:
		}
		if _, err := fmt.Fprintf(c.input, "NICK %cest%d-%d\nPART\nJOIN #lobby\nPING %d\n", 'a'+i%26, n, i, i); err != nil {
			return
		}
		for line := ""; line != fmt.Sprint("PONG ", i); {
			var err error
			if line, err = c.line(); err != nil {
				return
			}
		}
	}
}

// wholeList takes an answer to LIST.
func (c *talker) wholeList() error {
	head := ""
	var names []string
	for n := -1; n < 0 || len(names) < n; {
		line, err := c.line()
		switch {
		case err != nil:
			return fmt.Errorf("after %d of %d names: %w", len(names), n, err)
		case !strings.HasPrefix(line, "= LIST ") && n < 0:
			continue
		case n < 0:
			if _, err := fmt.Sscanf(line, "= LIST %d ", &n); err != nil {
				return err
			}
			head = fmt.Sprintf("= LIST %d ", n)
		}
		more, is := strings.CutPrefix(line, head)
		if !is {
			return fmt.Errorf("after %d of %d names comes %.60q", len(names), n, line)
		}
		names = append(names, strings.Split(more, " ")...)
		if len(names) > n {
			return fmt.Errorf("%d names, want %d", len(names), n)
		}
	}
	slices.Sort(names)
	if unique := len(slices.Compact(names)); unique != len(names) {
		return fmt.Errorf("%d names, of which only %d are different", len(names), unique)
	}
	return nil
}

// TestRoomsOfMany: clients ask again and again for 4,000 rooms with long topics, and most read nothing of it.
func TestRoomsOfMany(t *testing.T) {
	const rooms, openers, clients, asks = 4000, 8, 8, 44
	c := newCertificate(t)
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			s := startNarrow(t, c, "--loops", loops, "--max-rooms-per-user", "0")
			for n := range openers {
				opener := signedIn(t, s, 0, fmt.Sprint("opener", n))
				for i := n; i < rooms; i += openers {
					opener.say(fmt.Sprintf("JOIN #room%d", i))
					opener.say("TOPIC " + strings.Repeat("y", 380))
				}
				opener.fence()
			}
			stop := bystander(t, s)
			var all []*talker
			for n := range clients {
				all = append(all, s.narrow(t, c, narrowKinds[n%3], fmt.Sprint("asker", n)))
				all[n].write(strings.Repeat("ROOMS\n", asks))
			}
			s.expectMemory(150 << 20)
			var reading sync.WaitGroup
			for _, asker := range all[:3] {
				reading.Go(func() {
					for range 3 {
						if err := asker.rooms(rooms + 1); err != nil {
							t.Errorf("%s: %v", asker.name, err)
							return
						}
					}
				})
			}
			reading.Wait()
			t.Logf("longest PING of a bystander: %v", stop())
			s.expectMemory(150 << 20)
		})
	}
}

// rooms takes an answer to ROOMS.
func (c *talker) rooms(count int) error {
	for line := ""; line != fmt.Sprint("= ROOMS ", count); {
		var err error
		if line, err = c.line(); err != nil {
			return err
		}
	}
	before := ""
	for n := range count {
		line, err := c.line()
		name, is := strings.CutPrefix(line, "= ROOM ")
		name, _, _ = strings.Cut(name, " ")
		if err != nil || !is || name <= before {
			return fmt.Errorf("row %d behind %s is %.60q, %v", n, before, line, err)
		}
		before = name
	}
	return nil
}

// TestNewcomersReminderInPieces: the last messages of a room come whole, and before all that is said in it afterwards.
func TestNewcomersReminderInPieces(t *testing.T) {
	c := newCertificate(t)
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			s := startNarrow(t, c, "--loops", loops)
			bob := signedIn(t, s, 0, "bob")
			for n, kind := range append(narrowKinds, narrowKinds...) {
				long := fmt.Sprint("#long", n)
				fill(t, s, fmt.Sprint("ana", n), long)
				bob.say("JOIN " + long)
				bob.fence()
				pia := s.narrow(t, c, kind, fmt.Sprint("pia", n))
				for range 20 { // more than the sockets hold
					pia.write("JOIN " + long + "\nPART\n")
				}
				pia.write("JOIN " + long + "\nI am here\n")
				for i := range 21 {
					pia.until("= JOIN " + long)
					if err := pia.recalled(10); err != nil {
						t.Fatalf("%d: %v", i, err)
					}
				}
				for line := ""; !strings.HasSuffix(line, " I am here"); {
					line = bob.next()
				}
				bob.say("welcome")
				pia.until("[bob] welcome")
				pia.input.Close()
			}
		})
	}
}

// TestFullSocketCanSpeak: what others say to a room fills a member's socket, and it speaks all the same.
func TestFullSocketCanSpeak(t *testing.T) {
	c := newCertificate(t)
	for _, loops := range []string{"1", "2"} {
		s := startNarrow(t, c, "--loops", loops, "--sendq", "64MiB")
		var deaf []*talker
		for _, kind := range append(narrowKinds, narrowKinds...) {
			deaf = append(deaf, s.narrow(t, c, kind, kind))
		}
		ana, bob := signedIn(t, s, 0, "ana"), connect(t, s, 0, "bob")
		go func() { _, _ = io.Copy(io.Discard, ana.output) }()
		for range 1000 {
			ana.say(strings.Repeat("z", 4000))
		}
		for n, c := range deaf {
			c.say(fmt.Sprint("I speak ", n))
			for line := ""; !strings.HasSuffix(line, fmt.Sprint("] I speak ", n)); {
				line = bob.next()
			}
		}
	}
}

// TestEchoNotRead: 300 clients of an echo door send and read nothing; what the server keeps for them is bounded. Who reads, however late, gets all.
func TestEchoNotRead(t *testing.T) {
	c := newCertificate(t)
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			s := startServer(t, "--sendq-grace", "10m", "--loops", loops, "--admin", "127.0.0.1:0", "--listen", "echo://127.0.0.1:0", "--listen", c.door("echo"))
			data := randomBytes(3, 4<<20)
			var sending sync.WaitGroup
			var stuck []net.Conn
			for range 300 {
				conn := narrowDial(t, s, 0)
				stuck = append(stuck, conn)
				sending.Go(func() {
					_ = conn.SetWriteDeadline(time.Now().Add(2 * time.Second))
					_, _ = conn.Write(data) // until its sockets are full, or it is disconnected
				})
			}
			sending.Wait()
			s.expectMemory(160 << 20)
			admin := adminOf(t, s)
			recvq := func() float64 { return scrape(t, admin).sum("looproom_memory_bytes", "source=recvq") }
			if recvq() == 0 {
				t.Error("nothing is counted of what waits")
			}
			for n := range 2 {
				conn := narrowDial(t, s, n)
				if n == 1 {
					conn = secured(t, conn, c.trust(t))
				}
				go func() { _, _ = conn.Write(data) }()
				got := make([]byte, len(data))
				if n, err := io.ReadFull(patient{conn}, got); err != nil || !bytes.Equal(got, data) {
					t.Errorf("%d of %d bytes came back (%v), or others than were sent", n, len(data), err)
				}
			}
			for _, conn := range stuck {
				conn.Close()
			}
			waitFor(t, "nothing to wait any more of those who have read all", func() bool { return recvq() == 0 })
		})
	}
}

// TestLinesWaitForTheReader: clients of each kind send 3 MB of lines and a file, and end their stream, before they read anything. They are slowed down by TCP and not
// disconnected, and get every answer in order.
func TestLinesWaitForTheReader(t *testing.T) {
	c := newCertificate(t)
	rows := []struct {
		name      string
		door      string
		lines     int
		file      bool
		arguments []string
	}{
		{name: "line", lines: 1500, door: "line://127.0.0.1:0", file: true},
		{name: "tls", lines: 1500, door: c.door("line"), file: true},
		{name: "fixed", lines: 1500, door: "fixed://127.0.0.1:0?size=2048"},
		{name: "chunk", lines: 1500, door: "chunk://127.0.0.1:0"},
		{name: "line at a rate", lines: 300, door: "line://127.0.0.1:0", file: true, arguments: []string{"--lines-per-second", "5000", "--lines-burst", "100", "--recvq", "4MiB"}},
	}
	for _, loops := range []string{"1", "2"} {
		for _, row := range rows {
			t.Run("loops="+loops+","+row.name, func(t *testing.T) {
				t.Parallel()
				s := startServer(t, append([]string{"--sendq-grace", "10m", "--loops", loops, "--files", t.TempDir(), "--listen", row.door}, row.arguments...)...)
				for n := range 2 { // one on each loop
					conn := narrowDial(t, s, 0)
					if row.name == "tls" {
						conn = secured(t, conn, c.trust(t))
					}
					var text bytes.Buffer
					for i := range row.lines {
						line := fmt.Sprintf("PING %d.%s\n", i, strings.Repeat("x", 1000))
						if strings.HasPrefix(row.door, "fixed") {
							line = string(append([]byte(line[:len(line)-1]), make([]byte, 2049-len(line))...))
						}
						text.WriteString(line)
						if row.file && i == row.lines/2 {
							fmt.Fprintf(&text, "SEND 300000 file%d\n%s", n, randomBytes(1, 300000))
						}
					}
					sent := make(chan error, 1)
					go func() {
						_, err := conn.Write(text.Bytes())
						sent <- err
						_ = conn.(interface{ CloseWrite() error }).CloseWrite()
					}()
					// It is stuck, or done: in any case the server still serves others.
					s.waitStuck(t, 0)
					got, err := io.ReadAll(patient{conn})
					if err != nil {
						t.Errorf("after %d bytes: %v", len(got), err)
					}
					for i := range row.lines {
						got = behind(t, got, fmt.Sprintf("PONG %d.", i))
						if row.file && i == row.lines/2 {
							got = behind(t, got, fmt.Sprintf("= SENT 300000 file%d ", n))
						}
					}
					if err := <-sent; err != nil {
						t.Errorf("write: %v", err)
					}
				}
				if text := s.log.String(); strings.Contains(text, `"flood"`) || strings.Contains(text, "slowly") {
					t.Errorf("someone was disconnected:\n%s", text)
				}
			})
		}
	}
}

// behind returns what stands behind the first text in got, which must be there.
func behind(t *testing.T, got []byte, text string) []byte {
	t.Helper()
	_, rest, found := bytes.Cut(got, []byte(text))
	if !found {
		t.Fatalf("no %q in the last %d bytes", text, len(got))
	}
	return rest
}

// TestBansInPieces: a list of bans that is more than a piece is whole.
func TestBansInPieces(t *testing.T) {
	const bans = 300
	for _, loops := range []string{"1", "2"} {
		s := guarded(t, t.TempDir(), "--loops", loops)
		for n := range 2 { // one on each loop
			op := namedFrom(t, s, "127.0.0.1", fmt.Sprint("root", n))
			op.say("OPER ann " + operPassword)
			op.until("= OPER ann")
			var want []string
			for i := range bans {
				target := fmt.Sprintf("10.0.%d.%d", i/250, i%250)
				if n == 0 {
					op.say("BAN " + target + " forever " + strings.Repeat("w", 100))
					op.until("= BAN " + target)
				}
				want = append(want, target)
			}
			op.say("BANS")
			op.until(fmt.Sprint("= BANS ", bans))
			var got []string
			for range bans {
				got = append(got, strings.Fields(op.next())[2])
			}
			slices.Sort(got)
			if slices.Sort(want); !slices.Equal(got, want) {
				t.Errorf("loops=%s: the bans %q, want %q", loops, got, want)
			}
			op.expectOnly()
		}
	}
}
