package registry

import (
	"errors"
	"sync"
	"sync/atomic"
)

// maxLeaving is how many accounts may be on their way out at once: each has a worker at one of the nodes.
const maxLeaving = 1000

// ErrLeaving is the error of what is to be kept of an account of which all is just being erased.
var ErrLeaving = errors.New("all that is kept of that account is just being erased")

// leaving are the accounts of which all is being erased, each with who has proposed that, 0 for a server that is alone. Safe for any goroutine.
type leaving struct {
	count atomic.Int32 // of keys: nobody waits while there are none
	mu    sync.Mutex
	by    map[string]uint64
}

// add is false if the account is among them already by the same proposer, or too many are. Another proposer takes it over: the first may be gone.
func (l *leaving) add(account string, proposer uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if of, found := l.by[account]; found && of == proposer || !found && len(l.by) >= maxLeaving {
		return false
	}
	if l.by == nil {
		l.by = map[string]uint64{}
	}
	l.by[account] = proposer
	l.count.Store(int32(len(l.by)))
	return true
}

// remove takes the account out, unless another proposer has taken it over.
func (l *leaving) remove(account string, proposer uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by[account] == proposer {
		delete(l.by, account)
	}
	l.count.Store(int32(len(l.by)))
}

func (l *leaving) has(account string) bool {
	if l.count.Load() == 0 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, found := l.by[account]
	return found
}

// replace has exactly these.
func (l *leaving) replace(all map[string]uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.by = all
	l.count.Store(int32(len(all)))
}

// Leave begins to take an account out on a server that is alone: nothing more is to be kept of it, until a change of the kind AccountGone. It is false if that has begun already. On several nodes the
// change AccountForgotten does it. It takes no lock for long.
func (r *Registry) Leave(account string) bool { return r.leaving.add(account, 0) }

// Leaves says whether all is being erased that is kept of an account, so that nothing more of it may be kept. It takes no lock while there is none.
func (r *Registry) Leaves(account string) bool { return r.leaving.has(account) }
