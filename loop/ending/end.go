package ending

// State is how far the end of a connection has come.
type State uint8

// The states that there are.
const (
	Unopened   State = iota // on its way to its loop
	Open                    // what the client sends counts, and it is told what is said
	HalfClosed              // the client's sending side is closed; what came before that is still being handled
	Finishing               // nothing more that the client sends counts; what it is owed is being sent
	Lingering               // our sending side is closed, too; the client's end is waited for
	Closed                  // the descriptor is closed
)

// Effects are what is to be done, in this order, for a connection at a step of its end.
type Effects uint8

// The effects that there are. Each comes at most once for a connection.
const (
	// Log the reason: End.Why knows it from now on.
	Log Effects = 1 << iota
	// Close the descriptor, and forget what waits to be sent.
	Close
	// TellRoom that the client is gone. Forgotten follows.
	TellRoom
	// Finish what is said: what waits is sent, and Sent follows.
	Finish
	// CloseFrame is to be sent: WebSocket's. Sent follows.
	CloseFrame
	// CloseNotify is to be sent: TLS's. Sent follows.
	CloseNotify
	// Shutdown our sending side. LingerOver follows in time, if InputEnds or Cut doesn't come before.
	Shutdown
	// Release the slot: nothing knows the client any more.
	Release
)

// End is the end of one connection. It is made to be embedded by value: there are very many. Make it with New.
type End struct {
	state State
	why   Reason
	is    flags
}

type flags uint8

const (
	over     flags = 1 << iota // the client's sending side is closed
	told                       // the room has been told that the client is gone, or knows it by itself
	gone                       // the room has forgotten it, or has never known it
	finished                   // Finish has been said
	frames                     // a CloseFrame is still to be sent
	sealed                     // a CloseNotify is still to be sent
	released                   // Release has been said
)

// Kind is what the end of a connection depends on.
type Kind struct {
	Frames bool // it talks by WebSocket
	Sealed bool // it talks TLS
	Apart  bool // its client is in no room
}

// New returns the end of a connection that is Unopened.
func New(k Kind) (e End) {
	e.put(frames, k.Frames)
	e.put(sealed, k.Sealed)
	e.put(told|gone, k.Apart)
	return e
}

func (e *End) has(f flags) bool { return e.is&f != 0 }

func (e *End) put(f flags, on bool) {
	if e.is &^= f; on {
		e.is |= f
	}
}

// State is how far the end has come.
func (e *End) State() State { return e.state }

// Why is the reason of the end, None as long as none is known.
func (e *End) Why() Reason { return e.why }

// Heeds says whether what the client sends counts.
func (e *End) Heeds() bool { return e.state == Open || e.state == HalfClosed }

// InputOver says whether the client's sending side is closed.
func (e *End) InputOver() bool { return e.has(over) }

// Opened is when the connection is in its loop.
func (e *End) Opened() {
	if e.state == Unopened {
		e.state = Open
	}
}

// InputEnds is when the client's sending side is closed, or its connection altogether: nobody can tell the one from the other before something is written.
func (e *End) InputEnds() Effects {
	switch e.state {
	case Open:
		e.state = HalfClosed
		e.is |= over
	case Finishing:
		e.is |= over
	case Lingering:
		return e.close()
	}
	return 0
}

// InputResumes is when the connection is read once more from where its end, if it was seen, will be seen again.
func (e *End) InputResumes() {
	if e.state == HalfClosed {
		e.state = Open
	}
	e.is &^= over
}

// Handled is when all has been handled that a client has sent whose sending side is closed.
func (e *End) Handled() Effects {
	if e.state != HalfClosed {
		return 0
	}
	e.state = Finishing
	return e.tell()
}

// Leave is when the client is to be disconnected, behind all that it is owed.
func (e *End) Leave(why Reason) Effects {
	switch e.state {
	case Open, HalfClosed, Finishing:
		e.state = Finishing
		return e.log(why) | e.tell()
	}
	return 0
}

// Expelled is Leave where it is the room that disconnects the client: Forgotten follows by itself.
func (e *End) Expelled(why Reason) Effects {
	switch e.state {
	case Open, HalfClosed, Finishing:
		e.is |= told
	}
	return e.Leave(why)
}

// Forgotten is when the room has forgotten the client.
func (e *End) Forgotten() Effects {
	e.is |= told | gone
	if e.state == Closed {
		return e.release()
	}
	return e.Last()
}

// Last is when nothing more is to be said to the client.
func (e *End) Last() Effects {
	switch e.state {
	case Open, HalfClosed, Finishing:
		e.state = Finishing
		return e.once(finished, Finish)
	}
	return 0
}

// Sent is when all that the client was owed has been sent. reads says that the loop still reads from the connection, draining that the server ends.
func (e *End) Sent(reads, draining bool) Effects {
	switch {
	case e.state != Finishing || !e.has(finished):
		return 0
	case e.has(frames):
		e.is &^= frames
		return CloseFrame
	}
	known := e.log(e.farewell(draining))
	switch {
	case e.has(sealed):
		e.is &^= sealed
		return known | CloseNotify
	case e.has(over) || !reads:
		return known | e.close()
	}
	e.state = Lingering
	return known | Shutdown
}

// farewell is the reason of an end that nothing went wrong with.
func (e *End) farewell(draining bool) Reason {
	switch {
	case e.has(over):
		return ClosedByClient
	case draining:
		return ShuttingDown
	}
	return Left
}

// Cut is when the connection has broken, or has to end at once. Its reason is None where the server itself stops.
func (e *End) Cut(why Reason) Effects {
	switch e.state {
	case Closed:
		return 0
	case Unopened:
		e.is |= told | gone // the room has not heard of it
	}
	return e.log(why) | e.close()
}

// LingerOver is when the client's end has been waited for long enough.
func (e *End) LingerOver() Effects {
	if e.state != Lingering {
		return 0
	}
	return e.close()
}

func (e *End) log(why Reason) Effects {
	if e.why != None || why == None {
		return 0
	}
	e.why = why
	return Log
}

// tell has the room told; where it has nothing to do with the client, nothing more will be said.
func (e *End) tell() Effects {
	if e.has(gone) {
		return e.once(finished, Finish)
	}
	return e.once(told, TellRoom)
}

func (e *End) close() Effects {
	e.state = Closed
	if e.has(gone) {
		return Close | e.release()
	}
	return Close | e.once(told, TellRoom)
}

func (e *End) release() Effects { return e.once(released, Release) }

func (e *End) once(f flags, effect Effects) Effects {
	if e.has(f) {
		return 0
	}
	e.is |= f
	return effect
}
