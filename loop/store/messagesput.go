package store

import (
	"cmp"
	"slices"

	"zombiezen.com/go/sqlite"
)

// write writes messages; those that are there already are not written again. One that can't be written, though the disk works, is left out, and the error that of the first such.
func (l *ledger) write(_ *sqlite.Conn, all []Message) error {
	err := l.writeAll(all)
	if err != nil {
		l.undone()
	}
	return err
}

func (l *ledger) writeAll(all []Message) error {
	entries, err := l.entries(all)
	if err != nil {
		return err
	}
	return l.writeEntries(entries)
}

// writeEntries writes rows; those that are there already are not written again.
func (l *ledger) writeEntries(entries []entry) error {
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.place, b.place) }) // pages of the file are touched once
	fresh, wrong := entries[:0], error(nil)
	for i := range entries {
		isNew, err := l.insert(&entries[i])
		if err != nil && ofDisk(err) {
			return err
		}
		if wrong == nil {
			wrong = err
		}
		if isNew {
			fresh = append(fresh, entries[i])
		}
	}
	if err := l.count(fresh); err != nil {
		return err
	}
	slices.SortFunc(fresh, byID)
	if fresh, err := l.indexOld(fresh); err != nil {
		return err
	} else if l.follows {
		l.wait(fresh)
	}
	return wrong
}

// indexOld indexes those rows that the index is behind already, as they come from another store, and returns the others. They are in order of their ids, as those are.
func (l *ledger) indexOld(fresh []entry) ([]entry, error) {
	if len(fresh) == 0 {
		return nil, nil
	}
	upTo, err := indexedUpTo(l.conn)
	if err != nil {
		return nil, err
	}
	old := 0
	for old < len(fresh) && fresh[old].id <= upTo {
		old++
	}
	if old == 0 {
		return fresh, nil
	}
	return fresh[old:], l.indexAll(fresh[:old])
}

// wait has rows wait for the index, among those that wait. They are in order of their ids.
func (l *ledger) wait(fresh []entry) {
	left := l.waiting[l.indexed:]
	inOrder := len(left) == 0 || len(fresh) == 0 || left[len(left)-1].id <= fresh[0].id
	if l.waiting = append(l.waiting, fresh...); !inOrder {
		slices.SortStableFunc(l.waiting[l.indexed:], byID)
	}
}
