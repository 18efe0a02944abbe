package session

import (
	"slices"
	"strings"
)

// Wish is who the client wants to be and where, at each connection anew.
type Wish struct {
	Name           string
	Password       string // of Name, where it is registered; "" signs in without
	ServerPassword string // "" where none is known
	Rooms          []string
	NoLobby        bool // the client has left the lobby, where everyone begins
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
		lines = append(lines, "JOIN "+room)
	}
	if w.NoLobby {
		lines = append(lines, "PART "+Lobby)
	}
	return lines
}

// SignIn returns the line that signs in by Name.
func (w *Wish) SignIn() string {
	if w.Password != "" {
		return "LOGIN " + w.Name + " " + w.Password
	}
	return "ADD " + w.Name
}

// Follow keeps the wish in step with what the client has done.
func (w *Wish) Follow(e *Event) {
	switch e.Kind {
	case Named:
		w.rename(e.Who)
	case Joined:
		w.join(e.Who)
	case Parted:
		w.part(e.Who)
	}
}

// rename forgets the password of another name.
func (w *Wish) rename(name string) {
	if !strings.EqualFold(w.Name, name) {
		w.Password = ""
	}
	w.Name = name
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
