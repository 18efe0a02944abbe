package codec

import "bytes"

// MaxLine is the default longest line in bytes, terminator included. RFC 1459 section 2.3 has 512; chat lines here may carry
// more, and 8 KiB still fits one read.
const MaxLine = 8 << 10

// Lines is the Framer of lines that end in LF or CRLF. A frame is a line without its terminator and without telnet negotiation
// (RFC 854); an LF that is part of a negotiation doesn't end the line.
//
// It is 12 bytes, made to be a field of what holds a client: there are thousands of idle ones. Make it with NewLines.
type Lines struct {
	limit    uint32 // longest line in bytes, terminator and telnet sequences included
	scanned  uint32 // bytes at the front of buf that earlier calls have looked at
	state    telnet // where the byte behind scanned stands; telnetNever if there are no commands
	commands bool   // the line has an IAC among the scanned bytes
	begun    bool   // the line has data among the scanned bytes; kept only once commands is true
	skipping bool   // the line is too long and its LF has not come
}

var _ Framer = (*Lines)(nil)

// NewLines returns a framer for lines of at most limit bytes, terminator included: MaxLine unless the user wants another. What
// is under 1 is taken as 1.
func NewLines(limit int) Lines {
	return Lines{limit: packLimit(limit)}
}

// NewPlainLines is NewLines for clients that never speak telnet: each byte is one of a line.
func NewPlainLines(limit int) Lines {
	return Lines{limit: packLimit(limit), state: telnetNever}
}

// Next returns the first whole line of buf, as Framer says. Each byte is looked at once however often it is called, so a line that
// arrives byte by byte costs no more than its length.
//
// A line is too long when its first limit bytes hold no end of it, whatever stands behind them; it is skipped up to the next
// LF byte, whether or not a telnet sequence was open. Telnet sequences in front of a line are taken by themselves: a client that
// only sends keep-alives or window sizes never fills a line with them.
func (l *Lines) Next(buf []byte) (frame []byte, n int, err error) {
	return l.NextAsking(buf, nil)
}

// NextAsking is Next, and adds to asks what the client asks for by telnet commands, each of them once, as soon as it is whole: it may be
// before the line is in which it stands. In lines that are skipped, nothing is asked. asks may be nil.
func (l *Lines) NextAsking(buf []byte, asks *TelnetAsks) (frame []byte, n int, err error) {
	if l.skipping {
		n, ended := skipLine(buf)
		l.skipping = !ended
		return nil, n, nil
	}
	limit := int(l.limit)
	n, ended := l.scan(buf[:min(len(buf), limit)], asks)
	switch {
	case ended:
		return l.take(buf[:n-1]), n, nil
	case n > 0:
		l.restart()
		return nil, n, nil
	case len(buf) >= limit:
		l.restart()
		l.skipping = true
		return nil, limit, ErrTooLong
	}
	return nil, 0, nil
}

// Flush returns the line that the end of the stream cut short, as Framer says.
func (l *Lines) Flush(buf []byte) (frame []byte) {
	skipping := l.skipping
	// Stripping is cheap for the rare last line, and right even where Next has not seen all of buf.
	l.commands = l.state != telnetNever
	frame = l.take(buf)
	if skipping || len(frame) == 0 {
		return nil
	}
	return frame
}

// take makes a frame of a line without its LF and goes to the beginning of the next one.
func (l *Lines) take(line []byte) []byte {
	if l.commands {
		line = stripTelnet(line)
	}
	l.restart()
	return cutReturn(line)
}

func (l *Lines) restart() {
	state := telnetData
	if l.state == telnetNever {
		state = telnetNever
	}
	*l = Lines{limit: l.limit, state: state}
}

// scan looks at the bytes of window that are new. n is the length of the line with its LF (ended) or of a telnet sequence in front
// of it, and 0 when window holds neither whole.
func (l *Lines) scan(window []byte, asks *TelnetAsks) (n int, ended bool) {
	if !l.commands {
		n, ended = l.scanText(window)
	}
	if l.commands {
		n, ended = l.scanCommands(window, asks)
	}
	return n, ended
}

// scanText is scan as long as the line has no IAC. At the first IAC it sets commands and leaves the rest to scanCommands.
func (l *Lines) scanText(window []byte) (n int, ended bool) {
	text := window[l.scanned:]
	end := bytes.IndexByte(text, '\n')
	if end >= 0 {
		text = text[:end]
	}
	if command := bytes.IndexByte(text, telnetIAC); command >= 0 && l.state != telnetNever {
		l.scanned += uint32(command)
		l.commands, l.begun = true, l.scanned > 0
		return 0, false
	}
	l.scanned += uint32(len(text))
	if end < 0 {
		return 0, false
	}
	return int(l.scanned) + 1, true
}

// scanCommands is scan from the first IAC of the line on.
func (l *Lines) scanCommands(window []byte, asks *TelnetAsks) (n int, ended bool) {
	for i := int(l.scanned); i < len(window); i++ {
		before := l.state
		next, data := before.step(window[i])
		l.state = next
		if asks != nil && next == telnetData && !data {
			asks.note(before, window[:i+1])
		}
		switch {
		case data && window[i] == '\n':
			return i + 1, true
		case data:
			l.begun = true
		case next == telnetData && !l.begun:
			return i + 1, false
		}
	}
	l.scanned = uint32(len(window))
	return 0, false
}
