//go:build linux

package loop

import (
	"strconv"
	"time"

	"looproom/loop/rate"
	"looproom/loop/remote"
	"looproom/loop/room"
)

// keyOfPeer reads the address from the name that a peer came by, false for one of a Unix socket.
func keyOfPeer(name string) (rate.Key, bool) {
	address, ok := remote.Host(name)
	return rate.KeyOf(address), ok
}

// groupOf is the room's name for all who come from the address of a peer, 0 for those of Unix sockets.
func groupOf(name string) uint64 {
	key, ok := keyOfPeer(name)
	if !ok {
		return 0
	}
	return key.Number()
}

// mayEnter counts a connection of the address, or returns why there must be none.
func (s *Server) mayEnter(key rate.Key, now time.Duration) *refusal {
	limit := s.limits.Load()
	why, ok := s.admission.Hold(key, limit.MaxPerAddress, &limit.connects, now)
	if ok {
		return nil
	}
	whose := "your address"
	if why.Network {
		whose = "your network"
	}
	if why.Held > 0 {
		return &refusal{room.TooManyConnections, whose + " has " + strconv.Itoa(why.Held) + " connections, and that is the limit"}
	}
	return &refusal{room.ConnectingTooFast, whose + " connects too often; try again later"}
}
