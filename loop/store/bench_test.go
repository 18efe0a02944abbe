package store

import (
	"fmt"
	"strings"
	"testing"

	"looproom/loop/room"
)

// withNames is a folder with n names, as long as those with a hash are.
func withNames(b *testing.B, n int) (dir string) {
	b.Helper()
	dir = b.TempDir()
	s := mustOpen(b, dir)
	for from := 0; from < n; from += 10_000 {
		var all []Change
		for i := from; i < min(from+10_000, n); i++ {
			key := fmt.Sprintf("somebody%06d", i)
			all = append(all, PutName(Name{Key: key, Shown: key, Hash: "$argon2id$v=19$m=65536,t=1,p=2$" + strings.Repeat("c2FsdHNhbHRz", 6), Since: noon}))
		}
		mustChange(b, s, all...)
	}
	mustClose(b, s)
	return dir
}

// BenchmarkOpen is how long a start waits for what is kept.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{0, 1000, 100_000} {
		b.Run(fmt.Sprint(n, " names"), func(b *testing.B) {
			dir := withNames(b, n)
			b.ReportAllocs()
			for b.Loop() {
				s := mustOpen(b, dir)
				if c := mustContents(b, s); len(c.Names) != n {
					b.Fatalf("%d names", len(c.Names))
				}
				mustClose(b, s)
			}
		})
	}
}

// BenchmarkChange is an acknowledged change, of one who waits and of many.
func BenchmarkChange(b *testing.B) {
	for _, sync := range []Sync{Batch, Off} {
		dir := withNames(b, 1000)
		s, err := Open(dir, Options{Sync: sync})
		if err != nil {
			b.Fatal(err)
		}
		name := Name{Key: "ana", Shown: "Ana", Hash: strings.Repeat("x", 100)}
		b.Run("one, sync "+sync.level(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mustChange(b, s, PutName(name))
			}
		})
		b.Run("64 at a time, sync "+sync.level(), func(b *testing.B) {
			b.SetParallelism(32)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := s.Change(PutName(name)); err != nil {
						b.Error(err)
					}
				}
			})
		})
		mustClose(b, s)
	}
}

// BenchmarkSay is a batch of 1,000 messages, with the index that follows.
func BenchmarkSay(b *testing.B) {
	s, err := Open(b.TempDir(), Options{Pending: 1 << 30})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	id := 1
	said := func() []Message {
		all := make([]Message, 1000)
		for i := range all {
			all[i] = Message{
				ID: room.MsgID(id), Place: room.PlaceID(1 + id%20), Room: "#room", Who: "somebody", WhoKey: "somebody", Text: fmt.Sprintf("message %d of some fifty letters, as people say", id), At: noon * 1000,
			}
			id++
		}
		return all
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Say(said())
		mustChange(b, s, Change{key: "fence", behind: true, do: nothing})
	}
	b.ReportMetric(float64(s.Stats().Stored)/b.Elapsed().Seconds(), "messages/s")
}
