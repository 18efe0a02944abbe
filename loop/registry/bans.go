package registry

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"looproom/loop/ban"
)

var bansFile = kind{name: "bans", without: "start without bans"}

// errTarget is a mistake of the caller.
var errTarget = errors.New("ban: neither an address, a network nor a name")

// lastSecond is the last that a time in a file can tell, the end of the year 9999.
const lastSecond = 253402300799

// Bans returns the bans and shuns in force, never nil. It takes no lock.
func (r *Registry) Bans() *ban.List {
	return r.bans.Load()
}

// PutBan sets a ban or a shun, or replaces the one of the same target and kind. now is the second of wall clock. Bytes in its words that are
// not UTF-8 become U+FFFD, and a time beyond the year 9999 is for ever. If it can't be written it is in force all the same, and the error
// says why it will not outlive the server; the next change tries again. Only ErrClosed and a target that isn't Valid keep it from being in force.
func (r *Registry) PutBan(e ban.Entry, now int64) error {
	if !e.Target.Valid() || strings.ToValidUTF8(e.Target.Name, "") != e.Target.Name {
		return errTarget
	}
	e.By, e.Words = strings.ToValidUTF8(e.By, "\uFFFD"), strings.ToValidUTF8(e.Words, "\uFFFD")
	if e.Until > lastSecond {
		e.Until = 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return ErrClosed
	}
	return r.useBans(r.bans.Load().With(e, now))
}

// LiftBan lifts the ban and the shun of exactly this target, and says whether there was one. If that can't be written they are lifted
// all the same, and the error says why they may be back after a restart.
func (r *Registry) LiftBan(t ban.Target, now int64) (had bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false, ErrClosed
	}
	next, had := r.bans.Load().Without(t, now)
	if !had {
		return false, nil
	}
	return true, r.useBans(next)
}

// useBans puts the list in force and then keeps it: that it can't be kept must not save those whom it hits.
func (r *Registry) useBans(next *ban.List) error {
	r.bans.Store(next)
	if r.folder == nil {
		return nil
	}
	err := r.writeBans(next)
	r.bansLate = err != nil
	if err != nil {
		return fmt.Errorf("the change is in force, but would be lost by a restart: %w", err)
	}
	return nil
}

func (r *Registry) writeBans(l *ban.List) error {
	lines := newLines()
	for _, e := range l.Entries(0) {
		lines.add(lineOfBan(e))
	}
	return r.write(bansFile, lines)
}

// banLine is an entry as it stands in the file.
type banLine struct {
	Target string `json:"target"`
	Name   bool   `json:"name,omitempty"` // the target is the key of a name
	Shun   bool   `json:"shun,omitempty"`
	Until  string `json:"until"`
	Since  string `json:"since"`
	By     string `json:"by"`
	Words  string `json:"words"`
}

// forever stands in the place of the time for what has no end.
const forever = "forever"

func lineOfBan(e ban.Entry) banLine {
	l := banLine{
		Target: e.Target.String(), Name: e.Target.Name != "", Shun: e.Shun,
		Until: forever, Since: timeOf(e.Since), By: e.By, Words: e.Words,
	}
	if e.Until != 0 {
		l.Until = timeOf(e.Until)
	}
	return l
}

func (l banLine) entry() (e ban.Entry, err error) {
	e = ban.Entry{Shun: l.Shun, By: l.By, Words: l.Words}
	if l.Name {
		e.Target.Name = l.Target
	} else if e.Target, err = ban.ParseKept(l.Target); err != nil {
		return ban.Entry{}, err
	}
	if l.Until != forever {
		if e.Until, err = secondOf(l.Until); err != nil {
			return ban.Entry{}, err
		}
	}
	e.Since, err = secondOf(l.Since)
	return e, err
}

// readBan reads one line; last is the one before it, nil for the first.
func readBan(line []byte, last *ban.Entry) (ban.Entry, error) {
	l, err := decode[banLine](line)
	if err != nil {
		return ban.Entry{}, err
	}
	e, err := l.entry()
	if err != nil || !e.Target.Valid() || lineOfBan(e) != l {
		return ban.Entry{}, errEntry
	}
	if last != nil && last.Compare(e) >= 0 {
		return ban.Entry{}, errOrder
	}
	return e, nil
}

// timeOf returns the second of wall clock as people read it; one that can't be written so becomes the nearest that can.
func timeOf(second int64) string {
	return time.Unix(min(max(second, 0), lastSecond), 0).UTC().Format(time.RFC3339)
}

func secondOf(written string) (int64, error) {
	t, err := time.Parse(time.RFC3339, written)
	return t.Unix(), err
}
