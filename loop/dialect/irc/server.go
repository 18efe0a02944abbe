package irc

import (
	"time"

	"looproom/loop/room"
)

// Server is what all clients of a server are told of it. Nothing in it is changed; a reload makes another.
type Server struct {
	Name    string // with a dot: it is the source of all that the server says
	Network string // for people, "": none
	Version string
	Began   time.Time
	MOTD    []string // its lines, without their ends
	// Rooms is how many rooms a user may be in. 0: any number.
	Rooms int
	// History says that what was said is kept, and can be asked for.
	History bool
	// STS sends clients in the clear to another port. The zero value sends nobody anywhere.
	STS STS
	// Accounts says that names can be registered here, and logged in to.
	Accounts bool
	// Words says why something is not done, to people.
	Words func(why *room.Refusal) string
}

// STS is what IRCv3 calls strict transport security: who comes in the clear and understands it comes again by TLS.
type STS struct {
	Port int // of a door with TLS, 0: clients stay where they are
	// For is how long a client that has come by TLS is to come in no other way. 0: it may, and forgets what it has been told before.
	For time.Duration
}

const (
	// maxUser and maxReal are how long a user name and a real name may be, in characters; what is longer is cut.
	maxUser = 18
	maxReal = 128
	// maxModes is how many changes of modes with a parameter one MODE may make.
	maxModes = 20
	// maxTargets is whom one PRIVMSG, NOTICE, TAGMSG or KICK may be for.
	maxTargets = 4
	// maxMonitor is how many names one client may have watched.
	maxMonitor = 100
	// maxHistory is how many messages one CHATHISTORY gives.
	maxHistory = 100
)
