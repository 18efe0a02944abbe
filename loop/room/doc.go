// Package room is the chat: users, rooms and the rules between them.
//
// A State takes one Command at a time and gives the Events that follow from it. It knows nothing of sockets, bytes on a wire or
// event loops; it has no clock (a command carries its time), no randomness and no I/O, and nothing that it emits hangs on the
// order of a map. So the same commands give the same events, byte for byte: it can be replayed, compared with a model, and run
// behind a lock by a server that is built otherwise.
//
// # Parts
//
// A user is who others see, a session is one connection of it: a UserID is not a ClientID. A guest has one session; a person, who has an account, has several, or none if it stays. Commands
// come from clients and events go to clients: what all sessions of a user hear is an event for each of them.
//
// A State puts parts together that know nothing of each other: the people and their sessions, the persons with accounts, the directory of names, membership with the hall of rooms, rights,
// the idle, digests, the numbers of lines, the ids of messages, who monitors whom, who has been here, and what is told. The rights in a room are data as well: a table of kinds, and for each room a list; what they allow is asked
// in one place. A part answers, changes itself and gives no events but those it is handed the means for; what follows from a command in several of them is State's. The table of verbs says what each is: its name for the log, its function, what it needs of who says it, and its traits. The
// function gets the turn, which is the command at hand and its user, and has what it takes to answer, refuse and deny.
//
// # Saving
//
// Save writes all of a State, in a format that has a version, and Restore makes one of that which goes on as the other would have. Both go by one description of what there is (save.go says
// how a field is added to it), so that they can't differ; what follows from other fields is made again. Two States that have applied the same commands are saved as the same bytes.
//
// # A log of commands
//
// AppendCommand and ReadCommand have a command as few bytes, for a log that several nodes read: each of them applies the same commands at the same times, and so is the same State.
// A ClientID has the node that its client is on; the events are the same on all, and a server tells those of them that are for its own clients.
// When a node is gone, so are all of its clients (NodeGone): in pieces, Tick by Tick, however many they are.
// Hash, once KeepHash has turned it on, is a number by which nodes can tell that they are the same still, without a look at all that there is.
//
// # What outlives a restart
//
// What changes of the lobby, of rooms that are kept, of persons who stay and of read marks, private messages, and places that have ended, is told by RecordChanged, to whoever keeps records. It
// is noted while a command is carried out (changes) and told once, behind the command's other events (records.go). A State is made of records again by Start, Registered, RestoreRoom,
// Remember, RestorePerson, SetBan, SetShun and Restored: it is for its users what that one was which gave them. That is not Save, which has connections and guests as well.
//
// # Caveats
//
// A State is not safe for use by several goroutines. In looproom it belongs to the home loop. The events that Apply returns are
// valid until the next call.
package room
