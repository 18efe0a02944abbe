//go:build linux

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"looproom/loop"
	"looproom/loop/journal"
	"looproom/loop/store"
)

// beginning is how far a server is that begins, for those who ask meanwhile: a node of a cluster waits for the others, which may take long. It is safe for any goroutine.
type beginning struct {
	server  atomic.Pointer[loop.Server]     // nil: it isn't there yet
	store   atomic.Pointer[store.Store]     // nil: it isn't there yet, or there is none
	journal atomic.Pointer[journal.Journal] // nil: it isn't there yet, or the server is alone
	why     atomic.Pointer[string]          // why this node has no state yet; nil: that isn't known
	open    atomic.Bool                     // its doors are
}

// waits notes why this node has no state yet.
func (b *beginning) waits(err error) {
	why := err.Error()
	b.why.Store(&why)
}

// ready returns nil when clients are welcome, or why not.
func (b *beginning) ready() error {
	if !b.open.Load() {
		return b.joining()
	}
	return loop.Ready(b.server.Load())
}

// joining says what is waited for.
func (b *beginning) joining() error {
	j := b.journal.Load()
	if j == nil {
		return errors.New("starting")
	}
	if why := b.why.Load(); why != nil {
		return fmt.Errorf("joining: %s", *why)
	}
	var there []string
	for _, m := range j.Members() {
		if m.Connected {
			there = append(there, m.Name)
		}
	}
	slices.Sort(there)
	return fmt.Errorf("joining: waits for the log of the cluster; connected are %s", strings.Join(there, ", "))
}
