package order

import "looproom/loop/room"

// Alone applies commands in the order in which they are submitted. It must be made by New.
type Alone struct {
	apply    func(cmd *room.Command, waited bool)
	applying bool
	held     bool           // Hold has been called, and what has waited since is not all applied
	queue    []room.Command // came while another one was being applied, or all were held; those before next are done with
	next     int
	at       room.Command // that of the queue that is being applied, or that of Take
}

// New returns an Alone that has apply do what a command says, and tell all that follows from it. cmd is borrowed. waited says that the command came while another one was
// being applied, and so is older than the turn that it has now. apply may submit.
func New(apply func(cmd *room.Command, waited bool)) *Alone { return &Alone{apply: apply} }

// Submit has cmd applied: before it returns if nothing is being applied or held, else behind what is and what waits. cmd is borrowed. A panic of apply passes by; it costs the rest of what
// that one command leads to, and nothing that waits: the next Submit goes on with it, behind its own.
func (a *Alone) Submit(cmd *room.Command) {
	if a.applying || a.held {
		a.queue = append(a.queue, *cmd)
		return
	}
	a.applying = true
	defer a.rest()
	a.apply(cmd, false)
	for a.next < len(a.queue) {
		a.applyNext()
	}
	a.tidy()
}

// Take is Submit for a command that nobody else has: it takes no memory of its own.
func (a *Alone) Take(cmd room.Command) {
	if a.applying || a.held {
		a.queue = append(a.queue, cmd)
		return
	}
	a.at = cmd
	a.Submit(&a.at)
}

// Flush does nothing: what is submitted doesn't wait for more.
func (a *Alone) Flush() {}

// Carries says no: what is beside the state comes in its own order.
func (a *Alone) Carries() bool { return false }

// Hold has all commands wait that are submitted from now on, in order, until Release. They are kept in memory, so whoever holds them sees to it that few come. It must not be called by
// apply, and not again before Release has said that all have been applied.
func (a *Alone) Hold() { a.held = true }

// Held says whether commands wait because of Hold.
func (a *Alone) Held() bool { return a.held }

// Release applies the commands that have waited, and those that come up meanwhile behind them, until enough says that others come first, which is asked after each. It says whether that was
// all: then nothing is held any more. Else it is to be called again, and so it is when a panic of apply has passed by.
func (a *Alone) Release(enough func() bool) (all bool) {
	a.applying = true
	defer a.rest()
	for a.next < len(a.queue) {
		if a.applyNext(); a.next < len(a.queue) && enough() {
			return false
		}
	}
	a.tidy()
	a.held = false
	return true
}

func (a *Alone) applyNext() {
	a.at = a.queue[a.next]
	a.next++
	a.apply(&a.at, true)
}

func (a *Alone) rest() { a.applying = false }

// spareQueue is how many commands the memory is kept of.
const spareQueue = 1024

// tidy forgets the queue, which has been applied.
func (a *Alone) tidy() {
	if cap(a.queue) > spareQueue {
		a.queue = nil
	}
	clear(a.queue)
	a.queue, a.next, a.at = a.queue[:0], 0, room.Command{}
}
