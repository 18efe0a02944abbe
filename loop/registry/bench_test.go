package registry

import (
	"fmt"
	"net/netip"
	"testing"

	"looproom/loop/ban"
)

// withNames is an open folder with n names.
func withNames(b *testing.B, n int) (r *Registry, dir string) {
	dir = b.TempDir()
	r = mustOpen(b, dir)
	if err := r.keepNames(manyNames(n)); err != nil {
		b.Fatal(err)
	}
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
