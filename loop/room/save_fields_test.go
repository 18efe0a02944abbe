package room

import (
	"bytes"
	"container/list"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// remade are the fields that aren't saved because they follow from others, and from which.
var remade = map[string]string{
	"directory.claimed":      "registered",
	"directory.operators":    "Config.Operators",
	"rights.may":             "Config.Operators",
	"membership.announceMax": "Config.AnnounceMax",
	"hall.opened":            "chatRoom.opener",
	"hall.kept":              "the messages",
	"hall.occupied":          "the members",
	"monitors.by":            "monitors.of",
	"past.of":                "past.all",
	"past.bytes":             "past.all",
	"history.bytes":          "the messages",
	"history.count":          "the messages",
	"persons.mailed":         "account.mail",
	"persons.kept":           "account.keeps",
	"chatRoom.tallied":       "digests.rooms",
	"chatRoom.staying":       "the accounts of its members",
	"roomRights.kinds":       "all",
	"roomRights.passing":     "all",
	"Row.Of":                 "nothing: no row that is kept has one",
	"Row.Event":              "nothing: no row that is kept is one",
	"Row.Off":                "nothing: no row that is kept is a right",
	"user.prev":              "the order of the idle",
	"user.next":              "the order of the idle",
	"idleList.front":         "the order of the idle",
	"idleList.back":          "the order of the idle",
	"numbered.inAll":         "the order of those who have gone",
	"numbered.inWithin":      "the order of those who have gone",
	"numbers.networks":       "numbered.network",
}

// hidden are those besides that may differ, because nobody can tell, and why.
var hidden = map[string]string{
	"State.applied":      "is for Savers",
	"State.out":          "is of the command at hand",
	"State.changes":      "is of the command at hand",
	"hall.changes":       "is State.changes",
	"persons.changes":    "is State.changes",
	"chatRoom.touched":   "is of the command at hand",
	"chatRoom.was":       "is of the command at hand",
	"account.touched":    "is of the command at hand",
	"membership.out":     "is State.out",
	"directory.here":     "checkLinks looks at it",
	"directory.looks":    "checkLinks looks at it, and TestLooksAreSaved",
	"idleList.users":     "is people.at",
	"hall.order":         "is hall.rooms",
	"chatRoom.order":     "is members",
	"chatRoom.shown":     "is members, and seat.hidden",
	"chatRoom.kept":      "is shown, for as long as nothing of it changes",
	"roomRights.changes": "only says that chatRoom.kept is no longer so",
	"history.first":      "is where a ring begins",
}

// fieldsOf yields the fields of v, which can be set, but those that are hidden.
func fieldsOf(v reflect.Value) func(yield func(name string, field reflect.Value) bool) {
	return func(yield func(string, reflect.Value) bool) {
		for i := range v.NumField() {
			name := v.Type().Name() + "." + v.Type().Field(i).Name
			field := v.Field(i)
			if _, is := hidden[name]; !is && !yield(name, reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()) {
				return
			}
		}
	}
}

// differ compares two States through all pointers.
type differ struct {
	a, b  *State
	seen  map[unsafe.Pointer]bool
	found []string
}

// difference is what differs between two States, "" if nothing does.
func difference(a, b *State) string {
	d := &differ{a: a, b: b, seen: map[unsafe.Pointer]bool{}}
	d.compare("State", reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem())
	return strings.Join(d.found, "\n")
}

func (d *differ) check(path string, same bool, a, b any) {
	if !same {
		d.found = append(d.found, fmt.Sprintf("%s: %v and %v", path, a, b))
	}
}

func (d *differ) compare(path string, a, b reflect.Value) {
	switch {
	case d.special(path, a, b):
	case a.Kind() == reflect.Struct:
		of := maps.Collect(fieldsOf(b))
		for name, field := range fieldsOf(a) {
			d.compare(path+"."+name, field, of[name])
		}
	case a.Kind() == reflect.Pointer:
		if d.check(path, a.IsNil() == b.IsNil(), a, b); a.IsNil() || b.IsNil() || d.seen[a.UnsafePointer()] {
			return
		}
		d.seen[a.UnsafePointer()] = true
		d.compare(path, a.Elem(), b.Elem())
	case a.Kind() == reflect.Slice:
		d.check(path, a.Len() == b.Len(), a.Len(), b.Len())
		for i := range min(a.Len(), b.Len()) {
			d.compare(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i))
		}
	case a.Kind() == reflect.Map:
		d.check(path, a.Len() == b.Len(), a.Len(), b.Len())
		for _, key := range a.MapKeys() {
			if other := b.MapIndex(key); other.IsValid() {
				d.compare(fmt.Sprintf("%s[%v]", path, key), copyOf(a.MapIndex(key)), copyOf(other))
			} else {
				d.check(fmt.Sprintf("%s[%v]", path, key), false, "something", "nothing")
			}
		}
	default:
		d.check(path, a.Interface() == b.Interface(), a, b)
	}
}

// copyOf is v as one whose fields can be set.
func copyOf(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

// special compares what there is another way to compare.
func (d *differ) special(path string, a, b reflect.Value) bool {
	switch a := a.Addr().Interface().(type) {
	case *history:
		b := b.Addr().Interface().(*history)
		for i, rows := 0, [2][]Row{a.last(a.count), b.last(b.count)}; i < max(a.count, b.count); i++ {
			d.check(fmt.Sprintf("%s: message %d", path, i), i < min(a.count, b.count) && rows[0][i] == rows[1][i], rows[0], rows[1])
		}
		d.check(path+": bytes", a.bytes == b.bytes, a.bytes, b.bytes)
	case *list.List:
		b := b.Addr().Interface().(*list.List)
		d.check(path, a.Len() == b.Len(), a.Len(), b.Len())
		for x, y := a.Front(), b.Front(); x != nil && y != nil; x, y = x.Next(), y.Next() {
			d.compare(path, copyOf(reflect.ValueOf(x.Value)), copyOf(reflect.ValueOf(y.Value)))
		}
	case **list.Element:
		b := b.Addr().Interface().(**list.Element)
		d.check(path, (*a == nil) == (*b == nil), *a, *b)
	case *claims: // each in no order
		for look, keys := range *a {
			others := (*b.Addr().Interface().(*claims))[look]
			d.check(path+": "+look, len(keys) == len(others) && !slices.ContainsFunc(keys, func(key string) bool { return !slices.Contains(others, key) }), keys, others)
		}
		d.check(path, a != nil && len(*a) == b.Len(), len(*a), b.Len())
	case *digests: // of rooms that have ended only the places are left
		b := b.Addr().Interface().(*digests)
		d.check(path+".last", a.last == b.last, a.last, b.last)
		d.check(path+".rooms", len(a.rooms) == len(b.rooms), len(a.rooms), len(b.rooms))
		for i := range min(len(a.rooms), len(b.rooms)) {
			x, y := d.a.hall.rooms[a.rooms[i].key] == a.rooms[i], d.b.hall.rooms[b.rooms[i].key] == b.rooms[i]
			d.check(path+".rooms", x == y && (!x || a.rooms[i].id == b.rooms[i].id), a.rooms[i].name, b.rooms[i].name)
		}
	default:
		return false
	}
	return true
}

// fields are those that a State has, and what changes one somewhere in it.
type fields struct {
	changes map[string][]func() (undo func())
	seen    map[unsafe.Pointer]bool
	types   map[reflect.Type]bool   // that have come up
	wanted  map[reflect.Type]string // those that something could lead to, and what
}

func isLeaf(v reflect.Type) bool {
	if v == reflect.TypeFor[netip.Prefix]() {
		return true
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Struct, reflect.Interface, reflect.Func:
		return false
	}
	return true
}

// look goes through v, which can be set; then is done behind each change. name is the last field that led there.
func (f *fields) look(name string, v reflect.Value, then func()) {
	if l, is := v.Addr().Interface().(*list.List); is {
		f.types[v.Type()] = true
		for e := l.Front(); e != nil; e = e.Next() {
			f.look(name, copyOf(reflect.ValueOf(e.Value)), func() {})
		}
		return
	}
	if isLeaf(v.Type()) {
		f.changes[name] = append(f.changes[name], func() (undo func()) {
			before := copyOf(v)
			change(v)
			then()
			return func() { v.Set(before); then() }
		})
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		f.types[v.Type()] = true
		for name, field := range fieldsOf(v) {
			if _, is := remade[name]; !is {
				f.look(name, field, then)
			}
		}
	case reflect.Pointer:
		f.wanted[v.Type().Elem()] = name
		if !v.IsNil() && !f.seen[v.UnsafePointer()] && v.UnsafePointer() != unsafe.Pointer(&asleep) {
			f.seen[v.UnsafePointer()] = true
			f.look(name, v.Elem(), func() {})
		}
	case reflect.Slice:
		f.wanted[v.Type().Elem()] = name
		if isLeaf(v.Type().Elem()) {
			f.changes[name] = append(f.changes[name], grown(v))
		}
		for i := range v.Len() {
			f.look(name, v.Index(i), then)
		}
	case reflect.Map:
		f.wanted[v.Type().Elem()] = name
		if isLeaf(v.Type().Elem()) {
			f.changes[name] = append(f.changes[name], nil...) // one of its values has to come up
		}
		for _, key := range v.MapKeys() {
			value := copyOf(v.MapIndex(key))
			f.look(name, value, func() { v.SetMapIndex(key, value) })
		}
	}
}

// grown adds an item to a slice.
func grown(v reflect.Value) func() (undo func()) {
	return func() (undo func()) {
		before := copyOf(v)
		v.Set(reflect.Append(v.Slice3(0, v.Len(), v.Len()), reflect.Zero(v.Type().Elem())))
		return func() { v.Set(before) }
	}
}

func change(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[netip.Prefix]():
		v.Set(reflect.ValueOf(netip.MustParsePrefix("10.1.2.0/24")))
	case v.CanInt():
		v.SetInt(v.Int() + 1)
	case v.CanUint():
		v.SetUint(v.Uint() ^ 1)
	case v.Kind() == reflect.Bool:
		v.SetBool(!v.Bool())
	case v.Kind() == reflect.String:
		v.SetString(v.String() + "x")
	default:
		panic("a field of another type: " + v.Type().String())
	}
}

// saved is what Save writes, or that it has panicked: it has looked at what has been changed.
func saved(s *State) (b []byte) {
	var out bytes.Buffer
	defer func() {
		if r := recover(); r != nil {
			b = fmt.Append(nil, r)
		}
	}()
	if err := s.Save(&out); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// TestSaveKnowsEachField: whatever field of a State is changed, something else is saved; but of those that are remade or hidden.
func TestSaveKnowsEachField(t *testing.T) {
	known, types, wanted := map[string]bool{}, map[reflect.Type]bool{}, map[reflect.Type]string{}
	for n := range 5 {
		s := lived(t, 500*n)
		stage(s)
		f := &fields{changes: map[string][]func() func(){}, seen: map[unsafe.Pointer]bool{}, types: types, wanted: wanted}
		f.look("State", reflect.ValueOf(s).Elem(), func() {})
		before := saved(s)
		for name, all := range f.changes {
			known[name] = known[name] || slices.ContainsFunc(all, func(change func() func()) bool {
				defer change()()
				return !bytes.Equal(saved(s), before)
			})
		}
		if !bytes.Equal(saved(s), before) {
			t.Error("what was changed has not been undone: the test has lost its point")
		}
	}
	for name, is := range known {
		if !is {
			t.Errorf("%s can change, and the same is saved: describe it as save.go has it, or say in remade or hidden why not", name)
		}
	}
	for typ, by := range wanted {
		if typ.Kind() == reflect.Struct && !types[typ] {
			t.Errorf("no %s has come up, to which %s leads: have stage make one", typ, by)
		}
	}
	if len(known) < 55 {
		t.Errorf("only %d fields were changed: %v", len(known), slices.Sorted(maps.Keys(known)))
	}
}

// stage has happen what few of those do who are made up by chance, so that each field that a State can have is there, and something else than nothing.
func stage(s *State) {
	at := s.now
	do := func(slot uint32, cmd Command) {
		at += time.Millisecond
		cmd.Client, cmd.At, cmd.Wall = NewClientID(slot, 1), at, int64(at/time.Millisecond)
		s.Apply(&cmd)
	}
	cfg := replayConfig
	cfg.MaxRooms, cfg.Sessions = 100, 5
	do(100, Command{Verb: Configure, Config: &cfg})
	for slot, name := range []string{"Zoe", "yan", "xia"} {
		slot := uint32(100 + slot)
		do(slot, Command{Verb: Connect, Name: fmt.Sprintf("10.9.9.%d:1", slot), Text: "by a Unix socket"})
		do(slot, Command{Verb: SignIn, Name: name, Text: "digest"})
		do(slot, Command{Verb: Registered, Name: name})
		do(slot, Command{Verb: Join, Name: "#Stage", Group: 7})
		do(slot, Command{Verb: Topic, Text: "what is played"})
		do(slot, Command{Verb: Say, Text: "hello", ID: "phone", Seq: 1})
	}
	do(98, Command{Verb: Connect, Off: true, Name: "10.9.9.98:1", Host: "cloak", Secure: true})
	do(98, Command{Verb: Enter, Name: "irc", User: "user", Real: "Real Name"})
	do(98, Command{Verb: MonitorAdd, Text: "Zoe,nobody"})
	do(98, Command{Verb: MonitorMore})
	do(98, Command{Verb: Nick, Name: "Irc2"})
	do(97, Command{Verb: Connect, Off: true, Name: "10.9.9.97:1"})
	do(97, Command{Verb: LogIn, Name: "Zoe", Past: &Past{Marks: []KeptMark{{Key: "#stage", Shown: "#Stage", Read: 7}}, Metadata: []KeyValue{{"avatar", "a.png"}}}})
	do(97, Command{Verb: MetadataSub, Text: "avatar url"})
	do(97, Command{Verb: MetadataSet, Text: "url there"})
	do(99, Command{Verb: Connect, Name: "10.9.9.99:1"})
	do(99, Command{Verb: Join, Name: "#Stage"})
	do(100, Command{Verb: Grant, Name: "ops"})
	for _, right := range []Command{
		{Right: RightOperator, Name: "yan"}, {Right: RightVoice, Name: "xia"}, {Right: RightVoice, Name: "10.9.9.99:1"}, {Right: RightInvite, Name: "someone"}, {Right: RightKey, Text: "digest"}, {Right: RightTopic},
		{Right: RightBan, Name: "eve", N: 1000, Text: "words"}, {Right: RightBan, Name: "10.8.0.0/16"}, {Right: RightBan, Name: "unix:1000"}, {Right: RightBan, Name: "guest-7:*"},
	} {
		right.Verb = Govern
		do(100, right)
	}
	do(100, Command{Verb: Act, Text: "bows"})
	do(100, Command{Verb: MetadataSet, Name: "#Stage", Text: "url here"})
	do(100, Command{Verb: ShunClient, N: 1 << 40})
	do(102, Command{Verb: Disconnect})
	do(103, Command{Verb: SetBan, Name: "eve", N: int64(at) + 1000, Text: "words"})
	do(103, Command{Verb: SetShun, Name: "eve", N: int64(at) + 1000})
	do(104, Command{Verb: Connect, Name: "10.9.9.9:1"})
	do(105, Command{Verb: Connect, Name: "10.9.9.9:2"})
	do(105, Command{Verb: LogIn, Name: "zoe"})
	do(105, Command{Verb: Nick, Name: "Zed"})
	do(105, Command{Verb: PersonKept, Name: "zoe"})
	do(105, Command{Verb: Read, Name: "#Stage", Msg: 1})
	do(101, Command{Verb: Tell, Name: "zed", Text: "psst"})
	do(101, Command{Verb: Away, Text: "gone to lunch"})
	do(106, Command{Verb: Connect, Name: "10.9.9.9:3"})
	for n := range uint8(3) {
		s.Apply(&Command{Verb: Connect, Client: NewClientID(1, 1).On(8 + n), Name: fmt.Sprintf("10.9.9.10:%d", n), At: at})
	}
	for _, node := range []int64{8, 10} {
		s.Apply(&Command{Verb: NodeGone, Client: NoClient, N: node, Text: "it is gone"})
	}
}

// lived is a State that has applied so many commands.
func lived(t testing.TB, commands int) *State {
	t.Helper()
	random, rounds := rand.New(rand.NewPCG(9, 10)), make([]uint32, 40)
	s, disk := New(replayConfig), keeper{}
	for step := range commands {
		cmd := anyCommand(random, step, rounds, &disk)
		disk.hear(s.Apply(&cmd))
	}
	return s
}
