//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"looproom/bench"
	"looproom/bench/contest"
	"looproom/bench/machine"
	"looproom/bench/peer"
	"looproom/bench/rival"
)

// stable knows all servers that loopbench can start, and how.
type stable struct {
	looproom string // path; "": to be looked for
	loops    int
	folder   string // for configurations, and what servers write
	pinning  machine.Pinning
}

// ours is the name of the server that the others are compared with, oursWeb of the same one with browsers as clients, oursIRC with those of IRC, oursMixed
// with those of IRC who have asked for tags by turns, oursCluster of three nodes that are one.
const (
	ours      = "looproom"
	oursWeb   = "looproom-ws"
	oursIRC   = "looproom-irc"
	oursMixed = "looproom-mixed"

	oursCluster = "looproom-cluster"
)

// find returns the servers of these names, each once. Groups are rivals, peers, clusters and all, in which no clusters are. A server that isn't on the machine
// becomes a line in the report, if there are others.
func (s *stable) find(names []string, result *bench.Report) ([]contest.Contestant, error) {
	var found []contest.Contestant
	for _, name := range expand(names) {
		one, err := s.one(name)
		switch {
		case errors.Is(err, peer.ErrMissing):
			result.Missing = append(result.Missing, err.Error())
		case err != nil:
			return nil, err
		default:
			found = append(found, one)
		}
	}
	if len(found) == 0 {
		return nil, errors.Join(errors.New("none of these servers is here"), missing(result))
	}
	return found, nil
}

// expand replaces groups by their members.
func expand(names []string) (all []string) {
	add := func(more ...string) {
		for _, name := range more {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	for _, name := range names {
		switch name {
		case "all":
			add(ours)
			add(rivalNames()...)
			add(peerNames()...)
		case "rivals":
			add(rivalNames()...)
		case "peers":
			add(peerNames()...)
		case "clusters":
			add(oursCluster)
			add(clusterNames()...)
		default:
			add(name)
		}
	}
	return all
}

func rivalNames() (names []string) {
	for _, m := range rival.Models() {
		names = append(names, m.Name)
	}
	return names
}

func peerNames() (names []string) {
	for _, p := range peer.Peers() {
		names = append(names, p.Name)
	}
	return names
}

func clusterNames() (names []string) {
	for _, p := range peer.Clusters() {
		names = append(names, p.Name)
	}
	return names
}

func (s *stable) one(name string) (contest.Contestant, error) {
	if base, _ := flagsIn(name); isOurs(base) {
		first, other := ourDoors(base)
		return s.ours(name, first, other)
	}
	if slices.Contains(peerNames(), name) || slices.Contains(clusterNames(), name) {
		return s.peer(name)
	}
	if slices.Contains(rivalNames(), name) {
		return s.rival(name)
	}
	return contest.Contestant{}, fmt.Errorf("no server is called %q; there are %s, %s, %s, rivals, peers, clusters and all", name,
		strings.Join(ourNames[1:], ", "), strings.Join(expand([]string{"all"}), ", "), strings.Join(clusterNames(), ", "))
}

func (s *stable) rival(name string) (contest.Contestant, error) {
	model, err := rival.Find(name)
	if err != nil {
		return contest.Contestant{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return contest.Contestant{}, fmt.Errorf("find loopbench itself: %w", err)
	}
	dialect := "line"
	switch {
	case model.Floor:
		dialect = "plain"
	case model.WebSocket:
		dialect = "ws"
	}
	return contest.Contestant{
		Subject: bench.Subject{Name: name, Model: model.How, Version: versionLine(), Dialect: dialect, EchoOnly: model.EchoOnly},
		Suits: func(kind bench.Kind) bool {
			switch {
			case model.EchoOnly:
				return kind == bench.Echo
			case model.Floor:
				return kind != bench.Rooms && kind != bench.Storm && kind != bench.Bystander
			case model.WebSocket:
				return kind != bench.Echo
			}
			return true
		},
		Start: func(ctx context.Context, w *bench.Workload) (*contest.Server, error) {
			argv := []string{self, "serve", name, "--listen", "127.0.0.1:0"}
			if w.Kind == bench.Echo {
				return s.command(ctx, name, append(argv, "--echo"), "echo", w)
			}
			return s.command(ctx, name, argv, dialect, w)
		},
	}, nil
}

// command starts a server that prints where it listens.
func (s *stable) command(ctx context.Context, name string, argv []string, dialect string, w *bench.Workload) (*contest.Server, error) {
	running, err := peer.StartCommand(ctx, s.options(w), name, argv)
	if err != nil {
		return nil, err
	}
	return s.running(running, dialect)
}

func (s *stable) options(w *bench.Workload) peer.StartOptions {
	return peer.StartOptions{Dir: s.folder, CPUs: s.pinning.Server, Connections: w.Clients + 100}
}

func (s *stable) running(r *peer.Running, dialect string) (*contest.Server, error) {
	ways, err := peer.Ways(dialect)
	if err != nil {
		return nil, errors.Join(err, r.Stop())
	}
	var nodes []string
	var pids []int
	for _, node := range r.Nodes {
		nodes, pids = append(nodes, node.Addr), append(pids, node.PID)
	}
	return &contest.Server{
		Address: r.Addr, PID: r.PID, Nodes: nodes, PIDs: pids, Dialect: ways[0], Ways: waysAt(r.Addr, ways[1:]), Stop: r.Stop,
		About: bench.Subject{Command: r.Command, Config: r.Config},
	}, nil
}

func (s *stable) peer(name string) (contest.Contestant, error) {
	p, err := peer.FindPeer(name)
	if err != nil {
		return contest.Contestant{}, err
	}
	_, told, err := p.Find()
	if err != nil {
		return contest.Contestant{}, err
	}
	model := p.Model
	if p.Notes != "" {
		model += " (" + p.Notes + ")"
	}
	return contest.Contestant{
		Subject: bench.Subject{Name: name, Model: model, Version: told, Dialect: p.Dialect},
		Suits:   func(kind bench.Kind) bool { return kind != bench.Echo },
		Start: func(ctx context.Context, w *bench.Workload) (*contest.Server, error) {
			running, err := p.Start(ctx, s.options(w))
			if err != nil {
				return nil, err
			}
			server, err := s.running(running, p.Dialect)
			if err != nil {
				return nil, err
			}
			server.Burst = p.Burst
			if p.Ways > 0 {
				server.Ways = server.Ways[:p.Ways-1]
			}
			return server, nil
		},
	}, nil
}
