package registry

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"looproom/loop/ban"
	"looproom/loop/store"
)

var (
	// ErrNoBan is the error of a change that lifts what isn't in force.
	ErrNoBan = errors.New("there is neither a ban nor a shun of that target")

	// errTarget is a mistake of the caller.
	errTarget = errors.New("ban: neither an address, a network nor a name")
)

// lastSecond is the last that a time can tell, the end of the year 9999.
const lastSecond = 253402300799

// banKey is what there is one entry of.
type banKey struct {
	target ban.Target
	shun   bool
}

// Bans returns the bans and shuns in force, never nil. It takes no lock.
func (r *Registry) Bans() *ban.List { return r.bans.Load() }

// SetBan puts a ban or a shun in force, or replaces the one of the same target and kind; KeepBans has it outlive the server. now is the second
// of wall clock. Bytes in its words that are not UTF-8 become U+FFFD, and a time beyond the year 9999 is for ever. It waits for no disk. The error is
// that the target isn't Valid.
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
	r.useBans(r.bans.Load().With(e, now))
	return nil
}

// UnsetBan lifts the ban and the shun of exactly this target, and says whether there was one; KeepBans has it stay lifted after a restart. It
// waits for no disk.
func (r *Registry) UnsetBan(t ban.Target, now int64) (had bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	next, had := r.bans.Load().Without(t, now)
	if had {
		r.useBans(next)
	}
	return had
}

// useBans puts next in force, and has the store told of what is different, in its time. mu must be held.
func (r *Registry) useBans(next *ban.List) {
	before := r.bans.Load().Entries(0)
	r.bans.Store(next)
	if r.store == nil {
		return
	}
	was := make(map[banKey]ban.Entry, len(before))
	for _, e := range before {
		was[banKey{e.Target, e.Shun}] = e
	}
	for _, e := range next.Entries(0) {
		key := banKey{e.Target, e.Shun}
		if old, found := was[key]; !found || old != e {
			r.keepLater(key, &e)
		}
		delete(was, key)
	}
	for key := range was { // lifted, or over
		r.keepLater(key, nil)
	}
}

// keepLater has the store change a ban in its time, and KeepBans wait for it; nil: there is none any more. mu must be held.
func (r *Registry) keepLater(key banKey, e *ban.Entry) {
	r.late[key] = e
	r.store.Later(key.change(e))
}

// change brings it about that e is kept, or with nil nothing.
func (k banKey) change(e *ban.Entry) store.Change {
	if e == nil {
		return store.RemoveBan(k.target, k.shun)
	}
	return store.PutBan(*e)
}

// KeepBans returns when all changes of bans are on the disk. The error says why the last ones would be lost by a restart; the next call tries again, as does the store by itself. That they can't
// be kept must not save those whom they hit: they stay in force.
func (r *Registry) KeepBans() error {
	r.changing.Lock()
	defer r.changing.Unlock()
	late := r.takeLate()
	if len(late) == 0 {
		return nil
	}
	changes := make([]store.Change, 0, len(late))
	for key, e := range late {
		changes = append(changes, key.change(e))
	}
	if err := r.store.Change(changes...); err != nil {
		r.stayLate(late)
		return fmt.Errorf("the change is in force, but would be lost by a restart: %w", err)
	}
	return nil
}

// takeLate returns the changes of bans that may not be on the disk, and forgets them.
func (r *Registry) takeLate() map[banKey]*ban.Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	late := r.late
	r.late = map[banKey]*ban.Entry{}
	return late
}

// stayLate puts back what could not be written, but where there is something later.
func (r *Registry) stayLate(late map[banKey]*ban.Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.Copy(late, r.late)
	r.late = late
}
