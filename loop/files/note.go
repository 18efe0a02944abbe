package files

import (
	"bufio"
	"fmt"
	"io"
)

// note is entries of files that are elsewhere, on their way to the index.
type note struct {
	entries []Entry
	done    chan error // gets one
}

// mostRecent is how many of the last notes are remembered, so that one that comes by two ways at about the same time counts once.
const mostRecent = 4096

// recent are the last notes, by what Entry.ID says. The writer alone uses it.
type recent struct {
	has  map[uint64]struct{}
	ring []uint64
	next int
}

// add says whether a note is new, and remembers it.
func (r *recent) add(id uint64) bool {
	if _, has := r.has[id]; has {
		return false
	}
	if r.has == nil {
		r.has = map[uint64]struct{}{}
	}
	if len(r.ring) < mostRecent {
		r.ring = append(r.ring, id)
	} else {
		delete(r.has, r.ring[r.next])
		r.ring[r.next] = id
		r.next = (r.next + 1) % mostRecent
	}
	r.has[id] = struct{}{}
	return true
}

// Note adds entries of files that other servers have, at most some thousand, to the index: List and Find find them as any other, and Read doesn't. Each has a Node; one that was noted a short while ago is not noted
// again. It returns when they are durable, or with the disk's error: then none of them is noted. It waits for the disk.
func (s *Store) Note(entries []Entry) error {
	n := &note{entries: entries, done: make(chan error, 1)}
	if !s.jobs.put(job{step: noted, note: n}) {
		return ErrClosed
	}
	return <-n.done
}

// takeNote puts entries among those that are about to be committed.
func (w *writer) takeNote(n *note) {
	var lines []byte
	var added []indexLine
	for _, e := range n.entries {
		if e.Node == "" || !w.recent.add(e.ID("")) {
			continue
		}
		e.Offset = w.archive.tail
		line, err := e.line()
		if err == nil {
			_, err = parseLine(line[:len(line)-1]) // or the next start would find it damaged
		}
		if err != nil {
			n.done <- fmt.Errorf("note %q: %w", e.Name, err)
			return
		}
		lines = append(lines, line...)
		added = append(added, indexLine{name: e.Name, end: e.end(), length: len(line)})
	}
	if err := w.store.reserve.roomFor(int64(len(lines))); err != nil {
		n.done <- err
		return
	}
	w.notes, w.lines, w.added = append(w.notes, n), append(w.lines, lines...), append(w.added, added...)
}

// Entries calls yield with each entry, the oldest first, until it returns an error. What is kept meanwhile may be among them or not. It reads the whole index: it waits for the disk, and the error may be its.
func (s *Store) Entries(yield func(Entry) error) error {
	lines := bufio.NewReaderSize(io.NewSectionReader(s.catalogue.index, 0, 1<<62), 1<<16)
	for left := s.catalogue.count.Load(); left > 0; left-- {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("read %s: %w", indexName, err)
		}
		e, err := parseLine(line[:len(line)-1])
		if err != nil {
			return fmt.Errorf("read %s: %w", indexName, err)
		}
		if err := yield(e); err != nil {
			return err
		}
	}
	return nil
}

// FindOwn is Find for the newest file here of that name that is the one.
func (s *Store) FindOwn(name string, is func(Entry) bool, done func(e Entry, found bool, err error)) {
	own := func(e Entry) bool { return e.Node == "" && is(e) }
	if !s.reads.put(request{look: func() { done(s.catalogue.newestOf(name, own)) }}) {
		go done(Entry{}, false, ErrClosed)
	}
}
