//go:build linux

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop"
	"looproom/loop/files"
	"looproom/loop/room"
)

// service is a server with its doors open, and all that has to be closed with it.
type service struct {
	server  *loop.Server
	doors   []*loop.Door
	store   *files.Store // nil: files are off
	profile *profile     // nil: none is taken
	drain   time.Duration
}

// start opens everything. When one thing fails, what was opened is closed again.
func start(options flags, log zerolog.Logger) (*service, error) {
	s := &service{drain: options.Drain}
	if err := s.open(options, log); err != nil {
		return nil, errors.Join(err, s.stop(0))
	}
	return s, nil
}

func (s *service) open(options flags, log zerolog.Logger) (err error) {
	if s.profile, err = startProfile(options.Profile); err != nil {
		return err
	}
	if s.store, err = openStore(options, log); err != nil {
		return err
	}
	if s.server, err = loop.Start(options.config(s.store, log)); err != nil {
		return err
	}
	for _, url := range options.Listen {
		door, err := s.server.Listen(url.DoorURL)
		if err != nil {
			return err
		}
		s.doors = append(s.doors, door)
	}
	return nil
}

// openStore returns nil where files are off.
func openStore(options flags, log zerolog.Logger) (*files.Store, error) {
	if options.Files == "" {
		return nil, nil
	}
	store, repaired, err := files.Open(options.Files, files.Options{MaxFile: int64(options.MaxFile)})
	if err != nil {
		return nil, err
	}
	if repaired != "" {
		log.Warn().Str("folder", options.Files).Str("repaired", repaired).Msg("files repaired")
	}
	return store, nil
}

func (f flags) config(store *files.Store, log zerolog.Logger) loop.Config {
	return loop.Config{
		Loops:      f.Loops,
		MaxClients: f.MaxClients,
		MaxLine:    int(f.MaxLine),
		Room:       room.Config{AwayAfter: f.AwayAfter, AnnounceMax: f.AnnounceMax, Recent: f.Recent},
		Files:      store,
		Log:        log,
	}
}

// announce says, one line each, where the doors are and how to come in.
func (s *service) announce(out io.Writer) {
	width := 0
	for _, door := range s.doors {
		width = max(width, len(door.URL()))
	}
	for _, door := range s.doors {
		fmt.Fprintf(out, "%-*s   %s\n", width, door.URL(), door.Hint())
	}
}

// wait returns the exit status when a signal has come and all is closed, or at once when another one comes.
func (s *service) wait(signals <-chan os.Signal, log zerolog.Logger) int {
	log.Info().Str("signal", (<-signals).String()).Stringer("at_most", s.drain).Msg("draining")
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop(s.drain) }()
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
	errs := []error{s.profile.stop()}
	if s.server != nil {
		errs = append(errs, s.server.Drain(timeout))
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}
