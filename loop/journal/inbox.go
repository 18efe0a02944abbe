package journal

import "sync"

const (
	// maxInbox and maxInboxBytes bound what has come and is not yet read. Beyond them entries are dropped: the reader fetches them from the stream.
	maxInbox      = 8192
	maxInboxBytes = 16 << 20

	entryWeight = 256 // bytes of an entry besides its body
)

// inbox holds entries between the connection and the reader.
type inbox struct {
	mu      sync.Mutex
	entries []Entry
	bytes   int
	dropped uint64
	bell    chan struct{} // rings when there is something
}

func newInbox() *inbox { return &inbox{bell: make(chan struct{}, 1)} }

// put adds an entry, or drops it. It never waits.
func (i *inbox) put(e Entry) {
	i.mu.Lock()
	weight := entryWeight + len(e.Body)
	if len(i.entries) < maxInbox && i.bytes+weight <= maxInboxBytes {
		i.entries = append(i.entries, e)
		i.bytes += weight
	} else {
		i.dropped++
	}
	i.mu.Unlock()
	ring(i.bell)
}

// take returns all that is there.
func (i *inbox) take() []Entry {
	i.mu.Lock()
	defer i.mu.Unlock()
	taken := i.entries
	i.entries, i.bytes = nil, 0
	return taken
}

func (i *inbox) drops() uint64 {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.dropped
}
