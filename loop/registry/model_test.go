package registry

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"looproom/loop/ban"
	"looproom/loop/room"
)

// change is one call of a method that changes something.
type change struct {
	remove bool
	ban    *ban.Entry // or
	name   *Name      // or
	trust  *trusted   // or
	room   *room.KeptRoom
}

// trusted is a key of a client, and whose account it opens.
type trusted struct{ key, digest string }

// randomChange is one of few, so that they meet.
func randomChange(r *rand.Rand) change {
	c := change{remove: r.IntN(3) == 0}
	switch key := fmt.Sprintf("name%d", r.IntN(20)); r.IntN(4) {
	case 0:
		c.name = &Name{Key: key, Shown: key, Hash: hashWithSalt(r.IntN(1e9)), Since: r.Int64N(noon)}
		return c
	case 1:
		c.trust = &trusted{key, digests[r.IntN(len(digests))]}
		return c
	case 2:
		c.room = randomRoom(r)
		return c
	}
	of := netip.AddrFrom4([4]byte{10, 0, 0, byte(r.IntN(20))})
	bits := 32 - 4*r.IntN(2)
	c.ban = &ban.Entry{
		Target: ban.Target{Net: netip.PrefixFrom(of, bits).Masked()}, Shun: r.IntN(2) == 0,
		Until: noon + 1 + r.Int64N(1000), Since: noon, By: "ann", Words: "spam",
	}
	return c
}

// randomRoom is one of few, with a topic and rights.
func randomRoom(r *rand.Rand) *room.KeptRoom {
	key := fmt.Sprintf("#room%d", r.IntN(10))
	k := &room.KeptRoom{Key: key, Name: key, Topic: fmt.Sprint("topic ", r.IntN(100)), TopicBy: "ana", TopicAt: r.Int64N(noon * 1000)}
	k.Rights = []room.Right{{Kind: room.RightFounder, Target: fmt.Sprint("founder", r.IntN(3)), By: "ana", At: 1}, {Kind: room.RightKept, By: "ana", At: 2}}
	for range r.IntN(100) {
		k.Rights = append(k.Rights, room.Right{Kind: room.RightBan, Target: fmt.Sprint("name", r.IntN(1000)), By: "ana", At: 3, Text: "spam"})
	}
	return k
}

// digests are those of the clients' keys.
var digests = []string{"one", "two", "three", "four", "five"}

// apply returns false for what wasn't there to be removed, or to be trusted.
func (c change) apply(r *Registry) (had bool, err error) {
	switch {
	case c.ban != nil && c.remove:
		return r.LiftBan(c.ban.Target, noon)
	case c.ban != nil:
		return true, r.PutBan(*c.ban, noon)
	case c.trust != nil:
		had, err = true, c.trust.apply(r, c.remove)
		if errors.Is(err, ErrNoName) {
			return false, nil
		}
		return had, err
	case c.room != nil && c.remove:
		return r.RemoveRoom(c.room.Key)
	case c.room != nil && c.room.TopicAt%2 == 0: // behind which another change says that it is on the disk
		return true, errors.Join(r.SetRoom(c.room), r.PutRoom(c.room))
	case c.room != nil:
		return true, r.PutRoom(c.room)
	case c.remove:
		return r.RemoveName(c.name.Key)
	}
	return true, r.PutName(*c.name)
}

func (c trusted) apply(r *Registry, remove bool) error {
	if remove {
		return r.Distrust(c.key, c.digest)
	}
	return r.Trust(c.key, c.digest)
}

// model is the registry as maps.
type model struct {
	bans    map[banKey]ban.Entry
	names   map[string]Name
	trusted map[trusted]bool
	rooms   map[string]*room.KeptRoom
}

func newModel() *model {
	return &model{bans: map[banKey]ban.Entry{}, names: map[string]Name{}, trusted: map[trusted]bool{}, rooms: map[string]*room.KeptRoom{}}
}

func (m *model) apply(c change) (had bool) {
	before := len(m.bans) + len(m.names) + len(m.rooms)
	if c.name != nil {
		maps.DeleteFunc(m.trusted, func(t trusted, _ bool) bool { return t.key == c.name.Key })
	}
	switch {
	case c.ban != nil && c.remove:
		delete(m.bans, banKey{c.ban.Target, false})
		delete(m.bans, banKey{c.ban.Target, true})
	case c.ban != nil:
		m.bans[banKey{c.ban.Target, c.ban.Shun}] = *c.ban
	case c.trust != nil:
		_, there := m.names[c.trust.key]
		if delete(m.trusted, *c.trust); there && !c.remove {
			m.trusted[*c.trust] = true
		}
		return there
	case c.room != nil && c.remove:
		delete(m.rooms, c.room.Key)
	case c.room != nil:
		m.rooms[c.room.Key] = c.room
	case c.remove:
		delete(m.names, c.name.Key)
	default:
		m.names[c.name.Key] = *c.name
	}
	return !c.remove || len(m.bans)+len(m.names)+len(m.rooms) < before
}

// is says whether the registry has exactly that.
func (m *model) is(r *Registry) bool {
	bans := slices.SortedFunc(maps.Values(m.bans), ban.Entry.Compare)
	rooms := slices.SortedFunc(maps.Values(m.rooms), func(a, b *room.KeptRoom) int { return strings.Compare(a.Key, b.Key) })
	if len(rooms) != len(r.Rooms()) || len(rooms) > 0 && !reflect.DeepEqual(rooms, r.Rooms()) {
		return false
	}
	for key := range m.names {
		for _, digest := range digests {
			if trusts(r, key, digest) != m.trusted[trusted{key, digest}] {
				return false
			}
		}
	}
	return slices.Equal(r.Bans().Entries(noon), bans) && slices.Equal(r.Names(), byKey(slices.Collect(maps.Values(m.names))))
}

func manyNames(n int) []Name {
	names := make([]Name, n)
	for i := range names {
		key := fmt.Sprintf("somebody%06d", i)
		names[i] = Name{Key: key, Shown: key, Hash: argonHash, Since: noon}
	}
	return names
}

// argonHash is as long as those that are made.
const argonHash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ4c29tZXNhbA$MhuztcRfWj0GcEDYSTISG1Dup7qu/tG97ZkPktupNzw"
