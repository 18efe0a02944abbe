//go:build linux

package main

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"looproom/loop/web/hosts"
)

// The bounds of --max-line in bytes. A shorter line could not hold a verb and a name; more would be no line, and each client may hold
// one in memory.
const (
	minLine = 64
	maxLine = 16 << 20
)

// The bounds of --recvq and --sendq in bytes. Each client may hold as much, and sixteen times --sendq at the worst.
const (
	minQueue = 1 << 10
	maxQueue = 64 << 20
)

// maxRate is the most that --lines-per-second and --connect-rate can be; more is no limit.
const maxRate = 1e9

// maxPing is the longest time of keep-alive that Linux takes.
const maxPing = 32767 * time.Second

// Validate is called by kong when all flags are read.
func (f *flags) Validate() error {
	return cmp.Or(
		notNegative("loops", f.Loops),
		notNegative("drain", f.Drain),
		within("max-line", f.MaxLine, minLine, maxLine),
		within("max-file", f.MaxFile, 1, math.MaxInt64),
		f.checkFolders(),
		f.checkHosts(),
		f.roomFlags.check(),
		f.limitFlags.check(),
	)
}

func (f *flags) checkHosts() error {
	for _, name := range f.Host {
		if err := hosts.Check(name); err != nil {
			return fmt.Errorf("--host: %w", err)
		}
	}
	return nil
}

// checkFolders refuses one folder for two purposes: each is locked by who uses it.
func (f *flags) checkFolders() error {
	if f.State != "" && filepath.Clean(f.State) == filepath.Clean(f.Files) {
		return fmt.Errorf("--state and --files: both are %s; they need a folder each", f.State)
	}
	return nil
}

func (f *roomFlags) check() error {
	return cmp.Or(
		notNegative("away-after", f.AwayAfter),
		notNegative("announce-max", f.AnnounceMax),
		notNegative("recent", f.Recent),
		notNegative("max-rooms", f.MaxRooms),
		notNegative("max-rooms-per-user", f.MaxRoomsPerUser),
		notNegative("max-rooms-per-address", f.MaxRoomsPerAddress),
	)
}

func (f *limitFlags) check() error {
	return cmp.Or(
		notNegative("max-clients", f.MaxClients),
		notNegative("max-per-address", f.MaxPerAddress),
		within("connect-rate", f.ConnectRate, 0, maxRate),
		notNegative("connect-burst", f.ConnectBurst),
		notNegative("pending-per-address", f.PendingPerAddress),
		within("requests-per-second", f.RequestsPerSecond, 0, maxRate),
		notNegative("requests-burst", f.RequestsBurst),
		within("recvq", f.Recvq, minQueue, maxQueue),
		within("lines-per-second", f.LinesPerSecond, 0, maxRate),
		notNegative("lines-burst", f.LinesBurst),
		within("sendq", f.Sendq, minQueue, maxQueue),
		notNegative("sendq-grace", f.SendqGrace),
		f.MaxMemory.check(),
		notNegative("merge-wait", f.MergeWait),
		notNegative("files-per-address", f.FilesPerAddress),
		notNegative("files-per-account", f.FilesPerAccount),
		notNegative("files-max", f.FilesMax),
		notNegative("sign-in-timeout", f.SignInTimeout),
		wholeSeconds("ping-every", f.PingEvery, 0),
		wholeSeconds("ping-timeout", f.PingTimeout, time.Second),
	)
}

func notNegative[T int | time.Duration](name string, value T) error {
	if value >= 0 {
		return nil
	}
	return fmt.Errorf("--%s: %v is less than 0", name, value)
}

// within refuses a NaN, too: it is on neither side of anything.
func within[T size | float64](name string, value, least, most T) error {
	if value >= least && value <= most {
		return nil
	}
	return fmt.Errorf("--%s: %v is not between %v and %v", name, value, least, most)
}

// wholeSeconds is what the kernel counts keep-alive in.
func wholeSeconds(name string, value, least time.Duration) error {
	if value >= least && value <= maxPing && value%time.Second == 0 {
		return nil
	}
	return fmt.Errorf("--%s: %v is not a whole number of seconds from %v to %v", name, value, least, maxPing)
}

// short writes a duration without what is zero at its end: 1m rather than 1m0s.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
