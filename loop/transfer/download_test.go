//go:build linux

package transfer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"looproom/codec"
	"looproom/loop/budget"
	"looproom/loop/delivery"
	"looproom/loop/files"
)

// keep puts a file into the service's store.
func keep(t *testing.T, s *Service, name, text string) {
	t.Helper()
	if _, err := s.Store.Upload(name, "ann", int64(len(text)), time.Unix(1, 0)).Receive(strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
}

// take takes what source gives, as an outbox does, until it has no more, or so many bytes have come.
func (c *client) take(source delivery.Source, most int) string {
	c.t.Helper()
	var got []byte
	for len(got) < most {
		supplied := c.supplied
		b, more := source.Next()
		got = append(got, b...)
		if !more {
			break
		}
		if len(b) == 0 {
			if b, more := source.Next(); len(b) > 0 || !more {
				c.t.Fatalf("Next = %q, %v while more is on its way; want nothing, and more to come", b, more)
			}
			c.until("more of an answer", func() bool { return c.supplied > supplied || c.broken != nil })
		}
		if c.broken != nil {
			break
		}
	}
	return string(got)
}

const everything = 1 << 30

func TestDownloads(t *testing.T) {
	s := newService(t, nil)
	long := strings.Repeat("0123456789abcdef", (2*files.PieceSize+100)/16)
	keep(t, s, "long", long)
	keep(t, s, "short", "text")
	keep(t, s, "empty", "")
	framed := func(pieces ...string) (all string) {
		for _, p := range pieces {
			all += string(codec.AppendFrameHeader(nil, codec.OpBinary, len(p))) + p
		}
		return all
	}
	rows := []struct {
		name   string
		frames bool
		want   string
	}{
		{"long", false, long},
		{"short", false, "text"},
		{"empty", false, ""},
		{"short", true, framed("text")},
		{"empty", true, ""},
		{"long", true, framed(long[:files.PieceSize], long[files.PieceSize:2*files.PieceSize], long[2*files.PieceSize:])},
	}
	for _, row := range rows {
		t.Run(fmt.Sprintf("%s, frames %v", row.name, row.frames), func(t *testing.T) {
			c := newClient(t)
			source := s.Get(c, row.name, row.frames)
			if b, more := source.Next(); len(b) > 0 || !more {
				t.Errorf("Next before the store has answered = %q, %v; want nothing, and more to come", b, more)
			}
			if got := c.take(source, everything); got != "found\n"+row.want {
				t.Errorf("%d bytes come, want the answer and %d of the file", len(got), len(row.want))
			}
			if a := c.words[0]; a.Err != nil || a.File == nil || a.File.Name != row.name {
				t.Errorf("the answer is %+v, want the file %s", a, row.name)
			}
			if held := s.Budget.Held(budget.Downloads); held != downloadMemory || !c.narrow {
				t.Errorf("%d bytes are held and narrow is %v, want %d, true", held, c.narrow, downloadMemory)
			}
			source.Close()
			if held := s.Budget.Total(); held != 0 || c.narrow || c.loads != (Downloads{}) {
				t.Errorf("%d bytes are held behind it, narrow is %v, downloads are %v; want none", held, c.narrow, c.loads)
			}
		})
	}
}

// TestClosedDownloads ends the connection at each step of a download: nothing is held behind that.
func TestClosedDownloads(t *testing.T) {
	s := newService(t, nil)
	keep(t, s, "long", strings.Repeat("x", 3*files.PieceSize))
	steps := []struct {
		name string
		to   func(*client, delivery.Source)
	}{
		{"before the answer", func(*client, delivery.Source) {}},
		{"with the answer in hand", func(c *client, _ delivery.Source) { c.until("the answer", func() bool { return c.supplied == 1 }) }},
		{"behind the answer", func(c *client, s delivery.Source) { c.take(s, 1) }},
		{"while a piece is read", func(c *client, s delivery.Source) { c.take(s, 1); s.Next() }},
		{"with a piece in hand", func(c *client, s delivery.Source) {
			c.take(s, 1)
			s.Next()
			c.until("a piece", func() bool { return c.supplied == 2 })
		}},
		{"behind a piece", func(c *client, s delivery.Source) { c.take(s, 100) }},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			c := newClient(t)
			source := s.Get(c, "long", true)
			step.to(c, source)
			source.Close()
			supplied := c.supplied
			read := make(chan bool)
			s.Store.List(1, func([]files.Entry, int, error) { close(read) }) // behind all that has been asked for
			<-read
			for len(c.letters) > 0 {
				(<-c.letters)()
			}
			if held := s.Budget.Total(); held != 0 || c.narrow || c.supplied != supplied {
				t.Errorf("%d bytes are held, narrow is %v, and more comes: %v", held, c.narrow, c.supplied != supplied)
			}
		})
	}
}

// TestManyDownloads: a client sends one after the other, so it holds the memory of one.
func TestManyDownloads(t *testing.T) {
	s := newService(t, nil)
	keep(t, s, "short", "text")
	s.Budget.SetMost(4 * downloadMemory)
	ann, bob := newClient(t), newClient(t)
	var sources []delivery.Source
	for range 3 {
		source := s.Get(ann, "short", false)
		sources = append(sources, source)
		if got := ann.take(source, everything); got != "found\ntext" {
			t.Fatalf("take = %q, want the file", got)
		}
	}
	refused := s.Get(bob, "short", false)
	if got := bob.take(refused, everything); got != "found\n" || !errors.Is(bob.words[0].Err, ErrNoMemory) || bob.narrowed != 0 {
		t.Errorf("take = %q behind %+v, want ErrNoMemory alone", got, bob.words)
	}
	refused.Close()
	for i, source := range sources {
		if held := s.Budget.Held(budget.Downloads); held != downloadMemory {
			t.Errorf("%d bytes are held before the end of %d, want %d", held, i, downloadMemory)
		}
		source.Close()
	}
	if ann.narrowed != 2 || s.Budget.Total() != 0 {
		t.Errorf("the buffer has changed %d times and %d bytes are held, want twice, none", ann.narrowed, s.Budget.Total())
	}
	gone := s.Get(bob, "short", false)
	bob.gone = true
	bob.take(gone, everything)
	if s.Budget.Total() != 0 {
		t.Errorf("%d bytes are held for who has gone, want none", s.Budget.Total())
	}
}

func TestLookups(t *testing.T) {
	s := newService(t, nil)
	for i := range usualFiles + 5 {
		keep(t, s, fmt.Sprint(i), "")
	}
	lists := []struct {
		n    int64
		want int
	}{{0, 0}, {3, 3}, {-1, usualFiles}, {1 << 40, usualFiles + 5}}
	for _, row := range lists {
		c := newClient(t)
		if got := c.take(s.List(c, row.n), everything); got != "found\n" {
			t.Errorf("List(%d) tells %q, want the answer alone", row.n, got)
		}
		if a := c.words[0]; len(a.Files) != row.want || a.Total != usualFiles+5 || a.Err != nil || a.File != nil {
			t.Errorf("List(%d) = %d of %d files, %v; want %d", row.n, len(a.Files), a.Total, a.Err, row.want)
		}
	}
	c := newClient(t)
	c.take(s.Get(c, "nowhere", false), everything)
	if a := c.words[0]; !errors.Is(a.Err, ErrNoFile) || a.Name != "nowhere" || a.File != nil || c.narrowed != 0 {
		t.Errorf("Get of no file = %+v, want ErrNoFile", a)
	}
	s.Store.Close()
	c = newClient(t)
	c.take(s.Get(c, "1", false), everything)
	c.take(s.List(c, 1), everything)
	for _, a := range c.words {
		if !errors.Is(a.Err, files.ErrClosed) {
			t.Errorf("answer of a closed store = %+v, want ErrClosed", a)
		}
	}
}

// TestUnreadableFile cuts the store's bytes off: the client is told nothing more.
func TestUnreadableFile(t *testing.T) {
	dir := t.TempDir()
	s := newServiceIn(t, dir, files.Options{}, nil)
	keep(t, s, "long", strings.Repeat("x", 3*files.PieceSize))
	if err := os.Truncate(dir+"/all_received", files.PieceSize+1); err != nil {
		t.Fatal(err)
	}
	c := newClient(t)
	source := s.Get(c, "long", false)
	if got := c.take(source, everything); len(got) != len("found\n")+files.PieceSize || !errors.Is(c.broken, io.ErrUnexpectedEOF) {
		t.Errorf("%d bytes come, and then %v; want one piece and io.ErrUnexpectedEOF", len(got), c.broken)
	}
	source.Close()
	if held := s.Budget.Total(); held != 0 {
		t.Errorf("%d bytes are held, want 0", held)
	}
}
