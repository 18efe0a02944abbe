package irc

import "looproom/loop/room"

// Rooms that get another name (IRCv3 draft/channel-rename).

func doRename(a *asking) {
	cmd := a.command(room.RenameRoom)
	cmd.Room, cmd.Name, cmd.Text = a.param(0), a.param(1), fitting(a.param(2))
	a.only(cmd)
}

// roomRenamed tells that a room has another name: by RENAME to who knows that, and to who has asked for it of a room that it isn't in; to all others as if they had left one room and come into another, of
// which NamesAre follows.
func roomRenamed(c *Client, w *writer, _ *request, e *room.Event) {
	is := &e.List[0]
	inside := c.calls(e.RoomName, is.Name)
	switch {
	case c.has(channelRename) || !inside:
		w.head(e, c.tagSet())
		w.send("RENAME", e.RoomName, is.Name, e.Text)
	case c.knowsRenamed(e.RoomName, is.Name):
	default:
		c.partedFrom(is.Name)
		own := room.Event{RoomName: is.Name, At: e.At}
		c.does(w, &own)
		if e.Text == "" {
			w.bare("PART", e.RoomName)
		} else {
			w.send("PART", e.RoomName, e.Text)
		}
		if c.enterRoom(w, &own); is.Text != "" {
			topicIs(c, w, nil, &room.Event{RoomName: is.Name, Text: is.Text, Who: is.Who, At: is.At})
		}
	}
}

// calls notes the other name of a room, and says whether the client is in it.
func (c *Client) calls(before, name string) (inside bool) {
	for i, one := range c.rooms {
		if one == before {
			c.rooms[i], inside = name, true
			c.knowsKey(name, c.keys[before])
			delete(c.keys, before)
		}
	}
	return inside
}

// refusedRename is how who renames a room reads that it keeps its name.
func refusedRename(c *Client, w *writer, r *request, e *room.Event) bool {
	switch e.Why {
	case room.NotInRoom, room.FoundersOnly, room.RoomOperatorsOnly:
		return refusedRoom(c, w, r, e)
	case room.RoomNameInUse:
		w.fail("RENAME", "CHANNEL_NAME_IN_USE", repeated(r.params[0]), repeated(r.params[1]), "The channel name is already taken")
	default:
		w.fail("RENAME", "CANNOT_RENAME", repeated(r.params[0]), repeated(r.params[1]), c.wordsOf(e))
	}
	return true
}
