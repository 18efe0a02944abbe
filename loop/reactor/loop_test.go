//go:build linux

package reactor

import (
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// TestPanics: a panic in a step ends that step, and nothing else.
func TestPanics(t *testing.T) {
	f := start(t)
	ann, anns := f.enrol(t, "ann")
	f.do(t, func() { f.read = func(*client, string) { panic("in Read") } })
	say(t, anns, "hello")
	f.expect(t, "ann said hello", "ann panicked: in Read")
	f.do(t, func() {
		f.read = nil
		f.soon(func() { panic("in a task") })
		f.loop.Post(func() { panic("in a letter") })
		f.loop.AfterInput(func() { panic("behind the input") })
		f.loop.Within(ann, func() { panic("within") })
		f.alarm = func(uint64, uint8) { panic("in an alarm") }
		f.loop.SetAlarm(0, 1, 1)
	})
	want := []string{"nobody panicked: in a task", "nobody panicked: in a letter", "nobody panicked: behind the input", "ann panicked: within", "nobody panicked: in an alarm"}
	for range want {
		select {
		case said := <-f.said:
			if !slices.Contains(want, said) {
				t.Fatalf("the handler heard %q, want one of %q", said, want)
			}
		case <-time.After(testPatience):
			t.Fatal("a panic was not told")
		}
	}
	say(t, anns, "still here")
	f.expect(t, "ann said still here")
}

// TestStop: what the loop holds ends, and letters that come behind it are lost without a word.
func TestStop(t *testing.T) {
	f := start(t)
	_, anns := f.enrol(t, "ann")
	held, goOn := make(chan struct{}), make(chan struct{})
	f.loop.Post(func() { close(held); <-goOn })
	<-held
	var read atomic.Int32
	for range 5000 { // more than gnet takes tasks in order
		f.loop.Post(func() { read.Add(1) })
	}
	stopped := make(chan struct{})
	go func() { defer close(stopped); f.loop.Stop() }()
	for !f.loop.stopped.Load() {
	}
	close(goOn)
	<-stopped
	f.loop.Post(func() { t.Error("a letter was read behind the end") })
	f.loop.Stop() // does nothing
	expectEnd(t, anns)
	f.expect(t, "ann ended: "+ErrStopped.Error())
}

// TestAlive: however many ask, there is one question under way, which is answered when the loop comes to it.
func TestAlive(t *testing.T) {
	f := start(t)
	held, goOn := make(chan struct{}), make(chan struct{})
	f.loop.Post(func() { close(held); <-goOn })
	<-held
	answer := f.loop.Alive()
	for range 3 {
		if f.loop.Alive() != answer {
			t.Fatal("a second question is under way")
		}
	}
	select {
	case <-answer:
		t.Fatal("a loop that is held up has answered")
	default:
	}
	close(goOn)
	select {
	case <-answer:
	case <-time.After(testPatience):
		t.Fatal("no answer")
	}
	f.do(t, func() {})
	again := f.loop.Alive()
	if again == answer {
		t.Error("the question that has been answered is asked once more")
	}
	<-again
}

// TestSteps: each letter is a step, and what comes at one blow has one end.
func TestSteps(t *testing.T) {
	f := start(t)
	type counts struct{ steps, rested, rounds int }
	now := func() counts { return counts{f.steps, f.rested, f.rounds} }
	for _, test := range []struct {
		name string
		ask  func(then func())
		want counts
	}{
		{"letters", func(then func()) { f.loop.Post(func() {}); f.loop.Post(func() {}); f.loop.Post(then) }, counts{2, 0, 0}},
		{"behind letters", func(then func()) { f.loop.Post(func() {}); f.loop.Post(func() { f.loop.Post(then) }) }, counts{2, 1, 0}},
		{"tasks", func(then func()) { f.soon(func() {}); f.soon(then) }, counts{1, 1, 0}},
		{"behind the input", func(then func()) { f.loop.AfterInput(func() {}); f.loop.AfterInput(func() { f.loop.AfterInput(then) }) }, counts{2, 1, 2}},
		{"a round", func(then func()) {
			f.loop.AskRound()
			f.loop.AskRound()
			f.loop.AfterInput(func() { f.loop.AfterInput(then) })
		}, counts{2, 1, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var before, after counts
			err := f.loop.CallUntil(func(done func()) {
				f.soon(func() { // behind which all that led here has had its end
					f.soon(func() {
						before = now()
						test.ask(func() { after = now(); done() })
					})
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			got := counts{after.steps - before.steps, after.rested - before.rested, after.rounds - before.rounds}
			own := counts{1, 1, 0} // the end of the task that asked
			if want := (counts{test.want.steps + own.steps, test.want.rested + own.rested, test.want.rounds}); got != want {
				t.Errorf("steps, ends and rounds = %v, want %v", got, want)
			}
		})
	}
}

// TestDescriptors: a loop has no more than it says, and gives all back.
func TestDescriptors(t *testing.T) {
	open := func() int {
		t.Helper()
		names, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	warm := start(t) // the runtime's own
	warm.loop.Stop()
	before := open()
	f := start(t)
	_, anns := f.enrol(t, "ann")
	if n := open() - before - 2; n > Descriptors {
		t.Errorf("a loop has %d descriptors open, want at most %d", n, Descriptors)
	}
	f.loop.Stop()
	expectEnd(t, anns)
	anns.Close()
	if n := open() - before; n != 0 {
		t.Errorf("%d descriptors are open behind the end of the loop", n)
	}
}
