//go:build linux

package accounts

import (
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/ban"
	"looproom/loop/meter"
	"looproom/loop/rate"
	"looproom/loop/registry"
	"looproom/loop/remote"
	"looproom/loop/room"
)

// Config is what Accounts are made of. All functions are called from any goroutine.
type Config struct {
	// Access is the passwords that there are.
	Access Access
	// Registry keeps bans and names. It is not closed.
	Registry *registry.Registry
	// Store has what was said, and what the registry keeps. nil: nothing outlives the server. It is not closed.
	Store Store
	// Order brings what is to be kept to all nodes. nil: this server is alone, and what is to be kept is at once.
	Order Order
	// Began is when the server began, Clock the time since then, on a clock that never goes back.
	Began time.Time
	Clock func() time.Duration
	// Log gets a line for each operator, ban and password that was wrong; of the last, which anyone can cause, only when MayLog allows it.
	Log    zerolog.Logger
	MayLog func() bool
	// SignInTimeout is how long a client may stay a guest just now, 0 for ever.
	SignInTimeout func() time.Duration
	// Stats is what the server has counted.
	Stats func() meter.Stats
	// OnDrain is called, on a goroutine of its own, when an operator of that name has asked for the server's end. nil: nobody can.
	OnDrain func(operator string)
	// Page is about how many bytes of rows are made at a time of a long answer.
	Page int
}

// Store is what Accounts ask of a *store.Store. All of it waits for the disk, and none is called on an event loop.
type Store interface {
	Recent(place room.PlaceID, n, bytes int) ([]room.Row, error)
	Mail(account string, after room.MsgID, n, bytes int) ([]room.Row, error)
}

// Accounts is what a server knows of passwords, names and bans. Its methods are safe for any goroutine.
type Accounts struct {
	cfg      Config
	log      zerolog.Logger
	registry *registry.Registry
	access   atomic.Pointer[access]
	attempts *rate.Limiter // at passwords
	checks   *workers      // passwords
	keeps    *workers      // what outlives the server
	erases   *workers      // what takes long of that
	reads    *workers      // what a login waits for, but not for long
	loops    []*Answers    // the first one's has the room; all are there before the first client is

	sanctions *workers      // what bans do to who is here: checks, or where a log may keep one waiting others
	proposer  uint64        // a random number of this life of the node
	proposed  atomic.Uint64 // how many changes
}

// New starts the workers; Close ends them. The error says which hash of cfg.Access can't be one.
func New(cfg Config) (*Accounts, error) {
	access, err := cfg.Access.open()
	if err != nil {
		return nil, err
	}
	a := &Accounts{cfg: cfg, log: cfg.Log, registry: cfg.Registry, attempts: rate.NewLimiter(), checks: newWorkers(checkers), keeps: newWorkers(keepers)}
	a.erases, a.reads, a.sanctions = newWorkers(erasers), newWorkers(readers), a.checks
	if cfg.Order != nil {
		a.sanctions, a.proposer = newWorkers(sanctioners), newProposer()
	}
	a.access.Store(access)
	return a, nil
}

// newProposer is a random number, but 0.
func newProposer() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	return binary.LittleEndian.Uint64(b[:]) | 1
}

// Join makes the Answers of a loop, which counts by those counters. The first that joins is the loop that has the room. All must have joined before there are clients.
func (a *Accounts) Join(loop Loop, counters *meter.Counters) *Answers {
	answers := &Answers{Accounts: a, loop: loop, counters: counters}
	a.loops = append(a.loops, answers)
	return answers
}

// Close waits for what the workers are at, but not for long, and drops the rest: nobody is there any more who waits for it.
func (a *Accounts) Close() {
	closeAll(a.checks, a.keeps, a.erases, a.reads, a.sanctions)
}

// Banned returns the ban because of which nobody may come in from there, false if one may.
func (a *Accounts) Banned(from remote.Remote) (ban.Entry, bool) {
	return from.Ban(a.registry.Bans(), false, a.wallClock())
}

// wallClock is the time in seconds since 1970.
func (a *Accounts) wallClock() int64 { return a.wallAt(a.cfg.Clock()) / 1000 }

// wallAt is the time in milliseconds since 1970 that was so long after the server began.
func (a *Accounts) wallAt(now time.Duration) int64 { return a.cfg.Began.Add(now).UnixMilli() }

// until is when something ends that lasts so many seconds, 0 for ever.
func (a *Accounts) until(seconds int64) int64 {
	if seconds == 0 {
		return 0
	}
	return a.wallClock() + seconds
}
