package share

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/files"
	"looproom/loop/journal"
)

// network brings what nodes ask to each other.
type network struct {
	mu     sync.Mutex
	offers map[string]map[string]journal.Answer // by node and kind
	asked  int                                  // for bytes
	spoil  func(kind string, answer []byte) io.Reader
	hold   chan struct{} // answers with bytes wait until it is closed; nil: they don't
}

// wire is how one node asks.
type wire struct {
	net  *network
	node string
}

func (w wire) Offer(kind string, answer journal.Answer) error {
	w.net.mu.Lock()
	defer w.net.mu.Unlock()
	if w.net.offers[w.node] == nil {
		w.net.offers[w.node] = map[string]journal.Answer{}
	}
	w.net.offers[w.node][kind] = answer
	return nil
}

func (w wire) Ask(ctx context.Context, node, kind string, ask []byte) (io.ReadCloser, error) {
	w.net.mu.Lock()
	answer, spoil, hold := w.net.offers[node][kind], w.net.spoil, w.net.hold
	if kind == kindBytes {
		w.net.asked++
	}
	w.net.mu.Unlock()
	if answer == nil {
		return io.NopCloser(failing{journal.ErrNobody}), nil
	}
	if kind == kindBytes && hold != nil {
		<-hold
	}
	var b bytes.Buffer
	if err := answer(ctx, ask, &b); errors.Is(err, journal.ErrBusy) {
		return io.NopCloser(failing{journal.ErrBusy}), nil
	} else if err != nil {
		return io.NopCloser(failing{errors.New(err.Error())}), nil
	}
	if spoil != nil {
		return io.NopCloser(spoil(kind, b.Bytes())), nil
	}
	return io.NopCloser(&b), nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// node is a store of files with its Sharer.
type node struct {
	*files.Store
	*Sharer
	name string
}

func newNetwork() *network { return &network{offers: map[string]map[string]journal.Answer{}} }

func (n *network) open(t *testing.T, name, dir string) *node {
	t.Helper()
	store, repaired, err := files.Open(dir, files.Options{MaxFile: 1 << 20})
	if err != nil || repaired != "" {
		t.Fatalf("open: %v, repaired %q", err, repaired)
	}
	t.Cleanup(func() { store.Close() })
	sharer, err := New(Config{Node: name, Store: store, Journal: wire{n, name}, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	return &node{store, sharer, name}
}

// keep keeps a file, and returns its entry as others know it.
func (n *node) keep(t *testing.T, name string, data []byte) files.Entry {
	t.Helper()
	e, err := n.Upload(name, "ann", int64(len(data)), time.Now()).Receive(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	e.Node = n.name
	return e
}

// list is what the node knows, each file as its node, name and id.
func (n *node) list(t *testing.T) (all []string) {
	t.Helper()
	done := make(chan error)
	n.List(files.MaxList, func(entries []files.Entry, _ int, err error) {
		for _, e := range entries {
			id := e.ID(n.name)
			if e.Node == "" {
				e.Node = n.name
			}
			all = append(all, fmt.Sprint(e.Node, " ", e.Name, " ", id))
		}
		done <- err
	})
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// bytes are those of a file that has been fetched, which is released.
func (n *node) bytes(t *testing.T, f *files.Fetched) []byte {
	t.Helper()
	defer f.Release()
	var all []byte
	done := make(chan error)
	for int64(len(all)) < f.Entry.Size {
		n.ReadFetched(f, int64(len(all)), files.PieceSize, func(b []byte, err error) {
			all = append(all, b...)
			if err == nil {
				n.Release(b)
			}
			done <- err
		})
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestNodesKnowTheSame: whatever is kept where, told at once or not, and whoever is restarted: who has asked all others knows all files, each once.
func TestNodesKnowTheSame(t *testing.T) {
	for seed := range int64(8) {
		r := rand.New(rand.NewSource(seed))
		net, dirs := newNetwork(), []string{t.TempDir(), t.TempDir(), t.TempDir()}
		var nodes []*node
		for i, dir := range dirs {
			nodes = append(nodes, net.open(t, fmt.Sprint("n", i), dir))
		}
		count := 0
		for range 60 {
			at := nodes[r.Intn(3)]
			switch r.Intn(5) {
			case 0:
				if err := at.From(t.Context(), nodes[r.Intn(3)].name); err != nil {
					t.Fatal(err)
				}
			case 1:
				i := r.Intn(3)
				if err := nodes[i].Close(); err != nil {
					t.Fatal(err)
				}
				nodes[i] = net.open(t, nodes[i].name, dirs[i])
			default:
				e := at.keep(t, fmt.Sprint("name ", r.Intn(9)), []byte(strings.Repeat("x", r.Intn(100))))
				count++
				for _, other := range nodes {
					if other != at && r.Intn(2) == 0 {
						if err := other.Note([]files.Entry{e}); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		}
		for _, n := range nodes {
			for _, other := range nodes {
				if err := n.From(t.Context(), other.name); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, n := range nodes {
			if got, want := n.list(t), nodes[0].list(t); !slices.Equal(got, want) || len(got) != count {
				t.Fatalf("seed %d: %s knows %d files, want %d, as the others do:\n%s\n%s", seed, n.name, len(got), count, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

func TestFetch(t *testing.T) {
	net := newNetwork()
	here, there := net.open(t, "here", t.TempDir()), net.open(t, "there", t.TempDir())
	data := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	old := there.keep(t, "file", []byte("old"))
	e := there.keep(t, "file", data)
	there.keep(t, "file", []byte("newer"))
	nobody := e
	nobody.Node = "nobody"
	gone := e
	gone.Name = "gone"
	rows := []struct {
		name  string
		e     files.Entry
		spoil func(kind string, b []byte) io.Reader
		want  []byte
		err   error  // nil: by its words
		words string // of the error, "" for none
	}{
		{"whole", e, nil, data, nil, ""},
		{"an old one of that name", old, nil, []byte("old"), nil, ""},
		{"its node is gone", nobody, nil, nil, ErrAway, ""},
		{"it is cut off", e, func(_ string, b []byte) io.Reader {
			return io.MultiReader(bytes.NewReader(b[:len(b)/2]), failing{journal.ErrBroken})
		}, nil, ErrAway, ""},
		{"it is short", e, func(_ string, b []byte) io.Reader { return bytes.NewReader(b[1:]) }, nil, nil, "another file"},
		{"it is long", e, func(_ string, b []byte) io.Reader { return bytes.NewReader(append(b, 'x')) }, nil, nil, "another file"},
		{"a bit is another one", e, func(_ string, b []byte) io.Reader { b[7] ^= 1; return bytes.NewReader(b) }, nil, nil, "another file"},
		{"it isn't there", gone, nil, nil, nil, "no such file"},
		{"whole again", e, nil, data, nil, ""},
	}
	for _, row := range rows {
		net.spoil = row.spoil
		f, err := here.Sharer.Fetch(row.e)
		switch {
		case row.err != nil:
			if !errors.Is(err, row.err) {
				t.Errorf("%s: Fetch = %v, want %v", row.name, err, row.err)
			}
		case row.words != "":
			if err == nil || !strings.Contains(err.Error(), row.words) {
				t.Errorf("%s: Fetch = %v, want an error that says %s", row.name, err, row.words)
			}
		case err != nil:
			t.Errorf("%s: Fetch = %v", row.name, err)
		default:
			if got := here.bytes(t, f); !bytes.Equal(got, row.want) {
				t.Errorf("%s: %d bytes come, want %d", row.name, len(got), len(row.want))
			}
		}
	}
}

// TestFetchWaitsForWhoIsBusy: a node that sends as many files as it may is asked again.
func TestFetchWaitsForWhoIsBusy(t *testing.T) {
	net := newNetwork()
	here, there := net.open(t, "here", t.TempDir()), net.open(t, "there", t.TempDir())
	e := there.keep(t, "file", []byte("text"))
	for range maxSends {
		there.sends <- struct{}{}
	}
	done := make(chan error, 1)
	go func() {
		f, err := here.Sharer.Fetch(e)
		if err == nil {
			if got := here.bytes(t, f); string(got) != "text" {
				err = fmt.Errorf("%q comes", got)
			}
		}
		done <- err
	}()
	for asked := 0; asked < 2; runtime.Gosched() {
		net.mu.Lock()
		asked = net.asked
		net.mu.Unlock()
		if len(done) > 0 {
			t.Fatalf("Fetch = %v while the other node is busy", <-done)
		}
	}
	<-there.sends
	if err := <-done; err != nil {
		t.Errorf("Fetch = %v when the other node has finished", err)
	}
}

// TestFetchesShare: those who want the same file at the same time have it fetched once, and those who come beyond maxWaiting are refused.
func TestFetchesShare(t *testing.T) {
	net := newNetwork()
	here, there := net.open(t, "here", t.TempDir()), net.open(t, "there", t.TempDir())
	e := there.keep(t, "file", []byte("text"))
	net.hold = make(chan struct{})
	type result struct {
		f   *files.Fetched
		err error
	}
	came := make(chan result, maxWaiting)
	for range maxWaiting {
		go func() {
			f, err := here.Sharer.Fetch(e)
			came <- result{f, err}
		}()
	}
	for waiting := 0; waiting < maxWaiting; {
		here.mu.Lock()
		waiting = here.waiting
		here.mu.Unlock()
	}
	if _, err := here.Sharer.Fetch(e); !errors.Is(err, ErrBusy) {
		t.Errorf("Fetch beside %d others = %v, want ErrBusy", maxWaiting, err)
	}
	close(net.hold)
	for range maxWaiting {
		r := <-came
		if r.err != nil {
			t.Fatal(r.err)
		}
		if got := here.bytes(t, r.f); string(got) != "text" {
			t.Fatalf("%q comes", got)
		}
	}
	if net.asked != 1 {
		t.Errorf("it was asked for %d times, want once", net.asked)
	}
}
