package store

import (
	"errors"
)

// What was erased is out of an index at once, but its words are in it until their segments are merged. To be rid of them all segments are merged into one, in pieces of so many pages.
const rewritePages = 128

// The steps of writing the indexes anew, as they stand in progress.
const (
	rewriteBegins int64 = iota + 1
	rewriteGoesOn
)

// rewrite has the indexes written anew.
func (l *ledger) rewrite() error {
	return run(l.conn, "INSERT INTO progress (what, upto) VALUES ('rewrite', ?) ON CONFLICT DO UPDATE SET upto = excluded.upto", with(rewriteBegins))
}

// rewriteSome writes a piece of the indexes anew if they are to be.
func (l *ledger) rewriteSome() (more bool, err error) {
	step, err := integer(l.conn, "SELECT upto FROM progress WHERE what = 'rewrite'")
	if err != nil || step == 0 {
		return false, err
	}
	pages := int64(rewritePages)
	if step == rewriteBegins { // a negative number gathers all segments, and the following ones go on with those
		pages = -pages
	}
	before, err := integer(l.conn, "SELECT total_changes()")
	for _, index := range indexes {
		err = errors.Join(err, run(l.conn, "INSERT INTO "+index+" ("+index+", rank) VALUES ('merge', ?)", with(pages)))
	}
	after, wrong := integer(l.conn, "SELECT total_changes()")
	if err = errors.Join(err, wrong); err != nil {
		return false, err
	}
	if after-before < int64(2*len(indexes)) && pages > 0 { // each counts as one change without having done any work
		return false, run(l.conn, "DELETE FROM progress WHERE what = 'rewrite'", nil)
	}
	return true, run(l.conn, "UPDATE progress SET upto = ? WHERE what = 'rewrite'", with(rewriteGoesOn))
}
