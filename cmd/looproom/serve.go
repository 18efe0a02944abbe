//go:build linux

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop"
	"looproom/loop/files"
	"looproom/loop/registry"
)

// service is a server with its doors open, and all that has to be closed with it.
type service struct {
	arguments []string // the command line, which is read again with the config file
	options   options  // what the server runs by
	server    *loop.Server
	doors     []*loop.Door
	store     *files.Store // nil: files are off
	state     *registry.Registry
	profile   *profile    // nil: none is taken
	admin     *admin      // nil: off
	drains    chan string // the operators who have asked for the end
}

// start opens everything. When one thing fails, what was opened is closed again.
func start(arguments []string, options options, log zerolog.Logger) (*service, error) {
	s := &service{arguments: arguments, options: options, drains: make(chan string, 1)}
	if err := s.open(log); err != nil {
		return nil, errors.Join(err, s.stop(0))
	}
	return s, nil
}

func (s *service) open(log zerolog.Logger) (err error) {
	options := s.options.flags
	if s.profile, err = startProfile(options.Profile); err != nil {
		return err
	}
	if s.state, err = registry.Open(options.State); err != nil {
		return err
	}
	if s.store, err = openStore(options, log); err != nil {
		return err
	}
	if s.server, err = loop.Start(s.serverConfig(log)); err != nil {
		return err
	}
	for _, url := range options.Listen {
		door, err := s.server.Listen(url.DoorURL)
		if err != nil {
			return err
		}
		s.doors = append(s.doors, door)
	}
	if options.Status && !slices.ContainsFunc(s.doors, showsPages) {
		return errNoPages
	}
	s.admin, err = startAdmin(options, s.server, log)
	return err
}

var errNoPages = errors.New("--status is shown by doors for browsers, and there is none (add --listen http://:8080)")

func showsPages(door *loop.Door) bool { return strings.HasPrefix(door.URL(), "http") }

// openStore returns nil where files are off.
func openStore(options flags, log zerolog.Logger) (*files.Store, error) {
	if options.Files == "" {
		return nil, nil
	}
	store, repaired, err := files.Open(options.Files, files.Options{MaxFile: int64(options.MaxFile), Reserve: int64(options.DiskReserve)})
	if err != nil {
		return nil, err
	}
	if repaired != "" {
		log.Warn().Str("folder", options.Files).Str("repaired", repaired).Msg("files repaired")
	}
	return store, nil
}

func (s *service) serverConfig(log zerolog.Logger) loop.Config {
	f := &s.options.flags
	return loop.Config{
		Loops:    f.Loops,
		Limits:   f.limits(),
		MaxLine:  int(f.MaxLine),
		Room:     f.roomFlags.config(),
		Files:    s.store,
		Access:   f.access(),
		Registry: s.state,
		CloakKey: s.state.CloakKey(),
		Hosts:    f.Host,
		Status:   f.Status,
		OnDrain:  s.askDrain,
		Log:      log,

		ShowAddresses: f.ShowAddresses,
	}
}

// announce says, one line each, where the doors are and how to come in.
func (s *service) announce(out io.Writer) {
	width := 0
	for _, door := range s.doors {
		width = max(width, len(door.URL()))
	}
	for _, door := range s.doors {
		fmt.Fprintf(out, "%-*s   %s\n", width, door.URL(), door.Tip())
	}
}

// wait reloads at each hangup until a signal comes, and returns the exit status when all is closed.
func (s *service) wait(signals, hangups <-chan os.Signal, log zerolog.Logger) int {
	for {
		select {
		case <-hangups:
			s.reload(log)
		case first := <-signals:
			return s.end("signal", first.String(), signals, log)
		case operator := <-s.drains:
			return s.end("operator", operator, signals, log)
		}
	}
}

// askDrain has wait end the service for an operator.
func (s *service) askDrain(operator string) {
	select {
	case s.drains <- operator:
	default: // somebody has asked already
	}
}

// end drains, or ends at once when another signal comes. by and who say what it is for.
func (s *service) end(by, who string, signals <-chan os.Signal, log zerolog.Logger) int {
	patience := s.options.Drain
	log.Info().Str(by, who).Stringer("at_most", patience).Msg("draining")
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop(patience) }()
	select {
	case again := <-signals:
		log.Warn().Str("signal", again.String()).Msg("ended before all was sent")
		return statusFailed
	case err := <-stopped:
		if err != nil {
			log.Warn().Err(err).Msg("not all was sent")
		}
		return 0
	}
}

// stop closes what is open, the store last: uploads on their way end with their connections.
func (s *service) stop(timeout time.Duration) error {
	s.admin.drain()
	errs := []error{s.profile.stop()}
	if s.server != nil {
		errs = append(errs, s.server.Drain(timeout))
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.state != nil {
		errs = append(errs, s.state.Close())
	}
	errs = append(errs, s.admin.stop())
	return errors.Join(errs...)
}
