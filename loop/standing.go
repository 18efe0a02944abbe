//go:build linux

package loop

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/rs/zerolog"

	"looproom/loop/cluster"
	"looproom/loop/meter"
	"looproom/loop/room"
)

var errWaits = errors.New("waiting: the log of the cluster does not answer")

// Ready returns nil if new clients are welcome at s, or why they would be better off at another node. It waits for nothing, and is safe for any goroutine.
func Ready(s *Server) error {
	if s.cluster != nil && s.cluster.waiting.told.Load() {
		return errWaits
	}
	return nil
}

// stats is how this node is, nil where the server is alone. It waits for nothing, and is safe for any goroutine.
func (c *clustered) stats() *meter.ClusterStats {
	if c == nil {
		return nil
	}
	now := c.node.Load().Standing(c.cfg.Journal)
	stats := &meter.ClusterStats{
		Node: c.cfg.Node, Joined: now.Joined, Answers: now.Joined && !c.waiting.told.Load(), Position: now.Position, Lag: now.Behind,
		HashAt: now.HashAt, Hash: now.Hash, HashChecks: now.HashChecks, Leader: now.Health.Leader, Elections: now.Health.Elections,
		Resent: now.Health.Resent, Fetched: now.Health.Fetched, Dropped: now.Health.Dropped, LogBytes: now.Health.Bytes, Waits: now.Health.Waits,
	}
	for _, m := range now.Members {
		stats.Nodes = append(stats.Nodes, nodeStats(&m))
	}
	c.meter.Stats(stats)
	return stats
}

func nodeStats(m *cluster.Member) meter.NodeStats {
	node := meter.NodeStats{Name: m.Name, Number: m.Number, Here: m.Here, Connected: m.Connected, Copy: meter.CopyNone}
	switch {
	case m.Copy == nil:
		return node
	case m.Copy.Leader:
		node.Copy = meter.CopyLeads
	case m.Copy.Current:
		node.Copy = meter.CopyCurrent
	default:
		node.Copy = meter.CopyBehind
	}
	node.Lag = m.Copy.Lag
	return node
}

// apply is what the home does with a command of the log. Who has changed the rules of the chat is said in the log of each node.
func (c *clustered) apply(cmd *room.Command, waited bool) {
	if cmd.Verb == room.Configure {
		if changed := differences(room.Rules(c.home.home.state), *cmd.Config); changed != nil {
			c.server.log.Info().Str("by", c.home.home.node.Order().By()).Dict("changed", changed).Msg("the rules of the chat have changed")
		}
	}
	c.home.home.apply(cmd, waited)
}

// differences are the fields in which two sets of rules differ, nil if there are none. Names of operators are not told.
func differences(old, new room.Config) (changed *zerolog.Event) {
	was, is := reflect.ValueOf(old), reflect.ValueOf(new)
	for i := range was.NumField() {
		if reflect.DeepEqual(was.Field(i).Interface(), is.Field(i).Interface()) || was.Field(i).Kind() == reflect.Slice && was.Field(i).Len()+is.Field(i).Len() == 0 {
			continue
		}
		if changed == nil {
			changed = zerolog.Dict()
		}
		name := strings.ToLower(was.Type().Field(i).Name)
		if was.Field(i).Kind() == reflect.Slice {
			changed.Int(name, is.Field(i).Len())
			continue
		}
		changed.Str(name, fmt.Sprint(was.Field(i), " -> ", is.Field(i)))
	}
	return changed
}
