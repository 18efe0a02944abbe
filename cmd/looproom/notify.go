//go:build linux

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"looproom/loop"
)

// notifier tells systemd, or who else has set NOTIFY_SOCKET, how the service is. Without one it does nothing. systemd's own end of the socket
// may be full; so a goroutine does it.
type notifier struct {
	states chan string // at most as many as wait; what finds no room is not told
	log    zerolog.Logger
}

// maxStates is how many states may wait to be told. A reload has two, the end one.
const maxStates = 16

func newNotifier(log zerolog.Logger) *notifier {
	n := &notifier{states: make(chan string, maxStates), log: log}
	go func() {
		for state := range n.states {
			if _, err := daemon.SdNotify(false, state); err != nil {
				n.log.Error().Err(err).Str("state", state).Msg("the service manager can't be told")
			}
		}
	}()
	return n
}

func (n *notifier) tell(state string) {
	select {
	case n.states <- state:
	default:
	}
}

// The doors are open; the settings are being read again; the end has begun.
func (n *notifier) ready()    { n.tell(daemon.SdNotifyReady) }
func (n *notifier) stopping() { n.tell(daemon.SdNotifyStopping) }
func (n *notifier) reloading() {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err == nil {
		n.tell(fmt.Sprintf("%s\nMONOTONIC_USEC=%d", daemon.SdNotifyReloading, now.Nano()/int64(time.Microsecond)))
	}
}

// watchdogShare is how often within the time that the service manager allows it is told that the service is alive.
const watchdogShare = 3

// watch tells that the service is alive, each time that every event loop has turned since the last time, until ctx ends. Where the service manager
// doesn't want to know it returns at once.
func (n *notifier) watch(ctx context.Context, server *loop.Server) {
	within, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		n.log.Error().Err(err).Msg("the watchdog of the service manager is not served")
	}
	if err != nil || within <= 0 {
		return
	}
	ticks := time.NewTicker(max(within/watchdogShare, time.Millisecond))
	defer ticks.Stop()
	for ctx.Err() == nil {
		if server.Alive(ctx) == nil {
			n.tell(daemon.SdNotifyWatchdog)
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
		}
	}
}
