package registry

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"looproom/loop/ban"
	"looproom/loop/room"
	"looproom/loop/store"
)

// withNames is an open folder with n names.
func withNames(b *testing.B, n int) (r *Registry, dir string) {
	dir = b.TempDir()
	r = mustOpen(b, dir)
	names := manyNames(n)
	changes := make([]store.Change, n)
	for i := range names {
		changes[i] = store.PutName(names[i])
	}
	if err := r.store.Change(changes...); err != nil {
		b.Fatal(err)
	}
	r.names.hold(names)
	return r, dir
}

func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{0, 1000, MaxNames} {
		b.Run(fmt.Sprint(n, " names"), func(b *testing.B) {
			r, dir := withNames(b, n)
			mustClose(b, r)
			b.ReportAllocs()
			for b.Loop() {
				mustClose(b, mustOpen(b, dir))
			}
		})
	}
}

func BenchmarkPutName(b *testing.B) {
	for _, n := range []int{0, 1000, MaxNames - 1} {
		b.Run(fmt.Sprint("beside ", n), func(b *testing.B) {
			r, _ := withNames(b, n)
			b.ReportAllocs()
			for b.Loop() {
				mustPutName(b, r, Name{Key: "ana", Shown: "Ana", Hash: argonHash})
			}
		})
	}
}

func BenchmarkPutBan(b *testing.B) {
	for _, n := range []int{0, 10_000} {
		b.Run(fmt.Sprint("beside ", n), func(b *testing.B) {
			r := mustOpen(b, b.TempDir())
			entries := make([]ban.Entry, n)
			for i := range entries {
				a := netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})
				entries[i] = ban.Entry{Target: ban.Target{Net: netip.PrefixFrom(a, 32)}, Since: noon, By: "ann", Words: "spam"}
			}
			r.bans.Store(ban.ListOf(entries))
			b.ReportAllocs()
			for b.Loop() {
				mustPutBan(b, r, ban.Entry{Target: ban.Target{Name: "ana"}, Since: noon})
			}
		})
	}
}

func BenchmarkName(b *testing.B) {
	r, _ := withNames(b, MaxNames)
	b.ReportAllocs()
	for b.Loop() {
		if _, found := r.Name("somebody054321"); !found {
			b.Fatal("not found")
		}
	}
}

func BenchmarkPutRoom(b *testing.B) {
	for _, row := range []struct{ rooms, topic int }{{0, 30}, {1000, 30}, {MaxRooms - 1, 30}, {MaxRooms - 1, MaxRoomBytes/MaxRooms - 300}} {
		b.Run(fmt.Sprintf("beside %d of %d bytes", row.rooms, row.topic), func(b *testing.B) {
			r := mustOpen(b, b.TempDir())
			all := make([]*room.KeptRoom, row.rooms)
			for i := range all {
				all[i] = ownedRoom(fmt.Sprintf("#room%05d", i), fmt.Sprint("founder", i))
				all[i].Topic = strings.Repeat("x", row.topic)
			}
			r.rooms.hold(all)
			b.ReportAllocs()
			for b.Loop() {
				mustPutRoom(b, r, ownedRoom("#zoo", "zoe"))
			}
		})
	}
}

// BenchmarkSetRoom is what a change costs the loop that has the room.
func BenchmarkSetRoom(b *testing.B) {
	r := mustOpen(b, b.TempDir())
	all := make([]*room.KeptRoom, MaxRooms)
	for i := range all {
		all[i] = ownedRoom(fmt.Sprintf("#room%05d", i), fmt.Sprint("founder", i))
	}
	r.rooms.hold(all)
	changed := ownedRoom("#room05432", "ana")
	b.ReportAllocs()
	for b.Loop() {
		if err := r.SetRoom(changed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTrust(b *testing.B) {
	for _, n := range []int{0, 1000, MaxNames - 1} {
		b.Run(fmt.Sprint("beside accounts ", n, " with 3 keys"), func(b *testing.B) {
			r, _ := withNames(b, n)
			mustPutName(b, r, Name{Key: "ana", Shown: "Ana", Hash: argonHash})
			for i, name := range manyNames(n) {
				r.trust.set(name.Key, []mark{{byte(i)}, {1, byte(i)}, {2, byte(i)}})
			}
			digests := []string{"one", "two"}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				mustTrust(b, r, "ana", digests[i%2])
			}
		})
	}
}

// BenchmarkTrusts is what a key costs that logs in, or doesn't.
func BenchmarkTrusts(b *testing.B) {
	r, _ := withNames(b, 1000)
	name, _ := r.Name("somebody000321")
	mustTrust(b, r, name.Key, "key")
	for _, digest := range []string{"key", "another"} {
		b.Run(digest, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Trusts(name, digest)
			}
		})
	}
}
