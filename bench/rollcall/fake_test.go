//go:build linux

package rollcall

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
)

// fake is a server with one channel. It knows just what clients of this package say.
type fake struct {
	hides   bool                                // members are shown when they first talk
	spoil   func(to, about, line string) string // what is told in the place of a line; "": nothing
	mu      sync.Mutex
	members []*fakeMember // of the channel
}

type fakeMember struct {
	conn      net.Conn
	nick      string
	in, shown bool
	was       string // the nick that it came with
}

// serve starts it for the length of a test and returns its address.
func (f *fake) serve(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	t.Cleanup(running.Wait)
	t.Cleanup(func() { l.Close() })
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { f.talk(c) })
		}
	})
	return l.Addr().String()
}

func (f *fake) talk(c net.Conn) {
	defer c.Close()
	m := &fakeMember{conn: c}
	for lines := bufio.NewScanner(c); lines.Scan(); {
		f.mu.Lock()
		stays := f.do(m, strings.TrimSuffix(lines.Text(), "\r"))
		f.mu.Unlock()
		if !stays {
			return
		}
	}
}

func (f *fake) do(m *fakeMember, line string) (stays bool) {
	command, rest, _ := strings.Cut(line, " ")
	switch command {
	case "NICK":
		old := m.nick
		if m.nick = rest; old == "" {
			m.was = rest
			break
		}
		f.tell(m, m.shown, fmt.Sprintf(":%s!u@h NICK :%s", old, rest))
	case "USER":
		f.send(m, "", ":s 001 "+m.nick+" :hello")
	case "JOIN":
		m.in, m.shown = true, !f.hides
		f.members = append(f.members, m)
		f.tell(m, m.shown, fmt.Sprintf(":%s!u@h JOIN %s", m.nick, channel))
		f.names(m)
	case "NAMES":
		f.names(m)
	case "PRIVMSG":
		if !m.shown {
			m.shown = true
			f.others(m, fmt.Sprintf(":%s!u@h JOIN %s", m.nick, channel))
		}
		f.others(m, fmt.Sprintf("@time=now :%s!u@h PRIVMSG %s", m.nick, rest))
	case "PART":
		f.tell(m, m.shown, fmt.Sprintf(":%s!u@h PART %s", m.nick, channel))
		f.drop(m)
	case "PING":
		f.send(m, "", ":s PONG s :"+rest)
	case "QUIT":
		if m.shown {
			f.others(m, fmt.Sprintf(":%s!u@h QUIT :gone", m.nick))
		}
		f.drop(m)
		f.send(m, "", "ERROR :bye")
		return false
	}
	return true
}

func (f *fake) drop(m *fakeMember) {
	m.in = false
	f.members = slices.DeleteFunc(f.members, func(o *fakeMember) bool { return o == m })
}

// tell tells m, and the others if that is so.
func (f *fake) tell(m *fakeMember, also bool, line string) {
	f.send(m, "", line)
	if also {
		f.others(m, line)
	}
}

func (f *fake) others(m *fakeMember, line string) {
	for _, o := range f.members {
		if o != m {
			f.send(o, m.was, line)
		}
	}
}

func (f *fake) names(to *fakeMember) {
	for _, m := range f.members {
		if m.shown || m == to {
			f.send(to, m.was, fmt.Sprintf(":s 353 %s = %s :@%s!u@h", to.nick, channel, m.nick))
		}
	}
	f.send(to, "", ":s 366 "+to.nick+" "+channel+" :end")
}

func (f *fake) send(to *fakeMember, about, line string) {
	if f.spoil != nil {
		line = f.spoil(to.was, about, line)
	}
	if line != "" {
		fmt.Fprintf(to.conn, "%s\r\n", line)
	}
}
