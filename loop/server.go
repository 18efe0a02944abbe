//go:build linux

package loop

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/accounts"
	"looproom/loop/budget"
	"looproom/loop/door"
	"looproom/loop/files"
	"looproom/loop/meter"
	"looproom/loop/rate"
	"looproom/loop/registry"
	"looproom/loop/room"
	"looproom/loop/transfer"
	"looproom/loop/web/status"
)

// Server holds the event loops and the doors. Its methods are safe for any goroutine.
type Server struct {
	cfg   Config
	log   zerolog.Logger
	files *files.Store
	began time.Time

	registry    *registry.Registry
	accounts    *accounts.Accounts
	limits      atomic.Pointer[limits]
	setting     sync.Mutex // held while limits, rules or passwords change, while the state is taken, and while a door opens
	ends        bool       // Drain has begun. Behind setting
	mostClients int        // that the descriptor limit has room for
	guestNames  *accounts.GuestNames
	transfers   *transfer.Service
	budget      budget.Budget

	loops []*eventLoop // the first is the home loop
	doors *door.Doors
	loud  *rate.Cap // what is logged one by one of those who are refused
	looks *rate.Cap // the same of what could not be looked up

	attended atomic.Uint32 // doors, for the loops' turns

	status *status.Sampler // nil: off

	irc atomic.Pointer[ircServers]

	cluster *clustered // nil: the server is alone
	public  publicURLs

	refused meter.Reasons
}

// homeLoop is the loop that has the room's state.
func (s *Server) homeLoop() *eventLoop { return s.loops[0] }

// Clients is the number of connections held.
func (s *Server) Clients() int { return s.doors.Count() }

// clock is the time since the server began, on a clock that never goes back.
func (s *Server) clock() time.Duration { return time.Since(s.began) }

// stop ends the event loops, whatever they hold.
func (s *Server) stop() {
	s.public.stop()
	if s.status != nil {
		s.status.Stop()
	}
	for _, l := range s.loops {
		l.stop()
	}
	if len(s.loops) > 0 {
		s.homeLoop().exchange.tap.send() // the loop has ended
	}
	s.accounts.Close()
}

// command returns a command of the client, of now.
func (s *Server) command(id room.ClientID, verb room.Verb) room.Command {
	now := s.clock()
	return room.Command{Verb: verb, Client: id, At: now, Wall: s.began.Add(now).UnixMilli(), N: room.None}
}

// number gives the first command of the server the number of this start.
func (s *Server) number(first *room.Command) {
	var err error
	if first.N, err = s.registry.NextStart(room.StartAt(first.Wall)); err != nil {
		s.log.Error().Err(err).Msg("ids of messages come again if the clock goes back before the next start")
	}
}

// doorOf is the door by which p has come.
func (s *Server) doorOf(p *peer) *door.Door { return s.doors.Numbered(p.door) }
