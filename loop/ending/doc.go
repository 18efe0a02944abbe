// Package ending is how a connection ends: an End, of some bytes, says how far it has come, and what is to be done at each step of that.
//
// # States
//
// A connection is Unopened, Open, and Closed at last. In between it may be HalfClosed (its client's sending side is closed, and what came before that is still being
// handled), Finishing (nothing that the client sends counts any more, and what it is owed is being sent), and Lingering (all that is sent, our sending side is closed, and the
// client's end is waited for, so that what it has sent meanwhile doesn't turn the close into a reset).
//
// # Events and effects
//
// What happens to a connection is an event, a method of End. Its effects are what is to be done for it. Each effect comes once in the life of a connection at most.
//
//	event          Unopened  Open                    HalfClosed           Finishing              Lingering  Closed
//	Opened         Open      -                       -                    -                      -          -
//	InputEnds      -         HalfClosed              -                    (over)                 CLOSE      -
//	InputResumes   -         -                       Open                 (not over)             -          -
//	Handled        -         -                       Finishing: T         -                      -          -
//	Leave          -         Finishing: L T          Finishing: L T       L T                    -          -
//	Expelled       -         Finishing: L            Finishing: L         L                      -          -
//	Forgotten      -         Finishing: F            Finishing: F         F                      (gone)     R
//	Last           -         Finishing: F            Finishing: F         F                      -          -
//	Sent           -         -                       -                    C, then L N, then      -          -
//	                                                                      Lingering: S, or CLOSE
//	Cut            CLOSE     L CLOSE                 L CLOSE              L CLOSE                CLOSE      -
//	LingerOver     -         -                       -                    -                      CLOSE      -
//
// L is Log, T TellRoom, F Finish, C CloseFrame, N CloseNotify, S Shutdown and R Release. CLOSE stands for the state Closed with the effect Close, with TellRoom if the room does not know yet that
// the client is gone, and with Release if it has forgotten it. L comes only where no reason was known before, T only where the room doesn't know yet, F only
// the first time, C and N only where the connection has WebSocket and TLS, each the first time that all has been sent. Who is in no room (echo doors) is
// forgotten from the beginning: it gets F where others get T. Sent counts only behind F, and leads to Lingering where the client's sending side is open and
// the loop reads from it, else to Closed.
//
// # What it does not know
//
// It knows no socket, no loop, no room and no client, and does nothing: its caller carries the effects out, at the end of its step, so that nothing that follows
// from an end comes in the middle of what has led to it.
//
// # Goroutines
//
// An End belongs to one goroutine, that of its event loop.
package ending
