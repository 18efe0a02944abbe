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

// SetBan puts a ban or a shun in force, or replaces the one of the same target and kind; KeepBans has it outlive the server. now is the second
// of wall clock. Bytes in its words that are not UTF-8 become U+FFFD, and a time beyond the year 9999 is for ever. It waits for no disk. The error is
// ErrClosed, or that the target isn't Valid.
func (r *Registry) SetBan(e ban.Entry, now int64) error {
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
	r.bans.Store(r.bans.Load().With(e, now))
	return nil
}

// UnsetBan lifts the ban and the shun of exactly this target, and says whether there was one; KeepBans has it stay lifted after a restart. It
// waits for no disk. The error is ErrClosed.
func (r *Registry) UnsetBan(t ban.Target, now int64) (had bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false, ErrClosed
	}
	next, had := r.bans.Load().Without(t, now)
	if had {
		r.bans.Store(next)
	}
	return had, nil
}

// KeepBans writes the bans in force, if the file doesn't have them, and returns when they are on the disk. The error says why the last changes
// would be lost by a restart; the next call tries again. That they can't be kept must not save those whom they hit: they stay in force.
func (r *Registry) KeepBans() error {
	r.writing.Lock()
	defer r.writing.Unlock()
	if r.given {
		return ErrClosed
	}
	return r.keepBans()
}

func (r *Registry) keepBans() error {
	next := r.bans.Load()
	if r.folder == nil || next == r.bansKept {
		return nil
	}
	replaced, err := r.writeBans(next)
	if replaced {
		r.bansKept = nil // the file may have either
	}
	if err != nil {
		return fmt.Errorf("the change is in force, but would be lost by a restart: %w", err)
	}
	r.bansKept = next
	return nil
}

func (r *Registry) writeBans(l *ban.List) (replaced bool, err error) {
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
	return banLine{
		Target: e.Target.String(), Name: e.Target.Name != "", Shun: e.Shun,
		Until: endOf(e.Until), Since: timeOf(e.Since), By: e.By, Words: e.Words,
	}
}

// endOf is when something ends, in seconds of wall clock, 0 for never.
func endOf(until int64) string {
	if until == 0 {
		return forever
	}
	return timeOf(until)
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
