package share

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/files"
	"looproom/loop/journal"
)

// Config is what a Sharer works with.
type Config struct {
	Node    string // this one's name
	Store   *files.Store
	Journal journal.Answerer
	Log     zerolog.Logger
}

// Sharer has a node know the files of others, and tells others of its own.
type Sharer struct {
	cfg   Config
	sends chan struct{} // one for each file that is being sent

	mu       sync.Mutex
	fetches  map[uint64]*fetch // by Entry.ID, those that are on their way
	waiting  int               // of those who want a file
	slots    chan struct{}     // one for each that is on its way
	fetching map[string]chan struct{}
}

// The kinds of what nodes ask each other: the lines of files that one lacks, and the bytes of one.
const (
	kindIndex = "files"
	kindBytes = "file"
)

const (
	maxFetches = 4
	maxWaiting = 64
	maxSends   = 2

	indexPage = 1000 // entries

	fetchTimeout = 5 * time.Minute
	// tries is how often a node is asked that has others to answer, again after tryAgain.
	tries    = 20
	tryAgain = 250 * time.Millisecond
)

var (
	// ErrAway is the error of Fetch when the node that has the file can't be reached.
	ErrAway = errors.New("the server that has the file can't be reached")
	// ErrBusy is its error when too many want files.
	ErrBusy = errors.New("too many files of other servers are on their way")

	errNoFile = errors.New("this node has no such file")
)

// New returns a Sharer, which answers other nodes from now on.
func New(c Config) (*Sharer, error) {
	s := &Sharer{cfg: c, sends: make(chan struct{}, maxSends), fetches: map[uint64]*fetch{}, slots: make(chan struct{}, maxFetches), fetching: map[string]chan struct{}{}}
	return s, errors.Join(c.Journal.Offer(kindIndex, s.tellIndex), c.Journal.Offer(kindBytes, s.tellBytes))
}

// sum is of files of a node: equal for two nodes that know of the same.
type sum struct {
	Files int64
	IDs   uint64
}

// sums are those of all nodes of which this one knows files, itself too.
func (s *Sharer) sums() (map[string]sum, error) {
	all := map[string]sum{}
	err := s.each(func(e files.Entry) error {
		of := all[e.Node]
		of.Files++
		of.IDs ^= e.ID("")
		all[e.Node] = of
		return nil
	})
	return all, err
}

// each calls yield with each entry, those of this node with its name.
func (s *Sharer) each(yield func(files.Entry) error) error {
	return s.cfg.Store.Entries(func(e files.Entry) error {
		if e.Node == "" {
			e.Node = s.cfg.Node
		}
		return yield(e)
	})
}

// indexAsk asks for what the node lacks of the files of others.
type indexAsk struct {
	Node  string
	Knows map[string]sum
}

// tellIndex answers with the lines of those nodes of which the other one knows other files.
func (s *Sharer) tellIndex(ctx context.Context, ask []byte, w io.Writer) error {
	var of indexAsk
	if err := journal.Unpack(ask, &of); err != nil {
		return err
	}
	ours, err := s.sums()
	if err != nil {
		return err
	}
	differ := map[string]bool{}
	for node, sum := range ours {
		differ[node] = node != of.Node && of.Knows[node] != sum
	}
	out := gob.NewEncoder(w)
	var page []files.Entry
	err = s.each(func(e files.Entry) error {
		if !differ[e.Node] {
			return nil
		}
		if page = append(page, e); len(page) < indexPage {
			return nil
		}
		err := out.Encode(page)
		page = page[:0]
		return errors.Join(err, ctx.Err())
	})
	if err == nil && len(page) > 0 {
		err = out.Encode(page)
	}
	if err == nil {
		err = out.Encode([]files.Entry{})
	}
	return err
}

// From has this node know of the files that another one knows of, its own among them.
func (s *Sharer) From(ctx context.Context, node string) error {
	noted, err := s.from(ctx, node)
	if err != nil {
		return fmt.Errorf("learn of the files that %s knows: %w", node, err)
	}
	if noted > 0 {
		s.cfg.Log.Info().Str("from", node).Int("files", noted).Msg("knows of the files of others")
	}
	return nil
}

func (s *Sharer) from(ctx context.Context, node string) (noted int, err error) {
	knows, err := s.sums()
	if err != nil {
		return 0, err
	}
	delete(knows, s.cfg.Node)
	body, err := s.cfg.Journal.Ask(ctx, node, kindIndex, journal.Pack(indexAsk{s.cfg.Node, knows}))
	if err != nil {
		return 0, err
	}
	defer body.Close()
	in := gob.NewDecoder(body)
	known := map[uint64]struct{}(nil)
	for {
		var page []files.Entry
		if err := in.Decode(&page); err != nil {
			return noted, err
		}
		if len(page) == 0 {
			_, err := io.Copy(io.Discard, body)
			return noted, err
		}
		if known == nil {
			if known, err = s.known(); err != nil {
				return noted, err
			}
		}
		fresh := page[:0]
		for _, e := range page {
			if _, has := known[e.ID("")]; !has && e.Node != s.cfg.Node {
				fresh = append(fresh, e)
			}
		}
		if err := s.cfg.Store.Note(fresh); err != nil {
			return noted, err
		}
		noted += len(fresh)
	}
}

// known are all files that this node knows of, by Entry.ID.
func (s *Sharer) known() (map[uint64]struct{}, error) {
	known := map[uint64]struct{}{}
	return known, s.each(func(e files.Entry) error {
		known[e.ID("")] = struct{}{}
		return nil
	})
}
