package order

// Hash is the last position at which this node has made a hash of its state, 0 if it hasn't yet, the hash, and how many hashes of other nodes it has compared with its own.
func (l *Log) Hash() (position, hash, checks uint64) {
	return l.hashes.latest.position, l.hashes.latest.hash, l.hashes.checks
}

// By is the node whose batch is being applied, "" between two. It is for Apply.
func (l *Log) By() string {
	if l.of == nil {
		return ""
	}
	return l.of.name
}

// Member is a node as the log has it.
type Member struct {
	Name   string
	Number uint8
	Here   bool // it takes part
}

// Members are the nodes, those among them that have gone and whose number is not needed. The slice is the caller's.
func (l *Log) Members() []Member {
	all := make([]Member, len(l.roster.members))
	for i, m := range l.roster.members {
		all[i] = Member{m.name, m.number, m.here}
	}
	return all
}
