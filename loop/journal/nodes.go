package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	// handWithin is how long a new leader is waited for.
	handWithin = 2 * time.Second
	handLook   = 5 * time.Millisecond
)

// Member is a node of the cluster.
type Member struct {
	Name string
	// Connected is true if this node has a route to it, or is it.
	Connected bool
	// Peer is how its copy of the log is, nil if it has none or none is known.
	Peer *Peer
}

// Members are the nodes that are known: this one, those with a route and those with a copy of the log, sorted by their names. With NATS servers that are there already the copies have the names
// of those servers.
func (j *Journal) Members() []Member {
	found := map[string]*Member{j.cfg.Node: {Name: j.cfg.Node, Connected: true}}
	if j.embedded != nil {
		for _, name := range j.embedded.others() {
			found[name] = &Member{Name: name, Connected: true}
		}
	}
	for _, p := range j.survey.copies() {
		if found[p.Name] == nil {
			found[p.Name] = &Member{Name: p.Name}
		}
		found[p.Name].Peer = &p
	}
	members := make([]Member, 0, len(found))
	for _, m := range found {
		members = append(members, *m)
	}
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	return members
}

// copies are all nodes with a copy, the leader among them.
func (s *surveyor) copies() []Peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.peers)
}

// Hand gives the leadership of the log to another node, if this one has it, and returns when that one leads. A node that is about to leave does so: others wait less than half a second then, and
// several seconds for one that is just gone.
func (j *Journal) Hand() error {
	if j.embedded == nil || j.cfg.alone() || !j.leads() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), handWithin)
	defer cancel()
	answer, err := request(ctx, j.nc, "$JS.API.STREAM.LEADER.STEPDOWN."+j.names.stream(), nil)
	if err == nil {
		err = refusalOf(answer.Data)
	}
	if err != nil {
		return fmt.Errorf("hand over the log: %w", err)
	}
	for j.leads() {
		select {
		case <-ctx.Done():
			return errors.New("hand over the log: no other node takes it")
		case <-time.After(handLook):
		}
	}
	return nil
}

func (j *Journal) leads() bool {
	return j.embedded.JetStreamIsStreamLeader(j.embedded.GlobalAccount().Name, j.names.stream())
}

// Remove takes a node that won't come back out of the cluster: until then it counts for the majority. It is an error to remove the node itself, and one that isn't known. A node that was removed comes
// back with a fresh folder only.
func (j *Journal) Remove(node string) error {
	if node == j.cfg.Node {
		return errors.New("a node can't remove itself: close it, and remove it from another one")
	}
	ask, err := json.Marshal(map[string]string{"peer": node})
	if err != nil {
		return err
	}
	return j.asSystem("remove "+node, func(ctx context.Context, nc *nats.Conn) error {
		answer, err := request(ctx, nc, server.JSApiRemoveServer, ask)
		if err != nil {
			return err
		}
		return refusalOf(answer.Data)
	})
}

// Rescue lets the nodes that are left decide with so many votes, after a majority of the nodes is lost for good: until the dead ones have been removed. If the others are only cut off, the cluster splits
// into two, each with a log of its own. It is an error if no node follows.
func (j *Journal) Rescue(votes int) error {
	ask, err := json.Marshal(server.JSApiMetaRescueRequest{QuorumNeeded: votes})
	if err != nil {
		return err
	}
	return j.asSystem("rescue", func(ctx context.Context, nc *nats.Conn) error {
		answer, err := request(ctx, nc, server.JSApiMetaRescue, ask)
		if err != nil {
			return err
		}
		return refusalOf(answer.Data)
	})
}

// asSystem asks what only the system account may.
func (j *Journal) asSystem(what string, ask func(ctx context.Context, nc *nats.Conn) error) error {
	if j.embedded == nil || j.cfg.alone() {
		return fmt.Errorf("%s: the nodes don't keep the log themselves: that is for who runs the NATS servers", what)
	}
	nc, err := j.embedded.connect(j.embedded.system)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer nc.Close()
	if err := ask(j.ctx, nc); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// refusalOf is the error in an answer of JetStream, or nil.
func refusalOf(answer []byte) error {
	var said struct {
		Error *struct {
			Description string `json:"description"`
		} `json:"error"`
	}
	if err := json.Unmarshal(answer, &said); err != nil {
		return fmt.Errorf("an answer that can't be read: %w", err)
	}
	if said.Error != nil {
		return errors.New(said.Error.Description)
	}
	return nil
}
