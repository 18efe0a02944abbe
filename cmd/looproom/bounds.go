//go:build linux

package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"time"

	"github.com/alecthomas/kong"

	"looproom/loop"
	"looproom/loop/door"
	"looproom/loop/room"
	"looproom/loop/secret"
	"looproom/loop/unit"
	"looproom/loop/web/hosts"
)

// bounds are those of the numbers that are no loop.Limits, which have their own.
var bounds = []unit.Bound{
	{Name: "loops", Most: unit.Any},
	{Name: "drain", Kind: unit.Time, Default: float64(5 * time.Second), Most: unit.Any},
	// A shorter line could not hold a verb and a name; more would be no line, and each client may hold one in memory.
	{Name: "max-line", Kind: unit.Bytes, Default: 8 << 10, Least: 64, Most: 16 << 20},
	{Name: "max-file", Kind: unit.Bytes, Default: 64 << 20, Least: 1, Most: unit.Any},
	{Name: "disk-reserve", Kind: unit.Bytes, Default: 64 << 20, Most: unit.Any},
	{Name: "away-after", Kind: unit.Time, Default: float64(10 * time.Minute), Most: unit.Any},
	{Name: "announce-max", Default: 200, Most: unit.Any},
	{Name: "recent", Default: 100, Most: unit.Any},
	{Name: "recent-bytes", Kind: unit.Bytes, Default: 256 << 10, Most: unit.Any},
	{Name: "max-rooms", Default: 10000, Most: unit.Any},
	{Name: "max-rooms-per-user", Default: 20, Most: unit.Any},
	{Name: "sessions", Default: 10, Least: 1, Most: room.MaxSessions},
	{Name: "max-rooms-per-address", Default: 100, Most: unit.Any},
	{Name: "cluster-nodes", Most: loop.MaxNodes},
	{Name: "cluster-patience", Kind: unit.Time, Default: float64(30 * time.Second), Least: float64(time.Second), Most: unit.Any},
	{Name: "password-min", Default: secret.MinPassword, Least: 1, Most: secret.MaxPassword},
}

// allBounds are those of all numbers among the flags.
func allBounds() []unit.Bound { return append(loop.LimitBounds(), bounds...) }

// Validate is called by kong when all flags are read.
func (f *flags) Validate(k *kong.Context) error {
	return cmp.Or(checkNumbers(k.Model.Flags), f.checkFolders(), f.checkHosts(), f.checkNames(), f.checkDoors())
}

func checkNumbers(flags []*kong.Flag) error {
	for _, flag := range flags {
		for _, b := range allBounds() {
			if b.Name != flag.Name {
				continue
			}
			if err := checkNumber(b, flag.Target.Interface()); err != nil {
				return fmt.Errorf("--%w", err)
			}
		}
	}
	return nil
}

func checkNumber(b unit.Bound, value any) error {
	switch value := value.(type) {
	case int:
		return unit.Check(b, value)
	case float64:
		return unit.Check(b, value)
	case unit.Size:
		return unit.Check(b, value)
	case time.Duration:
		return unit.Check(b, value)
	case memory:
		return unit.Check(b, value.bytes())
	}
	return fmt.Errorf("%s: a %T is no number", b.Name, value)
}

func (f *flags) checkHosts() error {
	for _, name := range f.Host {
		if err := hosts.Check(name); err != nil {
			return fmt.Errorf("--host: %w", err)
		}
	}
	return nil
}

func (f *flags) checkDoors() error {
	urls := make([]door.URL, len(f.Listen))
	for i := range f.Listen {
		urls[i] = f.Listen[i].URL
	}
	return door.CheckTogether(urls)
}

// checkNames looks at those of the server and of its network.
func (f *flags) checkNames() error {
	if f.ServerName != "" {
		if err := loop.CheckServerName(f.ServerName); err != nil {
			return fmt.Errorf("--server-name: %w", err)
		}
	}
	if err := loop.CheckNetwork(f.Network); err != nil {
		return fmt.Errorf("--network: %w", err)
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
