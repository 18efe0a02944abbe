//go:build linux

package delivery

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// cased seals by turning letters into capitals, some bytes at a time.
type cased struct{ most, calls int }

func (s *cased) seal(_ *Receiver, front [][]byte) (sealed []byte, took int, err error) {
	s.calls++
	text := bytes.Join(front, nil)
	text = text[:min(len(text), s.most)]
	return bytes.ToUpper(text), len(text), nil
}

// However little a socket takes at a time of what is sealed, its client gets all of it, once and in order, and others are in between.
func TestSealedReceivers(t *testing.T) {
	h := newHouse(t, roomy)
	s := &cased{most: 1000}
	h.seal = s.seal
	g := &Group{}
	sealedOne, clear := h.connect(0, 4<<10, false), h.connect(1, 0, false)
	h.w.Seal(&sealedOne.r)
	for _, c := range []*client{sealedOne, clear} {
		h.w.Join(&c.r, g, 0)
	}
	want := ""
	for i := range 500 {
		line := strings.Repeat("abcdefgh", i%40)
		h.w.Publish(g, nil, text(line))
		h.w.Tell(&sealedOne.r, text("and"), 0)
		h.w.Tell(&clear.r, text("and"), 0)
		want += line + "\nand\n"
		h.w.Sweep()
	}
	h.pump()
	if string(clear.got) != want {
		t.Errorf("in clear: heard %s", difference(clear.got, []byte(want)))
	}
	if string(sealedOne.got) != strings.ToUpper(want) {
		t.Errorf("sealed: heard %s", difference(sealedOne.got, []byte(strings.ToUpper(want))))
	}
}

// A sweep seals only some times for one receiver before others come.
func TestSealedAtOnce(t *testing.T) {
	h := newHouse(t, roomy)
	s := &cased{most: 10}
	h.seal = s.seal
	c := h.connect(0, 0, false)
	h.w.Seal(&c.r)
	h.w.Send(&c.r, bytes.Repeat([]byte("x"), 1000))
	h.w.Flush(&c.r)
	if s.calls != sealsAtOnce {
		t.Errorf("sealed %d times in a row, want %d", s.calls, sealsAtOnce)
	}
	h.pump()
	if len(c.got) != 1000 {
		t.Errorf("heard %d bytes, want 1000", len(c.got))
	}
}

// What can't be sealed ends the connection, with the reason; nothing of it is sent.
func TestSealFails(t *testing.T) {
	h := newHouse(t, roomy)
	broken := errors.New("broken")
	h.seal = func(*Receiver, [][]byte) ([]byte, int, error) { return nil, 0, broken }
	c := h.connect(0, 0, false)
	h.w.Seal(&c.r)
	h.w.Tell(&c.r, text("hello"), 0)
	h.pump()
	if c.failed != broken || len(c.got) > 0 {
		t.Errorf("failed: %v, heard %q; want %v and nothing", c.failed, c.got, broken)
	}
}

// A receiver that is finished is so when all that is sealed has been written, and not before.
func TestSealedAndFinished(t *testing.T) {
	h := newHouse(t, roomy)
	h.seal = (&cased{most: 1 << 20}).seal
	c := h.connect(0, 4<<10, false)
	h.w.Seal(&c.r)
	c.slept = true
	h.w.Send(&c.r, bytes.Repeat([]byte("x"), 1<<20))
	h.w.Finish(&c.r)
	h.pump()
	if c.finished {
		t.Error("finished, though the socket is full")
	}
	c.slept = false
	h.pump()
	if !c.finished || len(c.got) != 1<<20 {
		t.Errorf("finished: %v, heard %d bytes; want all, and then the end", c.finished, len(c.got))
	}
}
