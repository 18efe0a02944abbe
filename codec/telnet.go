package codec

import "bytes"

// The telnet commands that decide how long a sequence is, from RFC 854. Every other byte from telnetEOF up is a command of two bytes: RFC
// 1184 added EOF, SUSP (Ctrl-Z) and ABORT (Ctrl-\), and RFC 885 the end of a record.
const (
	telnetEOF  = 236
	telnetSE   = 240
	telnetSB   = 250
	telnetWILL = 251
	telnetIAC  = 255
)

// telnet is where in a telnet stream the next byte stands. The zero value is plain data.
type telnet uint8

const (
	telnetData       telnet = iota
	telnetCommand           // behind IAC
	telnetOption            // behind IAC WILL, WONT, DO or DONT
	telnetSub               // inside of IAC SB ... IAC SE
	telnetSubCommand        // behind an IAC in there
	telnetNever             // the client doesn't speak telnet: all that comes is data
)

// step takes the next byte and says whether it is data. A command is complete when the state is telnetData again and data is false.
func (t telnet) step(b byte) (next telnet, data bool) {
	switch t {
	case telnetCommand:
		return stepCommand(b)
	case telnetOption:
		return telnetData, false
	case telnetSub:
		if b == telnetIAC {
			return telnetSubCommand, false
		}
		return telnetSub, false
	case telnetSubCommand:
		if b == telnetSE {
			return telnetData, false
		}
		return telnetSub, false
	}
	if b == telnetIAC {
		return telnetCommand, false
	}
	return telnetData, true
}

// stepCommand is step for the byte behind IAC. What is no command is data: the client never spoke telnet, it sent a stray 0xFF.
func stepCommand(b byte) (next telnet, data bool) {
	switch {
	case b == telnetIAC:
		return telnetData, true
	case b >= telnetWILL:
		return telnetOption, false
	case b == telnetSB:
		return telnetSub, false
	case b >= telnetEOF:
		return telnetData, false
	}
	return telnetData, true
}

// stripTelnet drops the telnet sequences of line in place and returns what remains. A sequence that the end of line cuts is
// dropped, too.
func stripTelnet(line []byte) []byte {
	first := bytes.IndexByte(line, telnetIAC)
	if first < 0 {
		return line
	}
	kept := line[:first]
	state, data := telnetData, false
	for _, b := range line[first:] {
		if state, data = state.step(b); data {
			kept = append(kept, b)
		}
	}
	return kept
}
