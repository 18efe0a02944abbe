package session

// Hold is why the input of a client waits.
type Hold uint8

// The reasons that there are.
const (
	Nothing   Hold = iota // it doesn't
	ForUpload             // its bytes are read elsewhere
	ForAnswer             // an answer takes time
	ForHome               // its last command has not been applied
	ForTurn               // others have their turns before
	ForReader             // it has not taken the answers to what it has said
	ForRate               // its next line comes too soon
)

// Pausable says whether it is for so little time, or for the client itself, that nothing more need be read of it.
func (h Hold) Pausable() bool { return h == ForHome || h == ForReader || h == ForTurn }

// Keeps says whether what comes meanwhile has to be kept, and so is counted. While a file is read elsewhere, nothing comes.
func (h Hold) Keeps() bool { return h == ForAnswer || h == ForRate || h.Pausable() }

// Hold is why the input of s waits.
func (s *Session) Hold() Hold { return s.hold }

// HoldFor has the input of s wait.
func (s *Session) HoldFor(why Hold) { s.hold = why }

// Release ends the wait, if it is for that reason, and says whether it was. Who has input to go on with calls Reader.Resume instead.
func (s *Session) Release(why Hold) (was bool) {
	if s.hold != why {
		return false
	}
	s.hold = Nothing
	return true
}
