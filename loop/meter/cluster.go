package meter

import (
	"sync/atomic"
	"time"
)

// Cluster counts what goes between a node and the log of its cluster. One goroutine counts, anyone reads.
type Cluster struct {
	sizes  [len(batchSizes) + 1]atomic.Uint64
	bytes  atomic.Uint64
	commit histogram
}

// batchSizes are the buckets of the batches that go out, in bytes; the last one is how long a batch gets.
var batchSizes = [...]int{64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10}

// Published counts a batch of so many bytes that has gone out.
func (c *Cluster) Published(bytes int) {
	at := 0
	for at < len(batchSizes) && bytes > batchSizes[at] {
		at++
	}
	c.sizes[at].Add(1)
	c.bytes.Add(uint64(bytes))
}

// Took counts a batch that this node has applied so long after it had gone out.
func (c *Cluster) Took(d time.Duration) { c.commit.observe(d) }

// ClusterStats is how a node of a cluster is.
type ClusterStats struct {
	// Node is its name, and Nodes are all that are known, sorted by their names.
	Node  string
	Nodes []NodeStats
	// Joined says whether it takes part, or did, and Answers whether the log takes what it has for it.
	Joined, Answers bool
	// Position is that of the last batch that it has applied, and Lag how many more the log has, as the leader of the log has said some seconds ago.
	Position, Lag uint64
	// HashAt is the last position at which it has made a hash of its state, 0 if it hasn't yet, Hash that, and HashChecks counts the hashes of other nodes that it has compared with its own.
	HashAt, Hash, HashChecks uint64
	// Leader is the node that leads the log, "" while none does, and Elections counts the leaders that there have been since this node began.
	Leader    string
	Elections uint64
	// Resent counts the batches that were published again, Fetched the entries of the log that had to be asked for, Dropped those that came faster than they were read.
	Resent, Fetched, Dropped uint64
	// LogBytes is what the log takes on each disk.
	LogBytes uint64
	// Waits is how long the batch that is on its way has been, 0 if none is.
	Waits time.Duration
	// Batches are what this node has published, by their sizes, and Commit how long each took from then until this node had applied it.
	Batches Sizes
	Commit  Histogram
}

// NodeStats is what a node knows of one of the cluster.
type NodeStats struct {
	Name string
	// Number is what the ids of its clients have, 0 if there is none. Here says that it takes part, and Connected that this node has a route to it.
	Number          uint8
	Here, Connected bool
	// Copy is how its copy of the log is.
	Copy CopyState
	// Lag is how many entries that is behind.
	Lag uint64
}

// CopyState is how a node's copy of the log is.
type CopyState string

// The states of a copy.
const (
	CopyNone    CopyState = "none" // it has none, or none is known
	CopyLeads   CopyState = "leads"
	CopyCurrent CopyState = "current"
	CopyBehind  CopyState = "behind" // or away
)

// Sizes is how large things were, in bytes.
type Sizes struct {
	Count, Sum uint64
	// Buckets are in ascending order, each with how many had at most so many bytes.
	Buckets []SizeBucket
}

// SizeBucket counts what has at most so many bytes.
type SizeBucket struct {
	AtMost int
	Count  uint64
}

// Stats adds what has been counted to s.
func (c *Cluster) Stats(s *ClusterStats) {
	s.Commit = c.commit.stats()
	s.Batches.Sum = c.bytes.Load()
	for i, most := range batchSizes {
		s.Batches.Count += c.sizes[i].Load()
		s.Batches.Buckets = append(s.Batches.Buckets, SizeBucket{most, s.Batches.Count})
	}
	s.Batches.Count += c.sizes[len(batchSizes)].Load()
}

// Here counts the nodes that take part.
func (s *ClusterStats) Here() (n int) {
	for i := range s.Nodes {
		if s.Nodes[i].Here {
			n++
		}
	}
	return n
}

// Quantile is what at most that share of all took, as the upper end of its bucket; 0 if there were none.
func (h *Histogram) Quantile(share float64) time.Duration {
	for _, b := range h.Buckets {
		if b.Count > 0 && float64(b.Count) >= share*float64(h.Count) {
			return min(b.AtMost, h.Longest)
		}
	}
	return h.Longest
}
