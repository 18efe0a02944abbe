//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"looproom/bench"
	"looproom/bench/abuse"
	"looproom/bench/peer"
	"looproom/bench/rival"
)

// opponents returns the servers of these names, to be attacked. A server that isn't on the machine becomes a line in the report, if there are
// others.
func (s *stable) opponents(names []string, report *abuse.Report) ([]abuse.Opponent, error) {
	if len(names) == 0 {
		names = []string{ours}
	}
	var found []abuse.Opponent
	for _, name := range expand(names) {
		one, err := s.opponent(name)
		switch {
		case errors.Is(err, peer.ErrMissing):
			report.Missing = append(report.Missing, err.Error())
		case err != nil:
			return nil, err
		default:
			found = append(found, one)
		}
	}
	if len(found) == 0 {
		return nil, errors.New("none of these servers is here: " + strings.Join(report.Missing, "; "))
	}
	return found, nil
}

func (s *stable) opponent(name string) (abuse.Opponent, error) {
	base, _ := flagsIn(name)
	switch {
	case base == oursCluster || slices.Contains(clusterNames(), name):
		return abuse.Opponent{}, fmt.Errorf("%s: attacks are on one server, and this is several", name)
	case isOurs(base):
		first, other := ourDoors(base)
		return s.ourOpponent(name, first, other)
	case slices.Contains(rivalNames(), name):
		return s.rivalOpponent(name)
	case slices.Contains(peerNames(), name):
		return s.peerOpponent(name)
	}
	_, err := s.one(name)
	return abuse.Opponent{}, err
}

// ourOpponent is looproom with its own limits, or those that its name says. A case is told at the first door that has it.
func (s *stable) ourOpponent(name string, first, other door) (abuse.Opponent, error) {
	path, err := s.findOurs()
	if err != nil {
		return abuse.Opponent{}, err
	}
	told, _ := exec.Command(path, "--version").Output() // a version that can't be told is no reason not to measure
	doors := []door{first, other, {"echo://", "echo"}}
	var dialects, schemes []string
	_, flags := flagsIn(name)
	argv := append([]string{path, "--loops", strconv.Itoa(s.loops), "--log-level", "error"}, flags...)
	for _, d := range doors {
		dialects, schemes, argv = append(dialects, d.dialect), append(schemes, d.scheme), append(argv, d.listen()...)
	}
	return abuse.Opponent{
		Subject:  bench.Subject{Name: name, Model: "looproom with its own limits", Version: strings.TrimSpace(string(told)), Command: strings.Join(argv, " ")},
		Dialects: func(*abuse.Case) []string { return dialects },
		Start: func(ctx context.Context, c *abuse.Case, connections int) (*abuse.Server, error) {
			argv := slices.Clone(argv)
			if c.Needs.Files {
				argv = append(argv, "--files", filepath.Join(s.folder, "files"))
			}
			if c.Needs.State {
				state, err := os.MkdirTemp(s.folder, "state")
				if err != nil {
					return nil, err
				}
				argv = append(argv, "--state", state)
			}
			running, err := peer.StartDoors(ctx, s.attacked(connections), name, argv, schemes...)
			if err != nil {
				return nil, err
			}
			return serverOf(running, running.Doors, dialects)
		},
	}, nil
}

// attacked is how a server starts that is to be attacked: with its own limits.
func (s *stable) attacked(connections int) peer.StartOptions {
	o := s.options(&bench.Workload{Clients: connections})
	o.Usual = true
	return o
}

// serverOf is what runs, with a door for each dialect.
func serverOf(running *peer.Running, addresses, dialects []string) (*abuse.Server, error) {
	server := &abuse.Server{PID: running.PID, Stop: running.Stop}
	for i, name := range dialects {
		d, err := peer.FindDialect(name)
		if err != nil {
			return nil, errors.Join(err, running.Stop())
		}
		server.Doors = append(server.Doors, abuse.Door{Address: addresses[i], Dialect: d})
	}
	return server, nil
}

// rivalOpponent has no limits but that of what waits for one who doesn't read.
func (s *stable) rivalOpponent(name string) (abuse.Opponent, error) {
	one, err := s.rival(name)
	if err != nil {
		return abuse.Opponent{}, err
	}
	model, err := rival.Find(name)
	if err != nil {
		return abuse.Opponent{}, err
	}
	dialects := func(c *abuse.Case) []string {
		switch {
		case c.Needs.Files, c.Needs.State, c.Needs.Echo && model.WebSocket, !c.Needs.Echo && (model.EchoOnly || model.Floor):
			return nil
		case c.Needs.Echo:
			return []string{"echo"}
		}
		return []string{one.Subject.Dialect}
	}
	return abuse.Opponent{
		Subject: one.Subject, Dialects: dialects,
		Start: func(ctx context.Context, c *abuse.Case, connections int) (*abuse.Server, error) {
			w := &bench.Workload{Kind: bench.Chat, Clients: connections}
			if c.Needs.Echo {
				w.Kind = bench.Echo
			}
			running, err := one.Start(ctx, w)
			if err != nil {
				return nil, err
			}
			return &abuse.Server{Doors: []abuse.Door{{Address: running.Address, Dialect: running.Dialect}}, PID: running.PID, Stop: running.Stop}, nil
		},
	}, nil
}

func (s *stable) peerOpponent(name string) (abuse.Opponent, error) {
	p, err := peer.FindPeer(name)
	if err != nil {
		return abuse.Opponent{}, err
	}
	one, err := s.peer(name)
	if err != nil {
		return abuse.Opponent{}, err
	}
	return abuse.Opponent{
		Subject:  one.Subject,
		Dialects: func(*abuse.Case) []string { return []string{p.Dialect} },
		Start: func(ctx context.Context, _ *abuse.Case, connections int) (*abuse.Server, error) {
			running, err := p.Start(ctx, s.attacked(connections))
			if err != nil {
				return nil, err
			}
			server, err := serverOf(running, []string{running.Addr}, []string{p.Dialect})
			if server != nil {
				server.Burst = p.Burst
			}
			return server, err
		},
	}, nil
}
