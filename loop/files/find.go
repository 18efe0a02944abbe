package files

// MaxList is the most entries that List gives at once.
const MaxList = 1000

// Total returns how many files the store has, and how many bytes they are in all. Any goroutine may call it; it never waits.
func (s *Store) Total() (files int, bytes int64) {
	return int(s.catalogue.count.Load()), s.catalogue.end.Load()
}

// List asks for the newest n entries, at most MaxList, and returns at once. done is called as that of Read is: with the
// entries, oldest first, which are its own, and how many there are in all. The error is ErrClosed, the disk's, or that the
// index is damaged.
func (s *Store) List(n int, done func(entries []Entry, total int, err error)) {
	n = max(min(n, MaxList), 0)
	if !s.reads.put(request{look: func() { done(s.catalogue.recent(n)) }}) {
		go done(nil, 0, ErrClosed)
	}
}

// Find asks for the newest entry of that name, and returns at once. done is called as that of List is; found says whether
// there is one.
func (s *Store) Find(name string, done func(e Entry, found bool, err error)) {
	if !s.reads.put(request{look: func() { done(s.catalogue.newest(name)) }}) {
		go done(Entry{}, false, ErrClosed)
	}
}
