//go:build linux

package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"looproom/bench"
	"looproom/bench/contest"
	"looproom/bench/generator"
	"looproom/bench/peer"
)

// flagsIn cuts a name such as "looproom --loops 2" into looproom's own and the flags that it is to have besides. Others have none.
func flagsIn(name string) (base string, flags []string) {
	base, behind, _ := strings.Cut(name, " ")
	if !isOurs(base) {
		return name, nil
	}
	return base, strings.Fields(behind)
}

// door is one of looproom's.
type door struct{ scheme, dialect string }

var (
	lineDoor  = door{"line://", "line"}
	webDoor   = door{"http://", "ws"}
	ircDoor   = door{"irc://", "irc"}
	mixedDoor = door{"irc://", "irc-mixed"}
)

// ourNames are the names of looproom, by the clients that it has.
var ourNames = []string{ours, oursWeb, oursIRC, oursMixed, oursCluster}

func isOurs(base string) bool { return slices.Contains(ourNames, base) }

// ourDoors are those by which clients come. Where members read in several ways, some come by the other one.
func ourDoors(base string) (first, other door) {
	switch base {
	case oursWeb:
		return webDoor, lineDoor
	case oursIRC:
		return ircDoor, lineDoor
	case oursMixed:
		return mixedDoor, lineDoor
	}
	return lineDoor, webDoor
}

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
			if base == oursCluster {
				return s.cluster(ctx, name, argv, w)
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
