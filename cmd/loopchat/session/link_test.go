package session

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// TestFlow: no more is on its way than the server can keep, and one fence at a time.
func TestFlow(t *testing.T) {
	f := newFlow()
	if got := f.fence(false); got != "" {
		t.Errorf("fence() with nothing sent = %q, want none", got)
	}
	for range maxUnackedLines {
		if f.full() {
			t.Fatalf("full with %d lines, want %d", len(f.lines), maxUnackedLines)
		}
		f.sent(10, nil)
	}
	if !f.full() {
		t.Errorf("not full with %d lines", len(f.lines))
	}
	fence := f.fence(false)
	if fence == "" || f.fence(true) != "" {
		t.Errorf("fence() = %q and another one, want one", fence)
	}
	f.sent(7, nil)
	token := strings.TrimSpace(strings.TrimPrefix(fence, "PING "))
	if ours, lines, _ := f.pong(token); !ours || len(lines) != maxUnackedLines || len(f.lines) != 1 || f.bytes != 7 {
		t.Errorf("after its answer: %d lines acknowledged, %d lines left, %d bytes; want %d, 1 and 7", len(lines), len(f.lines), f.bytes, maxUnackedLines)
	}
	if mine, _, _ := f.pong("mine"); mine {
		t.Errorf("pong() of a person's own token = ours")
	}
	if ours, _, _ := f.pong(token); !ours {
		t.Errorf("pong() of an old one of ours = not ours")
	}
}

// linked returns a link and the server's end of it.
func linked(t *testing.T, handle func(Event)) (l *Link, server net.Conn, ended chan error) {
	t.Helper()
	client, server := net.Pipe()
	l, ended = NewLink(client, handle), make(chan error, 1)
	go func() { ended <- l.Run() }()
	t.Cleanup(func() { l.Close(); server.Close() })
	return l, server, ended
}

// TestLinkEndsInBlackHole: lines that go nowhere are no sign that the server is there.
func TestLinkEndsInBlackHole(t *testing.T) {
	client, server := net.Pipe()
	l, ended := NewLink(client, func(Event) {}), make(chan error, 1)
	l.quiet, l.patience = 20*time.Millisecond, 50*time.Millisecond
	t.Cleanup(func() { l.Close(); server.Close() })
	go func() { _, _ = io.Copy(io.Discard, server) }()
	go func() { ended <- l.Run() }()
	fmt.Fprintln(server, hello)
	limit := time.After(30 * time.Second)
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		select {
		case err := <-ended:
			tick.Stop()
			if !errors.Is(err, ErrSilent) {
				t.Errorf("Run() = %v, want %v", err, ErrSilent)
			}
			return
		case <-tick.C:
			l.Say("words")
		case <-limit:
			t.Fatal("the link goes on writing into a black hole")
		}
	}
}

// TestLinkDrains: lines come in order, in portions, and Drain returns when all are acknowledged.
func TestLinkDrains(t *testing.T) {
	l, server, ended := linked(t, func(Event) {})
	const count = 500
	drained := make(chan bool, 1)
	go func() {
		for i := range count {
			l.Say(fmt.Sprintf("line %d", i))
		}
		drained <- l.Drain(0)
	}()
	in := bufio.NewScanner(server)
	for unacked, next := 0, 0; next < count || unacked > 0; {
		if !in.Scan() {
			t.Fatalf("the client ended: %v", in.Err())
		}
		if token, ok := strings.CutPrefix(in.Text(), "PING "); ok {
			unacked = 0
			fmt.Fprintf(server, "PONG %s\n", token)
			continue
		}
		if want := fmt.Sprintf("line %d", next); in.Text() != want {
			t.Fatalf("line = %q, want %q", in.Text(), want)
		}
		next++
		if unacked++; unacked > 2*maxUnackedLines {
			t.Fatalf("%d lines without a PING", unacked)
		}
	}
	if !<-drained {
		t.Errorf("Drain(0) = false, want true")
	}
	server.Close()
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Errorf("Run() = %v, want io.EOF", err)
	}
}

// TestLinkLeft: what was not sent, and what was sent and not acknowledged, is told apart.
func TestLinkLeft(t *testing.T) {
	l, server, ended := linked(t, func(Event) {})
	const count = 100
	for i := range count {
		l.Say(fmt.Sprintf("line %d", i))
	}
	in := bufio.NewScanner(server)
	seen := 0
	for in.Scan() && !strings.HasPrefix(in.Text(), "PING ") {
		seen++
	}
	server.Close()
	<-ended
	if l.Drain(0) {
		t.Errorf("Drain(0) = true after the loss of lines, want false")
	}
	unsent, unsure := l.Left()
	if seen == 0 || unsure < seen || unsure+len(unsent) != count {
		t.Errorf("%d seen by the server, %d unsure, %d unsent; want %d together", seen, unsure, len(unsent), count)
	}
	if want := fmt.Sprintf("line %d", unsure); len(unsent) == 0 || unsent[0] != want {
		t.Errorf("first unsent = %q, want %q", unsent, want)
	}
}

// TestLinkCutsLongLines: a line without an end takes no memory without bound, and what follows is read.
func TestLinkCutsLongLines(t *testing.T) {
	events := make(chan Event, 10)
	_, server, _ := linked(t, func(e Event) { events <- e })
	go func() {
		_, _ = io.WriteString(server, "[ana] "+strings.Repeat("x", 3*maxLine)+"\n[ana] short\r\n")
	}()
	if e := <-events; len(e.Line) != maxLine {
		t.Errorf("long line of %d bytes, want %d", len(e.Line), maxLine)
	}
	if e := <-events; e.Text != "short" {
		t.Errorf("next line = %q, want \"short\"", e.Text)
	}
}

// TestLinkUploadBetweenLines: a file goes out between the lines around it, with nothing in it.
func TestLinkUploadBetweenLines(t *testing.T) {
	l, server, _ := linked(t, func(Event) {})
	l.Say("before")
	l.SendBytes("x", 6, io.NopCloser(strings.NewReader("ab\ncd\n")))
	l.Say("after")
	in := bufio.NewReader(server)
	text := ""
	for !strings.Contains(text, "after\n") {
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		text += line
	}
	if !strings.Contains(text, "SEND 6 x\nab\ncd\n") || !strings.HasPrefix(text, "before\n") {
		t.Errorf("the server got %q, want the file in one piece between the lines", text)
	}
}
