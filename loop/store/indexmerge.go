package store

import (
	"errors"
	"time"
)

// mergePages is how many pages of an index a transaction merges.
const mergePages = 64

// The steps of writing the indexes anew, as they stand in progress.
const (
	rewriteBegins int64 = iota + 1
	rewriteGoesOn
)

// mergeSome merges segments of the indexes that are about as large: a search looks into each.
func (l *ledger) mergeSome() (more bool, err error) {
	if !l.merging {
		return false, nil
	}
	l.merging, err = l.merge(mergePages)
	return l.merging, err
}

// merge has SQLite merge so many pages of each index, and says whether there was anything to do. A negative number gathers all segments to be merged into one; the calls that follow go on with them.
func (l *ledger) merge(pages int64) (more bool, err error) {
	for _, index := range indexes {
		before, err := integer(l.conn, "SELECT total_changes()")
		if err != nil {
			return false, err
		}
		if err := run(l.conn, "INSERT INTO "+index+" ("+index+", rank) VALUES ('merge', ?)", with(pages)); err != nil {
			return false, err
		}
		after, err := integer(l.conn, "SELECT total_changes()")
		if err != nil {
			return false, err
		}
		more = more || after-before >= 2 // it counts as one change without having done any work
	}
	return more, nil
}

// rewriteEvery is how often that begins at most, whoever is forgotten: all of the indexes is written, and then each page of the file looked at.
const rewriteEvery = time.Hour

// rewrite has the indexes written anew, and what the file doesn't use scrubbed. What was erased is out of the indexes at once, but its words are in the file until the segments that have them are
// merged with others.
func (l *ledger) rewrite() error {
	return run(l.conn, "INSERT INTO progress (what, upto) VALUES ('rewrite', ?) ON CONFLICT DO UPDATE SET upto = excluded.upto", with(rewriteBegins))
}

// rewriteSome writes a piece of the indexes anew if they are to be.
func (l *ledger) rewriteSome() (more bool, err error) {
	step, err := integer(l.conn, "SELECT upto FROM progress WHERE what = 'rewrite'")
	if err != nil || step == 0 {
		return false, err
	}
	pages := int64(mergePages)
	if step == rewriteBegins {
		if time.Since(l.rewritten) < rewriteEvery {
			return false, nil
		}
		pages, l.rewritten = -pages, time.Now()
	}
	if more, err = l.merge(pages); err != nil {
		return false, err
	}
	if !more && step == rewriteGoesOn {
		return false, errors.Join(run(l.conn, "DELETE FROM progress WHERE what = 'rewrite'", nil), l.scrub())
	}
	return true, run(l.conn, "UPDATE progress SET upto = ? WHERE what = 'rewrite'", with(rewriteGoesOn))
}
