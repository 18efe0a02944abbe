package store

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// searchTime is how long a search may take. Then it ends with what it has found. Only tests change it.
var searchTime = 80 * time.Millisecond * slowdown

// lookFirst is how many of the latest messages are compared one by one before the index is asked for all words that begin with something, for it gathers all of them before it gives the first.
const lookFirst = 2_000

// searching is a search under way. It keeps the newest messages that it has found.
type searching struct {
	reader   *reader
	terms    []term
	by       string
	before   int64 // only what is in front of it, as storedID has it
	beforeAt int64 // only what is older, in milliseconds of wall clock
	after    int64 // only what is behind it
	indexed  int64 // what is behind it is in no index
	n        int
	found    []message // the newest first, at most n+1
	more     bool      // there are messages further back, or not all could be looked at
	half     time.Time // until then it looks at what is in no index
	until    time.Time
}

// search answers a look for messages that have words.
func (r *reader) search(look *room.Look) (Found, error) {
	late := make(chan struct{})
	defer time.AfterFunc(searchTime, func() { close(late) }).Stop()
	return r.searchUntil(look, late, time.Now().Add(searchTime))
}

// searchUntil searches until it has looked at all, or it is late, which is at that time.
func (r *reader) searchUntil(look *room.Look, late <-chan struct{}, until time.Time) (Found, error) {
	all, err := terms(look.Words)
	if err != nil {
		return Found{}, err
	}
	s := &searching{reader: r, terms: all, by: look.By, before: math.MaxInt64, beforeAt: math.MaxInt64, after: math.MinInt64, n: look.N, until: until}
	s.half = until.Add(-time.Until(until) / 2)
	if look.Before != 0 {
		s.before = storedID(uint64(look.Before))
	}
	if look.After != 0 {
		s.after = storedID(uint64(look.After))
	}
	r.conn.SetInterrupt(late)
	switch err := s.run(look); {
	case sqlite.ErrCode(err).ToPrimary() == sqlite.ResultInterrupt:
		s.more = true
	case err != nil:
		return Found{}, err
	}
	return s.result(), nil
}

func (s *searching) result() Found {
	if len(s.found) > s.n {
		s.found, s.more = s.found[:s.n], true
	}
	rows := make([]room.Row, len(s.found))
	for i, m := range s.found {
		rows[i] = m.Row
	}
	return Found{rows, !s.more}
}

func (s *searching) run(look *room.Look) (err error) {
	fields, err := s.reader.fields(look)
	if err != nil {
		return err
	}
	if look.BeforeAt != 0 {
		_, to, err := s.reader.between(fields, look.BeforeAt)
		if err != nil {
			return err
		}
		s.before, s.beforeAt = min(s.before, to), look.BeforeAt
	}
	slices.SortFunc(fields, func(a, b field) int { return cmp.Compare(b.last, a.last) })
	if s.indexed, err = indexedUpTo(s.reader.conn); err != nil {
		return err
	}
	for _, f := range fields {
		if err := s.recent(f); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(s.terms, func(t term) bool { return t.prefix }) {
		if err := s.lookFirst(fields); err != nil {
			return err
		}
	}
	for _, f := range fields {
		if f.seen {
			continue
		}
		if err := s.ask(f); err != nil {
			return err
		}
	}
	return nil
}

// fields are all places in which a search may look.
func (r *reader) fields(look *room.Look) (fields []field, err error) {
	if look.With == "" {
		if fields, err = r.rooms(look.Places); err != nil {
			return nil, err
		}
	}
	if look.Account == "" || look.With == "" && !look.Letters {
		return fields, nil
	}
	f, has, err := r.box(look.Account, look.With)
	if has {
		fields = append(fields, f)
	}
	return fields, err
}

// recent looks at those messages of a field that are in no index yet, for half of its time at most: there may be many after a burst.
func (s *searching) recent(f field) error {
	if f.last <= max(s.indexed, s.floor()) {
		return nil
	}
	return s.reader.each(f, down, s.before, func(m message) bool {
		if time.Now().After(s.half) {
			s.more = true
			return false
		}
		return m.id > max(s.indexed, s.floor()) && s.see(m)
	})
}

// lookFirst looks at the latest messages of the fields that have been spoken in last. What it finds the index finds again, but for the fields of which it has seen all that is new enough.
func (s *searching) lookFirst(fields []field) error {
	left := lookFirst
	for i := range fields {
		f := &fields[i]
		f.seen = true
		err := s.reader.each(*f, down, min(s.before, s.indexed+1), func(m message) bool {
			if m.id <= s.floor() {
				return false
			}
			if left--; left < 0 {
				f.seen = false
			}
			return f.seen && s.see(m)
		})
		if err != nil || left <= 0 {
			return err
		}
	}
	return nil
}

// floor is the id behind which a message has to be to be among the newest.
func (s *searching) floor() int64 {
	if len(s.found) <= s.n {
		return s.after
	}
	return max(s.after, s.found[s.n].id)
}

// see keeps a message if it is one that is looked for, and says whether there is time for more.
func (s *searching) see(m message) bool {
	if m.id <= s.floor() || m.At >= s.beforeAt || s.by != "" && s.by != m.whoKey || !isIn(m.Text, s.terms) {
		return s.inTime()
	}
	at, has := slices.BinarySearchFunc(s.found, m.id, func(m message, id int64) int { return cmp.Compare(id, m.id) })
	if !has {
		s.found = slices.Insert(s.found, at, m)
		s.found = s.found[:min(len(s.found), s.n+1)]
	}
	return s.inTime()
}

func (s *searching) inTime() bool {
	if !time.Now().After(s.until) {
		return true
	}
	s.more = true
	return false
}

// few is how many messages of a field are compared one by one where so many at most may be new enough: the index takes longer to say that it has none.
const few = 12

// lookAtFew looks at the messages of a field that are newer than what has been found, if they are few, and says whether it has seen all of them.
func (s *searching) lookAtFew(f field) (all bool, err error) {
	if len(s.found) <= s.n {
		return false, nil
	}
	left := few
	all = true
	err = s.reader.each(f, down, min(s.before, s.indexed+1), func(m message) bool {
		if m.id <= s.floor() {
			return false
		}
		if left--; left < 0 {
			all = false
		}
		return all && s.see(m)
	})
	return all, err
}

// ask asks the index for messages of a field, which stands in what it is asked for.
func (s *searching) ask(f field) error {
	if all, err := s.lookAtFew(f); all || err != nil {
		return err
	}
	expression := f.expression(s.terms, s.by)
	if err := s.askIndex("search", f, expression); err != nil || !f.box {
		return err
	}
	return s.askIndex("received", f, expression)
}

func (s *searching) askIndex(index string, f field, expression string) error {
	if f.last <= s.floor() || !s.inTime() {
		return nil
	}
	stmt, err := s.reader.conn.Prepare("SELECT rowid FROM " + index + " WHERE " + index + " MATCH ? AND rowid > ? AND rowid < ? ORDER BY rowid DESC")
	if err != nil {
		return err
	}
	with(expression, s.floor(), s.before)(stmt)
	for {
		has, err := stmt.Step()
		if !has || err != nil || stmt.ColumnInt64(0) <= s.floor() {
			return errors.Join(err, stmt.Reset())
		}
		var again bool
		if again, err = s.fetch(f, stmt.ColumnInt64(0)); !again {
			return errors.Join(err, stmt.Reset())
		}
	}
}

// fetch looks at the message of that id, if the field has it, and says whether to go on.
func (s *searching) fetch(f field, id int64) (again bool, err error) {
	again = true
	err = s.reader.each(f, up, id-1, func(m message) bool {
		if m.id == id {
			again = s.see(m)
		}
		return false
	})
	return again && err == nil, err
}

// numbered is a token that has a number, in quotes.
func (f field) numbered(tag byte, n int64) string {
	return string(append(strconv.AppendInt(appendTag([]byte{'"'}, f.place, tag), n, 10), '"'))
}
