//go:build linux

package loop

import (
	"time"

	"looproom/loop/dialect/irc"
	"looproom/loop/door"
)

// ircPeer is what a peer that speaks IRC has besides.
type ircPeer struct {
	irc.Client
	heard  time.Duration // when its last line came
	pinged bool          // and it has been asked since whether it is there
}

// irc is p's side of IRC, nil if it speaks the line protocol.
func (p *peer) irc() *irc.Client {
	if p.rare == nil || p.rare.irc == nil {
		return nil
	}
	return &p.rare.irc.Client
}

// readIRC has p read in the form for the tags that it wants.
func (p *peer) readIRC() {
	p.here = door.Form(door.Voice(p.here), uint8(p.irc().Set()))
	p.elsewhere = p.here
}
