package irc

import (
	"strings"
	"time"
)

const (
	// maxTagData is how long the tags of either kind may be, client-only ones and the server's, without @ and space (IRCv3 message-tags, "Size limit").
	// Together, with the semicolon between them, that is the 8,191 bytes which a client has to take.
	maxTagData = 4094
	// timeLayout is that of server-time, in UTC.
	timeLayout = "2006-01-02T15:04:05.000Z"
)

// writer appends lines to dst. A line is put together in this order: tags, where it comes from (the server, unless from says otherwise), and a command with its parameters, which ends it:
//
//	w := writer{dst: dst, nick: "ann", server: "irc.example"}
//	w.tag("label", "x")
//	w.from("bob", "b", "host")
//	w.send("PRIVMSG", "#c", "hello there")
//
// Whatever it is given, each send, bare, action or numeric appends one line, which ends in CRLF, has no NUL, CR or LF elsewhere, is no longer than a line may be, and is UTF-8 if what it was given is.
// It allocates nothing but a larger dst.
type writer struct {
	dst    []byte
	nick   string // whom numerics are for; "" is written as *
	server string // its name

	inBatch string // the reference of the batch in which messages are, "" for none

	line  int // where in dst the line begins that is open
	begin int // and where what stands behind its tags
	part  part
}

// part is how far a line is.
type part uint8

const (
	closed  part = iota // none has been begun
	tagged              // tags
	sourced             // and a source
)

// tag puts a tag in front of the line. One that finds no room there is left out.
func (w *writer) tag(key, value string) {
	at, was := len(w.dst), w.part
	w.tagHead()
	w.dst = append(w.dst, key...)
	if value != "" {
		w.dst = appendEscaped(append(w.dst, '='), value)
	}
	w.boundTags(at, was, 1+maxTagData)
}

// time is the tag of that name, of a time in milliseconds of wall clock.
func (w *writer) time(at int64) {
	was, part := len(w.dst), w.part
	w.tagHead()
	w.dst = appendTime(append(w.dst, "time="...), at)
	w.boundTags(was, part, 1+maxTagData)
}

// appendTime appends a time in milliseconds of wall clock as timeLayout has it.
func appendTime(dst []byte, at int64) []byte {
	t := time.UnixMilli(at).UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return t.AppendFormat(dst, timeLayout)
	}
	hour, minute, second := t.Clock()
	ms := t.Nanosecond() / 1e6
	dst = append(appendTwo(appendTwo(dst, year/100), year%100), '-')
	dst = append(appendTwo(dst, int(month)), '-')
	dst = append(appendTwo(dst, day), 'T')
	dst = append(appendTwo(dst, hour), ':')
	dst = append(appendTwo(dst, minute), ':')
	dst = append(appendTwo(dst, second), '.')
	return append(appendTwo(append(dst, '0'+byte(ms/100)), ms%100), 'Z')
}

// appendTwo appends a number below 100 with two digits.
func appendTwo(dst []byte, n int) []byte { return append(dst, '0'+byte(n/10), '0'+byte(n%10)) }

// batch is the tag of that name, if ref is one.
func (w *writer) batch(ref string) {
	if ref != "" {
		w.tag("batch", ref)
	}
}

// clientTags puts client-only tags behind those of the server: as they travel, see message.clientTags.
func (w *writer) clientTags(wire string) {
	if wire == "" || len(wire) > maxTagData {
		return
	}
	at, was := len(w.dst), w.part
	w.tagHead()
	w.dst = appendMiddle(w.dst, wire)
	w.boundTags(at, was, 1+maxTagData+1+maxTagData)
}

// tagHead appends what stands in front of a tag.
func (w *writer) tagHead() {
	if w.part == closed {
		w.line, w.part = len(w.dst), tagged
		w.dst = append(w.dst, '@')
		return
	}
	w.dst = append(w.dst, ';')
}

// boundTags takes back what has been appended since at, where the line was in part was, if the tags are longer than limit.
func (w *writer) boundTags(at int, was part, limit int) {
	if len(w.dst)-w.line > limit {
		w.dst, w.part = w.dst[:at], was
	}
}

// from says who the line comes from.
func (w *writer) from(nick, user, host string) {
	w.source(nick)
	w.dst = append(w.dst, '!')
	w.dst = appendMiddle(w.dst, within(user, w.left()/2))
	w.dst = append(w.dst, '@')
	w.dst = appendMiddle(w.dst, within(host, w.left()/2))
}

func (w *writer) source(name string) {
	switch w.part {
	case closed:
		w.line = len(w.dst)
	case tagged:
		w.dst = append(w.dst, ' ')
	}
	w.begin, w.part = len(w.dst), sourced
	w.dst = appendMiddle(append(w.dst, ':'), within(name, maxRest/2))
}

// send ends the line with a command of IRC and its parameters. The last of them stands behind a colon, and may be any words; they are cut if they don't fit.
func (w *writer) send(command string, params ...string) {
	w.command(command)
	w.params(params)
	w.end()
}

// bare is send with no words: of the parameters, none stands behind a colon.
func (w *writer) bare(command string, params ...string) {
	w.command(command)
	for _, p := range params {
		w.middle(p)
	}
	w.end()
}

// numeric ends the line with a reply for nick; the last parameter stands behind a colon.
func (w *writer) numeric(code int, params ...string) {
	digits := digitsOf(code)
	w.command(string(digits[:]))
	w.middle(w.nick)
	w.params(params)
	w.end()
}

const (
	actionHead = "\x01ACTION "
	actionTail = "\x01"
)

// action ends the line as a PRIVMSG, or another command, of what somebody does: a CTCP ACTION that stays whole if the words are cut.
func (w *writer) action(command, to, words string) {
	w.command(command)
	w.middle(to)
	w.words(actionHead, words, actionTail)
	w.end()
}

// room returns how long words may be behind command and params on the line that is open so as not to be cut, and takes back what has been put there. Less by actionRoom in an action.
func (w *writer) room(command string, params ...string) int {
	w.command(command)
	for _, p := range params {
		w.middle(p)
	}
	left := w.left() - len(" :")
	w.takeBack()
	return max(left, 0)
}

// takeBack has no line be open: what has been put there is gone.
func (w *writer) takeBack() { w.dst, w.part = w.dst[:w.line], closed }

// actionRoom is what an action takes of the room for words.
const actionRoom = len(actionHead) + len(actionTail)

func (w *writer) command(name string) {
	if w.part != sourced {
		w.source(w.server)
	}
	w.middle(name)
}

func (w *writer) params(params []string) {
	if len(params) == 0 {
		return
	}
	last := len(params) - 1
	for _, p := range params[:last] {
		w.middle(p)
	}
	w.words("", params[last], "")
}

// middle appends a parameter without spaces, if there is room for any of it.
func (w *writer) middle(p string) {
	if left := w.left() - len(" 0"); left > 0 {
		w.dst = appendMiddle(append(w.dst, ' '), within(p, left))
	}
}

// words appends the last parameter: as much as fits of words, between head and tail, which stay whole.
func (w *writer) words(head, words, tail string) {
	left := w.left() - len(" :") - len(head) - len(tail)
	if left < 0 {
		return
	}
	w.dst = append(append(w.dst, " :"...), head...)
	w.dst = append(appendWords(w.dst, within(words, left)), tail...)
}

// left returns how many bytes the line may still grow by.
func (w *writer) left() int { return maxRest - (len(w.dst) - w.begin) }

func (w *writer) end() {
	w.dst, w.part = append(w.dst, "\r\n"...), closed
}

// appendWords appends text without what would end the line.
func appendWords(dst []byte, text string) []byte {
	if strings.IndexByte(text, 0) < 0 && strings.IndexByte(text, '\r') < 0 && strings.IndexByte(text, '\n') < 0 {
		return append(dst, text...)
	}
	for i := range len(text) {
		if b := text[i]; !endsLine(b) {
			dst = append(dst, b)
		}
	}
	return dst
}

// appendMiddle appends text as one word that is no last parameter: without what would end the line, with _ for a space, and, as it can't begin with a colon, with 0 in front of one (an address of
// IPv6 stays one). No text is *. It is at most one byte longer than text.
func appendMiddle(dst []byte, text string) []byte {
	if isMiddle(text) {
		return append(dst, text...)
	}
	begin := len(dst)
	for i := range len(text) {
		b := text[i]
		switch {
		case endsLine(b):
			continue
		case b == ' ':
			b = '_'
		case b == ':' && len(dst) == begin:
			dst = append(dst, '0')
		}
		dst = append(dst, b)
	}
	if len(dst) == begin {
		dst = append(dst, '*')
	}
	return dst
}

// isMiddle says whether text is a word as it stands.
func isMiddle(text string) bool {
	if text == "" || text[0] == ':' {
		return false
	}
	for i := range len(text) {
		if text[i] <= ' ' && (text[i] == ' ' || endsLine(text[i])) {
			return false
		}
	}
	return true
}
