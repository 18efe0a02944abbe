package accounts

import (
	"runtime"
	"testing"
	"testing/synctest"
)

// TestWorkersThatClose: what is being done is waited for, but not for ever; what has not been begun is dropped, and nothing new is taken.
func TestWorkersThatClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorkers(1)
		hangs, begun := make(chan struct{}), make(chan struct{})
		w.give(func() { close(begun); <-hangs })
		<-begun
		if !w.give(func() { t.Error("a job has been begun after the end") }) {
			t.Error("a job was not taken, want it to wait")
		}
		closeAll(w)
		if w.give(func() {}) {
			t.Error("a job was taken after the end")
		}
		close(hangs)
		closeAll(w) // once more is no harm
	})
}

// TestWorkersAreBusy: no more than so many wait.
func TestWorkersAreBusy(t *testing.T) {
	w := newWorkers(1)
	hangs, begun, done := make(chan struct{}), make(chan struct{}), make(chan struct{}, maxJobs)
	w.give(func() { close(begun); <-hangs })
	<-begun
	for n := range maxJobs {
		if !w.give(func() { done <- struct{}{} }) {
			t.Fatalf("job %d was not taken, want %d to wait", n, maxJobs)
		}
	}
	if w.give(func() {}) {
		t.Errorf("%d jobs wait, want at most %d", maxJobs+1, maxJobs)
	}
	close(hangs)
	for range maxJobs {
		<-done
	}
	closeAll(w)
}

// TestWorkersAreWaitedFor: what is being done comes to its end before close returns.
func TestWorkersAreWaitedFor(t *testing.T) {
	w := newWorkers(1)
	begun, wait, ended := make(chan struct{}), make(chan struct{}), false
	w.give(func() { close(begun); <-wait; ended = true })
	<-begun
	closing := make(chan struct{})
	go func() { closeAll(w); close(closing) }()
	for !w.isShut() {
		runtime.Gosched()
	}
	close(wait)
	<-closing
	if !ended {
		t.Error("close did not wait for what was being done")
	}
}
