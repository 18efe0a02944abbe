//go:build linux

package rollcall

import (
	"fmt"
	"slices"
)

const (
	// witnesses is how many clients ask for the names anew at the end.
	witnesses = 16
	// maxTold is how many faults a result tells of.
	maxTold = 12
)

// compare finds out who is in NAMES, and whether each client sees just those, and itself.
func (r *rollcall) compare() error {
	members := r.members()
	r.result.Members = len(members)
	if len(members) < 2 {
		return fmt.Errorf("rollcall: %d clients are left in the channel, and two are needed to compare", len(members))
	}
	listed, err := r.listed(members)
	if err != nil {
		return err
	}
	for _, set := range listed {
		for ; set != 0; set &= set - 1 {
			r.result.Listed++
		}
	}
	r.judge(members, listed)
	for _, c := range members {
		if tooMany, missing := r.names.difference(c.view.seen, with(listed, c.view.self)); len(tooMany)+len(missing) > 0 {
			c.view.fault("sees %q, who aren't listed, and doesn't see %q", tooMany, missing)
		}
	}
	for _, c := range r.clients {
		if c.view.wrong > 0 {
			r.result.Wrong++
			r.tell(c.view.faults...)
		}
	}
	return nil
}

func (r *rollcall) tell(faults ...string) {
	r.result.Faults = append(r.result.Faults, faults[:min(len(faults), maxTold-min(len(r.result.Faults), maxTold))]...)
}

// members are the clients that are in the channel, by what they have said.
func (r *rollcall) members() (members []*client) {
	for _, c := range r.clients {
		if c.err == nil && c.lost == nil && !c.part.absent {
			members = append(members, c)
		}
	}
	return members
}

// listed is who is in NAMES for everybody. Who asks is there for itself alone, perhaps: so two have to ask.
func (r *rollcall) listed(members []*client) ([]uint64, error) {
	asked := r.witnesses(members)
	for _, c := range asked {
		if err := c.askNames(); err != nil {
			return nil, fmt.Errorf("rollcall: NAMES at the end: %w", err)
		}
	}
	first, second := asked[0].view, asked[1].view
	listed := with(first.fresh, first.self)
	if !has(second.fresh, first.self) {
		remove(listed, first.self)
	}
	for _, c := range asked {
		if tooMany, missing := r.names.difference(c.view.fresh, with(listed, c.view.self)); len(tooMany)+len(missing) > 0 {
			c.view.fault("NAMES has %q, who aren't listed to %s, and not %q", tooMany, r.names.of(first.self), missing)
		}
	}
	return listed, nil
}

// witnesses are members from the first to the last that came.
func (r *rollcall) witnesses(members []*client) (asked []*client) {
	n := min(witnesses, len(members))
	for i := range n {
		asked = append(asked, members[i*(len(members)-1)/(n-1)])
	}
	return asked
}

// judge compares the list with what clients have done: all that have talked since they came in have to be in it, and nobody may be who isn't there.
func (r *rollcall) judge(members []*client, listed []uint64) {
	there := r.names.set()
	for _, c := range members {
		name := c.number
		if c.part.renamed {
			name += r.names.clients
		}
		add(there, name)
		if c.view.self != name {
			c.view.fault("is called %s, and not %s", r.names.of(c.view.self), r.names.of(name))
		}
		if c.part.heard && !has(listed, name) {
			c.view.fault("has talked as %s, and isn't in NAMES", r.names.of(name))
		}
	}
	absent := slices.Clone(listed)
	for i := range absent {
		absent[i] &^= there[i]
	}
	if tooMany, _ := r.names.difference(absent, r.names.set()); len(tooMany) > 0 {
		r.result.Wrong++
		r.tell(fmt.Sprintf("NAMES has %q, who aren't there", tooMany))
	}
}
