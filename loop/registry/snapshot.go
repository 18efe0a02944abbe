package registry

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"looproom/loop/store"
)

// A copy of a registry is a line with its version, and behind that parts: a byte that says what it is, the length of what follows as a varint, and that. The first is what goes on at the moment; the name of a table stands in
// front of its rows; the last is the SHA-256 of all that is in front of it.
const (
	snapshotHead = "looproom registry 1\n"

	partGoing  = 'g'
	partTable  = 't'
	partRow    = 'r'
	partDigest = 'd'
)

const (
	// maxPart is how long a part may be: the longest are rooms.
	maxPart = 16 << 20
	// MaxSnapshot is how many bytes a copy of a registry may have: as many names, rooms and persons as may be, and a few million read marks.
	MaxSnapshot = 1 << 30
)

var (
	errSnapshot = errors.New("it isn't a copy of a registry as looproom writes it, or has been changed on its way")
	errFolder   = errors.New("the other server keeps names and rooms, and this one has no folder for the state (see --state)")
)

// Copy is all that a registry keeps as it is between two changes, whatever changes afterwards. It is for one goroutine, which closes it: meanwhile the write-ahead log of the store grows.
type Copy struct {
	going []byte
	each  func(yield func(table string, row []byte) error) error
	close func() error
}

// Copy returns all that is kept but messages. What Record notes meanwhile is in it or not. It waits for the disk, and no change is carried out meanwhile; writing it holds up nothing.
func (r *Registry) Copy() (*Copy, error) {
	if err := r.Flush(); err != nil { // while changes go on
		return nil, fmt.Errorf("copy the registry: %w", err)
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	c := &Copy{going: goingOn(&r.carried, &r.leaving), close: func() error { return nil }}
	if r.store == nil {
		kept := store.Contents{CloakKey: r.CloakKey(), Start: r.start, Bans: r.Bans().Entries(0)}
		c.each = kept.Loose
		return c, nil
	}
	if err := r.store.Flush(); err != nil {
		return nil, fmt.Errorf("copy the registry: %w", err)
	}
	records, err := r.store.Records()
	if err != nil {
		return nil, fmt.Errorf("copy the registry: %w", err)
	}
	c.each, c.close = records.Each, records.Close
	return c, nil
}

// Close gives it up.
func (c *Copy) Close() error { return c.close() }

// Write writes it, for Take. The error is that of w, or says what is damaged on the disk.
func (c *Copy) Write(w io.Writer) error {
	p := &partWriter{to: bufio.NewWriterSize(w, 1<<16), sum: sha256.New()}
	p.write([]byte(snapshotHead))
	p.part(partGoing, c.going)
	table := ""
	err := c.each(func(of string, row []byte) error {
		if of != table {
			table = of
			p.part(partTable, []byte(of))
		}
		p.part(partRow, row)
		return p.failed
	})
	if err == nil {
		p.part(partDigest, p.sum.Sum(nil))
		err = cmp.Or(p.failed, p.to.Flush())
	}
	if err != nil {
		return fmt.Errorf("copy the registry: %w", err)
	}
	return nil
}

// Snapshot writes a Copy of now: for a node that joins, or comes back, see Take. Equal registries write the same bytes.
func (r *Registry) Snapshot(w io.Writer) error {
	c, err := r.Copy()
	if err != nil {
		return err
	}
	return cmp.Or(c.Write(w), c.Close())
}

// goingOn is which changes have been carried out, and which accounts are being erased.
func goingOn(c *carried, l *leaving) []byte {
	w := writer{}
	for i := range c.of {
		p := &c.of[i]
		w.more(len(c.of), i)
		w.number(&p.proposer)
		w.number(&p.highest)
		w.number(&p.seen)
	}
	w.more(0, 0)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, account := range slices.Sorted(maps.Keys(l.by)) {
		w.more(1, 0)
		w.text(&account)
		by := l.by[account]
		w.number(&by)
	}
	w.more(0, 0)
	return w.b
}

// wentOn reads what goingOn has written.
func wentOn(b []byte) (all []proposed, by map[string]uint64, err error) {
	f := &reader{b: b}
	for f.more(0, 0) {
		var p proposed
		f.number(&p.proposer)
		f.number(&p.highest)
		f.number(&p.seen)
		all = append(all, p)
	}
	by = map[string]uint64{}
	for f.more(0, 0) {
		var account string
		var of uint64
		f.text(&account)
		f.number(&of)
		by[account] = of
	}
	if f.failed || len(f.b) > 0 || len(all) > maxProposers || len(by) > maxLeaving {
		return nil, nil, errSnapshot
	}
	return all, by, nil
}

// Take has all that a Snapshot of another node says in the place of what is kept here, but messages: in memory, and in the store in one transaction. With an error nothing has changed, in
// memory or on the disk, unless it says that the store is closed. What is read waits in a file beside the database until it is all there and whole. Nothing else may be changed meanwhile, and the key of the cloaks is another one then.
func (r *Registry) Take(from io.Reader) error {
	if err := take(r, from); err != nil {
		return fmt.Errorf("take the copy of a registry: %w", err)
	}
	return nil
}

func take(r *Registry, from io.Reader) error {
	spool, err := newSpool(r.store)
	if err != nil {
		return err
	}
	defer spool.remove()
	if err := spool.fill(from); err != nil {
		return err
	}
	kept := store.NewContents()
	going, err := look(r, spool, &kept)
	if err != nil {
		return err
	}
	carriedOf, leavingBy, err := wentOn(going)
	if err == nil && len(kept.CloakKey) != cloakBytes {
		err = errSnapshot
	}
	if err != nil {
		return err
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	if err := replaceStored(r, spool); err != nil {
		return err
	}
	r.hold(&kept)
	r.carried.of = carriedOf
	r.leaving.replace(leavingBy)
	return nil
}

// look reads all of a copy into what is kept in memory, and says what goes on. The error says that it can't be taken.
func look(r *Registry, s *spool, kept *store.Contents) (going []byte, err error) {
	records, err := s.records()
	for err == nil {
		record, more, failed := records.next()
		switch {
		case failed != nil:
			return nil, failed
		case !more:
			return records.going, nil
		case r.store == nil && !record.IsLoose():
			return nil, errFolder
		}
		err = kept.Take(record)
	}
	return nil, err
}

// replaceStored has the store, if there is one, keep what the spool has, and nothing that waits for it.
func replaceStored(r *Registry, s *spool) error {
	if r.store == nil {
		return nil
	}
	if err := r.store.Flush(); err != nil {
		return err
	}
	records, err := s.records()
	if err != nil {
		return err
	}
	if err := r.store.Replace(records.next); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.late)
	return nil
}
