//go:build linux

package loop

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"looproom/loop/delivery"
	"looproom/loop/quota"
	"looproom/loop/rate"
	"looproom/loop/transfer"
)

// Limits are what clients and addresses may take of the server. They can be changed while it runs, by SetLimits. For each number 0
// means no limit, unless it says otherwise.
type Limits struct {
	// MaxClients is how many connections are held at once. 0: what the descriptor limit allows, less a reserve; more than that is
	// taken as that.
	MaxClients int
	// MaxPerAddress is how many of them may come from one IPv4 address, or from one /64 of IPv6: what one customer of a provider has.
	// A /56 may have four times as many, and a /48 sixteen times.
	MaxPerAddress int
	// ConnectRate is how many connections one such address may open a second in the long run, ConnectBurst how many at once (0: 1).
	// For networks of IPv6 they are as many times higher.
	ConnectRate  float64
	ConnectBurst int
	// PendingPerAddress is how many connections of one such address may be on their way at once: in the header of a proxy or the handshake
	// of TLS, or on an http door without WebSocket. Whatever it is, an address has at most a sixteenth of those that there may be, or 32.
	PendingPerAddress int
	// RequestsPerSecond is how many requests of HTTP of one such address are answered a second in the long run, RequestsBurst how many at once
	// (0: 1). The first one of a connection doesn't count.
	RequestsPerSecond float64
	RequestsBurst     int
	// RecvQ is how many bytes of one client may wait to be handled, because its lines are delayed. Who sends more is disconnected.
	// 0: as in DefaultLimits. At least the longest line fits, whatever it is.
	RecvQ int
	// LinesPerSecond is how many lines (blocks, messages) of one client are handled a second in the long run, LinesBurst how many at
	// once (0: 1). What comes faster waits. Echo doors have no such limit.
	LinesPerSecond float64
	LinesBurst     int
	// SendQ is how many bytes may wait for one client that has taken none for SendQGrace. 0: as in DefaultLimits. A client
	// for which sixteen times as many wait is too slow whatever its socket does.
	SendQ      int
	SendQGrace time.Duration
	// MergeWait is the longest that a large room's next round of writes waits for more messages: it saves CPU, for each write costs the same whatever is in it, at
	// the price of latency. A room in which it is quiet never waits. 0: nothing does.
	MergeWait time.Duration
	// FilesPerAddress and FileBytesPerAddress are how many files, and bytes of files, such an address may send at once; they come back
	// evenly within a day. FilesPerAccount and FileBytesPerAccount hold besides for who has a registered name. They are counted since
	// the start of the server.
	FilesPerAddress, FilesPerAccount         int
	FileBytesPerAddress, FileBytesPerAccount int64
	// FilesMax is how many files the server keeps, FilesBytes how many bytes of files in all. What is there stays.
	FilesMax   int
	FilesBytes int64
	// MaxMemory is how many bytes of memory the process may take, what the kernel holds for its clients included. Near it, the clients
	// for whom most waits are dropped; what costs much is refused, and at last newcomers.
	MaxMemory int64
	// SignInTimeout is how long a client may stay a guest.
	SignInTimeout time.Duration
	// PingEvery is after how much silence TCP's keep-alive looks whether a client is still there, and PingTimeout how long it may
	// go without an answer; as long as both together may what is sent to it stay without one. Both are whole seconds, at least 1 s.
	// PingEvery 0 turns both off. They hold for the clients that come after they are set.
	PingEvery   time.Duration
	PingTimeout time.Duration
}

// DefaultLimits are those of a server that nobody has configured: people never feel them, floods do.
func DefaultLimits() Limits {
	return Limits{
		MaxPerAddress:     1000,
		ConnectRate:       100,
		ConnectBurst:      1000,
		PendingPerAddress: 100,
		RequestsPerSecond: 20,
		RequestsBurst:     200,
		RecvQ:             64 << 10,
		LinesPerSecond:    10,
		LinesBurst:        50,
		SendQ:             1 << 20,
		SendQGrace:        5 * time.Second,
		MergeWait:         5 * time.Millisecond,

		FilesPerAddress:     1000,
		FileBytesPerAddress: 1 << 30,
		FilesPerAccount:     1000,
		FileBytesPerAccount: 1 << 30,
		FilesMax:            1_000_000,
		FilesBytes:          10 << 30,

		PingEvery:   time.Minute,
		PingTimeout: time.Minute,
	}
}

// limits are Limits with what follows from them. They are never changed, but replaced.
type limits struct {
	Limits
	connects  rate.Rates
	requests  rate.Rates
	lines     rate.Rate
	hardSendQ int // more than this waits for nobody
}

// hardFactor is how many times SendQ may wait for a client that takes bytes all the time, but too few.
const hardFactor = 16

// maxSendQ keeps its multiples within an int of 32 bits.
const maxSendQ = 64 << 20

// validate says what can't be, by the names of the flags.
func (l *Limits) validate() error {
	return cmp.Or(
		notNegative("max-clients", l.MaxClients),
		notNegative("max-per-address", l.MaxPerAddress),
		validRate("connect-rate", l.ConnectRate),
		notNegative("connect-burst", l.ConnectBurst),
		notNegative("pending-per-address", l.PendingPerAddress),
		validRate("requests-per-second", l.RequestsPerSecond),
		notNegative("requests-burst", l.RequestsBurst),
		notNegative("recvq", l.RecvQ),
		validRate("lines-per-second", l.LinesPerSecond),
		notNegative("lines-burst", l.LinesBurst),
		notNegative("sendq", l.SendQ),
		atMost("sendq", l.SendQ, maxSendQ),
		notNegative("sendq-grace", l.SendQGrace),
		notNegative("merge-wait", l.MergeWait),
		notNegative("files-per-address", l.FilesPerAddress),
		notNegative("file-bytes-per-address", l.FileBytesPerAddress),
		notNegative("files-per-account", l.FilesPerAccount),
		notNegative("file-bytes-per-account", l.FileBytesPerAccount),
		notNegative("files-max", l.FilesMax),
		notNegative("files-bytes", l.FilesBytes),
		notNegative("max-memory", l.MaxMemory),
		notNegative("sign-in-timeout", l.SignInTimeout),
		l.validatePings(),
	)
}

func (l *Limits) validatePings() error {
	if l.PingEvery == 0 {
		return notNegative("ping-timeout", l.PingTimeout)
	}
	return cmp.Or(validPing("ping-every", l.PingEvery), validPing("ping-timeout", l.PingTimeout))
}

// maxPing is the longest time of keep-alive that the kernel takes.
const maxPing = 32767 * time.Second

func validPing(name string, d time.Duration) error {
	if d < time.Second || d > maxPing || d%time.Second != 0 {
		return fmt.Errorf("%s: %v is not a whole number of seconds from 1s to %v (ping-every 0 turns pings off)", name, d, maxPing)
	}
	return nil
}

func notNegative[T int | int64 | time.Duration | float64](name string, value T) error {
	if value < 0 {
		return fmt.Errorf("%s: %v is negative", name, value)
	}
	return nil
}

func atMost(name string, value, most int) error {
	if value > most {
		return fmt.Errorf("%s: %v is more than %v", name, value, most)
	}
	return nil
}

func validRate(name string, perSecond float64) error {
	if math.IsNaN(perSecond) || math.IsInf(perSecond, 0) {
		return fmt.Errorf("%s: %v is not a number", name, perSecond)
	}
	return notNegative(name, perSecond)
}

// withDefaults puts in what 0 stands for, where it doesn't mean no limit.
func (l Limits) withDefaults(most, maxLine int) *limits {
	usual := DefaultLimits()
	if l.MaxClients == 0 || l.MaxClients > most {
		l.MaxClients = most
	}
	l.RecvQ = max(cmp.Or(l.RecvQ, usual.RecvQ), maxLine)
	l.SendQ = cmp.Or(l.SendQ, usual.SendQ)
	return &limits{
		Limits:    l,
		connects:  rate.NewRates(l.ConnectRate, l.ConnectBurst),
		requests:  rate.NewRates(l.RequestsPerSecond, l.RequestsBurst),
		lines:     rate.New(l.LinesPerSecond, l.LinesBurst),
		hardSendQ: hardFactor * l.SendQ,
	}
}

// SetLimits changes the limits while the server runs. They hold at once, also for who is here, and nobody is dropped for it: too many
// clients stay, and who is a guest has all of a new SignInTimeout from now on. It is safe for any goroutine. The error says which
// number can't be, by the name of its flag, and then nothing has changed; or that a door's keep-alive could not be set.
func (s *Server) SetLimits(l Limits) error {
	if err := l.validate(); err != nil {
		return err
	}
	s.setting.Lock()
	defer s.setting.Unlock()
	s.useLimits(l)
	for _, loop := range s.loops {
		loop.post(loop.limitsChanged)
	}
	return s.doors.keepAlive(l.PingEvery, l.PingTimeout)
}

// useLimits has all that look at the limits see these.
func (s *Server) useLimits(l Limits) {
	full := l.withDefaults(s.mostClients, s.cfg.MaxLine)
	if l.MaxClients > full.MaxClients {
		s.log.Warn().Int("asked_for", l.MaxClients).Int("max_clients", full.MaxClients).
			Msg("max-clients: the descriptor limit allows fewer; raise it with ulimit -n")
	}
	s.limits.Store(full)
	s.slots.setMost(full.MaxClients)
	s.prefaces.setMost(full.MaxClients, full.PendingPerAddress)
	s.setMostMemory(full.MaxMemory)
	if s.files != nil {
		s.files.SetMost(full.FilesMax, full.FilesBytes)
	}
}

// delivery is what they say of who reads slowly.
func (l *limits) delivery() delivery.Limits {
	return delivery.Limits{SendQ: l.SendQ, HardSendQ: l.hardSendQ, Grace: l.SendQGrace, MergeWait: l.MergeWait}
}

// transfer is what they say of files.
func (l *limits) transfer() transfer.Limits {
	return transfer.Limits{
		Lines:      l.lines,
		PerAddress: quota.Limit{Things: int64(l.FilesPerAddress), Bytes: l.FileBytesPerAddress},
		PerAccount: quota.Limit{Things: int64(l.FilesPerAccount), Bytes: l.FileBytesPerAccount},
	}
}

// limitsChanged is when the limits are others than before.
func (l *eventLoop) limitsChanged() {
	l.writer.SetLimits(l.server.limits.Load().delivery())
	l.watchGuests()
	l.eachPeer(0, func(p *peer) {
		if p.delayed {
			l.goOn(p)
		}
	}, func() {})
}
