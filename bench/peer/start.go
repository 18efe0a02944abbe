//go:build linux

package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// StartOptions is how a server is started.
type StartOptions struct {
	// Dir is a folder for its configuration and for what it writes; it must be there. A Peer needs one, a command that is
	// started without runs where this program does.
	Dir string
	// CPUs are those that it may run on, by their numbers; none: all that this program may use.
	CPUs []int
	// Connections is how many it is to be ready for; 0: DefaultConnections. More than the limit of descriptors allows are not
	// asked for.
	Connections int
	// Usual leaves the limits of what one client may do as a Peer's program has them; how many may come from one address is lifted all the
	// same. Otherwise they are lifted as far as they can be.
	Usual bool
	// Log gets what it prints, from several goroutines but one at a time; may be nil.
	Log io.Writer
}

// DefaultConnections is how many connections a peer's configuration allows.
const DefaultConnections = 20_000

const (
	// startPatience is how long a server may take until it listens. The slowest peer, inspircd, takes about a second.
	startPatience = 20 * time.Second
	// pingAfter is longer than any measurement: a ping is not what is to be measured.
	pingAfter = 2 * time.Hour
	// ownDescriptors are those of a server that are not clients: logs, libraries, epoll; redis reserves 32.
	ownDescriptors = 64
	// maxDescriptors is up to where the limit is raised: some servers have a table of that size.
	maxDescriptors = 1 << 20
)

// Start starts the peer's program on a free loopback port and returns when it accepts connections. The caller stops it. ctx bounds the
// start only. The error is ErrMissing where the program is, and has the last lines that a program printed that ended at once.
func (p Peer) Start(ctx context.Context, o StartOptions) (*Running, error) {
	return p.start(ctx, o, pingAfter)
}

func (p Peer) start(ctx context.Context, o StartOptions, ping time.Duration) (*Running, error) {
	path, _, err := p.Find()
	if err != nil {
		return nil, err
	}
	clients, links, err := p.ports()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	var first *Running
	for node := range max(p.Nodes, 1) {
		r, err := p.startNode(ctx, path, o, settings{port: clients[node], node: node, links: links, ping: ping})
		switch {
		case err != nil && first != nil:
			return nil, errors.Join(err, first.Stop())
		case err != nil:
			return nil, err
		case first == nil:
			first = r
		default:
			first.Nodes = append(first.Nodes, r)
		}
	}
	if p.Nodes > 1 {
		err = p.together(ctx, first)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", p.Name, err), first.Stop())
	}
	return first, nil
}

// together waits until the servers are one.
func (p Peer) together(ctx context.Context, first *Running) error {
	d, err := FindDialect(p.Dialect)
	if err != nil {
		return err
	}
	return first.linked(ctx, d)
}

// ports are where each of the servers listens for clients, and where for the others.
func (p Peer) ports() (clients, links []int, err error) {
	count := max(p.Nodes, 1)
	all, err := FreePorts(2 * count)
	if err != nil || p.Nodes < 2 {
		return all, nil, err
	}
	return all[:count], all[count:], nil
}

func (p Peer) startNode(ctx context.Context, path string, o StartOptions, s settings) (*Running, error) {
	if err := s.prepare(o); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	name := p.Name
	if p.Nodes > 1 {
		name = fmt.Sprintf("%s-%d", p.Name, s.node+1)
	}
	file, config := filepath.Join(o.Dir, name+".conf"), p.config(s)
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	r, err := launch(name, append([]string{path}, p.arguments(file)...), o, nil)
	if err != nil {
		return nil, err
	}
	r.Addr, r.Config = net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)), config
	return r.ready(r.answers(ctx))
}

// prepare adds what all peers are told.
func (s *settings) prepare(o StartOptions) error {
	if o.Dir == "" {
		return errors.New("no folder for its configuration")
	}
	limit, err := raiseDescriptors()
	if err != nil {
		return err
	}
	connections := o.Connections
	if connections == 0 {
		connections = DefaultConnections
	}
	s.connections, s.folder, s.usual = min(connections, max(limit-ownDescriptors, 1)), o.Dir, o.Usual
	return nil
}

// raiseDescriptors raises this process's soft limit of descriptors towards the hard one, for children to inherit. Go has done so for the
// process itself, but gives its children the old one until the limit is set by hand.
func raiseDescriptors() (limit int, err error) {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 0, fmt.Errorf("get the limit of descriptors: %w", err)
	}
	l.Cur = max(l.Cur, min(l.Max, maxDescriptors))
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 0, fmt.Errorf("raise the limit of descriptors to %d: %w", l.Cur, err)
	}
	return int(min(l.Cur, math.MaxInt32)), nil
}

// FreePorts returns so many different TCP ports of 127.0.0.1 on which nobody listens. Another program may take one before it is used. The error is that of the network.
func FreePorts(count int) (ports []int, err error) {
	for range count {
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("find a free port: %w", err)
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// launch starts a program that isn't ready yet. listening gets its standard output besides the log; may be nil.
func launch(name string, argv []string, o StartOptions, listening *announcement) (*Running, error) {
	if _, err := raiseDescriptors(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	// Without it the error would be that the program isn't there.
	if _, err := os.Stat(o.Dir); o.Dir != "" && err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	started, err := startProcess(argv, o, listening)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return &Running{Name: name, PID: started.command.Process.Pid, Command: strings.Join(argv, " "), process: started}, nil
}
