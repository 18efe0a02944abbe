package codec

import "math/bits"

// Commands and an option that want an answer, from RFC 854 and RFC 860.
const (
	telnetAYT  = 246
	telnetWONT = 252
	telnetDO   = 253
	telnetDONT = 254

	telnetTimingMark = 6
)

// Here is the answer to a telnet client's "Are You There", as a line.
const Here = "= HERE looproom hears you\n"

// TelnetAsks is what a client has asked for by telnet commands and has not been answered. It holds each question once, however often it
// was asked, so it is bounded. The zero value is empty.
type TelnetAsks struct {
	any    bool
	here   bool          // IAC AYT
	mark   bool          // IAC DO TIMING-MARK
	offers telnetOptions // IAC WILL
	wishes telnetOptions // IAC DO, but for the above
}

// TelnetRefusals is which options have been refused to a client: each is once, so that two sides that are of different minds don't go on
// about it for ever (RFC 1143). The zero value is none.
type TelnetRefusals struct{ offers, wishes telnetOptions }

type telnetOptions [4]uint64

func (o *telnetOptions) add(option byte) { o[option/64] |= 1 << (option % 64) }

// Any says whether there is something to answer. Options that have been refused before may be all.
func (a *TelnetAsks) Any() bool { return a.any }

// Clear empties a.
func (a *TelnetAsks) Clear() { *a = TelnetAsks{} }

// note notes the command that ends with read. state is that before its last byte.
func (a *TelnetAsks) note(state telnet, read []byte) {
	switch last := read[len(read)-1]; {
	case state == telnetCommand && last == telnetAYT:
		a.any, a.here = true, true
	case state == telnetOption:
		a.noteOption(read[len(read)-2], last)
	}
}

// noteOption notes a command about an option. What says that something isn't to be wants no answer: it isn't.
func (a *TelnetAsks) noteOption(command, option byte) {
	switch {
	case command == telnetDO && option == telnetTimingMark:
		a.any, a.mark = true, true
	case command == telnetDO:
		a.any = true
		a.wishes.add(option)
	case command == telnetWILL:
		a.any = true
		a.offers.add(option)
	}
}

// AppendAnswers appends to dst what a answers to, and notes in refused which options that refuses: all, as no server of lines needs any.
// A timing mark is refused each time: telnet shows nothing until it hears of it.
func (a *TelnetAsks) AppendAnswers(dst []byte, refused *TelnetRefusals) []byte {
	if a.mark {
		dst = append(dst, telnetIAC, telnetWONT, telnetTimingMark)
	}
	dst = a.wishes.appendNew(dst, telnetWONT, &refused.wishes)
	dst = a.offers.appendNew(dst, telnetDONT, &refused.offers)
	if a.here {
		dst = append(dst, Here...)
	}
	return dst
}

// appendNew appends a command about each option that is in o and not in done, and adds them to done.
func (o *telnetOptions) appendNew(dst []byte, command byte, done *telnetOptions) []byte {
	for i, word := range o {
		for left := word &^ done[i]; left != 0; left &= left - 1 {
			dst = append(dst, telnetIAC, command, byte(64*i+bits.TrailingZeros64(left)))
		}
		done[i] |= word
	}
	return dst
}
