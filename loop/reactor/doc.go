// Package reactor is event loops, and the only place below loop that knows gnet: a Loop is one goroutine on which connections open, are read and close, on which
// others have things done, and which looks after the time.
//
// # Steps
//
// Whatever a Loop does for its Handler is a step: a callback about a connection, an alarm, word of sockets that can take bytes, a task, a letter. A step is short, and
// at its end the Loop calls Handler.StepEnds. That is where cycles of calls are cut: what follows from a step elsewhere (a flush, the end of a connection, input that
// may go on) is noted in it and carried out there, or by a letter of its own; nobody calls back up in the middle. When several steps come at one
// blow, as the letters of a mailbox do, Handler.Rests is called once behind them all.
//
// # Rounds
//
// From one look at the descriptors to the next is a round. gnet runs a task at the end of the round in which it was asked for (Task.Soon), and tasks that tasks ask for
// before it looks again: work in pieces would keep all others waiting. So the next piece is asked for with AfterInput, which comes by a descriptor.
// Letters and Pieces do so by themselves after MaxPiece.
//
// # Ends
//
// gnet closes a connection when Close or End is called, its stream has ended or it has broken, and not in the middle of a callback about it. Who still has something to
// send, or lets somebody else read, duplicates the descriptor in Handler.Ended, and enrols it again, or never.
//
// # Descriptors that somebody else reads
//
// A Loop that sleeps in gnet's epoll keeps Go from running who waits in Go's own poller, where there is one processor: until its monitor thread takes that from the loop, which
// takes a fraction of a millisecond. So gnet's epoll can watch a descriptor for others as well, a listener above all: see Loop.Attend.
//
// # What it does not know
//
// It knows no room, no dialect, no framing, and writes nothing: what connections are part of (Client), whom an alarm is for and of which kind, what the numbers of
// clients mean, is the Handler's affair.
//
// # Goroutines
//
// Handler is called on the loop's goroutine, which gnet runs, and so is whatever is posted. Methods say it where they are safe for others. A Loop has one more goroutine, which waits for
// full sockets to drain, for gnet has no word of that. Panics in steps end at their step: Handler.Panicked gets them.
package reactor
