//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/journal"
	"looproom/loop/meter"
)

// clusterControl answers looproom cluster by the control of a server, be it a node or alone.
type clusterControl struct {
	flags     *flags
	arguments []string
	begins    *beginning
	log       zerolog.Logger
	one       sync.Mutex // held while nodes are removed or rescued
}

// clusterReport is how a cluster is, as one of its nodes sees it.
type clusterReport struct {
	// Cluster and Node are names, both "" for a server by itself, of which Arguments alone is known.
	Cluster string `json:"cluster"`
	Node    string `json:"node"`
	// Arguments are those that the server has been started with.
	Arguments []string `json:"arguments"`
	// Join are the addresses of all nodes that are known, that of this one first.
	Join []string `json:"join,omitempty"`
	// Waits says what the node waits for: for others when it begins, or for the log; "": it takes part.
	Waits string `json:"waits,omitempty"`
	// Leader is the node that leads the log, "" while none does.
	Leader string `json:"leader,omitempty"`
	// CommitP50 and CommitP99 are how long batches of this node took, in milliseconds, and Elections how many leaders there have been.
	CommitP50 float64        `json:"commit_p50_ms"`
	CommitP99 float64        `json:"commit_p99_ms"`
	Elections uint64         `json:"elections"`
	Nodes     []reportedNode `json:"nodes,omitempty"`
}

// reportedNode is one of them, as this node sees it, and as it says itself if it answers.
type reportedNode struct {
	Name      string `json:"name"`
	Number    uint8  `json:"number"`
	Here      bool   `json:"here"`
	Connected bool   `json:"connected"`
	// Votes says that it counts for the majority.
	Votes bool            `json:"votes"`
	Copy  meter.CopyState `json:"copy"`
	Lag   uint64          `json:"lag"`
	Says  *nodeReport     `json:"says,omitempty"`
}

// nodeReport is what a node says of itself.
type nodeReport struct {
	Version     string `json:"version"`
	Listen      string `json:"listen"`
	Position    uint64 `json:"position"`
	HashAt      uint64 `json:"hash_at"`
	Hash        string `json:"hash"`
	Users       int64  `json:"users"`
	Connections int    `json:"connections"`
	Waits       string `json:"waits,omitempty"`
}

const (
	// kindReport is what nodes ask each other for.
	kindReport = "report"
	// reportPatience is how long they have for that.
	reportPatience = time.Second
)

// offer has this node answer others. j may be nil.
func (c *clusterControl) offer(j *journal.Journal) error {
	if j == nil {
		return nil
	}
	return j.Offer(kindReport, func(_ context.Context, _ []byte, to io.Writer) error { return json.NewEncoder(to).Encode(c.own()) })
}

// own is what this node says of itself.
func (c *clusterControl) own() nodeReport {
	says := nodeReport{Version: versionLine(), Listen: c.flags.ClusterListen}
	if err := c.begins.ready(); err != nil {
		says.Waits = err.Error()
	}
	server := c.begins.server.Load()
	if server == nil {
		return says
	}
	stats := server.Stats()
	says.Connections = stats.Clients
	for _, d := range stats.Doors {
		says.Users += d.SignedIn
	}
	if s := stats.Cluster; s != nil {
		says.Position, says.HashAt, says.Hash = s.Position, s.HashAt, fmt.Sprintf("%016x", s.Hash)
	}
	return says
}

// addTo adds what can be asked for.
func (c *clusterControl) addTo(pages *http.ServeMux) {
	pages.HandleFunc("GET /cluster", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", controlError)
		if err := json.NewEncoder(w).Encode(c.report(r.Context())); err != nil {
			w.Header().Set(controlError, err.Error())
		}
	})
	for path, do := range map[string]func(*http.Request, io.Writer) error{"/cluster/remove": c.remove, "/cluster/rescue": c.rescue} {
		pages.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Trailer", controlError)
			c.one.Lock()
			defer c.one.Unlock()
			if err := do(r, w); err != nil {
				w.Header().Set(controlError, err.Error())
			}
		})
	}
}

// report is how the cluster is.
func (c *clusterControl) report(ctx context.Context) clusterReport {
	f := c.flags
	r := clusterReport{Cluster: f.Cluster, Node: f.Node, Arguments: c.arguments}
	j := c.begins.journal.Load()
	if f.Cluster == "" {
		return r
	}
	if err := c.begins.ready(); err != nil {
		r.Waits = err.Error()
	}
	if f.ClusterListen != "" {
		r.Join = append([]string{f.ClusterListen}, f.ClusterJoin...)
	}
	if j == nil {
		return r
	}
	c.seen(&r, j)
	c.heard(ctx, &r, j)
	slices.Sort(r.Join[min(1, len(r.Join)):])
	r.Join = slices.Compact(r.Join)
	return r
}

// seen adds what this node sees.
func (c *clusterControl) seen(r *clusterReport, j *journal.Journal) {
	voters := j.Voters()
	if server := c.begins.server.Load(); server != nil {
		stats := server.Stats()
		s := stats.Cluster
		r.Leader, r.Elections = s.Leader, s.Elections
		r.CommitP50, r.CommitP99 = milliseconds(s.Commit.Quantile(0.5)), milliseconds(s.Commit.Quantile(0.99))
		for _, n := range s.Nodes {
			r.Nodes = append(r.Nodes, reportedNode{Name: n.Name, Number: n.Number, Here: n.Here, Connected: n.Connected, Copy: n.Copy, Lag: n.Lag})
		}
	} else {
		for _, m := range j.Members() {
			r.Nodes = append(r.Nodes, reportedNode{Name: m.Name, Connected: m.Connected, Copy: meter.CopyNone})
		}
	}
	for _, v := range voters {
		if v.Name != "" && !slices.ContainsFunc(r.Nodes, func(n reportedNode) bool { return n.Name == v.Name }) {
			r.Nodes = append(r.Nodes, reportedNode{Name: v.Name, Connected: v.Here, Copy: meter.CopyNone})
		}
	}
	for i := range r.Nodes {
		r.Nodes[i].Votes = slices.ContainsFunc(voters, func(v journal.Voter) bool { return v.Is(r.Nodes[i].Name) })
	}
	// Who has gone and doesn't count any more was removed, or its number waits for it at NATS servers of others.
	r.Nodes = slices.DeleteFunc(r.Nodes, func(n reportedNode) bool { return voters != nil && !n.Votes && !n.Here && !n.Connected })
	slices.SortFunc(r.Nodes, func(a, b reportedNode) int { return strings.Compare(a.Name, b.Name) })
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// heard adds what the nodes say of themselves.
func (c *clusterControl) heard(ctx context.Context, r *clusterReport, j *journal.Journal) {
	said := map[string]*nodeReport{r.Node: {}}
	*said[r.Node] = c.own()
	if c.begins.server.Load() != nil {
		ctx, cancel := context.WithTimeout(ctx, reportPatience)
		defer cancel()
		// Who doesn't answer is shown without what it would say.
		_ = j.Everyone(ctx, kindReport, nil, func(node string, body []byte) {
			var says nodeReport
			if json.Unmarshal(body, &says) == nil {
				said[node] = &says
			}
		})
	}
	for i := range r.Nodes {
		n := &r.Nodes[i]
		if n.Says = said[n.Name]; n.Says != nil && n.Says.Listen != "" && !slices.Contains(r.Join, n.Says.Listen) {
			r.Join = append(r.Join, n.Says.Listen)
		}
	}
}

var (
	errNoNode     = errors.New("this server is no node of a cluster")
	errNoLogYet   = errors.New("this node waits for the others")
	errTwo        = errors.New("two nodes would be left, and neither could go on without the other: add one first (looproom cluster add)")
	errSelf       = errors.New("that is the node that you ask: stop it, and ask another one")
	errStartedNow = errors.New("this node has been started since the others were lost, and can't decide alone: stop it, and give the same command again")
)

// joined is the log of a node that has one.
func (c *clusterControl) joined() (*journal.Journal, error) {
	j := c.begins.journal.Load()
	switch {
	case c.flags.Cluster == "":
		return nil, errNoNode
	case j == nil:
		return nil, errNoLogYet
	}
	return j, nil
}

// remove takes a node out that won't come back.
func (c *clusterControl) remove(r *http.Request, to io.Writer) error {
	j, err := c.joined()
	if err != nil {
		return err
	}
	node := r.FormValue("node")
	voters := j.Voters()
	if err := mayRemove(j, node, c.flags.Node, voters); err != nil {
		return err
	}
	if r.FormValue("yes") == "" {
		return nil
	}
	if err := j.Remove(node); err != nil {
		return err
	}
	c.log.Warn().Str("node", node).Msg("taken out of the cluster by hand")
	_, err = fmt.Fprintf(to, "%s is no node of %s any more: %d are left. If its machine is to be one again, give it another name and an empty folder for --state.\n", node, c.flags.Cluster, left(j, voters))
	return err
}

// mayRemove says why a node can't be removed.
func mayRemove(j *journal.Journal, node, own string, voters []journal.Voter) error {
	switch at := slices.IndexFunc(voters, func(v journal.Voter) bool { return v.Is(node) }); {
	case voters == nil:
		return journal.ErrOutside
	case at < 0:
		return fmt.Errorf("no node %s is known; those that count are %s", node, namesOf(voters))
	case node == own:
		return errSelf
	case voters[at].Here || slices.ContainsFunc(j.Members(), func(m journal.Member) bool { return m.Name == node && m.Connected }):
		return fmt.Errorf("%s is here, and may come back when it is stopped: stop it first, and for good", node)
	case left(j, voters) == 2:
		return errTwo
	}
	return nil
}

// left is how many nodes there are without one: those that count, and those that are here and will soon.
func left(j *journal.Journal, voters []journal.Voter) int {
	n := len(voters) - 1
	for _, m := range j.Members() {
		if m.Connected && !slices.ContainsFunc(voters, func(v journal.Voter) bool { return v.Is(m.Name) }) {
			n++
		}
	}
	return n
}

func namesOf(voters []journal.Voter) string {
	var names []string
	for _, v := range voters {
		names = append(names, v.Shown())
	}
	return strings.Join(names, ", ")
}

// rescue lets those that are left decide alone.
func (c *clusterControl) rescue(r *http.Request, to io.Writer) error {
	j, err := c.joined()
	if err != nil {
		return err
	}
	voters := j.Voters()
	if lonely(voters) {
		return errStartedNow
	}
	if r.FormValue("yes") == "" {
		return j.MayRescue()
	}
	c.log.Warn().Msg("rescue: the nodes that are left are to decide alone")
	gone, err := j.Rescue(r.Context())
	if err != nil {
		return err
	}
	c.log.Warn().Strs("removed", gone).Msg("rescued")
	_, err = fmt.Fprintf(to, "taken out: %s. %s goes on within some seconds.\n", strings.Join(gone, ", "), c.flags.Cluster)
	return err
}

// lonely says whether a node sees nobody, and has not heard of all others since its start.
func lonely(voters []journal.Voter) bool {
	here, unknown := 0, 0
	for _, v := range voters {
		if v.Here {
			here++
		}
		if v.Name == "" {
			unknown++
		}
	}
	return here <= 1 && unknown > 0
}
