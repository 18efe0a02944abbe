//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/rs/zerolog"

	"looproom/loop"
	"looproom/loop/door"
	"looproom/loop/files"
	"looproom/loop/journal"
	"looproom/loop/registry"
	"looproom/loop/store"
)

// service is a server with its doors open, and all that has to be closed with it.
type service struct {
	arguments []string // the command line, which is read again with the config file
	options   options  // what the server runs by
	server    *loop.Server
	doors     []*door.Door
	files     *files.Store // nil: files are off
	store     *store.Store // nil: nothing outlives it
	state     *registry.Registry
	journal   *journal.Journal // nil: it is alone
	begins    beginning
	control   *control    // nil: there is nothing that could be asked for
	profile   *profile    // nil: none is taken
	admin     *admin      // nil: off
	drains    chan string // the operators who have asked for the end
	logged    *logQueue
	terminal  *terminal // nil: it runs as a daemon
	notifier  *notifier
	endWatch  func() // the service manager's watchdog is told no more that the loops turn

	joining context.Context // ends when the other nodes of the cluster are waited for no more
}

// start opens everything. When one thing fails, what was opened is closed again.
func (s *service) start(log zerolog.Logger) error {
	if err := s.open(log); err != nil {
		return errors.Join(err, s.stop(0))
	}
	watched, end := context.WithCancel(context.Background())
	s.endWatch = end
	go s.notifier.watch(watched, s.server)
	return nil
}

var errImpatient = errors.New("ended by a second signal before it had started")

// startUnless is start, but a second signal meanwhile ends it at once: a disk may hang. A first one has it wait for no other node of a cluster, and stays in signals for the time when it has started.
func (s *service) startUnless(signals chan os.Signal, log zerolog.Logger) error {
	started := make(chan error, 1)
	joining, giveUp := context.WithCancel(context.Background())
	defer giveUp()
	s.joining = joining
	go func() { started <- s.start(log) }()
	select {
	case err := <-started:
		return err
	case first := <-signals:
		giveUp()
		select {
		case err := <-started:
			signals <- first // there is room for two
			return err
		case <-signals:
			return errImpatient
		}
	}
}

func (s *service) open(log zerolog.Logger) (err error) {
	options := s.options.flags
	limitMemory(options.MaxMemory)
	if s.profile, err = startProfile(options.Profile); err != nil {
		return err
	}
	if err := beginWithCopy(s, log); err != nil {
		return err
	}
	if s.store, err = openStore(options, log); err != nil {
		return err
	}
	s.begins.store.Store(s.store)
	if s.state, err = registry.Open(s.store); err != nil {
		return err
	}
	nodes := &clusterControl{flags: &s.options.flags, arguments: s.arguments, begins: &s.begins, log: log}
	s.control = startControl(s.store, nodes, log)
	if s.files, err = openFiles(options, log); err != nil {
		return err
	}
	if s.admin == nil {
		if s.admin, err = startAdmin(options, &s.begins, log); err != nil {
			return err
		}
	}
	if s.journal == nil {
		if s.journal, err = openCluster(s.joining, &options, &s.begins, log); err != nil {
			return err
		}
	}
	if err = nodes.offer(s.journal); err != nil {
		return err
	}
	if s.server, err = loop.Start(s.serverConfig(log)); err != nil {
		return err
	}
	s.begins.server.Store(s.server)
	for _, url := range options.Listen {
		d, err := s.server.Listen(url.URL)
		if err != nil {
			return err
		}
		s.doors = append(s.doors, d)
	}
	if options.Status && !slices.ContainsFunc(s.doors, showsPages) {
		return errNoPages
	}
	s.begins.open.Store(true)
	return nil
}

var errNoPages = errors.New("--status is shown by doors for browsers, and there is none (add --listen http://:8080)")

func showsPages(d *door.Door) bool { return d.Pages() }

// openStore returns nil where nothing is to outlive the server.
func openStore(options flags, log zerolog.Logger) (*store.Store, error) {
	if options.State == "" {
		return nil, nil
	}
	if options.Cluster != "" {
		if err := putAside(options.State); err != nil {
			return nil, err
		}
	}
	return store.Open(options.State, options.storeOptions(log))
}

// openFiles returns nil where files are off.
func openFiles(options flags, log zerolog.Logger) (*files.Store, error) {
	if options.Files == "" {
		return nil, nil
	}
	found, repaired, err := files.Open(options.Files, files.Options{MaxFile: int64(options.MaxFile), Reserve: int64(options.DiskReserve)})
	if err != nil {
		return nil, err
	}
	if repaired != "" {
		log.Warn().Str("folder", options.Files).Str("repaired", repaired).Msg("files repaired")
	}
	return found, nil
}

func (s *service) serverConfig(log zerolog.Logger) loop.Config {
	f := &s.options.flags
	return loop.Config{
		Loops:    f.Loops,
		Limits:   f.limits(),
		MaxLine:  int(f.MaxLine),
		Room:     f.roomFlags.config(),
		Files:    s.files,
		Access:   f.access(),
		Registry: s.state,
		Store:    s.store,
		CloakKey: s.state.CloakKey(),
		Hosts:    f.Host,
		Network:  f.Network,
		MOTD:     s.options.motd,
		Status:   f.Status,
		OnDrain:  s.askDrain,
		OnBroken: s.endBroken,
		Cluster:  clusterConfig(s),
		Log:      log,

		LogDropped: s.logged.dropped.Load,

		ServerName:    f.ServerName,
		ShowAddresses: f.ShowAddresses,
	}
}

// endBroken ends the process as a crash does, when the room has panicked. What has been acknowledged is on the disk already.
func (s *service) endBroken() {
	s.logged.close(logPatience)
	os.Exit(statusCrashed)
}

// announce says, one line each, where the doors are and how to come in.
func (s *service) announce(out io.Writer) {
	width := 0
	for _, d := range s.doors {
		width = max(width, len(d.Shown()))
	}
	for _, d := range s.doors {
		fmt.Fprintf(out, "%-*s   %s\n", width, d.Shown(), d.Tip())
	}
}
