//go:build linux

package loop

import (
	"looproom/codec"
	"looproom/loop/room"
)

// nextFrame cuts the next frame from buf. What a telnet client asks for beside its lines is in l.asks.
func (l *eventLoop) nextFrame(p *peer, buf []byte) (frame []byte, n int, err error) {
	if p.rare != nil && p.rare.framer != nil {
		return p.rare.framer.Next(buf)
	}
	return p.lines.NextAsking(buf, &l.asks)
}

// answerTelnet answers what p has asked for, in its place among the answers to its lines, and clears l.asks. It counts as a line: else a
// client could have any number of answers.
func (l *eventLoop) answerTelnet(p *peer, limit *limits) {
	more := p.more()
	if more.telnet == nil {
		more.telnet = &codec.TelnetRefusals{}
	}
	answer := l.asks.AppendAnswers(nil, more.telnet)
	l.asks.Clear()
	if limit.lines.Every > 0 {
		p.paid = limit.lines.Pay(p.paid, p.heardAt)
	}
	if len(answer) > 0 {
		cmd := l.command(p.id, room.Reply)
		cmd.Text = string(answer)
		l.submit(&cmd)
	}
}
