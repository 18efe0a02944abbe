//go:build linux

package accounts

import (
	"fmt"
	"math"
	"strings"

	"looproom/loop/room"
)

// mostRecalled is how many messages of rooms are read when the server starts: of more rooms each has fewer.
const mostRecalled = 50_000

// The bounds of what is read of a person's mail: what a room keeps of it, see room.
const (
	mailRows  = 100
	mailBytes = 64 << 10
)

// Recollection is what was kept of rooms and persons, as the room is to be told of it.
type Recollection struct {
	rooms   []room.Command // RestoreRoom, and Remember behind each that has messages
	persons []room.Command // RestorePerson
}

// Recollect reads what was kept of rooms, with the last messages of each, so many of so many bytes at most (0: of any number), and of persons. It waits for the disk, and comes before
// there are clients. The error says what could not be read.
func (a *Accounts) Recollect(recent, bytes int) (Recollection, error) {
	return recollect(a, mostRecalled, recent, bytes)
}

// recollect reads at most so many messages in all.
func recollect(a *Accounts, left, recent, bytes int) (r Recollection, err error) {
	if bytes <= 0 {
		bytes = math.MaxInt
	}
	kept := a.registry.Rooms()
	for i, k := range kept {
		cmd := a.loops[0].command(room.NoClient, room.RestoreRoom)
		cmd.Kept = k
		r.rooms = append(r.rooms, cmd)
		n := min(recent, left/(len(kept)-i)) // what one leaves the others have
		if n <= 0 || a.cfg.Store == nil || k.Place == 0 {
			continue
		}
		rows, err := a.cfg.Store.Recent(k.Place, n, bytes)
		if err != nil {
			return r, fmt.Errorf("read the last messages of %s: %w", k.Name, err)
		}
		if left -= len(rows); len(rows) > 0 {
			cmd := a.loops[0].command(room.NoClient, room.Remember)
			cmd.Name, cmd.Past = k.Key, &room.Past{Rows: rows}
			r.rooms = append(r.rooms, cmd)
		}
	}
	for _, k := range a.registry.TakePersons() {
		cmd, err := recollectPerson(a, k)
		if err != nil {
			return r, fmt.Errorf("read what is kept of %s: %w", k.Name, err)
		}
		r.persons = append(r.persons, cmd)
	}
	return r, nil
}

func recollectPerson(a *Accounts, k *room.KeptPerson) (cmd room.Command, err error) {
	cmd = a.loops[0].command(room.NoClient, room.RestorePerson)
	cmd.Person = k
	if name, registered := a.registry.Name(k.Account); registered {
		cmd.Name = name.Shown
	}
	past, err := a.registry.Past(k.Account)
	cmd.Past = &past
	if err == nil && a.cfg.Store != nil {
		cmd.Past.Rows, err = a.cfg.Store.Mail(k.Account, unreadFrom(k, cmd.Past.Marks), mailRows, mailBytes)
	}
	return cmd, err
}

// unreadFrom is the message behind which private messages may be missed or, in a conversation that has a mark, unread.
func unreadFrom(k *room.KeptPerson, marks []room.KeptMark) room.MsgID {
	from := k.Took
	for i := range marks {
		if m := &marks[i]; !strings.HasPrefix(m.Key, "#") {
			from = min(from, m.Read)
		}
	}
	return from
}

// Recall tells the room what was kept: which names are registered, which rooms there are and what was said there last, who stays in them, and which names are banned or shunned. Only
// of the loop that has the room, and before there are clients: it may take as long as a start may.
func (a *Answers) Recall(r *Recollection) {
	for _, name := range a.registry.Names() {
		a.submit(room.NoClient, room.Registered, name.Shown)
	}
	for _, part := range [][]room.Command{r.rooms, r.persons} { // behind the names, whose rights they have
		for i := range part {
			a.loop.Submit(&part[i])
		}
	}
	for _, e := range a.registry.Bans().Entries(a.wallClock()) {
		if e.Target.Name != "" {
			a.banName(e, e.Until)
		}
	}
	a.submit(room.NoClient, room.Restored, "")
}
