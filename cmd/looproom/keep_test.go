//go:build linux

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/store"
)

// TestKeepMessages: what --keep-messages takes, and what it says of the rest.
func TestKeepMessages(t *testing.T) {
	const day = 24 * time.Hour
	for written, want := range map[string]store.Keep{
		"0": {Off: true}, "30d": {Age: 30 * day}, "12h": {Age: 12 * time.Hour}, "500000": {PerRoom: 500_000}, "30d,1000000": {Age: 30 * day, PerRoom: 1_000_000},
		"7, 90s": {Age: 90 * time.Second, PerRoom: 7},
	} {
		var k keepMessages
		if err := k.UnmarshalText([]byte(written)); err != nil || k.Keep != want || k.String() != written {
			t.Errorf("%q = %+v, %v, want %+v", written, k.Keep, err, want)
		}
	}
	for _, written := range []string{"", "0d", "-1", "-1d", "1d,2d", "1,2", "1d,2,3", "0,0", "30d,0", "soon", "1w", "100ms", "99999999d", "1d,"} {
		var k keepMessages
		if err := k.UnmarshalText([]byte(written)); err == nil || !strings.Contains(err.Error(), "an age such as 30d or 12h") {
			t.Errorf("%q = %+v, %v, want an error that says how it is written", written, k.Keep, err)
		}
	}
}

// TestStateFlags: they reach the store, and mean nothing without one.
func TestStateFlags(t *testing.T) {
	f, err := parse([]string{"--state", "dir", "--keep-messages", "1h", "--sync", "always"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if o := f.storeOptions(zerolog.Nop()); o.Sync != store.Always || o.Keep != (store.Keep{Age: time.Hour}) {
		t.Errorf("options = %+v, want always and an hour", o)
	}
	f = defaultFlags(t)
	if o := f.storeOptions(zerolog.Nop()); o.Sync != store.Batch || o.Keep != (store.Keep{Age: 30 * 24 * time.Hour, PerRoom: 1_000_000}) {
		t.Errorf("options by themselves = %+v, want batch, 30 days and a million", o)
	}
	for _, arguments := range [][]string{{"--keep-messages", "1h"}, {"--sync", "off"}} {
		if _, err := readOptions(arguments); err == nil || !strings.Contains(err.Error(), "nothing is kept without --state DIR") {
			t.Errorf("%q without --state: %v, want an error", arguments, err)
		}
	}
}
