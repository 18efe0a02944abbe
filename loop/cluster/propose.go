package cluster

import (
	"errors"
	"sync"
	"time"
)

var (
	// ErrLost is the error of Propose when the other nodes have gone on without this one: nobody knows whether they carry out the change.
	ErrLost = errors.New("the other nodes of the cluster have gone on without this one")
	// ErrLate is its error when the log does not answer. The change may be carried out all the same.
	ErrLate = errors.New("the log of the cluster does not answer")
)

// proposals are the changes of this node that wait to come back.
type proposals struct {
	mu      sync.Mutex
	waiting map[uint64]chan error // each once
}

// expect has the answer of a proposal go to who waits for it.
func (p *proposals) expect(number uint64, answer chan error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting == nil {
		p.waiting = map[uint64]chan error{}
	}
	p.waiting[number] = answer
}

// answer answers a proposal, if somebody waits for it.
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

// Propose has all nodes carry out a change, in the order of the log, and returns when this one has, with the error that had: it doesn't wait for longer than so long. It is for goroutines that may wait.
func (n *Node) Propose(change []byte, atMost time.Duration) error {
	answer := make(chan error, 1)
	n.cfg.Home(func() {
		number, err := n.log.Propose(change)
		if err != nil {
			answer <- err
			return
		}
		n.ask.expect(number, answer)
		n.log.Flush()
	})
	late := time.NewTimer(atMost)
	defer late.Stop()
	select {
	case err := <-answer:
		return err
	case <-late.C:
		return ErrLate
	case <-n.follow.ended:
		return errEnded
	}
}

// carry has a change carried out, beside the home loop, which applies nothing behind it until then.
func (n *Node) carry(change []byte, own uint64) {
	go func() {
		err := n.cfg.Carry(change)
		n.ask.answer(own, err)
		n.cfg.Home(func() {
			n.log.Carried()
			if done := n.pending; done != nil {
				n.pending = nil
				n.advance(done)
			}
		})
	}()
}
