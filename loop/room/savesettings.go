package room

import (
	"hash/crc32"
	"reflect"
	"slices"
)

// codeSettings is what a State has once.
func codeSettings(c *coder) items[Config] {
	one := items[Config]{fields: func(cfg *Config) { codeConfig(c, cfg); codeCounters(c) }, add: func(Config) {}}
	if !c.reads() {
		one.next = only(c.state.cfg)
	}
	one.done = func() {
		if c.state == nil {
			c.fail("there are none")
		}
	}
	return one
}

// codeConfig is cfg. Where it is read, the State begins with it, without a room.
func codeConfig(c *coder, cfg *Config) {
	if codeRules(c, cfg); c.reads() {
		if c.state != nil {
			c.fail("there are two of them")
		}
		c.state = New(*cfg)
		c.state.hall = emptyHall(&c.state.changes)
	}
}

// codeRules is a field with a Config.
func codeRules(c *coder, cfg *Config) {
	integer(c, &cfg.AwayAfter)
	integer(c, &cfg.AnnounceMax)
	integer(c, &cfg.Recent)
	integer(c, &cfg.RecentBytes)
	integer(c, &cfg.MaxRooms)
	integer(c, &cfg.MaxRoomsPerUser)
	integer(c, &cfg.Sessions)
	integer(c, &cfg.MaxRoomsPerAddress)
	integer(c, &cfg.Page)
	c.bool(&cfg.GuestsRead)
	c.bool(&cfg.NeedPassword)
	cfg.Operators = series(c, cfg.Operators, c.text)
}

// codeCounters is what is counted, and when something was last done.
func codeCounters(c *coder) {
	s := c.state
	integer(c, &s.now)
	integer(c, &s.people.count)
	integer(c, &s.messages.last)
	integer(c, &s.census.most)
	integer(c, &s.census.visible)
	integer(c, &s.census.newcomers)
	integer(c, &s.persons.since)
	integer(c, &s.hall.last)
	integer(c, &s.digests.last)
	integer(c, &s.rights.bans.ends)
	integer(c, &s.rights.shuns.ends)
	if c.since(2) {
		c.bool(&s.hash.kept)
		integer(c, &s.hash.sum)
	}
}

// owned is a registered name, by its key and how it looks.
type owned struct {
	key   string
	looks guise
}

// codeRegistered is the names that belong to someone.
func codeRegistered(c *coder) items[owned] {
	names := &c.state.names
	one := items[owned]{
		fields: func(o *owned) {
			c.text(&o.key)
			c.alike(&o.looks.shown, o.key)
			c.alike(&o.looks.key, o.looks.shown)
		},
		add: func(o owned) {
			if names.isRegistered(o.key) {
				c.fail("the name %q is there twice", o.key)
				return
			}
			names.registered[o.key] = o.looks
			names.claimed.add(o.looks, o.key)
		},
	}
	inMap(c, &one, names.registered, func(key string, looks guise) owned { return owned{key, looks} })
	return one
}

// sentenced is a sentence and whom it hits, by the key of its name.
type sentenced struct {
	key string
	sentence
}

func codeBans(c *coder) items[sentenced]  { return codeSentences(c, &c.state.rights.bans) }
func codeShuns(c *coder) items[sentenced] { return codeSentences(c, &c.state.rights.shuns) }

// codeSentences is what is held against names.
func codeSentences(c *coder, of *sentences) items[sentenced] {
	one := items[sentenced]{
		fields: func(x *sentenced) {
			c.text(&x.key)
			integer(c, &x.until)
			c.text(&x.words)
		},
		add: func(x sentenced) {
			if _, is := of.of[x.key]; is {
				c.fail("the name %q is there twice", x.key)
			}
			of.of[x.key] = x.sentence
		},
	}
	inMap(c, &one, of.of, func(key string, x sentence) sentenced { return sentenced{key, x} })
	return one
}

// inMap has the items be those of a map, where they are saved.
func inMap[T, V any](c *coder, all *items[T], m map[string]V, item func(key string, value V) T) {
	if c.reads() {
		return
	}
	keys := newSortedKeys(m)
	all.prepare = keys.prepare
	all.next = func() (T, bool) {
		key, is := keys.next()
		return item(key, m[key]), is
	}
}

// sortedKeys gives the keys of a map one after the other, in an order that is that of every map with the same. To sort 100,000 of them would take some ten milliseconds at once: so they are
// put into heaps by a sum of theirs, some at a time, and each heap is sorted when its turn comes. The map must not change.
type sortedKeys struct {
	from  *reflect.MapIter // can be stopped, and gone on with
	key   reflect.Value    // scratch
	heaps [][]string
	heap  []string // is sorted, and has its turn
}

const (
	keysAHeap   = 64
	mostHeaps   = 1 << 10
	keysAtATime = 4
)

func newSortedKeys[T any](m map[string]T) *sortedKeys {
	return &sortedKeys{from: reflect.ValueOf(m).MapRange(), key: reflect.New(reflect.TypeFor[string]()).Elem(), heaps: make([][]string, min(mostHeaps, 1+len(m)/keysAHeap))}
}

// prepare looks at the next keys, and says whether there may be more of them.
func (k *sortedKeys) prepare() (more bool) {
	for range keysAtATime {
		if !k.from.Next() {
			return false
		}
		k.key.SetIterKey(k.from)
		key := k.key.String()
		at := crc32.ChecksumIEEE([]byte(key)) % uint32(len(k.heaps))
		k.heaps[at] = append(k.heaps[at], key)
	}
	return true
}

// next gives the next one, when all have been looked at.
func (k *sortedKeys) next() (key string, is bool) {
	for len(k.heap) == 0 {
		if len(k.heaps) == 0 {
			return "", false
		}
		k.heap, k.heaps = k.heaps[0], k.heaps[1:]
		slices.Sort(k.heap)
	}
	key, k.heap = k.heap[0], k.heap[1:]
	return key, true
}
