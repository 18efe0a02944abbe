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
	"looproom/bench/contest"
	"looproom/bench/generator"
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

// ours is the name of the server that the others are compared with, oursWeb of the same one with browsers as clients.
const (
	ours    = "looproom"
	oursWeb = "looproom-ws"
)

// find returns the servers of these names, each once. Groups are rivals, peers and all. A server that isn't on the machine
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

func (s *stable) one(name string) (contest.Contestant, error) {
	switch base, _ := flagsIn(name); base {
	case ours:
		return s.ours(name, lineDoor, webDoor)
	case oursWeb:
		return s.ours(name, webDoor, lineDoor)
	}
	if slices.Contains(peerNames(), name) {
		return s.peer(name)
	}
	if slices.Contains(rivalNames(), name) {
		return s.rival(name)
	}
	return contest.Contestant{}, fmt.Errorf("no server is called %q; there are %s, %s, rivals, peers and all", name,
		oursWeb, strings.Join(expand([]string{"all"}), ", "))
}

// flagsIn cuts a name such as "looproom --loops 2" into looproom's own and the flags that it is to have besides. Others have none.
func flagsIn(name string) (base string, flags []string) {
	base, behind, _ := strings.Cut(name, " ")
	if base != ours && base != oursWeb {
		return name, nil
	}
	return base, strings.Fields(behind)
}

// door is one of looproom's.
type door struct{ scheme, dialect string }

var (
	lineDoor = door{"line://", "line"}
	webDoor  = door{"http://", "ws"}
)

func (d door) listen() []string { return []string{"--listen", d.scheme + "127.0.0.1:0"} }

// ours is looproom by that door. Where members read in several ways, some come by the other one.
func (s *stable) ours(name string, first, other door) (contest.Contestant, error) {
	path, err := s.findOurs()
	if err != nil {
		return contest.Contestant{}, err
	}
	told, _ := exec.Command(path, "--version").Output() // a version that can't be told is no reason not to measure
	base, flags := flagsIn(name)
	argv := slices.Concat([]string{path, "--loops", strconv.Itoa(s.loops), "--log-level", "error"}, withoutLimits, flags)
	return contest.Contestant{
		Subject: bench.Subject{
			Name: name, Model: "a few epoll event loops; what goes to many stands in one log, one write per member for all that waits",
			Version: strings.TrimSpace(string(told)), Dialect: first.dialect,
		},
		Suits: func(kind bench.Kind) bool { return kind != bench.Echo || base == ours },
		Start: func(ctx context.Context, w *bench.Workload) (*contest.Server, error) {
			if w.Kind == bench.Echo {
				return s.command(ctx, name, append(slices.Clone(argv), "--listen", "echo://127.0.0.1:0"), "echo", w)
			}
			return s.doors(ctx, name, argv, w, first, other)
		},
	}, nil
}

// doors starts looproom with two doors. The ways to read at the first one come first.
func (s *stable) doors(ctx context.Context, name string, argv []string, w *bench.Workload, first, other door) (*contest.Server, error) {
	if w.Forms <= 1 {
		return s.command(ctx, name, append(slices.Clone(argv), first.listen()...), first.dialect, w)
	}
	running, err := peer.StartDoors(ctx, s.options(w), name, slices.Concat(argv, first.listen(), other.listen()), first.scheme, other.scheme)
	if err != nil {
		return nil, err
	}
	server, err := s.running(running, first.dialect)
	if err != nil {
		return nil, err
	}
	more, err := peer.Ways(other.dialect)
	if err != nil {
		return nil, errors.Join(err, running.Stop())
	}
	server.Ways = append(server.Ways, waysAt(running.Doors[1], more)...)
	return server, nil
}

// waysAt are ways to read, all at one address.
func waysAt(address string, dialects []bench.Dialect) (ways []generator.Way) {
	for _, d := range dialects {
		ways = append(ways, generator.Way{Address: address, Dialect: d})
	}
	return ways
}

// withoutLimits lets one address open as many connections, and each of them talk as fast, as a workload says. The others' are off
// as well.
var withoutLimits = []string{"--lines-per-second", "0", "--max-per-address", "0", "--connect-rate", "0", "--pending-per-address", "0", "--requests-per-second", "0", "--max-rooms-per-address", "0"}

// findOurs looks for the looproom to measure.
func (s *stable) findOurs() (string, error) {
	if s.looproom != "" {
		return s.looproom, nil
	}
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), ours)
		if _, err := os.Stat(beside); err == nil {
			return beside, nil
		}
	}
	path, err := exec.LookPath(ours)
	if err != nil {
		return "", errors.New("looproom is neither beside loopbench nor on PATH; make build, or say where it is by --looproom")
	}
	return path, nil
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
	return &contest.Server{
		Address: r.Addr, PID: r.PID, Dialect: ways[0], Ways: waysAt(r.Addr, ways[1:]), Stop: r.Stop,
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
			if p.Alike {
				server.Ways = nil
			}
			return server, nil
		},
	}, nil
}
