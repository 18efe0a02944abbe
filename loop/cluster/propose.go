package cluster

import (
	"errors"
	"sync"
)

// ErrLost is the error of Propose when the other nodes have gone on without this one: nobody knows whether they have carried out the change.
var ErrLost = errors.New("the other nodes of the cluster have gone on without this one")

// mostCarried is how many changes may wait to be carried out before the log is read no further.
const mostCarried = 1000

// proposals are the changes that all nodes carry out beside the state.
type proposals struct {
	carry func(change []byte) error

	mu      sync.Mutex
	moved   sync.Cond // something waits, or less does
	waiting map[uint64]chan error
	queue   []proposal
	ended   bool
}

// proposal is a change that has come by the log. own is its number where this node has proposed it, else 0.
type proposal struct {
	change []byte
	own    uint64
}

func newProposals(carry func([]byte) error) *proposals {
	p := &proposals{carry: carry, waiting: map[uint64]chan error{}}
	p.moved.L = &p.mu
	return p
}

// came has a change carried out behind those that came before. It waits for nothing.
func (p *proposals) came(change []byte, own uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue = append(p.queue, proposal{change, own})
	p.moved.Broadcast()
}

// wait returns when not too many changes wait.
func (p *proposals) wait(ended <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) > mostCarried && !p.ended {
		p.moved.Wait()
	}
}

// run carries changes out until ended.
func (p *proposals) run(ended <-chan struct{}) {
	go func() {
		<-ended
		p.mu.Lock()
		defer p.mu.Unlock()
		p.ended = true
		p.moved.Broadcast()
	}()
	for {
		next, ok := p.next()
		if !ok {
			return
		}
		p.answer(next.own, p.carry(next.change))
	}
}

func (p *proposals) next() (first proposal, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.ended {
		p.moved.Wait()
	}
	if p.ended {
		return first, false
	}
	first = p.queue[0]
	if p.queue = p.queue[1:]; len(p.queue) == 0 {
		p.queue = nil
	}
	p.moved.Broadcast()
	return first, true
}

// expect has the answer of a proposal go to who waits for it.
func (p *proposals) expect(number uint64, answer chan error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting[number] = answer
}

func (p *proposals) answer(number uint64, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if answer := p.waiting[number]; answer != nil {
		answer <- err
		delete(p.waiting, number)
	}
}

// fail answers all that wait.
func (p *proposals) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for number, answer := range p.waiting {
		answer <- err
		delete(p.waiting, number)
	}
}

// Propose has all nodes carry out a change, in the order of the log, and returns when this one has, with the error that had. It implements accounts.Order, and is for goroutines that may wait.
func (n *Node) Propose(change []byte) error {
	answer := make(chan error, 1)
	n.cfg.Home(func() {
		n.ask.expect(n.log.Propose(change), answer)
		n.log.Flush()
	})
	select {
	case err := <-answer:
		return err
	case <-n.follow.ended:
		return errEnded
	}
}
