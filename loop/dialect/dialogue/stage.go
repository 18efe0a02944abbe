package dialogue

import (
	"errors"
	"net/netip"
	"time"
)

// ErrNothing says that no line came within the patience that Next was given.
var ErrNothing = errors.New("nothing came")

// Stage is a server with clients, each known by a name. Only one goroutine at a time may use it.
type Stage interface {
	// Connect brings a new client from that address. A name that was cut may come again. The error is ErrNoVoice where nobody is spoken to so.
	Connect(client string, voice Voice, from netip.AddrPort) error

	// Send sends bytes, line ends included, from the client.
	Send(client, text string) error

	// Next takes the next line that the client gets, without its end, be that LF or, for IRC, CR and LF. It waits for as long as patience for one, then returns ErrNothing.
	// After the last line of a connection that the server has closed it returns io.EOF.
	Next(client string, patience time.Duration) (line string, err error)

	// Cut ends the client's connection at once; what it has sent of a line is lost, and what it was sent, too.
	Cut(client string) error

	// CloseWrite ends what the client sends. It can still get lines.
	CloseWrite(client string) error

	// Pass lets time pass, where the stage has a clock of its own.
	Pass(d time.Duration)

	// Secure says whether clients come by TLS. It doesn't change.
	Secure() bool

	// Close ends all connections. The stage can't be used again.
	Close()
}
