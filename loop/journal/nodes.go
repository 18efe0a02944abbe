package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// handWithin is how long a new leader is waited for.
	handWithin = 2 * time.Second
	handLook   = 5 * time.Millisecond

	// removeWithin is how long it is tried to take a node out: those that are left may have to elect who decides it, as that may have been the one that is gone.
	removeWithin = 15 * time.Second
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
	for _, p := range j.copies() {
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

// copies are those that are known: none while the log isn't there yet.
func (j *Journal) copies() []Peer {
	if !j.begun.Load() {
		return nil
	}
	return j.survey.copies()
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
	if !j.decides() || !j.leads() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), handWithin)
	defer cancel()
	err := again(ctx, func() error { // another node may just have left, who had something to say in this
		if !j.leads() {
			return nil
		}
		answer, err := request(ctx, j.nc, "$JS.API.STREAM.LEADER.STEPDOWN."+j.names.stream(), nil)
		if err != nil {
			return err
		}
		return refusalOf(answer.Data)
	})
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

// Remove takes a node that won't come back out of the cluster: until then it counts for the majority. It is an error to remove the node itself, and one that isn't known. Whoever was removed is
// one again by another name, with a fresh folder: by the same one it would not count for the next minutes.
func (j *Journal) Remove(node string) error {
	if node == j.cfg.Node {
		return errors.New("a node can't remove itself: close it, and remove it from another one")
	}
	if !j.decides() {
		return fmt.Errorf("remove %s: %w", node, ErrOutside)
	}
	if !j.Votes(node) {
		return fmt.Errorf("%s is no node that counts", node)
	}
	ctx, cancel := context.WithTimeout(j.ctx, removeWithin)
	defer cancel()
	return j.takeOut(ctx, voterID(node), node)
}

// asSystem asks what only the system account may.
func (j *Journal) asSystem(what string, ask func(ctx context.Context, nc *nats.Conn) error) error {
	if !j.decides() {
		return fmt.Errorf("%s: %w", what, ErrOutside)
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
