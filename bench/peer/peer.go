//go:build linux

package peer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Peer is a kind of server that others wrote.
type Peer struct {
	// Name is what it is called here: as the program, if that is a server.
	Name string
	// Program is the file to run, if it is called otherwise.
	Program string
	// Model is how it does its work, in a few words.
	Model string
	// Dialect is the name of the one that it speaks.
	Dialect string
	// Package is Debian's package with the program, or several.
	Package string
	// Burst is how many clients may be connecting at once, where that is the backlog of the program's listener and no option changes
	// it. With more, some wait seconds for TCP to try again, or are reset. 0: as many as the kernel allows.
	Burst int
	// Ways is in how many ways its clients can read: the first ones of its dialect's. 0: in all.
	Ways int
	// Nodes is how many servers it is that are one; 0: one.
	Nodes int
	// Notes is what one has to know before one compares its figures with others; may be empty.
	Notes string

	needs       []string // files and folders that it can't do without
	tellVersion []string // arguments with which the program tells its version
	config      func(settings) string
	arguments   func(file string) []string
}

// settings is what the configuration of a peer is made from.
type settings struct {
	port        int
	node        int   // which of several servers that are one, from 0
	links       []int // the ports at which each of them takes the others; none: it is alone
	connections int
	folder      string
	usual       bool          // the limits of what one client may do are the program's own
	ping        time.Duration // how long a client may be silent before it is pinged
}

// unless returns lines of a configuration that lift limits, or nothing where those of the program are to hold.
func (s settings) unless(lines string) string {
	if s.usual {
		return ""
	}
	return lines
}

// Peers returns all peers.
func Peers() []Peer {
	return []Peer{natsServer(), redisServer(), ngircd(), inspircd(), mosquitto(), nodeWS()}
}

// Clusters returns those of them that are several servers which are one.
func Clusters() []Peer {
	return []Peer{natsCluster(), inspircdLinked()}
}

// FindPeer returns the peer of that name, also one of Clusters. The error of an unknown name tells the known ones.
func FindPeer(name string) (Peer, error) {
	var known []string
	for _, p := range append(Peers(), Clusters()...) {
		if p.Name == name {
			return p, nil
		}
		known = append(known, p.Name)
	}
	return Peer{}, fmt.Errorf("find peer %q: not one of %s", name, strings.Join(known, ", "))
}

// ErrMissing is when the program of a peer is not on this machine.
var ErrMissing = errors.New("not installed")

// Find returns where the program is and which version it tells, which may be empty. It looks on PATH and in the folders for
// servers, which are not on everybody's PATH. The error is ErrMissing, and says how to get the program.
func (p Peer) Find() (path, version string, err error) {
	file := cmp.Or(p.Program, p.Name)
	for _, name := range []string{file, "/usr/local/sbin/" + file, "/usr/sbin/" + file} {
		if path, err = program(name); err == nil && p.complete() {
			return path, p.version(path), nil
		}
	}
	return "", "", fmt.Errorf("find %s: %w (apt-get install %s)", p.Name, ErrMissing, p.Package)
}

// complete is true where all is there that the program needs.
func (p Peer) complete() bool {
	return !slices.ContainsFunc(p.needs, func(file string) bool {
		_, err := os.Stat(file)
		return err != nil
	})
}

// versionNumber finds the number among the other words: "Redis server v=7.0.15 sha=00000000:0", and that of a library.
var versionNumber = regexp.MustCompile(`\d+(\.\d+)+( with \w+ \d+(\.\d+)+)?`)

func (p Peer) version(path string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	// mosquitto tells its version with its help only, and then fails.
	out, _ := exec.CommandContext(ctx, path, p.tellVersion...).CombinedOutput()
	return string(versionNumber.Find(out))
}
