package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

// pattern is a text of that length that doesn't repeat soon.
func pattern(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

func askAll(ctx context.Context, n *node, node, kind, ask string) ([]byte, error) {
	r, err := n.Ask(ctx, node, kind, []byte(ask))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func offer(t *testing.T, n *node, kind string, answer Answer) {
	t.Helper()
	if err := n.Offer(kind, answer); err != nil {
		t.Fatalf("Offer of %s = %v", n.cfg.Node, err)
	}
}

func TestAsk(t *testing.T) {
	c := startCluster(t, 3)
	long := pattern(50<<20 + 17)
	for _, n := range c.nodes {
		offer(t, n, "echo", func(_ context.Context, ask []byte, w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s says %s", n.cfg.Node, ask)
			return err
		})
		offer(t, n, "broken", func(context.Context, []byte, io.Writer) error { return errors.New("no such thing") })
		offer(t, n, "panic", func(context.Context, []byte, io.Writer) error { panic("at the disco") })
		offer(t, n, "nothing", func(context.Context, []byte, io.Writer) error { return nil })
	}
	offer(t, c.nodes[1], "long", func(_ context.Context, _ []byte, w io.Writer) error {
		_, err := w.Write(long)
		return err
	})
	ctx := t.Context()
	asker := c.nodes[0]
	eventually(t, "all have heard of the offers", func() bool {
		long, err := asker.Ask(ctx, "", "long", nil)
		if err == nil {
			long.Close()
		}
		heard := 0
		within, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		defer cancel()
		if askErr := asker.Everyone(within, "nothing", nil, func(string, []byte) { heard++ }); askErr != nil {
			return false
		}
		return err == nil && heard == 3
	})
	rows := []struct {
		name, node, kind string
		want             string // what comes
		err              string
	}{
		{"one node", "n3", "echo", "n3 says hi", ""},
		{"itself", "n1", "echo", "n1 says hi", ""},
		{"an empty answer", "n2", "nothing", "", ""},
		{"an error", "n2", "broken", "", "broken of n2: no such thing"},
		{"a panic", "n2", "panic", "", "panic of n2: the answer panicked: at the disco"},
		{"a node that isn't there", "n9", "echo", "", ErrNobody.Error()},
		{"what nobody answers", "", "what", "", ErrNobody.Error()},
		{"no name", "a.b", "echo", "", "no such name"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := askAll(ctx, asker, row.node, row.kind, "hi")
			if row.err != "" {
				if err == nil || !strings.Contains(err.Error(), row.err) {
					t.Errorf("Ask = %v, want an error with %q", err, row.err)
				}
				return
			}
			if string(got) != row.want || err != nil {
				t.Errorf("Ask = %q, %v; want %q", got, err, row.want)
			}
		})
	}
	t.Run("whoever answers first", func(t *testing.T) {
		got, err := askAll(ctx, asker, "", "echo", "hi")
		if text := string(got); err != nil || text != "n2 says hi" && text != "n3 says hi" {
			t.Errorf("Ask = %q, %v; want another node's answer", text, err)
		}
	})
	t.Run("50 MB", func(t *testing.T) {
		got, err := askAll(ctx, asker, "", "long", "")
		if err != nil || !bytes.Equal(got, long) {
			t.Errorf("Ask = %d bytes, %v; want the %d that were sent", len(got), err, len(long))
		}
	})
	t.Run("everyone", func(t *testing.T) {
		heard := map[string]string{}
		err := asker.Everyone(ctx, "echo", []byte("hi"), func(node string, b []byte) { heard[node] = string(b) })
		if err != nil || len(heard) != 3 || heard["n2"] != "n2 says hi" {
			t.Errorf("Everyone = %v, %q; want all three", err, heard)
		}
		err = asker.Everyone(ctx, "broken", nil, func(node string, b []byte) { t.Errorf("%s answered %q", node, b) })
		if err == nil || strings.Count(err.Error(), "no such thing") != 3 {
			t.Errorf("Everyone = %v, want three errors", err)
		}
	})
}

// TestAskOfNodeThatDies: who reads is told in the middle, and finds somebody else.
func TestAskOfNodeThatDies(t *testing.T) {
	c := startCluster(t, 3)
	long := pattern(50 << 20)
	begun := make(chan struct{})
	offer(t, c.nodes[1], "state", func(ctx context.Context, _ []byte, w io.Writer) error {
		if _, err := w.Write(long[:10<<20]); err != nil {
			return err
		}
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	})
	var r io.ReadCloser
	var err error
	eventually(t, "somebody who answers", func() bool {
		r, err = c.nodes[0].Ask(t.Context(), "", "state", nil)
		return !errors.Is(err, ErrNobody)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	read := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, r)
		read <- err
	}()
	<-begun
	var closing sync.WaitGroup
	closing.Go(func() { c.stop(1) })
	select {
	case err := <-read:
		if err == nil {
			t.Error("an answer that has broken off was read to its end")
		}
	case <-time.After(patience):
		t.Fatal("nobody says that the node is dead")
	}
	closing.Wait()
	offer(t, c.nodes[2], "state", func(_ context.Context, _ []byte, w io.Writer) error {
		_, err := w.Write(long)
		return err
	})
	var got []byte
	eventually(t, "the node that is left answers", func() bool {
		got, err = askAll(t.Context(), c.nodes[0], "", "state", "")
		return !errors.Is(err, ErrNobody)
	})
	if err != nil || !bytes.Equal(got, long) {
		t.Errorf("Ask of the node that is left = %d bytes, %v; want %d", len(got), err, len(long))
	}
}

// TestAnswerIsHeld: an answer that nobody reads is held after four chunks, and ends when its reader does.
func TestAnswerIsHeld(t *testing.T) {
	c := startCluster(t, 1)
	n := c.nodes[0]
	var mu sync.Mutex
	written := 0
	ended := make(chan error, 1)
	offer(t, n, "endless", func(_ context.Context, _ []byte, w io.Writer) error {
		piece := make([]byte, chunk)
		for {
			if _, err := w.Write(piece); err != nil {
				ended <- err
				return err
			}
			mu.Lock()
			written++
			mu.Unlock()
		}
	})
	r, err := n.Ask(t.Context(), "n1", "endless", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(r, make([]byte, 2*chunk)); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if !errors.Is(err, errGone) {
			t.Errorf("the answer ended with %v, want %v", err, errGone)
		}
	case <-time.After(patience):
		t.Fatal("an answer goes on that nobody reads")
	}
	mu.Lock()
	defer mu.Unlock()
	if written > 2+inFlight+1 {
		t.Errorf("%d chunks written, 2 of them read; want at most %d in flight", written, inFlight)
	}
}

// TestAnswersAreBounded: beyond four answers at a time a node says that it is busy.
func TestAnswersAreBounded(t *testing.T) {
	c := startCluster(t, 1)
	n := c.nodes[0]
	offer(t, n, "slow", func(ctx context.Context, _ []byte, w io.Writer) error {
		<-ctx.Done()
		return ctx.Err()
	})
	for range maxAnswering {
		r, err := n.Ask(t.Context(), "n1", "slow", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
	}
	if _, err := askAll(t.Context(), n, "n1", "slow", ""); !errors.Is(err, ErrBusy) {
		t.Errorf("Ask = %v, want %v", err, ErrBusy)
	}
}
