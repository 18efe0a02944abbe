//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"looproom/cmd/loopchat/session"
)

// harm is what a cutter does at one line of a client's.
type harm string

const (
	cutBefore harm = "before the line"    // the line is lost, both sides learn of the end
	cutInside harm = "inside of the line" // half of it arrives
	cutBehind harm = "behind the line"    // it arrives, its answer doesn't
	cutAnswer harm = "behind the answer"
	blackHole harm = "into a black hole" // nothing arrives any more, and the server doesn't learn of the end
	lateComer harm = "and comes late"    // as a black hole, but the line arrives when the client is about to be back
)

// cutter stands between a client and a server, and does harm once, at the line of that number.
type cutter struct {
	t        *testing.T
	listener net.Listener
	target   string
	harm     harm
	at       int

	mu    sync.Mutex
	lines int
	done  bool
	late  func() // what comes late
}

func newCutter(t *testing.T, target string, h harm, at int) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	c := &cutter{t: t, listener: listener, target: target, harm: h, at: at}
	go c.accept()
	return c
}

func (c *cutter) accept() {
	for {
		client, err := c.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.target)
		if err != nil {
			client.Close()
			continue
		}
		c.t.Cleanup(func() { client.Close(); server.Close() })
		go c.serve(client, server)
	}
}

// serve passes the lines of one connection.
func (c *cutter) serve(client, server net.Conn) {
	answers := make(chan struct{}, 1)
	go func() {
		for from := bufio.NewReader(server); ; {
			line, err := from.ReadString('\n')
			if _, werr := io.WriteString(client, line); err != nil || werr != nil {
				client.Close()
				return
			}
			select {
			case answers <- struct{}{}:
			default:
			}
		}
	}()
	for from := bufio.NewReader(client); ; {
		line, err := from.ReadString('\n')
		if err != nil {
			server.Close()
			return
		}
		if !c.now() {
			c.comeLate()
			_, _ = io.WriteString(server, line)
			continue
		}
		c.do(client, server, line, answers)
		return
	}
}

// now says whether the next line is the one.
func (c *cutter) now() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines++
	c.done = c.done || c.lines == c.at
	return c.lines == c.at
}

func (c *cutter) comeLate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.late != nil {
		c.late()
		c.late = nil
	}
}

func (c *cutter) do(client, server net.Conn, line string, answers chan struct{}) {
	switch c.harm {
	case cutInside:
		_, _ = io.WriteString(server, line[:len(line)/2])
	case cutBehind:
		client.Close()
		_, _ = io.WriteString(server, line)
	case cutAnswer:
		select {
		case <-answers:
		default:
		}
		_, _ = io.WriteString(server, line)
		<-answers
	case blackHole, lateComer:
		c.mu.Lock()
		if c.harm == lateComer {
			c.late = func() { _, _ = io.WriteString(server, line) }
		}
		c.mu.Unlock()
		client.Close()
		return
	}
	client.Close()
	server.Close()
}

func (c *cutter) harmed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.done
}

// speaker is a session that signs in and comes back at once.
type speaker struct {
	*session.Session
	mu      sync.Mutex
	doubted int
	name    string // as it has been told
}

func newSpeaker(t *testing.T, address string, wish session.Wish) *speaker {
	t.Helper()
	where, err := session.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	s := &speaker{Session: session.New(where)}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go s.Run(ctx)
	go s.listen(&wish)
	return s
}

func (s *speaker) listen(wish *session.Wish) {
	var chat session.Chat
	for e := range s.Events() {
		chat.Apply(&e)
		wish.Follow(&e)
		s.mu.Lock()
		s.name = chat.Name
		s.mu.Unlock()
		link := s.Link()
		switch {
		case e.Kind == session.Doubted:
			s.mu.Lock()
			s.doubted += len(e.Numbers)
			s.mu.Unlock()
		case e.Kind == session.Lost:
			s.Again()
		case link == nil:
		case e.Kind == session.Welcomed, e.Kind == session.Ready && chat.Name == "" && wish.Name != "":
			link.Enter(wish)
		case e.Kind == session.Ready:
			link.Open()
		}
	}
}

// isCalled is its name, as it knows it: only then it numbers what it says.
func (s *speaker) isCalled() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.name
}

// settled waits until nothing waits any more.
func (s *speaker) settled(t *testing.T) {
	t.Helper()
	left := func() string {
		waiting, doubtful := s.Undelivered()
		s.mu.Lock()
		defer s.mu.Unlock()
		return fmt.Sprintf("%d waiting, %d doubtful, %d doubted", waiting, doubtful, s.doubted)
	}
	waitFor(t, "all delivered", left, func() bool { return left() == "0 waiting, 0 doubtful, 0 doubted" })
}

// TestSaidOnce: wherever the connection is cut, what is said arrives, once, and in order.
func TestSaidOnce(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--lines-per-second", "0", "--recent", "0")
	const count = 12
	var want []string
	for i := range count {
		want = append(want, fmt.Sprintf("line %d", i))
	}
	for _, h := range []harm{cutBefore, cutInside, cutBehind, cutAnswer, blackHole, lateComer} {
		t.Run(string(h), func(t *testing.T) {
			t.Parallel()
			bob := s.join("bob-" + strings.ReplaceAll(string(h), " ", "-"))
			for at, done := 1, false; !done; at++ {
				c := newCutter(t, s.address(), h, at)
				name := fmt.Sprintf("ana%d-%c%d", at, h[0], len(h))
				ana := newSpeaker(t, c.listener.Addr().String(), session.Wish{Name: name})
				for _, line := range want[:count/2] {
					ana.Say("TEXT", "TO #lobby "+line, "")
				}
				for _, line := range want[count/2:] {
					ana.Say("ME", line, "")
				}
				ana.settled(t)
				bob.say("PING " + name)
				if got := saidBy(name, bob.until("PONG "+name)); !slices.Equal(got, want) {
					t.Errorf("cut at line %d: bob heard %q, want %q", at, got, want)
				}
				done = !c.harmed()
				if done && at < count {
					t.Errorf("the client said %d lines in all, want more", at)
				}
				ana.Leave()
			}
		})
	}
}

// TestSaidOnceByOtherWays: who has signed in by a password, or by NICK, numbers lines as well.
func TestSaidOnceByOtherWays(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--lines-per-second", "0", "--recent", "0", "--state", t.TempDir())
	ana := s.join("ana")
	ana.say("REGISTER correct horse")
	ana.until("= REGISTER ana")
	ana.say("END")
	ana.until("= END")
	bob := s.join("bob")
	want := []string{"0", "1", "2", "3", "4", "5"}
	for at := 1; at < 30; at++ {
		c := newCutter(t, s.address(), blackHole, at)
		talk(t, newSpeaker(t, c.listener.Addr().String(), session.Wish{Name: "ana", Password: "correct horse"}), bob, "ana", want)
	}
	for at := 8; at < 30; at++ {
		c := newCutter(t, s.address(), cutBehind, at)
		guest := newSpeaker(t, c.listener.Addr().String(), session.Wish{})
		waitFor(t, "a connection", func() string { return "none" }, func() bool { return guest.Link() != nil })
		name := fmt.Sprintf("nick%d", at)
		guest.Link().Say("NICK " + name)
		waitFor(t, name, guest.isCalled, func() bool { return guest.isCalled() == name })
		talk(t, guest, bob, name, want)
	}
}

// talk has ana say all, which bob is to hear.
func talk(t *testing.T, ana *speaker, bob *talker, name string, want []string) {
	t.Helper()
	for _, line := range want {
		ana.Say("TEXT", "TO #lobby "+line, "")
	}
	ana.settled(t)
	bob.say("PING " + name)
	if got := saidBy(name, bob.until("PONG "+name)); !slices.Equal(got, want) {
		t.Errorf("bob heard %q of %s, want %q", got, name, want)
	}
	ana.Leave()
}

// saidBy returns what a user has said.
func saidBy(name string, lines []string) (said []string) {
	for _, line := range lines {
		if words, ok := strings.CutPrefix(line, "["+name+"] "); ok {
			said = append(said, words)
		} else if words, ok := strings.CutPrefix(line, "* "+name+" "); ok {
			said = append(said, words)
		}
	}
	return said
}
