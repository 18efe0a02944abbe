package order

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"looproom/loop/room"
)

// tree submits, for each command that is applied, those that its Text lists, and notes what it sees.
type tree struct {
	*Alone
	seen   []string
	within int
	t      *testing.T
	panics string // Name of the command that panics when it has submitted
}

func newTree(t *testing.T) *tree {
	r := &tree{t: t}
	r.Alone = New(r.apply)
	return r
}

func (r *tree) apply(cmd *room.Command, waited bool) {
	if r.within++; r.within > 1 {
		r.t.Errorf("%s is applied while another one is", cmd.Name)
	}
	defer func() { r.within-- }()
	name := cmd.Name
	for _, child := range strings.Fields(cmd.Text) {
		r.Submit(&room.Command{Name: child})
	}
	if cmd.Name != name {
		r.t.Errorf("the command %s has become %s while it was applied", name, cmd.Name)
	}
	r.seen = append(r.seen, fmt.Sprint(name, waited))
	if name == r.panics {
		panic(name)
	}
}

func (r *tree) check(want ...string) {
	r.t.Helper()
	if !slices.Equal(r.seen, want) {
		r.t.Errorf("applied %q, want %q", r.seen, want)
	}
	r.seen = nil
}

func TestAlone(t *testing.T) {
	r := newTree(t)
	r.Submit(&room.Command{Name: "a"})
	r.check("afalse")
	r.Submit(&room.Command{Name: "b", Text: "c d e"})
	r.check("bfalse", "ctrue", "dtrue", "etrue")
	r.Submit(&room.Command{Name: "f"})
	r.check("ffalse")
	for _, cmd := range r.queue[:cap(r.queue)] {
		if cmd != (room.Command{}) {
			t.Errorf("the queue still holds %+v", cmd)
		}
	}
	if len(r.queue) != 0 || r.next != 0 || r.at != (room.Command{}) {
		t.Errorf("%d commands are left, next is %d, at is %v; want none", len(r.queue), r.next, r.at)
	}
}

// TestQueueInOrder submits from what waited as well: those come behind all that waited before.
func TestQueueInOrder(t *testing.T) {
	var (
		a    *Alone
		seen []int64
	)
	a = New(func(cmd *room.Command, _ bool) {
		seen = append(seen, cmd.N)
		for range 2 {
			if next := 2*cmd.N + int64(len(seen)%2); next < 64 {
				a.Submit(&room.Command{N: next})
			}
		}
	})
	want := []int64{1}
	for i := 0; i < len(want); i++ {
		for range 2 {
			if next := 2*want[i] + int64((i+1)%2); next < 64 {
				want = append(want, next)
			}
		}
	}
	a.Submit(&room.Command{N: 1})
	if !slices.Equal(seen, want) {
		t.Errorf("applied %v, want %v", seen, want)
	}
}

// TestPanicCostsOne: what waits behind a command that panics is applied with the next one, and nothing twice.
func TestPanicCostsOne(t *testing.T) {
	for _, name := range []string{"b", "c"} {
		r := newTree(t)
		r.panics = name
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic has not passed by")
				}
			}()
			r.Submit(&room.Command{Name: "b", Text: "c d"})
		}()
		r.panics = ""
		r.Submit(&room.Command{Name: "e"})
		if name == "b" {
			r.check("bfalse", "efalse", "ctrue", "dtrue")
		} else {
			r.check("bfalse", "ctrue", "efalse", "dtrue")
		}
	}
}

// TestSubmitAllocatesNothing: between who submits and the state there is no cost.
func TestSubmitAllocatesNothing(t *testing.T) {
	var a *Alone
	again := room.Command{Name: "again"}
	a = New(func(cmd *room.Command, waited bool) {
		if !waited {
			a.Submit(&again)
		}
	})
	cmd := room.Command{Name: "a"}
	a.Submit(&cmd) // the queue's memory
	if n := testing.AllocsPerRun(100, func() { a.Submit(&cmd) }); n != 0 {
		t.Errorf("Submit allocates %v times, want 0", n)
	}
}

func BenchmarkAlone(b *testing.B) {
	applied := 0
	a := New(func(*room.Command, bool) { applied++ })
	cmd := room.Command{Name: "a"}
	for b.Loop() {
		a.Submit(&cmd)
	}
}

// TestTake: what is taken is applied as what is submitted, in its turn, and takes no memory.
func TestTake(t *testing.T) {
	var a *Alone
	var seen []string
	a = New(func(cmd *room.Command, waited bool) {
		if cmd.Name == "first" {
			a.Take(room.Command{Name: "second"})
			a.Submit(&room.Command{Name: "third"})
		}
		seen = append(seen, fmt.Sprint(cmd.Name, waited))
	})
	a.Take(room.Command{Name: "first"})
	if want := []string{"firstfalse", "secondtrue", "thirdtrue"}; !slices.Equal(seen, want) {
		t.Errorf("applied %q, want %q", seen, want)
	}
	a = New(func(*room.Command, bool) {})
	if n := testing.AllocsPerRun(100, func() { a.Take(room.Command{}) }); n > 0 {
		t.Errorf("Take allocates %v times, want none", n)
	}
}

// TestHeldCommandsWait: in order, also behind those that come up while others are released, some at a time; and a panic costs one.
func TestHeldCommandsWait(t *testing.T) {
	r := newTree(t)
	r.Hold()
	r.Submit(&room.Command{Name: "a", Text: "c d"})
	r.Take(room.Command{Name: "b", Text: "e"})
	r.check()
	one := func() bool { return true }
	if r.Release(one) || !r.Held() {
		t.Error("all is released, though one of two is enough")
	}
	r.check("atrue")
	r.Submit(&room.Command{Name: "f"}) // between two pieces
	r.panics = "b"
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic has not passed by")
			}
		}()
		r.Release(one)
	}()
	if !r.Held() {
		t.Error("nothing is held behind a panic")
	}
	if !r.Release(func() bool { return false }) || r.Held() {
		t.Error("not all is released, though nothing is enough")
	}
	r.check("btrue", "ctrue", "dtrue", "ftrue", "etrue")
	r.Submit(&room.Command{Name: "g"})
	r.check("gfalse")
	if r.Hold(); !r.Release(one) || r.Held() {
		t.Error("nothing that was held is not released")
	}
}

// TestReleasedCrowdIsNotKept: the memory of very many commands that have waited is given back.
func TestReleasedCrowdIsNotKept(t *testing.T) {
	applied := 0
	a := New(func(*room.Command, bool) { applied++ })
	a.Hold()
	for range 100 * spareQueue {
		a.Take(room.Command{})
	}
	if a.Release(func() bool { return false }); applied != 100*spareQueue || cap(a.queue) > spareQueue {
		t.Errorf("%d were applied, and there is room for %d", applied, cap(a.queue))
	}
}
