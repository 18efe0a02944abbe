package main

import "looproom/cmd/loopchat/session"

// room is what is known of the room in sight, nil if the person isn't in it.
func (w *window) room() *session.Room { return w.chat.Room(w.shown().room) }

// historyHeight is how many rows there are for what was said.
func (w *window) historyHeight() int { return max(0, w.height-2) }

// page is how far PgUp goes. Two rows stay in sight, one of which says that there is more below.
func (w *window) page() int { return max(1, w.historyHeight()-2) }

// focus makes the room in sight the server's current one.
func (w *window) focus(link *session.Link) {
	if room := w.room(); room != nil && len(w.chat.Rooms()) > 1 {
		link.Ask("JOIN " + room.Name)
	}
}
