package status

import "time"

// Reading is what a server has counted since it began, and what it holds at the moment.
type Reading struct {
	Connections int64 // held, signed in or not
	SignedIn    int64

	Lines      uint64 // that came from clients
	Deliveries uint64 // messages, notices and answers, each counted for every client that gets it
	Writes     uint64 // system calls that took them there

	Lag     []Bucket      // how long batches took; ascending, each with how many took at most so long
	Longest time.Duration // the longest batch since the server began

	RSS     int64 // resident memory of the process in bytes
	Heap    int64 // bytes of Go's heap in use
	Waiting int64 // bytes for clients that have not taken them yet

	SlowDrops    uint64 // clients that were disconnected because they read too slowly
	Skipped      uint64 // messages that slow clients were spared instead
	Floods       uint64 // clients that were disconnected because they sent too fast
	Refused      uint64 // connections that were not let in
	AcceptErrors uint64 // as by lack of descriptors
	Stalls       uint64 // what kept a loop for 100 ms or more
	Panics       uint64

	Nodes, NodesHere int  // of the cluster, and those of them that take part; 0: the server is alone
	LogAway          bool // the log of the cluster does not answer
}

// Bucket counts what took at most a time.
type Bucket struct {
	AtMost time.Duration
	Count  uint64
}

// Sample is a second of a server.
type Sample struct {
	Seq         uint64 `json:"seq"` // ascending, from 1
	At          int64  `json:"at"`  // its end, in milliseconds since 1970
	Connections int64  `json:"connections"`
	SignedIn    int64  `json:"signedIn"`

	Lines      float64  `json:"lines"` // a second, as all rates
	Deliveries float64  `json:"deliveries"`
	Merge      *float64 `json:"merge"` // deliveries by writes; nil: nothing was written

	Lag *Lag `json:"lag"` // nil: there was no batch

	RSS     int64 `json:"rss"`
	Heap    int64 `json:"heap"`
	Waiting int64 `json:"waiting"`

	// How often it happened in this second.
	SlowDrops uint64 `json:"slowDrops"`
	Skipped   uint64 `json:"skipped"`
	Floods    uint64 `json:"floods"`
	Refused   uint64 `json:"refused"`
	Errors    uint64 `json:"errors"` // accepts that failed, and panics
	Stalls    uint64 `json:"stalls"`

	Nodes     int  `json:"nodes,omitempty"` // as in Reading
	NodesHere int  `json:"nodesHere,omitempty"`
	LogAway   bool `json:"logAway,omitempty"`

	State State    `json:"state"`
	Why   []string `json:"why"` // in words, the worst first; none where the state is Well
}

// between is what happened from one reading to the next.
func between(before, now *Reading, seconds float64) Sample {
	s := Sample{
		Connections: now.Connections,
		SignedIn:    now.SignedIn,
		Lines:       float64(now.Lines-before.Lines) / seconds,
		Deliveries:  float64(now.Deliveries-before.Deliveries) / seconds,
		Lag:         lagBetween(before, now),
		RSS:         now.RSS,
		Heap:        now.Heap,
		Waiting:     now.Waiting,
		SlowDrops:   now.SlowDrops - before.SlowDrops,
		Skipped:     now.Skipped - before.Skipped,
		Floods:      now.Floods - before.Floods,
		Refused:     now.Refused - before.Refused,
		Errors:      now.AcceptErrors - before.AcceptErrors + now.Panics - before.Panics,
		Stalls:      now.Stalls - before.Stalls,
		Nodes:       now.Nodes,
		NodesHere:   now.NodesHere,
		LogAway:     now.LogAway,
	}
	if writes := now.Writes - before.Writes; writes > 0 {
		merge := float64(now.Deliveries-before.Deliveries) / float64(writes)
		s.Merge = &merge
	}
	return s
}
