//go:build linux

package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"looproom/loop/meter"
)

// longestName is what of a node's name is shown, so that a line has 80 characters at most; --json has all of it.
const longestName = 14

// picture is the report for a person, on 80 columns.
func (r *clusterReport) picture(dir string) []byte {
	var b bytes.Buffer
	here := 0
	for i := range r.Nodes {
		if r.Nodes[i].Here {
			here++
		}
	}
	leads := "no node leads the log"
	if r.Leader != "" {
		leads = r.Leader + " leads the log"
	}
	fmt.Fprintf(&b, "%s: %d of %d nodes take part, %s.\n", r.Cluster, here, len(r.Nodes), leads)
	if r.Waits != "" {
		fmt.Fprintf(&b, "%s: %s.\n", r.Node, r.Waits)
	} else {
		fmt.Fprintf(&b, "A batch of %s takes %.1f ms (p50), %.1f ms (p99). %s\n", r.Node, r.CommitP50, r.CommitP99, r.hashes())
	}
	fmt.Fprintf(&b, "\n%-*s  %3s  %-7s  %-9s  %10s  %10s  %6s  %6s\n", longestName, "NODE", "NO.", "PART", "COPY", "POSITION", "HASH AT", "USERS", "CONNS")
	for i := range r.Nodes {
		n := &r.Nodes[i]
		position, hash, users, connections := "-", "-", "-", "-"
		if s := n.Says; s != nil {
			position, hash, users, connections = strconv.FormatUint(s.Position, 10), strconv.FormatUint(s.HashAt, 10), strconv.FormatInt(s.Users, 10), strconv.Itoa(s.Connections)
		}
		fmt.Fprintf(&b, "%-*s  %3s  %-7s  %-9s  %10s  %10s  %6s  %6s\n", longestName, n.shownName(r.Node), n.shownNumber(), n.part(), n.copyState(), position, hash, users, connections)
	}
	for i := range r.Nodes {
		if n := &r.Nodes[i]; n.Votes && !n.Here && !n.Connected {
			fmt.Fprintf(&b, "\n%s is gone and counts for the majority. If it won't come back:\n  looproom cluster remove %s %s\n", n.Name, dir, n.Name)
		}
	}
	return b.Bytes()
}

// hashes says whether the nodes have hashed the same at the same position.
func (r *clusterReport) hashes() string {
	at, equal := map[uint64]string{}, 0
	for i := range r.Nodes {
		s := r.Nodes[i].Says
		if s == nil || s.HashAt == 0 {
			continue
		}
		if other, is := at[s.HashAt]; is && other != s.Hash {
			return fmt.Sprintf("Hashes at %d DIFFER.", s.HashAt)
		} else if is {
			equal++
		}
		at[s.HashAt] = s.Hash
	}
	if equal == 0 {
		return "No hashes to compare yet."
	}
	return "The hashes are equal."
}

func (n *reportedNode) shownName(own string) string {
	name := n.Name
	if n.Name == own {
		name += "*"
	}
	if len(name) > longestName {
		return name[:longestName-3] + "..."
	}
	return name
}

func (n *reportedNode) shownNumber() string {
	if n.Number == 0 {
		return "-"
	}
	return strconv.Itoa(int(n.Number))
}

// part is whether it takes part.
func (n *reportedNode) part() string {
	switch {
	case n.Here && (n.Connected || n.Says != nil):
		return "here"
	case n.Here:
		return "silent"
	case n.Connected:
		return "joins"
	}
	return "gone"
}

func (n *reportedNode) copyState() string {
	if n.Copy != meter.CopyBehind {
		return strings.Replace(string(n.Copy), string(meter.CopyNone), "-", 1)
	}
	if n.Lag == 0 || n.Lag > 999999 {
		return "behind"
	}
	return fmt.Sprintf("-%d", n.Lag)
}
