//go:build linux

package loop

import (
	"cmp"
	"time"

	"looproom/loop/delivery"
	"looproom/loop/door"
	"looproom/loop/quota"
	"looproom/loop/rate"
	"looproom/loop/session"
	"looproom/loop/transfer"
	"looproom/loop/unit"
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
func DefaultLimits() (l Limits) {
	for _, row := range limitBounds {
		row.set(&l, row.Default)
	}
	return l
}

// limitBound is what one of the Limits may be. 0 means no limit where it can be 0 and nothing else is said.
type limitBound struct {
	unit.Bound
	field func(*Limits) any // a pointer to it
}

// limitBounds has all of them, in the order in which they are looked at.
var limitBounds = []limitBound{
	{unit.Bound{Name: "max-clients", Most: unit.Any}, func(l *Limits) any { return &l.MaxClients }},
	{unit.Bound{Name: "max-per-address", Default: 1000, Most: unit.Any}, func(l *Limits) any { return &l.MaxPerAddress }},
	{unit.Bound{Name: "connect-rate", Kind: unit.PerSecond, Default: 100, Most: maxRate}, func(l *Limits) any { return &l.ConnectRate }},
	{unit.Bound{Name: "connect-burst", Default: 1000, Most: unit.Any}, func(l *Limits) any { return &l.ConnectBurst }},
	{unit.Bound{Name: "pending-per-address", Default: 100, Most: unit.Any}, func(l *Limits) any { return &l.PendingPerAddress }},
	{unit.Bound{Name: "requests-per-second", Kind: unit.PerSecond, Default: 20, Most: maxRate}, func(l *Limits) any { return &l.RequestsPerSecond }},
	{unit.Bound{Name: "requests-burst", Default: 200, Most: unit.Any}, func(l *Limits) any { return &l.RequestsBurst }},
	{unit.Bound{Name: "recvq", Kind: unit.Bytes, Default: 64 << 10, Least: minQueue, Most: maxQueue}, func(l *Limits) any { return &l.RecvQ }},
	{unit.Bound{Name: "lines-per-second", Kind: unit.PerSecond, Default: 10, Most: maxRate}, func(l *Limits) any { return &l.LinesPerSecond }},
	{unit.Bound{Name: "lines-burst", Default: 50, Most: unit.Any}, func(l *Limits) any { return &l.LinesBurst }},
	{unit.Bound{Name: "sendq", Kind: unit.Bytes, Default: 1 << 20, Least: minQueue, Most: maxQueue}, func(l *Limits) any { return &l.SendQ }},
	{unit.Bound{Name: "sendq-grace", Kind: unit.Time, Default: seconds(5), Most: unit.Any}, func(l *Limits) any { return &l.SendQGrace }},
	{unit.Bound{Name: "merge-wait", Kind: unit.Time, Default: seconds(0.005), Most: unit.Any}, func(l *Limits) any { return &l.MergeWait }},
	{unit.Bound{Name: "max-memory", Kind: unit.Bytes, Least: MinMemory, Most: unit.Any, OrZero: true}, func(l *Limits) any { return &l.MaxMemory }},
	{unit.Bound{Name: "files-per-address", Default: 1000, Most: unit.Any}, func(l *Limits) any { return &l.FilesPerAddress }},
	{unit.Bound{Name: "file-bytes-per-address", Kind: unit.Bytes, Default: 1 << 30, Most: unit.Any}, func(l *Limits) any { return &l.FileBytesPerAddress }},
	{unit.Bound{Name: "files-per-account", Default: 1000, Most: unit.Any}, func(l *Limits) any { return &l.FilesPerAccount }},
	{unit.Bound{Name: "file-bytes-per-account", Kind: unit.Bytes, Default: 1 << 30, Most: unit.Any}, func(l *Limits) any { return &l.FileBytesPerAccount }},
	{unit.Bound{Name: "files-max", Default: 1_000_000, Most: unit.Any}, func(l *Limits) any { return &l.FilesMax }},
	{unit.Bound{Name: "files-bytes", Kind: unit.Bytes, Default: 10 << 30, Most: unit.Any}, func(l *Limits) any { return &l.FilesBytes }},
	{unit.Bound{Name: "sign-in-timeout", Kind: unit.Time, Most: unit.Any}, func(l *Limits) any { return &l.SignInTimeout }},
	{unit.Bound{Name: "ping-every", Kind: unit.WholeSeconds, Default: seconds(60), Most: maxPing}, func(l *Limits) any { return &l.PingEvery }},
	{unit.Bound{Name: "ping-timeout", Kind: unit.WholeSeconds, Default: seconds(60), Least: seconds(1), Most: maxPing}, func(l *Limits) any { return &l.PingTimeout }},
}

const (
	// maxRate is the most that a rate can be; more is no limit.
	maxRate = 1e9
	// minQueue and maxQueue are the bounds of what may wait of a client, and for it, in bytes. Each client may hold as much, and hardFactor times SendQ at the worst.
	minQueue = 1 << 10
	maxQueue = 64 << 20
	// MinMemory is the least that MaxMemory can be, in bytes: less has no room for the program itself.
	MinMemory = 32 << 20
	// maxPing is the longest time of keep-alive that Linux takes.
	maxPing = float64(32767 * time.Second)
)

func seconds(n float64) float64 { return n * float64(time.Second) }

// LimitBounds are what each of the Limits may be, by the names of their flags. The slice is the caller's.
func LimitBounds() []unit.Bound {
	bounds := make([]unit.Bound, len(limitBounds))
	for i, row := range limitBounds {
		bounds[i] = row.Bound
	}
	return bounds
}

// Check returns nil if each of the limits is within its bound, and else an error that begins with the name of its flag.
func (l Limits) Check() error {
	for _, row := range limitBounds {
		if err := row.check(&l); err != nil {
			return err
		}
	}
	return nil
}

func (b *limitBound) check(l *Limits) error {
	switch field := b.field(l).(type) {
	case *int:
		return unit.Check(b.Bound, *field)
	case *int64:
		return unit.Check(b.Bound, *field)
	case *float64:
		return unit.Check(b.Bound, *field)
	case *time.Duration:
		return unit.Check(b.Bound, *field)
	}
	panic("a limit of another type")
}

func (b *limitBound) set(l *Limits, n float64) {
	switch field := b.field(l).(type) {
	case *int:
		*field = int(n)
	case *int64:
		*field = int64(n)
	case *float64:
		*field = n
	case *time.Duration:
		*field = time.Duration(n)
	}
}

// limits are Limits with what follows from them. They are never changed, but replaced.
type limits struct {
	Limits
	lines     rate.Rate
	hardSendQ int // more than this waits for nobody
}

// hardFactor is how many times SendQ may wait for a client that takes bytes all the time, but too few.
const hardFactor = 16

// whole has what 0 stands for in its place, where it doesn't mean no limit.
func (l Limits) whole() Limits {
	usual := DefaultLimits()
	l.RecvQ, l.SendQ = cmp.Or(l.RecvQ, usual.RecvQ), cmp.Or(l.SendQ, usual.SendQ)
	if l.PingEvery == 0 {
		l.PingTimeout = cmp.Or(l.PingTimeout, usual.PingTimeout)
	}
	return l
}

// in are the limits in a server that has room for most clients and for lines of that length.
func (l Limits) in(most, maxLine int) *limits {
	l = l.whole()
	if l.MaxClients == 0 || l.MaxClients > most {
		l.MaxClients = most
	}
	l.RecvQ = max(l.RecvQ, maxLine)
	return &limits{
		Limits:    l,
		lines:     rate.New(l.LinesPerSecond, l.LinesBurst),
		hardSendQ: hardFactor * l.SendQ,
	}
}

// SetLimits changes the limits while the server runs. They hold at once, also for who is here, and nobody is dropped for it: too many
// clients stay, and who is a guest has all of a new SignInTimeout from now on. It is safe for any goroutine. The error says which
// number can't be, by the name of its flag, and then nothing has changed; or that a door's keep-alive could not be set.
func (s *Server) SetLimits(l Limits) error {
	if err := l.whole().Check(); err != nil {
		return err
	}
	s.setting.Lock()
	defer s.setting.Unlock()
	s.useLimits(l)
	for _, loop := range s.loops {
		loop.reactor.Post(loop.limitsChanged)
	}
	return s.doors.SetLimits(s.limits.Load().door())
}

// useLimits has all that look at the limits see these.
func (s *Server) useLimits(l Limits) {
	full := l.in(s.mostClients, s.cfg.MaxLine)
	if l.MaxClients > full.MaxClients {
		s.log.Warn().Int("asked_for", l.MaxClients).Int("max_clients", full.MaxClients).
			Msg("max-clients: the descriptor limit allows fewer; raise it with ulimit -n")
	}
	s.limits.Store(full)
	s.setMostMemory(full.MaxMemory)
	if s.files != nil {
		s.files.SetMost(full.FilesMax, full.FilesBytes)
	}
}

// door is what they say of who may come in.
func (l *limits) door() door.Limits {
	return door.Limits{
		Most: l.MaxClients, PerAddress: l.MaxPerAddress, Pending: l.PendingPerAddress,
		Connects: rate.NewRates(l.ConnectRate, l.ConnectBurst), Requests: rate.NewRates(l.RequestsPerSecond, l.RequestsBurst),
		PingEvery: l.PingEvery, PingTimeout: l.PingTimeout,
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
	l.answers.LimitsChanged(clients{l}.all)
	l.eachPeer(func(p *peer) {
		l.inputs.resume(p, session.ForRate)
	}, func() {})
}
