package order

import "slices"

// hashes compares the state of this node with those of others, at the same positions. It holds the last of each node, and a few of its own.
type hashes struct {
	latest beat              // its own
	recent [8]beat           // its own, a ring
	next   int               // in recent
	said   map[string][]beat // by node: the last ones that it has told, at most two
	checks uint64            // how many of others have been compared with one of its own
}

// note has one of its own.
func (h *hashes) note(b beat) {
	h.latest = b
	h.recent[h.next%len(h.recent)] = b
	h.next++
}

// hear notes what a node has told, of so many that take part, and says whether this node's state is another one at a position than that of most nodes. It has its own by then: what a node
// tells stands in the log behind the position that it is about.
func (h *hashes) hear(node string, b beat, nodes int) (position uint64, differ bool) {
	if b.position == 0 {
		return 0, false
	}
	if h.said == nil {
		h.said = map[string][]beat{}
	}
	told := h.said[node]
	if len(told) == 0 || told[len(told)-1] != b {
		if told = append(told, b); len(told) > 2 {
			told = told[1:]
		}
		if slices.ContainsFunc(h.recent[:], func(mine beat) bool { return mine.position == b.position }) {
			h.checks++
		}
		h.said[node] = told
	}
	for _, mine := range h.recent {
		if mine.position == b.position && mine.hash != b.hash && 2*h.others(mine) > nodes {
			return mine.position, true
		}
	}
	return 0, false
}

// others is how many nodes have told another hash than this one, of its position.
func (h *hashes) others(mine beat) (n int) {
	for _, told := range h.said {
		for _, b := range told {
			if b.position == mine.position && b.hash != mine.hash {
				n++
			}
		}
	}
	return n
}

func (h *hashes) forget(node string) { delete(h.said, node) }
