package journal

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Voter is a node that counts for the majority, whether it is there or not.
type Voter struct {
	// Name is "" where it isn't known: the node has not been heard of since this one has started.
	Name string
	// Here is true if this node hears of it, or is it.
	Here bool
	id   string // by which the servers know it
}

// Is says whether it is the node with that name.
func (v Voter) Is(name string) bool { return v.id == voterID(name) }

// ErrOutside is the error of what can't be done about the nodes of a log that is kept by other servers, or by one node alone.
var ErrOutside = errors.New("the nodes don't keep the log themselves: that is for who runs the NATS servers")

// decides says whether the nodes keep the log themselves, and decide together.
func (j *Journal) decides() bool { return j.embedded != nil && !j.cfg.alone() }

// Voters are the nodes that decide together, sorted by their names; nil where the nodes don't keep the log themselves.
func (j *Journal) Voters() []Voter {
	if !j.decides() {
		return nil
	}
	known, err := j.embedded.Jsz(nil)
	if err != nil || known.Meta == nil {
		return nil
	}
	voters := []Voter{{Name: j.cfg.Node, Here: true, id: voterID(j.cfg.Node)}}
	routes := j.embedded.others()
	for _, p := range known.Meta.Replicas {
		v := Voter{Name: p.Name, id: p.Peer, Here: slices.Contains(routes, p.Name)}
		if !IsName(p.Name) {
			v.Name = ""
		}
		if v.id != voters[0].id {
			voters = append(voters, v)
		}
	}
	slices.SortFunc(voters, func(a, b Voter) int { return strings.Compare(a.Name+" "+a.id, b.Name+" "+b.id) })
	return voters
}

// Votes says whether a node counts for the majority, and is true where that isn't known.
func (j *Journal) Votes(node string) bool {
	voters := j.Voters()
	return voters == nil || slices.ContainsFunc(voters, func(v Voter) bool { return v.Is(node) })
}

// voterID is the id by which a server counts that has the name of a node: the first eight bytes of a checksum, each as a digit.
func voterID(node string) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	sum := sha256.Sum256([]byte(node))
	id := sum[:8]
	for i := range id {
		id[i] = digits[int(id[i])%len(digits)]
	}
	return string(id)
}

const (
	// rescueWithin is how long the nodes that are left may take to agree: that the leader is gone is known after some seconds only.
	rescueWithin = time.Minute
	rescuePause  = 200 * time.Millisecond
)

var errMost = errors.New("most of the nodes are there, and decide: there is nothing to rescue")

// Rescue lets the nodes that are there decide alone, after the majority is lost for good, and takes the others out of the cluster. It returns the names of those, or ids where a name isn't known. If
// they are only cut off, the cluster splits into two, each with a log of its own. A node that has been started since and is the only one can't: the servers elect nobody before they have seen another one.
func (j *Journal) Rescue(ctx context.Context) (removed []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, rescueWithin)
	defer cancel()
	if err := j.MayRescue(); err != nil {
		return nil, err
	}
	voters := j.Voters()
	dead := slices.DeleteFunc(slices.Clone(voters), func(v Voter) bool { return v.Here })
	if err := again(ctx, func() error { return j.lower(len(voters) - len(dead)) }); err != nil {
		return nil, err
	}
	for _, v := range dead {
		if err := j.takeOut(ctx, v.id, v.Shown()); err != nil {
			return removed, err
		}
		removed = append(removed, v.Shown())
	}
	return removed, nil
}

// MayRescue returns why there is nothing to Rescue, or nil.
func (j *Journal) MayRescue() error {
	voters, here := j.Voters(), 0
	for _, v := range voters {
		if v.Here {
			here++
		}
	}
	switch {
	case voters == nil:
		return ErrOutside
	case 2*here > len(voters):
		return errMost
	}
	return nil
}

// again does something until it succeeds or ctx ends, and returns its last error.
func again(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(rescuePause):
		}
	}
}

// Shown is what people are told of it.
func (v Voter) Shown() string {
	if v.Name == "" {
		return "one with the id " + v.id
	}
	return v.Name
}

// lower has so many votes be enough. All nodes that are there are asked, each for itself: those that have none of what is decided refuse.
func (j *Journal) lower(votes int) error {
	ask, err := json.Marshal(server.JSApiMetaRescueRequest{QuorumNeeded: votes})
	if err != nil {
		return err
	}
	return j.asSystem("rescue", func(ctx context.Context, nc *nats.Conn) error {
		answers, err := nc.SubscribeSync(nats.NewInbox())
		if err != nil {
			return err
		}
		if err := nc.PublishRequest(server.JSApiMetaRescue, answers.Subject, ask); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, apiWait)
		defer cancel()
		var why error
		for {
			answer, err := answers.NextMsgWithContext(ctx)
			if err != nil {
				return cmp.Or(why, err)
			}
			if why = refusalOf(answer.Data); why == nil {
				return nil
			}
		}
	})
}

// takeOut has a node not count any more, by its id. It tries until the context ends.
func (j *Journal) takeOut(ctx context.Context, id, shown string) error {
	return again(ctx, func() error {
		if voters := j.Voters(); voters != nil && !slices.ContainsFunc(voters, func(v Voter) bool { return v.id == id }) {
			return nil // by an answer that did not come
		}
		return j.remove(id, shown)
	})
}

// remove takes a node out by its id.
func (j *Journal) remove(id, shown string) error {
	ask, err := json.Marshal(server.JSApiMetaServerRemoveRequest{Peer: id})
	if err != nil {
		return err
	}
	return j.asSystem(fmt.Sprintf("remove %s", shown), func(ctx context.Context, nc *nats.Conn) error {
		answer, err := request(ctx, nc, server.JSApiRemoveServer, ask)
		if err != nil {
			return err
		}
		return refusalOf(answer.Data)
	})
}
