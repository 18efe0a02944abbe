package order

import "looproom/loop/room"

// Order is the order in which commands reach the state, be it that of one server or that of a log that several share.
type Order interface {
	// Submit has cmd applied in its turn: at once, or later. cmd is borrowed.
	Submit(cmd *room.Command)
	// Take is Submit for a command that nobody else has.
	Take(cmd room.Command)
	// Flush sends on what has been submitted since the last Flush, where that isn't applied at once. It is called when no more comes for a moment.
	Flush()
	// Hold has the state stay as it is until Release has said that all that waited has been applied.
	Hold()
	// Carries says whether something is being carried out beside the state, so that the moment is none at which all is of one position.
	Carries() bool
	// Held says whether commands wait because of Hold.
	Held() bool
	// Release applies what has waited until enough, which is asked after each command, and says whether that was all.
	Release(enough func() bool) (all bool)
}

var (
	_ Order = (*Alone)(nil)
	_ Order = (*Log)(nil)
)
