package registry

import "slices"

// ChangeID names a change that goes through a log. A proposer numbers its changes from 1 on, and has fewer than 64 of them on their way at once.
type ChangeID struct {
	// Proposer is a random number of one life of a node.
	Proposer, Number uint64
}

// maxProposers is of how many lives of nodes it is known what they have proposed. Those that were heard of longest ago are forgotten.
const maxProposers = 1024

// carried is which changes have been carried out, so that one that comes again, behind a peer's copy that has it already, changes nothing.
type carried struct{ of []proposed } // the one last heard of is behind

// proposed is what has been carried out of a proposer's: the change with the number highest, those n below it whose bit n is set in seen, and all that are further below.
type proposed struct{ proposer, highest, seen uint64 }

// take notes a change, and says whether it was not among them.
func (c *carried) take(id ChangeID) (fresh bool) {
	at := slices.IndexFunc(c.of, func(p proposed) bool { return p.proposer == id.Proposer })
	p := proposed{proposer: id.Proposer}
	if at >= 0 {
		p = c.of[at]
	}
	if !p.take(id.Number) {
		return false
	}
	if at >= 0 {
		c.of = slices.Delete(c.of, at, at+1)
	} else if over := len(c.of) + 1 - maxProposers; over > 0 {
		c.of = slices.Delete(c.of, 0, over)
	}
	c.of = append(c.of, p)
	return true
}

func (p *proposed) take(number uint64) (fresh bool) {
	if number > p.highest {
		p.seen = p.seen<<(number-p.highest) | 1 // with 64 or more nothing of it is left
		p.highest = number
		return true
	}
	below := p.highest - number
	if below >= 64 || p.seen&(1<<below) != 0 {
		return false
	}
	p.seen |= 1 << below
	return true
}
