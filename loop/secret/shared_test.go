package secret

import (
	"sync"
	"testing"
)

func TestShared(t *testing.T) {
	s := NewShared(argonDefault)
	if s.Quick("correct horse") {
		t.Error("Quick before the password was ever checked = true, want false")
	}
	for _, wrong := range []string{"wrong horse", "", "correct horse\x00"} {
		if s.Matches(wrong) || s.Quick(wrong) {
			t.Errorf("Matches(%q) = true, want false", wrong)
		}
	}
	if !s.Matches("correct horse") {
		t.Fatal("Matches of the right password = false")
	}
	for _, right := range []string{"correct horse", "correct\u3000horse"} {
		if !s.Quick(right) || !s.Matches(right) {
			t.Errorf("Quick(%q) once it was right = false, want true", right)
		}
	}
	for _, wrong := range []string{"wrong horse", "", "correct horse\x00", "\x00"} {
		if s.Quick(wrong) || s.Matches(wrong) {
			t.Errorf("Matches(%q) once the other was right = true, want false", wrong)
		}
	}
}

func TestSharedOfNoHash(t *testing.T) {
	for _, hash := range []string{"", "not a hash"} {
		s := NewShared(hash)
		if s.Matches("") || s.Matches(hash) || s.Quick("") {
			t.Errorf("Matches of a Shared of %q = true, want false", hash)
		}
	}
}

// A crowd that comes back costs one hash, or a few if it comes at once.
func TestSharedCrowdCostsOneHash(t *testing.T) {
	s := NewShared(argonDefault)
	s.Matches("correct horse")
	got := allocated(func() {
		for range 1000 {
			if !s.Matches("correct horse") {
				t.Fatal("Matches = false")
			}
		}
	})
	if got > uint64(params.Memory)<<10 {
		t.Errorf("1,000 checks allocated %d bytes, want less than the %d KiB of one hash", got, params.Memory)
	}
}

func TestSharedFromManyGoroutines(t *testing.T) {
	s := NewShared(argonSmall)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if !s.Matches("correct horse") || s.Matches("wrong horse") || s.Quick("wrong horse") {
					t.Error("a check among others went wrong")
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkQuick(b *testing.B) {
	s := NewShared(argonDefault)
	s.Matches("correct horse")
	for b.Loop() {
		if !s.Quick("correct horse") {
			b.Fatal("Quick = false")
		}
	}
}
