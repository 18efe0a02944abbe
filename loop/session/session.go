package session

import (
	"time"

	"looproom/codec"
)

// Session is the input of one client. It is made to be embedded by value: there are very many, and most are quiet. Make it with New.
type Session struct {
	paid  time.Duration // until when its lines are paid for by the time that passes; see package rate
	few   *few          // nil: it has none of that
	lines codec.Lines   // cuts its stream, if few has no cutter
	hold  Hold
	is    flags
}

type flags uint8

const (
	spoke   flags = 1 << iota // its first line is over, or it has none
	raw                       // its bytes are no frames, and go back as they are
	ended                     // nothing that it sends counts any more
	numbers                   // its client numbers lines
	noFiles                   // no line of it announces an upload
)

// few is what few sessions have at a time.
type few struct {
	cutter  cutter // nil: it has lines
	tail    tail   // input that is no whole frame yet, or that waits
	first   []byte // the first line so far, if it comes in several frames; at most maxFirst and a frame
	skip    int64  // bytes of a file to drop
	lineAt  time.Duration
	weighed int                   // how much of tail's memory has been told
	telnet  *codec.TelnetRefusals // nil: it has negotiated nothing
	warned  bool                  // has been told that it sends too fast, in this episode
}

// Framing is how the stream of a client is cut.
type Framing uint8

// The framings that there are.
const (
	Lines         Framing = iota + 1 // end in LF or CRLF, with telnet's commands among them
	Blocks                           // of one size
	Bursts                           // end with a pause, or an LF
	Raw                              // bytes, not cut
	Messages                         // of WebSocket
	Plain                            // lines that end in LF or CRLF, of clients that don't speak telnet
	PlainMessages                    // of WebSocket, text and binary ones, all of which hold lines
)

// Form is a framing and its numbers.
type Form struct {
	Framing Framing
	MaxLine int           // the longest line in bytes, its end included: of all that have lines, and of Bursts
	Size    int           // of Blocks, in bytes
	Pause   time.Duration // behind Bursts
}

// New returns the session of a client that has sent nothing yet.
func New(f Form) Session {
	switch f.Framing {
	case Blocks:
		return Session{few: &few{cutter: &blocks{Fixed: codec.NewFixed(f.Size), size: f.Size}}}
	case Bursts:
		return Session{few: &few{cutter: &bursts{Chunk: codec.NewChunk(f.MaxLine), quiet: silence{pause: f.Pause}}}}
	case Messages:
		return Session{few: &few{cutter: &messages{stream: codec.NewWebSocket(f.MaxLine)}}, is: spoke}
	case PlainMessages:
		return Session{few: &few{cutter: &messages{stream: codec.NewWebSocketOfLines(f.MaxLine)}}, is: spoke | noFiles}
	case Raw:
		return Session{is: raw | spoke}
	case Plain:
		return Session{lines: codec.NewPlainLines(f.MaxLine), is: noFiles}
	}
	return Session{lines: codec.NewLines(f.MaxLine)}
}

func (s *Session) has(f flags) bool { return s.is&f != 0 }

// more gives s a few, if it has none.
func (s *Session) more() *few {
	if s.few == nil {
		s.few = &few{}
	}
	return s.few
}

// waiting is the input that has been kept.
func (s *Session) waiting() []byte {
	if s.few == nil {
		return nil
	}
	return s.few.tail.rest()
}

// Waiting is how many bytes of input have been kept: of no whole frame yet, or because they wait.
func (s *Session) Waiting() int { return len(s.waiting()) }

// Put puts b, of which a copy is kept, behind what waits. It is for what was read elsewhere: in a preface, or behind an upload.
func (s *Session) Put(b []byte) {
	if len(b) > 0 && !s.has(ended) {
		s.more().tail.add(b)
	}
}

// Take takes the first most bytes of what waits, or all if that is less: the beginning of a file that is read elsewhere from now on. They are the caller's.
func (s *Session) Take(most int64) []byte {
	if s.few == nil {
		return nil
	}
	taken := s.few.tail.take(int(min(most, int64(s.Waiting()))))
	if s.Waiting() == 0 {
		s.drop()
	}
	return taken
}

// Skip has the next n bytes of files dropped: of an upload that was refused.
func (s *Session) Skip(n int64) {
	if n > 0 || s.few != nil {
		s.more().skip = n
	}
}

// Skipping says whether bytes of a file are still to be dropped.
func (s *Session) Skipping() bool { return s.few != nil && s.few.skip > 0 }

// WebSocket is what cuts the stream of a client that has Messages, nil for others. While a file is read elsewhere it may be used there, with what Take has given.
func (s *Session) WebSocket() *codec.WebSocket {
	if s.few == nil || s.few.cutter == nil {
		return nil
	}
	return s.few.cutter.webSocket()
}

// Number notes that the client numbers its lines: what was not confirmed, it sends again.
func (s *Session) Number() { s.is |= numbers }

// Numbers says whether the client numbers its lines. Then a last line that has no end doesn't count.
func (s *Session) Numbers() bool { return s.has(numbers) }

// End drops what waits. Nothing that the client sends counts any more.
func (s *Session) End() {
	s.is |= ended
	s.drop()
}

// drop forgets what waits.
func (s *Session) drop() {
	if s.few != nil {
		s.few.tail, s.few.warned = tail{}, false
		s.tidy()
	}
}

// tidy gives few back, if it has nothing left in it.
func (s *Session) tidy() {
	f := s.few
	if f.cutter == nil && f.tail.bytes == nil && f.first == nil && f.skip == 0 && f.lineAt == 0 && f.weighed == 0 && f.telnet == nil {
		s.few = nil
	}
}

// Weigh is by how many bytes the memory that what waits takes has changed since it was last asked for.
func (s *Session) Weigh() (change int) {
	f := s.few
	if f == nil {
		return 0
	}
	now := cap(f.tail.bytes)
	change = now - f.weighed
	if f.weighed = now; now == 0 {
		s.tidy()
	}
	return change
}

// Weighed is how many bytes of memory that was.
func (s *Session) Weighed() int {
	if s.few == nil {
		return 0
	}
	return s.few.weighed
}
