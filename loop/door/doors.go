//go:build linux

package door

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/budget"
	"looproom/loop/meter"
	"looproom/loop/rate"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/web/hosts"
	"looproom/loop/web/nodes"
)

// Host is whom doors let people in for. Its methods are called on goroutines of the doors, several at once, and never under a lock of theirs.
type Host interface {
	// Now is the time on a clock that never goes back.
	Now() time.Duration
	// Banned returns why nobody may come in from there; false: one may.
	Banned(from remote.Remote) (why room.Refusal, banned bool)
	// Enrol gives the connection to its loop, which is LoopOf its ID, and returns when the loop has it. From then on it is the host's, who calls Door.Leave at its end. With an error the host has
	// closed it, and has nothing of it. What is Early, and TLS, are the host's in any case; a itself is borrowed.
	Enrol(a *Arrival) error
	// Attend has knocks called when somebody has come to a listener: sooner than Go's poller tells it, while the host's loops sleep. It is called with false when it will not be again. It takes no time. leave comes
	// before the listener is closed, and can come again. With an error the door does without.
	Attend(listener syscall.RawConn, knocks func(again bool)) (leave func(), err error)
	// Pages is what a door for browsers shows: pages, and whatever the host has besides.
	Pages(pages http.Handler) http.Handler
	// Panicked is told of a panic that has been caught, on the goroutine where it was. It has cost one connection.
	Panicked(value any)
}

// Config is what Doors are made with.
type Config struct {
	// Loops is how many event loops there are.
	Loops int
	// Parting is how many clients that were refused may linger at once, each with a descriptor.
	Parting int
	// Handshake is how long a client may take for its handshake of TLS. 0: ten seconds.
	Handshake time.Duration
	// Say appends a refusal as clients read it: code and words.
	Say func(dst []byte, why *room.Refusal) []byte
	// Head says how many bytes of a line begin each block, if it fills several.
	Head func(line []byte) int
	// Hosts are the names by which doors for browsers may be asked for, besides those of the doors.
	Hosts *hosts.Names
	// PasswordMin is how many characters a new password has at least just now, for pages. Safe for any goroutine.
	PasswordMin func() int
	// Nodes is what pages are told of the nodes of a cluster. nil: the server is alone. Safe for any goroutine.
	Nodes func() *nodes.View
	// Budget is the memory that connections and prefaces are counted by.
	Budget *budget.Budget
	// Refused counts refusals by their codes.
	Refused *meter.Reasons
	// Loud says whether one more refusal may be logged by itself.
	Loud *rate.Cap
	Log  zerolog.Logger
}

// Limits are who may come in. They can be changed at any time, and hold for who comes then.
type Limits struct {
	// Most is how many connections there may be, PerAddress how many of one address (0: any number), and as many times more of its networks.
	Most, PerAddress int
	// Pending is how many connections of an address may be in their prefaces (0: any number).
	Pending int
	// Connects is how fast an address may connect, Requests how fast it may ask by HTTP.
	Connects, Requests rate.Rates
	// PingEvery and PingTimeout are those of TCP's keep-alive, in whole seconds. PingEvery 0: none.
	PingEvery, PingTimeout time.Duration
}

// Doors are all doors of a server. New makes them.
type Doors struct {
	cfg       Config
	host      Host
	limits    atomic.Pointer[Limits]
	slots     *slots
	admission *rate.Limiter // connections
	requests  *rate.Limiter // to be answered by doors for browsers
	prefaces  *prefaces
	leaving   chan struct{} // one entry for each client that was refused and lingers
	shaking   *rate.Cap     // handshakes that are made only to refuse somebody
	turns     chan struct{} // of the TLS handshakes that compute
	failed    atomic.Uint64 // accepts

	setting sync.Mutex              // held while a door opens, and while keep-alive changes
	mu      sync.Mutex              // held while one is added, and when none is any more
	open    atomic.Pointer[[]*Door] // by number; never changed, but replaced
	voices  [maxVoices]voice        // an entry is written before the first client of its door comes
	used    int                     // how many of voices
	shut    bool

	closing time.Duration // closePatience, but in tests
}

// New returns doors of which none is open. The host is asked for nothing before the first one is.
func New(cfg Config, host Host, l Limits) *Doors {
	ds := &Doors{
		cfg: cfg, host: host, slots: newSlots(cfg.Loops), admission: rate.NewLimiter(), requests: rate.NewLimiter(), prefaces: newPrefaces(cfg.Budget),
		leaving: make(chan struct{}, cfg.Parting), shaking: rate.NewCap(refusedHandshakes), turns: newTurns(cfg.Loops),
		closing: closePatience,
	}
	ds.open.Store(&[]*Door{})
	ds.useLimits(l)
	return ds
}

// SetLimits changes the limits; who is here stays. The error is of doors whose keep-alive could not be set: the rest holds.
func (ds *Doors) SetLimits(l Limits) error {
	ds.setting.Lock()
	defer ds.setting.Unlock()
	ds.useLimits(l)
	return ds.keepAlive(l.PingEvery, l.PingTimeout)
}

func (ds *Doors) useLimits(l Limits) {
	ds.limits.Store(&l)
	ds.slots.setMost(l.Most)
	ds.prefaces.setMost(l.Most, l.Pending)
}

// SetNode has the connections from now on be of that node, see room.ClientID, and not of node 0. Safe for any goroutine.
func (ds *Doors) SetNode(node uint8) { ds.slots.setNode(node) }

// Node is that of SetNode. Safe for any goroutine.
func (ds *Doors) Node() uint8 { return uint8(ds.slots.node.Load()) }

// All are the doors that have been opened. The slice must not be changed.
func (ds *Doors) All() []*Door { return *ds.open.Load() }

// Numbered is the door with that number, which must have been opened. Safe for any goroutine.
func (ds *Doors) Numbered(number uint16) *Door { return ds.All()[number] }

// Count is the number of connections that are in or on their way.
func (ds *Doors) Count() int { return ds.slots.count() }

// Swing is the number of connections, and the most that there have been since it was last asked.
func (ds *Doors) Swing() (count, peak int) { return ds.slots.swing() }

// Prefaces is the number of connections that are in their prefaces.
func (ds *Doors) Prefaces() int { return ds.prefaces.count() }

// AcceptErrors is how many accepts have failed, as by lack of descriptors.
func (ds *Doors) AcceptErrors() uint64 { return ds.failed.Load() }

// Reload reads the certificates of all doors with TLS again, for the clients to come; those who are here stay. A door whose files are
// broken goes on with what it has; the error names them.
func (ds *Doors) Reload() error {
	var errs []error
	for _, d := range ds.All() {
		if err := d.useCertificate(); err != nil {
			errs = append(errs, fmt.Errorf("door %s goes on with the certificate that it has: %w", d.Shown(), err))
		}
	}
	return errors.Join(errs...)
}

// closePatience bounds how long a door that closes goes on letting in whom the kernel has connected already: closed before that, it
// would reset their connections.
const closePatience = 500 * time.Millisecond

// Close closes all doors, lets nobody in any more, cuts what is in its preface, and waits until nobody comes in any more. An acceptor waits for its loop, and a loop may look at the
// doors meanwhile; so they are not locked.
func (ds *Doors) Close() {
	open, until := ds.shutAll(), time.Now().Add(ds.closing)
	for _, d := range open {
		d.closing.Store(&until)
		d.knocks.leave()
		d.letIn()
	}
	for _, d := range open {
		d.accepted.Wait()
	}
	ds.prefaces.cut()
	for _, d := range open {
		if d.web != nil {
			_ = d.web.Close() // never fails
		}
	}
}

// shutAll has no door added any more, and returns those that there are.
func (ds *Doors) shutAll() []*Door {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	ds.shut = true
	return ds.All()
}

// WaitEmpty waits until there are no connections or the deadline has come, and returns how many are left.
func (ds *Doors) WaitEmpty(deadline time.Time) int { return ds.slots.waitEmpty(deadline) }

func (ds *Doors) add(d *Door) error {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if ds.shut {
		return errors.New("the server is shutting down")
	}
	open := ds.All()
	if len(open) > math.MaxUint16 {
		return fmt.Errorf("there are at most %d doors", math.MaxUint16+1)
	}
	if err := ds.numberVoices(d); err != nil {
		return err
	}
	d.number = uint16(len(open))
	open = append(slices.Clone(open), d)
	ds.open.Store(&open)
	return nil
}
