package session

import (
	"slices"
	"strings"
)

// Wish is who the client wants to be and where, at each connection anew.
type Wish struct {
	Name           string
	Password       string // of Account; "" signs in without
	Account        string // the registered name that Password opens, "" where it is Name
	ServerPassword string // "" where none is known
	Rooms          []string
	NoLobby        bool // the client has left the lobby, where everyone begins
	Back           bool // the client has been there before: where the server has kept in which rooms the person is, those are meant

	keys  map[string]string // of rooms that were entered by one; few people know many
	keeps bool              // the server is one where an account stays with who takes another name
}

// Lines returns what is to be sent at a new connection.
func (w *Wish) Lines() []string {
	var lines []string
	if w.Name != "" {
		lines = append(lines, w.SignIn())
	}
	return append(lines, w.places()...)
}

// places returns the lines that go where the client wants to be.
func (w *Wish) places() (lines []string) {
	for _, room := range w.Rooms {
		line := "JOIN " + room
		if key := w.keys[strings.ToLower(room)]; key != "" {
			line += " " + key
		}
		lines = append(lines, line)
	}
	if w.NoLobby {
		lines = append(lines, "PART "+Lobby)
	}
	return lines
}

// SignIn returns the line that signs in by Name.
func (w *Wish) SignIn() string {
	if w.Password != "" {
		return "LOGIN " + w.account() + " " + w.Password
	}
	return "ADD " + w.Name
}

func (w *Wish) account() string {
	if w.Account != "" {
		return w.Account
	}
	return w.Name
}

// Follow keeps the wish in step with what the client has done.
func (w *Wish) Follow(e *Event) {
	switch e.Kind {
	case Connected:
		w.keeps = false
	case IDsAre:
		w.keeps = true // which such a server does as well
	case Named:
		w.named(e)
	case Unregistered, Forgotten:
		if strings.EqualFold(w.account(), e.Who) {
			w.Knows("", "")
		}
	case Joined, Entering:
		w.join(e.Who)
	case Parted, Leaving:
		w.part(e.Who)
	case Refused:
		if room := PutOut(e); room != "" {
			w.part(room)
		}
	}
}

// Knows notes the password of an account that is the client's now.
func (w *Wish) Knows(account, password string) { w.Account, w.Password = account, password }

// named forgets the password of another account.
func (w *Wish) named(e *Event) {
	if !strings.EqualFold(w.account(), e.Who) && (e.Person || !w.keeps) {
		w.Knows("", "")
	}
	if e.Person && w.Password != "" {
		w.Account = e.Who
	}
	w.Called(e.Who)
}

// Called notes what the client is called. The account stays what it was.
func (w *Wish) Called(name string) {
	if w.Password != "" {
		w.Account = w.account()
	}
	w.Name = name
}

// Unlocks notes the key by which a room is entered.
func (w *Wish) Unlocks(room, key string) {
	if w.keys == nil {
		w.keys = map[string]string{}
	}
	w.keys[strings.ToLower(room)] = key
}

func (w *Wish) join(room string) {
	if strings.EqualFold(room, Lobby) {
		w.NoLobby = false
		return
	}
	if !slices.ContainsFunc(w.Rooms, func(r string) bool { return strings.EqualFold(r, room) }) {
		w.Rooms = append(w.Rooms, room)
	}
}

func (w *Wish) part(room string) {
	if strings.EqualFold(room, Lobby) {
		w.NoLobby = true
		return
	}
	w.Rooms = slices.DeleteFunc(w.Rooms, func(r string) bool { return strings.EqualFold(r, room) })
}

// Stay wants the rooms that the client is in, and no others.
func (w *Wish) Stay(c *Chat) {
	w.Rooms, w.NoLobby = nil, true
	for _, r := range c.Rooms() {
		w.join(r.Name)
	}
}
