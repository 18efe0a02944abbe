package cluster

import (
	"slices"
	"strings"
	"sync/atomic"

	"looproom/loop/journal"
	"looproom/loop/order"
)

// Standing is how this node stands with the log and the others, at most a few seconds ago.
type Standing struct {
	// Joined says whether it has the state that all have.
	Joined bool
	// Position is that of the last batch that it has applied, and Behind how many more the log has.
	Position, Behind uint64
	// HashAt is the last position at which it has made a hash of its state, 0 if it hasn't yet, Hash that, and HashChecks how many hashes of others it has compared with its own.
	HashAt, Hash, HashChecks uint64
	// Health is that of the log.
	Health journal.Health
	// Members are all nodes that are known, sorted by their names.
	Members []Member
}

// Member is a node of the cluster.
type Member struct {
	Name string
	// Number is what the ids of its clients have, 0 if it has never taken part or its number is needed for another one. Here says that it takes part.
	Number uint8
	Here   bool
	// Connected says that this node has a route to it, or is it, and Copy how its copy of the log is, nil if it has none.
	Connected bool
	Copy      *journal.Peer
}

// standing is what the home loop shows of itself to others.
type standing struct {
	position atomic.Uint64
	seen     atomic.Pointer[seen]
}

// seen is what is looked at once a second.
type seen struct {
	hashAt, hash, checks uint64
	members              []order.Member
}

// note is for the home loop.
func (s *standing) note(l *order.Log) {
	now := &seen{members: l.Members()}
	now.hashAt, now.hash, now.checks = l.Hash()
	s.seen.Store(now)
}

// Standing is safe for any goroutine, and waits for nothing. n may be nil: the node looks for the others.
func (n *Node) Standing(j Journal) (s Standing) {
	s.Health = j.Health()
	all := map[string]Member{}
	for _, m := range j.Members() {
		all[m.Name] = Member{Name: m.Name, Connected: m.Connected, Copy: m.Peer}
	}
	if n != nil {
		s.Joined, s.Position = n.state.Load(), n.shows.position.Load()
		s.Behind = max(s.Health.Last, s.Position) - s.Position
		if now := n.shows.seen.Load(); now != nil {
			s.HashAt, s.Hash, s.HashChecks = now.hashAt, now.hash, now.checks
			for _, is := range now.members {
				m := all[is.Name]
				m.Name, m.Number, m.Here = is.Name, is.Number, is.Here
				all[is.Name] = m
			}
		}
	}
	for _, m := range all {
		if !m.Here && !m.Connected && !j.Votes(m.Name) {
			continue // it has been taken out
		}
		s.Members = append(s.Members, m)
	}
	slices.SortFunc(s.Members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	return s
}
