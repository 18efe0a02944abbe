package share

import (
	"context"
	"errors"
	"io"
	"time"

	"looproom/loop/files"
	"looproom/loop/journal"
)

// fetch is a file on its way here.
type fetch struct {
	done    chan struct{} // closed when it is here, or can't be had
	wanted  int           // by how many; behind Sharer.mu
	fetched *files.Fetched
	err     error
}

// Fetch returns a file that another node has, when it is here: the caller releases it. The error is ErrAway, ErrBusy, one of files.Store.Fetch, or what the other node says.
func (s *Sharer) Fetch(e files.Entry) (*files.Fetched, error) {
	s.mu.Lock()
	if s.waiting >= maxWaiting {
		s.mu.Unlock()
		return nil, ErrBusy
	}
	s.waiting++
	id := e.ID("")
	f := s.fetches[id]
	if f == nil {
		f = &fetch{done: make(chan struct{})}
		s.fetches[id] = f
		go s.run(id, f, e)
	}
	f.wanted++
	s.mu.Unlock()
	<-f.done
	s.mu.Lock()
	s.waiting--
	s.mu.Unlock()
	return f.fetched, f.err
}

// run has a file come, and gives it to those who want it by then.
func (s *Sharer) run(id uint64, f *fetch, e files.Entry) {
	f.fetched, f.err = s.fetch(e)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.fetches, id)
	for range f.wanted - 1 {
		if f.fetched != nil {
			f.fetched.Hold()
		}
	}
	close(f.done)
}

// turn waits until a file may come from that node, and returns what ends the turn.
func (s *Sharer) turn(node string) (end func()) {
	s.mu.Lock()
	own := s.fetching[node]
	if own == nil { // there are at most as many as nodes
		own = make(chan struct{}, 1)
		s.fetching[node] = own
	}
	s.mu.Unlock()
	own <- struct{}{}
	s.slots <- struct{}{}
	return func() { <-s.slots; <-own }
}

func (s *Sharer) fetch(e files.Entry) (fetched *files.Fetched, err error) {
	defer s.turn(e.Node)()
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	for range tries {
		if fetched, err = s.fetchNow(ctx, e); !errors.Is(err, journal.ErrBusy) {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(tryAgain):
		}
	}
	if errors.Is(err, journal.ErrNobody) || errors.Is(err, journal.ErrBroken) || errors.Is(err, context.DeadlineExceeded) {
		err = ErrAway
	}
	return fetched, err
}

func (s *Sharer) fetchNow(ctx context.Context, e files.Entry) (*files.Fetched, error) {
	body, err := s.cfg.Journal.Ask(ctx, e.Node, kindBytes, journal.Pack(e))
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return s.cfg.Store.Fetch(e, body)
}

// tellBytes answers with the bytes of a file that this node has.
func (s *Sharer) tellBytes(ctx context.Context, ask []byte, w io.Writer) error {
	var want files.Entry
	if err := journal.Unpack(ask, &want); err != nil {
		return err
	}
	select {
	case s.sends <- struct{}{}:
		defer func() { <-s.sends }()
	default:
		return journal.ErrBusy
	}
	e, err := s.find(&want)
	if err != nil {
		return err
	}
	type piece struct {
		bytes []byte
		err   error
	}
	came := make(chan piece, 1)
	for off := int64(0); off < e.Size; {
		s.cfg.Store.Read(e, off, files.PieceSize, func(b []byte, err error) { came <- piece{b, err} })
		p := <-came
		if p.err != nil {
			return p.err
		}
		_, err := w.Write(p.bytes)
		off += int64(len(p.bytes))
		s.cfg.Store.Release(p.bytes)
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
	}
	return nil
}

// find is the file of this node that another one knows as want.
func (s *Sharer) find(want *files.Entry) (e files.Entry, err error) {
	id := want.ID("")
	done := make(chan struct{})
	found := false
	s.cfg.Store.FindOwn(want.Name, func(e files.Entry) bool { return e.ID(s.cfg.Node) == id }, func(got files.Entry, has bool, failed error) {
		e, found, err = got, has, failed
		close(done)
	})
	<-done
	if err == nil && !found {
		err = errNoFile
	}
	return e, err
}
