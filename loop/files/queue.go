package files

import "sync"

// queue hands items from any number of goroutines to one. It has no limit of its own: what is put into it is bounded
// elsewhere, by the buffers or by the number of clients.
type queue[T any] struct {
	mu     sync.Mutex
	filled *sync.Cond // signalled when items arrive and when the queue closes
	items  []T
	closed bool
}

func newQueue[T any]() *queue[T] {
	q := &queue[T]{}
	q.filled = sync.NewCond(&q.mu)
	return q
}

// put adds an item and never waits. It is false when the queue is closed and the item was not taken.
func (q *queue[T]) put(item T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.items = append(q.items, item)
	q.filled.Signal()
	return true
}

// take waits for items and returns all there are, in order. It keeps spare, the slice of the call before, for the next
// ones. ok is false when the queue is closed and everything has been taken.
func (q *queue[T]) take(spare []T) (items []T, ok bool) {
	clear(spare)
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.filled.Wait()
	}
	items, q.items = q.items, spare[:0]
	return items, len(items) > 0
}

func (q *queue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.filled.Signal()
}
