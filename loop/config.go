//go:build linux

package loop

import (
	"fmt"
	"runtime"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"looproom/codec"
	"looproom/loop/accounts"
	"looproom/loop/dialect/line"
	"looproom/loop/door"
	"looproom/loop/files"
	"looproom/loop/reactor"
	"looproom/loop/registry"
	"looproom/loop/room"
	"looproom/loop/store"
)

// Config is what a Server is started with. The zero value is usable.
type Config struct {
	// Loops is the number of event loops. 0: half of the cores, at least one.
	Loops int
	// Limits are what clients and addresses may take. The zero value has none but for descriptors and what waits for a client;
	// DefaultLimits are those of a public server.
	Limits Limits
	// MaxLine is the longest line in bytes, its end included. 0: codec.MaxLine.
	MaxLine int
	// Room is the rules of the chat.
	Room room.Config
	// ShowAddresses says what others are shown of a guest's address.
	ShowAddresses accounts.Addresses
	// CloakKey makes the cloaks: who has it can find out the address behind one. accounts.CloakKeySize bytes, kept and not copied. Empty: a
	// random one, so that cloaks change at each start.
	CloakKey []byte
	// Files keeps what clients upload. nil: files are off. The server doesn't close it.
	Files *files.Store
	// Access is the passwords that there are.
	Access accounts.Access
	// Registry keeps bans and registered names. nil: bans are kept until the server ends, and no names. The server doesn't close it.
	Registry *registry.Registry
	// Store keeps what is said, and what its registry has. nil: nothing outlives the server. The server doesn't close it.
	Store *store.Store
	// OnDrain is called, on a goroutine of its own, when an operator of that name has asked for the server's end. nil: nobody can.
	OnDrain func(operator string)
	// OnBroken is called, on an event loop, when the room has panicked and that has been logged. It must end the process: a state that is half
	// changed is worse than a restart. nil: the panic does so.
	OnBroken func()
	// ServerName is the server's among servers of IRC, with a dot: see CheckServerName. "": the machine's, if it can be one, or looproom.local.
	ServerName string
	// Network is what clients of IRC call the whole, see CheckNetwork. "": looproom.
	Network string
	// MOTD are the lines of the message of the day: words without line ends, which SetMOTD changes.
	MOTD []string
	// Hosts are the names by which http doors may be asked for, besides IP addresses, localhost, the machine's own, the one in the
	// door's URL and those of its certificate. "*": any.
	Hosts []string
	// Cluster has the server be one of several. nil: it is alone.
	Cluster *Cluster
	// Status has the server show how it is at /status of its http doors, to anyone who reaches them.
	Status bool
	// Log gets a line for each listen, refusal and disconnect. The zero value says nothing.
	Log zerolog.Logger
	// LogDropped is how many lines of Log have been dropped because nobody took them. nil: none ever is. It is called from any goroutine.
	LogDropped func() uint64
}

// lingerFor is how long a connection that was closed on our side waits for the client to close its own: a socket closed
// with input unread is reset, and a reset destroys what the client has not read yet.
const lingerFor = time.Second

// A client of IRC that has said nothing for ircQuiet is asked whether it is there, and has as long to answer.
const ircQuiet = 2 * time.Minute

// A batch that a client of IRC has open is ended when it is found not to have grown for batchQuiet; that is looked at every ircQuiet at least.
const batchQuiet = 30 * time.Second

// readSize is how much a loop reads from one socket at once, in bytes: that takes some 10 µs, and with hundreds of clients who send as fast as they can it is what all
// others wait for. How much of it is handled at a time is another matter, see session.Turns.
const readSize = 64 << 10

// reserve is how many descriptors are kept for all that is no client: doors, files, a folder; loopReserve how many for each loop: what it has open itself,
// and the moment in which an upload is taken over, when a connection has three.
const (
	reserve     = 32
	loopReserve = reactor.Descriptors + 2
)

// Bounds of how many refused clients linger at once; a share of the descriptors. The others are closed at once.
const (
	partingShare = 64
	maxParting   = 256
)

// refusedLines is how many refusals a second are logged one by one.
const refusedLines = 10

// failedLooks is how many times a second it is logged that what was said could not be looked up.
const failedLooks = 1

// native is what chat doors speak.
var native line.Dialect

func (c *Config) withDefaults() error {
	if c.Loops < 0 || c.Loops > door.MaxLoops {
		return fmt.Errorf("loops: %d is not between 0 and %d", c.Loops, door.MaxLoops)
	}
	if c.Loops == 0 {
		c.Loops = max(1, runtime.NumCPU()/2)
	}
	if c.MaxLine == 0 {
		c.MaxLine = codec.MaxLine
	}
	if n := len(c.CloakKey); n != 0 && n != accounts.CloakKeySize {
		return fmt.Errorf("cloak key: it has %d bytes, want %d", n, accounts.CloakKeySize)
	}
	if err := c.nameServer(); err != nil {
		return err
	}
	return c.Limits.whole().Check()
}

// clientDescriptors is how many clients the descriptor limit has room for, with so many loops,
// and how many clients that were refused may linger.
func clientDescriptors(loops int) (clients, parting int, err error) {
	most, err := descriptorLimit()
	if err != nil {
		return 0, 0, err
	}
	parting = min(max(most/partingShare, 4), maxParting)
	clients = most - reserve - loopReserve*loops - parting
	if clients < 1 {
		return 0, 0, fmt.Errorf("max-clients: the limit of %d descriptors leaves no room for clients; raise it with ulimit -n", most)
	}
	return clients, parting, nil
}

// descriptorLimit is how many descriptors the process may have; the Go runtime has raised the soft limit to the hard one.
func descriptorLimit() (int, error) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 0, fmt.Errorf("read the descriptor limit: %w", err)
	}
	return int(min(limit.Cur, 1<<24)), nil
}
