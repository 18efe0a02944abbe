package room

// ClientID names one connection for as long as the server runs. The low 32 bits are a slot, the high 32 a tag.
//
// Slots are small numbers that the server hands out and takes back, so that a table can be indexed by them; the tag tells the
// connections apart that had the same slot one after the other. What is in the tag is the server's affair.
type ClientID uint64

// NewClientID makes the name of the connection in the slot. The tag must differ from that of the slot's last connection.
func NewClientID(slot, tag uint32) ClientID {
	return ClientID(tag)<<32 | ClientID(slot)
}

// Slot is the index of the client in tables.
func (id ClientID) Slot() uint32 { return uint32(id) }

// Tag is what NewClientID was given.
func (id ClientID) Tag() uint32 { return uint32(id >> 32) }

// RoomID names a room. It is never given to a second room.
type RoomID uint32
