package journal

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// surveyEvery is how often the stream's leader is asked how it is.
	surveyEvery = 2 * time.Second

	// maxBehind is how many times in a row the stream may end before what has been read: a new leader needs a moment until it knows its own end.
	maxBehind = 5
)

// Health is how the log is, as far as this node knows. What comes from the stream's leader is at most a few seconds old.
type Health struct {
	// Connected is false while there is no connection to NATS.
	Connected bool
	// Takes is false while batches of this node are refused or get no answer.
	Takes bool
	// LastAck is when the log acknowledged a batch of this node, and Waits how long the one that is outstanding has waited, 0 if there is none.
	LastAck time.Time
	Waits   time.Duration
	// Leader is the node that leads the stream, "" while there is none.
	Leader string
	// Peers are the other nodes that have copies, as the leader sees them.
	Peers []Peer
	// First and Last are the entries that the log has, Bytes what they take on each disk. Next is what this node reads next.
	First, Last, Bytes, Next uint64
	// Elections counts the leaders that the stream has got since Open, Resent the batches published again, Fetched the entries that had to be fetched, and Dropped those that came faster
	// than they were read.
	Elections, Resent, Fetched, Dropped uint64
}

// Peer is a node that has a copy of the log.
type Peer struct {
	Name string
	// Leader is true for the one that leads the stream, Current for those who have all that it has.
	Leader, Current bool
	// Lag is how many entries it is behind, Active how long ago the leader heard of it.
	Lag    uint64
	Active time.Duration
}

// takesWithin is how long a batch may be outstanding until the log counts as one that takes none.
const takesWithin = 2 * time.Second

// surveyor asks the leader of the stream how it is, and hears of elections.
type surveyor struct {
	js        jetstream.JetStream
	names     names
	elected   func() // a new leader is there
	now       chan struct{}
	elections atomic.Uint64
	mu        sync.Mutex
	known     bounds
	leader    string
	peers     []Peer
	bytes     uint64
	wanted    int // copies that the stream is to have
}

func newSurveyor(nc *nats.Conn, js jetstream.JetStream, n names, elected func()) *surveyor {
	s := &surveyor{js: js, names: n, elected: elected, now: make(chan struct{}, 1)}
	// Who may not hear of elections finds out by asking.
	_, _ = nc.Subscribe(n.leaderElected(), func(*nats.Msg) {
		s.elections.Add(1)
		ring(s.now)
		elected()
	})
	return s
}

// run asks until the context is over, and has each answer judged.
func (s *surveyor) run(ctx context.Context, next func() uint64, judge func(before uint64, b bounds)) {
	ticker := time.NewTicker(surveyEvery)
	defer ticker.Stop()
	for {
		before := next()
		switch b, err := s.ask(ctx); {
		case err == nil:
			judge(before, b)
		case errors.Is(err, jetstream.ErrStreamNotFound):
			judge(before, bounds{})
		}
		select {
		case <-ctx.Done():
			return
		case <-s.now:
		case <-ticker.C:
		}
	}
}

// errNoLeader is the error of an answer of a copy that knows of no leader: it may end before what others have already.
var errNoLeader = errors.New("the log has no leader just now")

// electedWithin is how long a leader is waited for: elections take up to 9 seconds.
const electedWithin = 15 * time.Second

// askLeader is ask that waits for a leader.
func (s *surveyor) askLeader(ctx context.Context) (bounds, error) {
	ctx, cancel := context.WithTimeout(ctx, electedWithin)
	defer cancel()
	for {
		b, err := s.ask(ctx)
		if !errors.Is(err, errNoLeader) {
			return b, err
		}
		select {
		case <-ctx.Done():
			return b, err
		case <-time.After(apiPause):
		}
	}
}

// ask asks the leader now.
func (s *surveyor) ask(ctx context.Context) (bounds, error) {
	ctx, cancel := context.WithTimeout(ctx, apiWait)
	defer cancel()
	stream, err := s.js.Stream(ctx, s.names.stream())
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.leader, s.peers = "", nil
		return bounds{}, err
	}
	info := stream.CachedInfo()
	if info.Cluster != nil && info.Cluster.Leader == "" {
		s.leader, s.peers = "", nil
		return bounds{}, errNoLeader
	}
	s.known = bounds{first: info.State.FirstSeq, last: info.State.LastSeq, epoch: info.Config.Metadata[epochOfMeta]}
	s.bytes, s.wanted = info.State.Bytes, info.Config.Replicas
	s.leader, s.peers = peersOf(info.Cluster, s.names.node)
	return s.known, nil
}

// peersOf reads who has copies. A server alone has no cluster and leads.
func peersOf(c *jetstream.ClusterInfo, self string) (leader string, peers []Peer) {
	if c == nil {
		return self, nil
	}
	if c.Leader != "" {
		peers = append(peers, Peer{Name: c.Leader, Leader: true, Current: true})
	}
	for _, r := range c.Replicas {
		peers = append(peers, Peer{Name: r.Name, Current: r.Current && !r.Offline, Lag: r.Lag, Active: r.Active})
	}
	return c.Leader, peers
}

// replicas is how many copies the stream is to have, as it was last known.
func (s *surveyor) replicas() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wanted
}

func (s *surveyor) bounds() bounds {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known
}

// fill puts what the leader has said into a Health.
func (s *surveyor) fill(h *Health) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.Leader, h.First, h.Last, h.Bytes, h.Elections = s.leader, s.known.first, s.known.last, s.bytes, s.elections.Load()
	for _, p := range s.peers {
		if p.Name != s.names.node {
			h.Peers = append(h.Peers, p)
		}
	}
}

// fill puts what is known of publishing into a Health.
func (p *publisher) fill(h *Health) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h.Takes, h.LastAck, h.Resent = p.takes, p.lastAck, p.resent
	if p.waiting == nil {
		return
	}
	h.Waits = time.Since(p.waiting.since)
	h.Takes = h.Takes && h.Waits < takesWithin
}
