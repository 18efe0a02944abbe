package order

import "looproom/loop/room"

// Alone applies commands in the order in which they are submitted. It must be made by New.
type Alone struct {
	apply    func(cmd *room.Command, waited bool)
	applying bool
	queue    []room.Command // came while another one was being applied; those before next are done with
	next     int
	at       room.Command // that of the queue that is being applied, or that of Take
}

// New returns an Alone that has apply do what a command says, and tell all that follows from it. cmd is borrowed. waited says that the command came while another one was
// being applied, and so is older than the turn that it has now. apply may submit.
func New(apply func(cmd *room.Command, waited bool)) *Alone { return &Alone{apply: apply} }

// Submit has cmd applied: before it returns if nothing is being applied, else behind what is and what waits. cmd is borrowed. A panic of apply passes by; it costs the rest of what
// that one command leads to, and nothing that waits: the next Submit goes on with it, behind its own.
func (a *Alone) Submit(cmd *room.Command) {
	if a.applying {
		a.queue = append(a.queue, *cmd)
		return
	}
	a.applying = true
	defer a.rest()
	a.apply(cmd, false)
	for a.next < len(a.queue) {
		a.at = a.queue[a.next]
		a.next++
		a.apply(&a.at, true)
	}
	clear(a.queue)
	a.queue, a.next, a.at = a.queue[:0], 0, room.Command{}
}

// Take is Submit for a command that nobody else has: it takes no memory of its own.
func (a *Alone) Take(cmd room.Command) {
	if a.applying {
		a.queue = append(a.queue, cmd)
		return
	}
	a.at = cmd
	a.Submit(&a.at)
}

func (a *Alone) rest() { a.applying = false }
