//go:build linux

package crowd

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"looproom/bench"
)

// room is a chat server of the plainest kind: each line goes to all others. drop loses one of so many lines on their way to one client, 0 none.
type room struct {
	net.Listener
	mu      sync.Mutex
	clients map[net.Conn]bool
	drop    int
	lines   int
}

func startRoom(t *testing.T, drop int) *room {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &room{Listener: l, clients: map[net.Conn]bool{}, drop: drop}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.serve(c)
		}
	}()
	return r
}

func (r *room) serve(c net.Conn) {
	for in := bufio.NewReader(c); ; {
		line, err := in.ReadBytes('\n')
		r.mu.Lock()
		switch {
		case err != nil:
			delete(r.clients, c)
			r.mu.Unlock()
			c.Close()
			return
		case bytes.Equal(line, []byte("hello\n")):
			r.clients[c] = true
			fmt.Fprintln(c, "welcome")
		case bytes.Equal(line, []byte("how many\n")):
			fmt.Fprintf(c, "we are %d\n", len(r.clients))
		default:
			r.relay(c, line)
		}
		r.mu.Unlock()
	}
}

func (r *room) relay(from net.Conn, line []byte) {
	for to := range r.clients {
		if r.lines++; to != from && (r.drop == 0 || r.lines%r.drop != 0) {
			_, _ = to.Write(line)
		}
	}
}

// plain is its dialect.
type plain struct{}

func (plain) Name() string { return "plain" }
func (plain) Hello(int, int) []bench.HelloStep {
	return []bench.HelloStep{{Send: []byte("hello\n"), Await: []byte("welcome\n")}}
}
func (plain) Say(dst []byte, _, _ int, words []byte) []byte {
	return append(append(dst, words...), '\n')
}
func (plain) Control(dst, _ []byte) []byte     { return dst }
func (plain) Goodbye(dst []byte, _ int) []byte { return dst }

const partOf = "LOOPROOM_CROWD_PART" // the address that a process is to come to as a part

func TestMain(m *testing.M) {
	if address := os.Getenv(partOf); address != "" {
		number, _ := strconv.Atoi(os.Args[1])
		if err := RunPart(Part{Number: number, Parts: 3, Clients: 20, Address: address, From: "127.0.0.1", Burst: 4, Dialect: plain{}}, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func gather(t *testing.T, r *room, patience time.Duration) *Result {
	t.Helper()
	t.Setenv(partOf, r.Addr().String())
	nothing := func() error { return nil }
	result, err := Run(t.Context(), Options{
		Parts: 3, Clients: 60, Rate: 60, For: 500 * time.Millisecond, Patience: patience, Ask: []byte("how many\n"), Until: []byte("we are "),
		Command:  func(number int) []string { return []string{os.Args[0], strconv.Itoa(number)} },
		Gathered: nothing, Talked: nothing, Progress: func(string, Word) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestCrowd(t *testing.T) {
	r := gather(t, startRoom(t, 0), 20*time.Second)
	if r.In != 60 || r.Said == 0 || r.Expected != 59*r.Said || r.Heard != r.Expected || r.Wrong != 0 || r.Latency.Count() != r.Heard {
		t.Errorf("%d in, %d said, %d of %d heard, %d wrong, %d times; want 60, and all heard", r.In, r.Said, r.Heard, r.Expected, r.Wrong, r.Latency.Count())
	}
	for _, answer := range r.Answers {
		if answer != "we are 60" {
			t.Errorf("answer %q, want that there are 60", answer)
		}
	}
}

// TestCrowdMissesMessages that don't come.
func TestCrowdMissesMessages(t *testing.T) {
	r := gather(t, startRoom(t, 100), time.Second)
	if r.Heard >= r.Expected || r.Heard == 0 || r.Wrong == 0 {
		t.Errorf("%d of %d heard, %d wrong; want that some are missed", r.Heard, r.Expected, r.Wrong)
	}
}

// TestWords: however the stream is cut, all words are found once.
func TestWords(t *testing.T) {
	var stream []byte
	for i := range uint32(20) {
		stream = append(appendWords(append(stream, "[crowd] crowd-"...), i%3, i, int64(i)*1e12), "\ncrow\n"...)
	}
	for piece := 1; piece < len(stream); piece += 7 {
		found := uint32(0)
		var tail []byte
		for at := 0; at < len(stream); at += piece {
			in := append(tail, stream[at:min(at+piece, len(stream))]...)
			for {
				talker, number, due, rest, ok := nextWords(in)
				if in = rest; !ok {
					break
				}
				if talker != found%3 || number != found || due != int64(found)*1e12 {
					t.Fatalf("in pieces of %d: words %d are %d %d %d", piece, found, talker, number, due)
				}
				found++
			}
			tail = append([]byte(nil), in...)
		}
		if found != 20 {
			t.Fatalf("in pieces of %d: %d words were found, want 20", piece, found)
		}
	}
}
