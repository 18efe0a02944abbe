//go:build linux

package rival_test

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"looproom/bench/rival"
)

// TestCrowd: 500 clients are in one room, some of them talk at once, and everybody gets every line once and in the order of its sender. All lines together fit in
// what waits for a client of each rival: on a busy machine those who don't get at theirs for seconds would be dropped.
func TestCrowd(t *testing.T) {
	const clients, senders, lines = 500, 40, 5
	each(t, chats, func(t *testing.T, m rival.Model) {
		o := defaults()
		o.Room.AnnounceMax = 0 // coming and going is told once a second
		addr := serve(t, m, o)
		crowd := make([]*chatter, clients)
		for i := range crowd {
			crowd[i] = enter(t, addr)
		}
		var talking sync.WaitGroup
		failed := make(chan error, 2*clients)
		for i, c := range crowd {
			talking.Go(func() { failed <- c.hearAll(i, senders, lines) })
			if i < senders {
				talking.Go(func() { failed <- c.sayAll(i, lines) })
			}
		}
		talking.Wait()
		close(failed)
		for err := range failed {
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func (c *chatter) sayAll(sender, lines int) error {
	for n := range lines {
		if _, err := fmt.Fprintf(c, "line %d %d\n", sender, n); err != nil {
			return err
		}
	}
	return nil
}

// hearAll reads until client i has all lines of all other senders.
func (c *chatter) hearAll(i, senders, lines int) error {
	next := make([]int, senders)
	want := senders * lines
	if i < senders {
		want -= lines
	}
	for got := 0; got < want; {
		line, err := c.line()
		if err != nil {
			return fmt.Errorf("client %d has %d of %d lines: %w", i, got, want, err)
		}
		_, words, said := strings.Cut(line, "] line ")
		if !said {
			continue
		}
		var sender, n int
		if _, err := fmt.Sscan(words, &sender, &n); err != nil {
			return fmt.Errorf("client %d got %q: %w", i, line, err)
		}
		if sender == i || next[sender] != n {
			return fmt.Errorf("client %d got line %d of sender %d, want %d", i, n, sender, next[sender])
		}
		next[sender]++
		got++
	}
	return nil
}

// TestStuckReader: one client never reads. The others get every line all the same, and the one is dropped in the end.
func TestStuckReader(t *testing.T) {
	each(t, chats, func(t *testing.T, m rival.Model) {
		t.Parallel()
		addr := serve(t, m, defaults())
		ann, bob := enter(t, addr), enter(t, addr)
		stuck := enter(t, addr)
		if err := setReadBuffer(stuck.Conn, 4<<10); err != nil {
			t.Fatal(err)
		}
		words := strings.Repeat("x", 8000)
		left := "< The user " + stuck.LocalAddr().String() + " left"
		for n := 0; ; n++ {
			if _, err := fmt.Fprintf(ann, "line %d %s\n", n, words); err != nil {
				t.Fatal(err)
			}
			gone, err := bob.hear(fmt.Sprintf("] line %d ", n), left)
			if err != nil {
				t.Fatalf("bob waits for line %d: %v", n, err)
			}
			if gone {
				return
			}
			if n == 100_000 {
				t.Fatal("the client that never reads is still there after 800 MB")
			}
		}
	})
}

// hear reads up to the line that contains what is waited for, and says whether one came that begins with the other.
func (c *chatter) hear(awaited, other string) (came bool, err error) {
	for {
		line, err := c.line()
		switch {
		case err != nil:
			return false, err
		case strings.HasPrefix(line, other):
			return true, nil
		case strings.Contains(line, awaited):
			return false, nil
		}
	}
}

// TestFirstAndLastLine: while others talk without end, a newcomer's first line is the welcome and the last one is the farewell.
func TestFirstAndLastLine(t *testing.T) {
	const visits = 100
	each(t, chats, func(t *testing.T, m rival.Model) {
		t.Parallel()
		o := defaults()
		o.Room.Recent = 0
		addr := serve(t, m, o)
		var talking sync.WaitGroup
		over := make(chan struct{})
		for range 4 {
			c := enter(t, addr)
			talking.Go(func() { c.talk(over) })
		}
		for range visits {
			c := enter(t, addr)
			if _, err := io.WriteString(c, "END\n"); err != nil {
				t.Fatal(err)
			}
			if last, err := c.last(); err != nil || last != "= END" {
				t.Errorf("last line = %q, %v, want = END", last, err)
			}
		}
		close(over)
		talking.Wait()
	})
}

// talk talks until over is closed, one line after the other, or until its connection ends.
func (c *chatter) talk(over <-chan struct{}) {
	for {
		select {
		case <-over:
			return
		default:
		}
		if _, err := io.WriteString(c, "blah\nPING pace\n"); err != nil {
			return
		}
		if came, err := c.hear("PONG", "PONG"); !came || err != nil {
			return
		}
	}
}

// last reads up to the end of the connection.
func (c *chatter) last() (line string, err error) {
	scanner := bufio.NewScanner(c.lines)
	for scanner.Scan() {
		line = scanner.Text()
	}
	return line, scanner.Err()
}
