package journal

import (
	"slices"
	"testing"
)

// hasCopies waits until the log has so many, all of them current.
func (c *cluster) hasCopies(want int) {
	c.t.Helper()
	eventually(c.t, "copies of the log", func() bool {
		peers := c.nodes[c.leader()].survey.copies()
		return len(peers) == want && !slices.ContainsFunc(peers, func(p Peer) bool { return !p.Current })
	})
}

// TestFiveNodesBearTwo: of five nodes each has the log, so that any two may go at once, those that lead among them; and of three that are left, when the others are taken out, again one may.
func TestFiveNodesBearTwo(t *testing.T) {
	c := startCluster(t, 5)
	c.follow(0)
	c.writeAll([]int{0, 1, 2, 3, 4}, 1, 3)
	c.hasCopies(manyCopies)
	first := c.leader()
	c.stop(first)
	second := c.leader()
	c.stop(second)
	var left []int
	for i := range c.nodes {
		if i != first && i != second {
			left = append(left, i)
		}
	}
	c.writeAll(left, 4, 6)
	c.inStep(5*3 + 3*3)
	for _, i := range []int{first, second} {
		if err := c.nodes[left[0]].Remove(c.configs[i].Node); err != nil {
			t.Errorf("Remove = %v", err)
		}
	}
	c.hasCopies(fewCopies)
	c.stop(left[2])
	c.writeAll(left[:2], 7, 9)
	c.inStep(5*3 + 3*3 + 2*3)
}
