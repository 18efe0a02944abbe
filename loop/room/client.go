package room

// ClientID names one connection for as long as the servers run that share a State. The low 24 bits are a slot, the next 8 the node that it is on, the high 32 a tag.
//
// Slots are small numbers that the server hands out and takes back, so that a table can be indexed by them; the tag tells the
// connections apart that had the same slot one after the other. What is in the tag is the server's affair. Nodes are the servers: each has slots of its own, and 0 is that of a server
// that is alone.
type ClientID uint64

// MaxSlots is how many slots a node can have at most.
const MaxSlots = 1 << 24

// NewClientID makes the name of the connection in the slot of node 0, which is below MaxSlots. The tag must differ from that of the slot's last connection.
func NewClientID(slot, tag uint32) ClientID {
	return ClientID(tag)<<32 | ClientID(slot%MaxSlots)
}

// Slot is the index of the client in tables of its node.
func (id ClientID) Slot() uint32 { return uint32(id) % MaxSlots }

// Node is the node that the client is on.
func (id ClientID) Node() uint8 { return uint8(id >> 24) }

// On is the client with the same slot and tag on another node.
func (id ClientID) On(node uint8) ClientID { return id&^(0xff<<24) | ClientID(node)<<24 }

// Tag is what NewClientID was given.
func (id ClientID) Tag() uint32 { return uint32(id >> 32) }

// sharesSlot says whether both are clients of the same slot and node.
func (id ClientID) sharesSlot(other ClientID) bool { return uint32(id) == uint32(other) }

// RoomID names a room. It is never given to a second room.
type RoomID uint32
