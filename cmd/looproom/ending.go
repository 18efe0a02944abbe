//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/journal"
	"looproom/loop/store"
)

// wait reloads at each hangup until a signal comes, and returns the exit status when all is closed. Settings are read on a goroutine of their own,
// because a disk may take its time, and adopted here, so that a reload and the end never meet.
func (s *service) wait(signals, hangups <-chan os.Signal, log zerolog.Logger) int {
	reread := make(chan *options, 1)
	asked := hangups // nil while settings are being read: one more hangup then waits in hangups
	for {
		select {
		case <-asked:
			if s.terminal.gone() {
				return s.end("terminal", "hung up", signals, log)
			}
			asked = nil
			s.notifier.reloading()
			go func() { reread <- s.readAgain(log) }()
		case next := <-reread:
			asked = hangups
			s.adoptAll(next, log)
			s.notifier.ready()
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
	s.notifier.stopping()
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop(patience) }()
	select {
	case again := <-signals:
		log.Warn().Str("signal", again.String()).Msg("ended before all was sent")
		s.logged.close(hastyPatience)
		return statusFailed
	case err := <-stopped:
		return statusOf(err, log)
	}
}

// hastyPatience is how long an end that is to come at once waits for the log.
const hastyPatience = 50 * time.Millisecond

// statusOf is the exit status after the drain. Clients that took too long are no failure; a disk that has not said whether it has what it was given is one.
func statusOf(err error, log zerolog.Logger) int {
	switch {
	case errors.Is(err, errDiskHangs):
		log.Error().Err(err).Msg("ended, and not all is known to be on the disk")
		return statusFailed
	case err != nil:
		log.Warn().Err(err).Msg("not all was sent")
	}
	return 0
}

// diskPatience is how long the end waits for each of what is written to disk.
const diskPatience = 2 * time.Second

var errDiskHangs = errors.New("the disk does not answer")

// stop closes what is open, files and state last: uploads on their way end with their connections. It takes timeout for the clients, and a
// few seconds more at most, whatever the disk does.
func (s *service) stop(timeout time.Duration) error {
	s.admin.drain()
	// What disks have to do is done side by side: one that hangs must not take the others' time.
	errs := []error{<-beside("write the profile", s.profile.stop)}
	if s.server != nil {
		handOver(s.journal)
		errs = append(errs, s.server.Drain(timeout))
	}
	if s.journal != nil {
		errs = append(errs, leaveJournal(s.journal))
	}
	s.endWatch()
	var closing []<-chan error
	if s.files != nil {
		closing = append(closing, beside("close the file store", s.files.Close))
	}
	if s.store != nil {
		closing = append(closing, beside("close the state folder", func() error { return closeState(s.control, s.store) }))
	}
	for _, closed := range closing {
		errs = append(errs, <-closed)
	}
	errs = append(errs, s.admin.stop())
	return errors.Join(errs...)
}

// handOver has another node lead the log before this one's clients are told to go there, so that they don't wait for that. If it doesn't come about, the journal tries again when it is closed. j may be nil.
func handOver(j *journal.Journal) {
	if j != nil {
		<-beside("hand over the log", j.Hand)
	}
}

// closeState closes the store when nobody reads it any more.
func closeState(c *control, s *store.Store) error {
	c.stop()
	return s.Close()
}

// beside runs f on a goroutine of its own. The channel gets its error, or errDiskHangs if f takes longer than diskPatience; then f goes on.
func beside(what string, f func() error) <-chan error {
	ended := make(chan error, 2) // both may send; the first counts
	late := time.AfterFunc(diskPatience, func() { ended <- fmt.Errorf("%s: %w after %v", what, errDiskHangs, diskPatience) })
	go func() {
		err := f()
		late.Stop()
		ended <- err
	}()
	return ended
}
