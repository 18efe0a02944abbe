package room

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// TestIndexIsAMap: whatever comes and goes, the index finds whom a map would.
func TestIndexIsAMap(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var users []*user
	for i := range uint32(3000) {
		users = append(users, &user{id: newUserID(i, 1)})
	}
	x, naive := newIndex(&users, func(u *user, text string) bool { return u.name == text }), map[string]*user{}
	for step := range 60_000 {
		u := users[random.IntN(len(users))]
		grows := step/10_000%2 == 0
		switch {
		case u.name != "" && (!grows || random.IntN(4) == 0):
			x.drop(u.name, u)
			delete(naive, u.name)
			u.name = ""
		case u.name == "" && (grows || random.IntN(4) == 0):
			name := fmt.Sprint("user", random.IntN(4000))
			if before := naive[name]; before != nil {
				if x.find(name) != before {
					t.Fatalf("step %d: %q is not who has it", step, name)
				}
				x.drop(before.name, before)
				before.name = ""
			}
			u.name, naive[name] = name, u
			x.put(name, u)
		}
		name := fmt.Sprint("user", random.IntN(4000))
		if got := x.find(name); got != naive[name] || x.count != len(naive) {
			t.Fatalf("step %d: find(%q) = %v of %d, want %v of %d", step, name, got, x.count, naive[name], len(naive))
		}
	}
	for name, u := range naive {
		if x.find(name) != u {
			t.Fatalf("%q is lost", name)
		}
		x.drop(name, u)
	}
	if left := len(x.parts[0].entries); x.count != 0 || left > 16 {
		t.Errorf("%d entries, and %d places in a part are left", x.count, left)
	}
}

// Who comes to have another's string has it alone, and the other can't take it away by giving it up.
func TestIndexGivesToTheLast(t *testing.T) {
	users := []*user{{id: newUserID(0, 1), name: "ann"}, {id: newUserID(1, 1), name: "ann"}}
	x := newIndex(&users, func(u *user, text string) bool { return u.name == text })
	x.put("ann", users[0])
	x.put("ann", users[1])
	x.drop("ann", users[0])
	if x.find("ann") != users[1] || x.count != 1 {
		t.Errorf("ann is %v of %d, want the second of one", x.find("ann"), x.count)
	}
}

// TestIndexBytes: an idle client costs an entry, and little more of what is free.
func TestIndexBytes(t *testing.T) {
	var users []*user
	x := newIndex(&users, func(u *user, text string) bool { return u.name == text })
	most := 0
	for i := range uint32(20_000) {
		u := &user{id: newUserID(i, 1), name: fmt.Sprint("user", i)}
		users = append(users, u)
		x.put(u.name, u)
		if i < 5000 {
			continue
		}
		bytes := 0
		for p := range x.parts {
			bytes += 6 * cap(x.parts[p].entries)
		}
		most = max(most, bytes/int(i+1))
	}
	if most > 8 {
		t.Errorf("an entry takes %d bytes, want at most 8", most)
	}
}

func BenchmarkIndex(b *testing.B) {
	var users []*user
	x := newIndex(&users, func(u *user, text string) bool { return u.name == text })
	for i := range uint32(20_000) {
		users = append(users, &user{id: newUserID(i, 1), name: fmt.Sprint("user", i)})
		x.put(users[i].name, users[i])
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		u := users[i%len(users)]
		x.drop(u.name, u)
		x.put(u.name, u)
		if x.find(u.name) != u {
			b.Fatal("not found")
		}
		i++
	}
}

// TestUserBytes: what a client takes of the heap that has signed in and is in one room, its strings aside.
func TestUserBytes(t *testing.T) {
	const n, most = 18_000, 204
	names, addresses := make([]string, n), make([]string, n)
	for i := range n {
		names[i], addresses[i] = fmt.Sprint("user", i), fmt.Sprintf("10.0.0.1:%d", i)
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	s, before := New(Config{AnnounceMax: 200}), heap()
	for i := range uint32(n) {
		id := NewClientID(i, 1)
		s.Apply(&Command{Verb: Connect, Client: id, Name: addresses[i]})
		s.Apply(&Command{Verb: SignIn, Client: id, Name: names[i]})
	}
	if took := int(heap()-before) / n; took > most {
		t.Errorf("a user takes %d bytes of the heap, want at most %d", took, most)
	}
	runtime.KeepAlive(s)
	runtime.KeepAlive(names)
	runtime.KeepAlive(addresses)
}

// TestLooksTakeOneEntry: the two parts of how most names look differ in case at most, and stand in the index together; either finds its user, and nothing is left of them.
func TestLooksTakeOneEntry(t *testing.T) {
	for _, row := range []struct {
		name, key string
		entries   int
	}{{"ann", "ann", 1}, {"Ann07", "ann07", 1}, {"Ian", "ian", 2}} {
		u := &user{id: newUserID(70_000, 1), name: row.name, key: row.key}
		users := make([]*user, 70_001)
		users[70_000] = u
		d := newDirectory(&users)
		d.put(u)
		for _, part := range guiseOf(row.name, row.key).parts() {
			if d.looks.find(part) != u {
				t.Errorf("nobody looks like %q, want %s", part, row.name)
			}
		}
		if n := d.looks.entries(); n != row.entries {
			t.Errorf("%s takes %d entries, want %d", row.name, n, row.entries)
		}
		d.drop(u)
		if n := d.looks.entries(); n != 0 {
			t.Errorf("%s has gone and %d entries are left", row.name, n)
		}
	}
}

// entries counts those that are taken.
func (x *index) entries() (n int) {
	for i := range x.parts {
		for _, e := range x.parts[i].entries {
			if e.at() != 0 {
				n++
			}
		}
	}
	return n
}
