//go:build linux

package loop

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"looproom/loop/files"
	"looproom/loop/order"
	"looproom/loop/room"
	"looproom/loop/share"
	"looproom/loop/transfer"
)

// shared are the files of all nodes, as this one knows them. Where nothing else is said its methods are for any goroutine.
type shared struct {
	server *Server
	sharer atomic.Pointer[share.Sharer] // nil: there is none yet, or this node keeps no files
	wake   chan struct{}                // holds one

	mu    sync.Mutex
	noted []files.Entry   // that are to be noted; at most mostNoted
	seen  map[string]bool // the nodes that were there when it was last looked, and from which all is known
	fresh []string        // nodes that have come
}

// mostNoted is how many files of others wait for the disk. What comes beyond it is learned later.
const mostNoted = 10_000

// open answers other nodes from now on.
func (f *shared) open(s *Server) error {
	f.server, f.wake = s, make(chan struct{}, 1)
	if s.files == nil {
		return nil
	}
	c := s.cluster.cfg
	sharer, err := share.New(share.Config{Node: c.Node, Store: s.files, Journal: c.Journal, Log: s.log})
	if err != nil {
		return err
	}
	f.sharer.Store(sharer)
	go f.run(sharer)
	return nil
}

// from has this node know of the files that another one knows of.
func (f *shared) from(ctx context.Context, node string) error {
	sharer := f.sharer.Load()
	if sharer == nil {
		return nil
	}
	if err := sharer.From(ctx, node); err != nil { // it may keep none
		f.server.log.Warn().Err(err).Msg("FILES may lack some of others")
	}
	return nil
}

// stored notes a file that a node has. It waits for nothing, and belongs to the home loop.
func (f *shared) stored(cmd *room.Command) {
	if f.sharer.Load() == nil || cmd.Host == "" || cmd.Host == f.server.cluster.cfg.Node {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.noted) < mostNoted {
		f.noted = append(f.noted, files.Entry{Name: cmd.Name, Sender: cmd.User, Time: time.Unix(0, cmd.Seq).UTC(), Size: cmd.N, SHA256: cmd.Text, Node: cmd.Host})
	}
	ring(f.wake)
}

// changed learns of the files of those nodes that have come. It belongs to the home loop.
func (f *shared) changed(members []order.Member) {
	if f.sharer.Load() == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.seen
	f.seen = map[string]bool{}
	for _, m := range members {
		if !m.Here {
			continue
		}
		if f.seen[m.Name] = true; !before[m.Name] && m.Name != f.server.cluster.cfg.Node {
			f.fresh = append(f.fresh, m.Name)
		}
	}
	ring(f.wake)
}

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// run notes what is to be noted, beside the loops, until the process ends or the store is closed.
func (f *shared) run(sharer *share.Sharer) {
	for range f.wake {
		f.mu.Lock()
		noted, fresh := f.noted, f.fresh
		f.noted, f.fresh = nil, nil
		f.mu.Unlock()
		if err := f.server.files.Note(noted); errors.Is(err, files.ErrClosed) {
			return
		} else if err != nil {
			f.server.log.Error().Err(err).Int("files", len(noted)).Msg("files of other nodes could not be noted: they are when a node comes next")
		}
		for _, node := range fresh {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			if err := sharer.From(ctx, node); err != nil {
				f.server.log.Warn().Err(err).Msg("FILES may lack some of others")
			}
			cancel()
		}
	}
}

// fetch fetches a file that another node has, see transfer.Config.
func fetch(s *Server, e files.Entry) (*files.Fetched, error) {
	if s.cluster == nil || s.cluster.shared.sharer.Load() == nil {
		return nil, transfer.ErrAway
	}
	got, err := s.cluster.shared.sharer.Load().Fetch(e)
	switch {
	case errors.Is(err, share.ErrAway):
		s.log.Warn().Str("file", e.Name).Str("node", e.Node).Msg("a file can't be had: the node that has it can't be reached")
		err = transfer.ErrAway
	case errors.Is(err, share.ErrBusy), errors.Is(err, files.ErrFetches):
		err = transfer.ErrBusy
	}
	return got, err
}
