//go:build linux

package loop

import (
	"looproom/loop/delivery"
	"looproom/loop/room"
	"looproom/loop/session"
)

// Flow control: a client's next line waits while it has not taken the answers to the last ones.
const (
	// answersMost is how many bytes of answers may wait for a client when its next line is handled. So much, and one answer more, is what it can make the server keep by asking.
	answersMost = 64 << 10
	// fileAnswers is what a file counts of that until its last piece has been read: two may be on their way, and lines pass by one.
	fileAnswers = answersMost/2 + 1
	// longAnswers is what counts so that nothing passes by it: one at a time is made for each client.
	longAnswers = answersMost + 1
	// answerPage is about how many bytes of rows are made at a time of a long answer: some hundred rows at most, and a fraction of a millisecond.
	answerPage = 8 << 10
	// sendsMost is how many bytes of answers may wait when the next line announces an upload: the bytes behind that would have to be kept, if it waited.
	sendsMost = 4 * answersMost
)

// uploadVerb begins a line that announces an upload.
const uploadVerb = "SEND "

// mustWait says whether the next line of p, whose input is being gone through, waits because p has not taken the answers to those before it. It first tries to send
// them: who reads as fast as it asks never waits.
func (l inputs) mustWait(p *peer) bool {
	if p.out.Answers() <= answersMost || p.session.Skipping() {
		return false
	}
	l.writer.Flush(&p.out)
	if n := p.out.Answers(); p.deaf() || n <= answersMost || n <= sendsMost && l.input.Announces() {
		return false
	}
	l.holdForReader(p)
	return true
}

// holdForReader has p's input wait until it has taken what it has asked for.
func (l inputs) holdForReader(p *peer) {
	p.session.HoldFor(session.ForReader)
	l.writer.Throttle(&p.out)
}

// Eased implements delivery.Host.
func (h host) Eased(r *delivery.Receiver) {
	if p := h.of(r); p != nil {
		h.inputs.resume(p, session.ForReader)
	}
}

// commandDone tells the loop of a client that a command with a long answer has been applied, and of a node of a cluster each command: what follows from it has been said before. No State emits it.
const commandDone room.Kind = 255
