package store

// fifo is a queue whose front is looked at before it is dropped. The zero value is empty.
type fifo[T any] struct {
	all  []T
	head int // of all: what is in front of it is gone
}

func (f *fifo[T]) push(one T) { f.all = append(f.all, one) }

// waiting are those in it, the oldest first. The slice is the queue's.
func (f *fifo[T]) waiting() []T { return f.all[f.head:] }

// drop takes out the n oldest. What is gone is moved over once it is half of all, so that it costs the same for each, however many wait.
func (f *fifo[T]) drop(n int) {
	clear(f.all[f.head : f.head+n])
	if f.head += n; 2*f.head >= len(f.all) {
		left := copy(f.all, f.all[f.head:])
		clear(f.all[left:])
		f.all, f.head = f.all[:left], 0
	}
}
