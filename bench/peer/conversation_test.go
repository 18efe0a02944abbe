//go:build linux

package peer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"looproom/bench"
)

// missing skips the test where a program is missing, or fails it where all are required.
func missing(t *testing.T, why error) {
	t.Helper()
	if os.Getenv("LOOPROOM_REQUIRE_CLIENTS") == "1" {
		t.Fatalf("%v, and LOOPROOM_REQUIRE_CLIENTS is 1", why)
	}
	t.Skip(why)
}

// started ends the server with the test, or fails or skips the test where it did not start.
func started(t *testing.T, r *Running, err error) *Running {
	t.Helper()
	if errors.Is(err, ErrMissing) {
		missing(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Stop(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// server is a server to be talked to, in one dialect.
type server struct {
	name    string
	dialect string
	start   func(t *testing.T) *Running
}

// servers returns all that are to be talked to: the peers, ncat and looproom.
func servers() []server {
	all := []server{
		{"looproom", "line", func(t *testing.T) *Running { return startLooproom(t, "line") }},
		{"ncat", "plain", startNcat},
	}
	for _, p := range Peers() {
		all = append(all, server{p.Name, p.Dialect, func(t *testing.T) *Running {
			r, err := p.Start(t.Context(), StartOptions{Dir: t.TempDir()})
			return started(t, r, err)
		}})
	}
	return all
}

func startNcat(t *testing.T) *Running {
	t.Helper()
	if _, err := exec.LookPath("ncat"); err != nil {
		missing(t, err)
	}
	ports, err := FreePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	command := fmt.Sprintf("exec ncat -v --listen --keep-open --broker --max-conns 1000 127.0.0.1 %d 2>&1", ports[0])
	r, err := StartCommand(t.Context(), StartOptions{}, "ncat", []string{"sh", "-c", command}, "Listening")
	return started(t, r, err)
}

// buildLooproom builds the server once for all tests.
var buildLooproom = sync.OnceValues(func() (program string, err error) {
	folder, err := os.MkdirTemp("", "looproom-peer-")
	if err != nil {
		return "", err
	}
	built = folder
	program = filepath.Join(folder, "looproom")
	if out, err := exec.Command("go", "build", "-o", program, "looproom/cmd/looproom").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build looproom: %w: %s", err, out)
	}
	return program, nil
})

// built is the folder that buildLooproom has made.
var built string

func TestMain(m *testing.M) {
	status := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(status)
}

func startLooproom(t *testing.T, door string) *Running {
	t.Helper()
	program, err := buildLooproom()
	if err != nil {
		t.Fatal(err)
	}
	argv := []string{program, "--listen", "line://127.0.0.1:0", "--listen", "echo://127.0.0.1:0", "--lines-per-second", "0"}
	r, err := StartCommand(t.Context(), StartOptions{}, "looproom", argv, door+"://")
	return started(t, r, err)
}

func find(t *testing.T, dialect string) bench.Dialect {
	t.Helper()
	d, err := FindDialect(dialect)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestConversation(t *testing.T) {
	for _, s := range servers() {
		t.Run(s.name, func(t *testing.T) {
			r := s.start(t)
			converse(t, enterAll(t, r.Addr, find(t, s.dialect), 3), 1000)
		})
	}
}

func TestManyAtOnce(t *testing.T) {
	for _, s := range servers() {
		t.Run(s.name, func(t *testing.T) {
			r := s.start(t)
			// More than its backlog holds would wait for TCP to try again, on a busy machine for longer than anyone's patience.
			burst := 200
			if p, err := FindPeer(s.name); err == nil && p.Burst > 0 {
				burst = p.Burst
			}
			members := enterBy(t, r.Addr, find(t, s.dialect), 200, burst)
			converse(t, members, 10)
			together(t, len(members), func(i int) error {
				return members[i].write(members[i].dialect.Goodbye(nil, i))
			})
		})
	}
}

// converse has the first member say the messages and all others hear them in order.
func converse(t *testing.T, members []*member, messages int) {
	t.Helper()
	together(t, len(members), func(i int) error {
		if i == 0 {
			return members[0].say(0, messages)
		}
		return members[i].hear(0, messages)
	})
}

func TestLongWords(t *testing.T) {
	for _, s := range servers() {
		t.Run(s.name, func(t *testing.T) {
			r := s.start(t)
			members := enterAll(t, r.Addr, find(t, s.dialect), 2)
			size := 16 << 10
			if limited, ok := members[0].dialect.(Limited); ok {
				size = min(size, limited.MaxWords())
			}
			words := bytes.Repeat([]byte("x"), size)
			if err := members[0].write(members[0].dialect.Say(nil, 0, 3, words)); err != nil {
				t.Fatal(err)
			}
			err := members[1].readUntil(func() (bool, error) { return bytes.Contains(members[1].in, words), nil })
			if err != nil {
				t.Errorf("words of %d bytes have not come: %v", size, err)
			}
		})
	}
}

// TestOthersRooms checks that who is in another room hears nothing of this one.
func TestOthersRooms(t *testing.T) {
	for _, s := range servers() {
		if _, roomless := find(t, s.dialect).(Roomless); roomless {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			r := s.start(t)
			d := find(t, s.dialect)
			var members []*member
			for i, room := range []int{0, 0, 1, 1} {
				m, err := enter(r.Addr, d, i, room)
				if err != nil {
					t.Fatal(err)
				}
				defer m.conn.Close()
				members = append(members, m)
			}
			apart := []struct{ member, first, end int }{{0, 0, 10}, {2, 10, 20}}
			for _, a := range apart {
				if err := members[a.member].say(a.first, a.end); err != nil {
					t.Fatal(err)
				}
			}
			for _, a := range apart {
				if err := members[a.member+1].hear(a.first, a.end); err != nil {
					t.Errorf("in room %d: %v", members[a.member].room, err)
				}
			}
		})
	}
}

func TestEcho(t *testing.T) {
	r := startLooproom(t, "echo")
	m := enterAll(t, r.Addr, find(t, "echo"), 1)[0]
	together(t, 2, func(i int) error {
		if i == 0 {
			return m.say(0, 1000)
		}
		return m.hear(0, 1000)
	})
}

// TestUsualLimits: with its own limits a peer's configuration is another one, and it works.
func TestUsualLimits(t *testing.T) {
	for _, p := range Peers() {
		t.Run(p.Name, func(t *testing.T) {
			r, err := p.Start(t.Context(), StartOptions{Dir: t.TempDir(), Usual: true})
			started(t, r, err)
			converse(t, enterAll(t, r.Addr, find(t, p.Dialect), 3), 5)
			if lifted := p.config(settings{port: 1, folder: "x", ping: time.Hour}); p.Name != "node-ws" && len(lifted) <= len(p.config(settings{port: 1, folder: "x", ping: time.Hour, usual: true})) {
				t.Errorf("the configuration without its own limits is no longer: %s", lifted)
			}
		})
	}
}

// TestAnswersPings has servers ping every second, and stays for longer than they bear with a client that doesn't answer.
func TestAnswersPings(t *testing.T) {
	rows := []struct {
		name  string
		pings int // one more than a client that doesn't answer gets
	}{{"nats-server", 4}, {"ngircd", 2}, {"inspircd", 2}}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p, err := FindPeer(row.name)
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.start(t.Context(), StartOptions{Dir: t.TempDir()}, time.Second)
			started(t, r, err)
			m, err := enter(r.Addr, find(t, p.Dialect), 1, 1)
			if err != nil {
				t.Fatal(err)
			}
			defer m.conn.Close()
			if err := m.answer(row.pings); err != nil {
				t.Error(err)
			}
		})
	}
}

// answer answers that many pings.
func (m *member) answer(pings int) error {
	for range pings {
		err := m.readUntil(func() (bool, error) {
			at := bytes.Index(m.in, []byte("PING"))
			return at >= 0 && bytes.IndexByte(m.in[at:], '\n') >= 0, nil
		})
		if err != nil {
			return err
		}
		answer := m.dialect.Control(nil, m.in)
		if !strings.HasPrefix(string(answer), "PONG") {
			return fmt.Errorf("answer to %q = %q, want a PONG", m.in, answer)
		}
		m.in = m.in[:0]
		if err := m.write(answer); err != nil {
			return err
		}
	}
	return nil
}

// TestStartGivenUp checks that a start that is given up leaves no server.
func TestStartGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, p := range Peers() {
		t.Run(p.Name, func(t *testing.T) {
			r, err := p.Start(ctx, StartOptions{Dir: t.TempDir()})
			if errors.Is(err, ErrMissing) {
				missing(t, err)
			}
			if r != nil || !errors.Is(err, context.Canceled) {
				t.Errorf("Start = %v, %v, want context.Canceled", r, err)
			}
		})
	}
}
