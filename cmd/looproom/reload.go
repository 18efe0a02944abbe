//go:build linux

package main

import (
	"fmt"
	"slices"

	"github.com/rs/zerolog"
)

// readAgain reads the certificates, the message of the day and the config file again. It returns nil if there is nothing that could be adopted: a file that is broken
// changes nothing. It may wait for the disk.
func (s *service) readAgain(log zerolog.Logger) *options {
	if err := s.server.ReloadCertificates(); err != nil {
		log.Error().Err(err).Msg("certificate refused")
	}
	if s.options.Config == "" {
		readWithoutConfig(s, log)
		return nil
	}
	next, err := readOptions(s.arguments)
	if err != nil {
		log.Error().Err(err).Msg("config file refused; all settings stay as they were")
		return nil
	}
	return &next
}

// readWithoutConfig is readAgain where there is no config file.
func readWithoutConfig(s *service, log zerolog.Logger) {
	if s.options.MOTD != "" {
		readMOTDAgain(s, log)
		return
	}
	if !slices.ContainsFunc(s.options.Listen, func(d listen) bool { return d.Secure() }) {
		log.Warn().Msg("SIGHUP: nothing to read again, because looproom was started without --config, without --motd and without a TLS door")
	}
}

// adoptAll is adopt, if there is something to adopt. It belongs to the goroutine that ends the service.
func (s *service) adoptAll(next *options, log zerolog.Logger) {
	if next == nil {
		return
	}
	if err := s.adopt(*next, log); err != nil {
		log.Error().Err(err).Msg("the settings of the config file can't be applied")
	}
}

// adopt makes the live settings those of next. Those that need a restart stay as the server runs with them, so that they are told
// again at the next SIGHUP.
func (s *service) adopt(next options, log zerolog.Logger) error {
	if err := s.apply(next); err != nil {
		return err
	}
	levels := []zerolog.Level{s.options.level(), next.level()}
	changed := changes(&s.options.flags, &next.flags)
	for _, c := range changed {
		if c.live {
			c.adopt()
		}
	}
	// A change of the level is told at the one that tells more.
	zerolog.SetGlobalLevel(slices.Min(levels))
	reportPending(changed, log)
	reportOverruled(changes(&s.options.file, &next.file), changes(&next.file, &next.flags), log)
	reportLive(changed, log)
	zerolog.SetGlobalLevel(next.level())
	s.options.file = next.file
	return nil
}

// apply gives the server its limits, its rules, and what it shows of addresses. When the limits are refused, nothing has changed.
func (s *service) apply(next options) error {
	if err := s.server.SetLimits(next.limits()); err != nil {
		return err
	}
	limitMemory(next.MaxMemory)
	s.server.SetShowAddresses(next.ShowAddresses)
	s.server.SetMOTD(next.motd)
	if err := s.server.SetAccess(next.access()); err != nil {
		return err
	}
	return s.server.SetRoom(next.roomFlags.config())
}

// hidden stands for the value of a setting that nobody may read in the log.
const hidden = "(hidden)"

// change is a setting with two values, as they would be written on the command line.
type change struct {
	name     string
	old, new string
	live     bool
	adopt    func() // gives the old flags the new value
}

// changes compares two readings of all settings.
func changes(old, new *flags) (found []change) {
	is := settings(new)
	for i, was := range settings(old) {
		before, after := fmt.Sprint(was.Target), fmt.Sprint(is[i].Target)
		if before == after {
			continue
		}
		if was.Tag.Has("secret") {
			before, after = hidden, hidden
		}
		found = append(found, change{was.Name, before, after, was.Tag.Has("live"), func() { was.Target.Set(is[i].Target) }})
	}
	return found
}

// reportLive says in one line what has changed.
func reportLive(changed []change, log zerolog.Logger) {
	live := zerolog.Dict()
	for _, c := range changed {
		if c.live {
			live.Str(c.name, c.old+" -> "+c.new)
		}
	}
	log.Info().Dict("changed", live).Msg("config file read again")
}

// reportPending has a line for each setting that needs a restart.
func reportPending(changed []change, log zerolog.Logger) {
	for _, c := range changed {
		if !c.live {
			log.Warn().Str("setting", c.name).Str("running", c.old).Str("file", c.new).Msg("takes effect after a restart")
		}
	}
}

// reportOverruled has a line for each setting that has changed in the file, where something else counts than the file.
func reportOverruled(inFile, overruled []change, log zerolog.Logger) {
	for _, c := range inFile {
		if slices.ContainsFunc(overruled, func(o change) bool { return o.name == c.name }) {
			log.Warn().Str("setting", c.name).Str("file", c.new).Msg("no effect: the command line or the environment sets it")
		}
	}
}
