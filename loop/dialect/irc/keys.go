package irc

import (
	"cmp"
	"slices"

	"looproom/loop/room"
)

// The keys of rooms. Of those the server has digests alone: a client is told what it has said itself, so that one that comes back by itself knows what to say.

// hiddenKey stands for a key that the client hasn't said.
const hiddenKey = "*"

// saysKey notes the key that a request has for a room. Of several the last one counts.
func (a *asking) saysKey(key string) {
	if a.begun {
		a.mine().key = key
		return
	}
	a.r.key = key
}

// knowsKey notes that a room in which the client is lets it in by that key. It may have another one by now, which others have set.
func (c *Client) knowsKey(name, key string) {
	if key == "" {
		return
	}
	if c.keys == nil {
		c.keys = map[string]string{}
	}
	c.keys[name] = key
}

// keyOf is the key of a room as the client is told.
func (c *Client) keyOf(name string) string { return cmp.Or(c.keys[name], hiddenKey) }

// notesKey notes what the client has done by r to the key of a room.
func (c *Client) notesKey(r *request, e *room.Event) {
	for i := range e.List {
		switch row := &e.List[i]; {
		case row.Right != room.RightKey:
		case row.Off:
			delete(c.keys, e.RoomName)
		case r != nil && slices.Contains(c.rooms, e.RoomName):
			c.knowsKey(e.RoomName, r.key)
		}
	}
}
