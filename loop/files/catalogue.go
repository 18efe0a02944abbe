package files

import "sync"

// catalogue is the index in memory. The writer adds to it what is durable; anyone may ask.
type catalogue struct {
	mu      sync.RWMutex
	entries []Entry        // in the order of all_received
	newest  map[string]int // by name, the position in entries of the last one of that name
}

func newCatalogue(entries []Entry) *catalogue {
	c := &catalogue{newest: make(map[string]int)}
	for _, e := range entries {
		c.add(e)
	}
	return c
}

func (c *catalogue) add(e Entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.newest[e.Name] = len(c.entries)
	c.entries = append(c.entries, e)
}

// end is the offset behind the last file.
func (c *catalogue) end() int64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return endOf(c.entries)
}

func endOf(entries []Entry) int64 {
	if len(entries) == 0 {
		return 0
	}
	return entries[len(entries)-1].end()
}

// List returns the newest n entries, oldest first, and how many there are in all. n <= 0 asks for all of them. The
// slice is the caller's. It answers from memory; any goroutine may call it.
func (s *Store) List(n int) (entries []Entry, total int) {
	c := s.catalogue
	c.mu.RLock()
	defer c.mu.RUnlock()
	total = len(c.entries)
	if n <= 0 || n > total {
		n = total
	}
	return append(make([]Entry, 0, n), c.entries[total-n:]...), total
}

// Find returns the newest entry of that name, and whether there is one. It answers from memory; any goroutine may call
// it.
func (s *Store) Find(name string) (Entry, bool) {
	c := s.catalogue
	c.mu.RLock()
	defer c.mu.RUnlock()
	position, found := c.newest[name]
	if !found {
		return Entry{}, false
	}
	return c.entries[position], true
}
