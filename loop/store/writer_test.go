package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// held is a store whose writer waits in a transaction until it is let go.
func held(t *testing.T, o Options) (s *Store, letGo func()) {
	t.Helper()
	s, _ = openLogged(t, t.TempDir(), o)
	began, going := make(chan struct{}), make(chan struct{})
	go s.Change(Change{key: "hold", do: func(*sqlite.Conn) error {
		close(began)
		<-going
		return nil
	}})
	<-began
	letGo = sync.OnceFunc(func() { close(going) })
	t.Cleanup(letGo)
	return s, letGo
}

// impossible can't be: a column has nothing.
func impossible(key string) Change {
	return Change{key: key, do: func(conn *sqlite.Conn) error { return run(conn, "INSERT INTO names (key) VALUES ('impossible')", nil) }}
}

// asked waits until so many calls of Change wait.
func (q *queue) asks(n int) func() bool {
	return func() bool {
		q.mu.Lock()
		defer q.mu.Unlock()
		return len(q.asked.waiting()) == n
	}
}

// TestWhatWaitsTogetherIsWrittenTogether: and a change that can't be fails alone, and whole.
func TestWhatWaitsTogetherIsWrittenTogether(t *testing.T) {
	s, letGo := held(t, Options{})
	errs := make([]error, 50)
	var all sync.WaitGroup
	for n := range errs {
		all.Go(func() {
			if n%10 == 7 {
				errs[n] = s.Change(PutName(numbered(n)), impossible("one"))
			} else {
				errs[n] = s.Change(PutName(numbered(n)))
			}
		})
	}
	waitFor(t, "all to wait", s.queue.asks(51))
	before := s.Stats().Commits
	letGo()
	all.Wait()
	for n, err := range errs {
		if want := n%10 == 7; (sqlite.ErrCode(err).ToPrimary() == sqlite.ResultConstraint) != want || !want && err != nil {
			t.Errorf("Change %d = %v, want that it can't be: %v", n, err, want)
		}
	}
	if got := s.Stats(); got.Commits != before+2 || got.Failing {
		t.Errorf("%d commits, failing %v; want 2, and false", got.Commits-before, got.Failing)
	}
	if got := len(mustContents(t, s).Names); got != 45 {
		t.Errorf("%d names, want 45: nothing of a change that can't be", got)
	}
	if err := s.Change(Change{}); !errors.Is(err, errNoChange) {
		t.Errorf("Change of nothing = %v, want %v", err, errNoChange)
	}
}

// TestTheLastCounts: of Later and Change about the same, in whatever order the writer comes to them.
func TestTheLastCounts(t *testing.T) {
	s, letGo := held(t, Options{})
	var all sync.WaitGroup
	change := func(c Change) {
		s.queue.mu.Lock()
		n := len(s.queue.asked.waiting())
		s.queue.mu.Unlock()
		all.Go(func() {
			if err := s.Change(c); err != nil {
				t.Error(err)
			}
		})
		waitFor(t, "it to wait", s.queue.asks(n+1))
	}
	name := func(key, shown string) Change { return PutName(Name{Key: key, Shown: shown}) }
	s.Later(name("a", "1"), name("a", "2"))
	s.Later(name("b", "1"))
	change(name("b", "2"))
	change(name("c", "1"))
	s.Later(name("c", "2"))
	s.Later(name("d", "1"))
	change(RemoveName("d"))
	s.Later(impossible("never"), name("e", "1"))
	letGo()
	all.Wait()
	mustClose(t, s)
	s = mustOpen(t, filepath.Dir(s.path))
	got := ""
	for _, n := range mustContents(t, s).Names {
		got += n.Key + n.Shown + " "
	}
	if want := "a2 b2 c2 e1 "; got != want {
		t.Errorf("names %q, want %q", got, want)
	}
}

// TestBehindWhatWasSaid: a change that must be comes behind all messages that were said before it.
func TestBehindWhatWasSaid(t *testing.T) {
	s, letGo := held(t, Options{})
	for n := range 20 {
		s.Say(messages(1+1000*n, 1000, 10))
	}
	stored := int64(0)
	done := make(chan error)
	go func() {
		done <- s.Change(Change{key: "behind", behind: true, do: func(conn *sqlite.Conn) (err error) {
			stored, err = number(conn, "SELECT count(*) FROM messages")
			return err
		}})
	}()
	waitFor(t, "it to wait", s.queue.asks(2))
	go s.Change(PutName(numbered(1)))
	waitFor(t, "it to wait", s.queue.asks(3))
	s.Say(messages(100_000, 10, 10))
	letGo()
	if err := <-done; err != nil || stored < 20_000 {
		t.Errorf("%v, with %d messages stored, want all 20,000 that were said before", err, stored)
	}
}

// TestLaterIsBounded: what replaces what waits takes no more, and what is new is lost when too much waits.
func TestLaterIsBounded(t *testing.T) {
	s, letGo := held(t, Options{Pending: 10_000})
	s.Later(PutName(Name{Key: "stays", Shown: "stays"}))
	for n := range 10_000 {
		s.Later(PutMark(room.KeptMark{Account: "ana", Key: "#go", Read: room.MsgID(n + 1)}))
	}
	q := &s.queue
	q.mu.Lock()
	if len(q.late.all) > 5000 || len(q.lateOf) != 2 {
		t.Errorf("%d wait, and %d places for them; want 2, and few", len(q.lateOf), len(q.late.all))
	}
	q.mu.Unlock()
	for n := range 1000 {
		s.Later(PutName(numbered(n)))
	}
	if got := s.Stats().Waiting; got > 10_000 || got < 9_000 {
		t.Errorf("%d bytes wait, want at most 10,000, and nearly that", got)
	}
	letGo()
	waitFor(t, "all to be written", func() bool { return s.Stats().Waiting == 0 })
	if marks, err := s.Marks("ana"); err != nil || len(marks) != 1 || marks[0].Read != 10_000 {
		t.Errorf("Marks = %v, %v, want the last that was said", marks, err)
	}
}

// TestChores: each is called until it has no more to do, and one that presses between two batches as well.
func TestChores(t *testing.T) {
	s, letGo := held(t, Options{})
	var idle, pressing atomic.Int64
	s.writer.chores.all = []*chore{
		{name: "idle", piece: func(*sqlite.Conn) (bool, error) { return idle.Add(1) < 10, nil }},
		{name: "pressing", presses: func() bool { return pressing.Load() < 3 }, rests: true, piece: func(*sqlite.Conn) (bool, error) {
			pressing.Add(1)
			return false, nil
		}},
	}
	for n := range 30 {
		s.Say(messages(1+1000*n, 1000, 10))
	}
	letGo()
	waitFor(t, "the chore that waits", func() bool { return idle.Load() >= 10 && s.Stats().Stored == 30_000 })
	if got := pressing.Load(); got < 3 {
		t.Errorf("the chore that presses was called %d times, want at least 3", got)
	}
}

// TestSyncAlways: nothing waits for others.
func TestSyncAlways(t *testing.T) {
	s, _ := openLogged(t, t.TempDir(), Options{Sync: Always})
	for n := range 20 {
		s.Say(messages(1+n, 1, 10))
		waitFor(t, "the message", func() bool { return s.Stats().Waiting == 0 })
	}
	if got := s.Stats(); got.Stored != 20 || got.Commits != 20 {
		t.Errorf("%d messages in %d commits, want 20 in 20", got.Stored, got.Commits)
	}
}

// TestQueueOfManyWhoChange: all changes of many goroutines happen, each once.
func TestQueueOfManyWhoChange(t *testing.T) {
	s, _ := openLogged(t, t.TempDir(), Options{Sync: Off})
	var all sync.WaitGroup
	for g := range 20 {
		all.Go(func() {
			for n := range 50 {
				key := fmt.Sprint("name", g, "-", n)
				if err := s.Change(PutName(Name{Key: key, Shown: key})); err != nil {
					t.Error(err)
				}
				s.Later(PutMark(room.KeptMark{Account: key, Key: "#go", Read: 1}))
				s.Say(messages(1+g*100_000+n, 1, 10))
			}
		})
	}
	all.Wait()
	waitFor(t, "all to be written", func() bool { return s.Stats().Waiting == 0 })
	if names, marks, said := rowsOf(t, s, "names"), rowsOf(t, s, "marks"), rowsOf(t, s, "messages"); names != 1000 || marks != 1000 || said != 1000 {
		t.Errorf("%d names, %d marks, %d messages; want 1,000 of each", names, marks, said)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	mustClose(t, s)

}
