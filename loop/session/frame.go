package session

import (
	"time"

	"looproom/codec"
	"looproom/loop/opening"
)

// Kind is what a Frame is.
type Kind uint8

// The kinds of frames. Behind Done and Wait there is none for now, behind Stranger, Broken and Close none ever.
const (
	Empty    Kind = iota // there is nothing in it, but perhaps a Reply
	Done                 // there is no whole frame: more input is needed
	Wait                 // the session waits now, for the reason that Hold tells: ForTurn or ForRate
	Line                 // what the client says, in Bytes
	TooLong              // the client has begun a line that is too long; the rest of it is dropped
	Uncut                // Bytes of a session that is Raw
	Ping                 // Bytes are to be sent back
	Close                // the client closes, with Code
	Broken               // the client has broken the rules of WebSocket; Why says how
	Stranger             // the client speaks another protocol: Opening
)

// Frame is one step through a client's input.
type Frame struct {
	Kind    Kind
	Opening opening.Kind      // of a Stranger
	Code    uint16            // of a Close; 0: it had none
	Bytes   []byte            // of a Line, Uncut or Ping; borrowed until the next call of Reader
	Reply   []byte            // to telnet's negotiation, to be sent before all that follows from the frame; nil: there is nothing to be answered
	Why     *codec.CloseError // of Broken
	At      time.Duration     // of a Wait that is ForRate: when LineIsDue is to be called; 0: that is known already

	part bool // the line goes on behind it
	file bool // it is bytes of a file that are dropped
	free bool // what comes behind it pays for it
}
