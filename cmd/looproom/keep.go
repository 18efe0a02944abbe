//go:build linux

package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/store"
)

// keepMessages says on the command line which messages are kept: an age, a number of each room, or both; 0 for none.
type keepMessages struct {
	written string
	store.Keep
}

// longestAge is the greatest number of days that a time.Duration can tell, or a little less.
const longestAge = 100 * 365

var errKeep = errors.New("it is an age such as 30d or 12h, a number of messages in each room, or both with a comma between; 0 keeps none")

// UnmarshalText reads 30d,1000000 and its like.
func (k *keepMessages) UnmarshalText(text []byte) error {
	*k = keepMessages{written: string(text)}
	if k.written == "0" {
		k.Off = true
		return nil
	}
	parts := strings.Split(k.written, ",")
	if len(parts) > 2 {
		return fmt.Errorf("%q: %w", text, errKeep)
	}
	for _, part := range parts {
		if !k.read(strings.TrimSpace(part)) {
			return fmt.Errorf("%q: %w", text, errKeep)
		}
	}
	return nil
}

// read takes one part, and says whether it is one that there was not yet.
func (k *keepMessages) read(part string) bool {
	if n, err := strconv.Atoi(part); err == nil {
		first := k.PerRoom == 0
		k.PerRoom = n
		return first && n > 0
	}
	age, ok := ageOf(part)
	first := k.Age == 0
	k.Age = age
	return ok && first
}

// ageOf reads a duration, which may be in days.
func ageOf(written string) (age time.Duration, ok bool) {
	if days, found := strings.CutSuffix(written, "d"); found {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && n > 0 && n <= longestAge
	}
	age, err := time.ParseDuration(written)
	return age, err == nil && age >= time.Second && age <= longestAge*24*time.Hour
}

// String is what was written.
func (k keepMessages) String() string { return k.written }

// What is kept where nobody says, and how hard it is forced to the disk.
const (
	keepDefault = "30d,1000000"
	syncDefault = "batch"
)

// checkState refuses what says how something is kept where nothing is. It is asked when all is read.
func (f *flags) checkState() error {
	switch {
	case f.State != "":
		return nil
	case f.KeepMessages.written != keepDefault:
		return errors.New("--keep-messages: nothing is kept without --state DIR")
	case f.Sync != syncDefault:
		return errors.New("--sync: nothing is kept without --state DIR")
	}
	return nil
}

// syncs are what --sync may be.
var syncs = map[string]store.Sync{"batch": store.Batch, "off": store.Off, "always": store.Always}

func (f *flags) storeOptions(log zerolog.Logger) store.Options {
	return store.Options{Sync: syncs[f.Sync], Keep: f.KeepMessages.Keep, Log: log}
}
