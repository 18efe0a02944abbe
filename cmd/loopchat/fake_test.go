//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// fake is a server of the test's own, which says what a looproom never would. It answers PING by itself, and END.
type fake struct {
	t        *testing.T
	listener net.Listener
	heard    chan string // what clients say, but PING
	before   []string    // what hear has heard
	replies  func(line string) string
	deaf     atomic.Bool // it answers nothing
	mu       sync.Mutex
	conn     net.Conn
}

// startFake starts one that greets each client by these lines.
func startFake(t *testing.T, greeting ...string) *fake {
	t.Helper()
	return startReplying(t, nil, greeting...)
}

// startReplying starts one that has replies to lines, whole lines themselves or nothing.
func startReplying(t *testing.T, replies func(line string) string, greeting ...string) *fake {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{t: t, listener: listener, heard: make(chan string, 1000), replies: replies}
	t.Cleanup(func() { listener.Close(); f.drop() })
	go f.accept(greeting)
	return f
}

func (f *fake) address() string { return f.listener.Addr().String() }

func (f *fake) accept(greeting []string) {
	for {
		conn, err := f.listener.Accept()
		if err != nil {
			return
		}
		f.mu.Lock()
		f.conn = conn
		f.mu.Unlock()
		for _, line := range greeting {
			fmt.Fprintf(conn, "%s\n", line)
		}
		go f.serve(conn)
	}
}

func (f *fake) serve(conn net.Conn) {
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if token, ok := strings.CutPrefix(lines.Text(), "PING "); ok {
			if !f.deaf.Load() {
				fmt.Fprintf(conn, "PONG %s\n", token)
			}
			continue
		}
		if f.replies != nil {
			_, _ = io.WriteString(conn, f.replies(lines.Text()))
		}
		f.heard <- lines.Text()
		if lines.Text() == "END" {
			fmt.Fprintf(conn, "= END\n")
			conn.Close()
			return
		}
	}
}

// say sends bytes to the client that came last.
func (f *fake) say(text string) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := io.WriteString(f.conn, text); err != nil {
		f.t.Fatal(err)
	}
}

// drop ends the connection of the client that came last.
func (f *fake) drop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conn != nil {
		f.conn.Close()
	}
}

// hear waits for a client to say that.
func (f *fake) hear(want string) {
	f.t.Helper()
	var last string
	waitFor(f.t, want, func() string { return last }, func() bool {
		for {
			select {
			case last = <-f.heard:
				f.before = append(f.before, last)
				if last == want {
					return true
				}
			default:
				return false
			}
		}
	})
}
