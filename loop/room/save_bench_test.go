//go:build linux

package room

import (
	"bytes"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// onProcessor is how long the thread has had a processor: a machine that others use tells less by its clock.
func onProcessor(b *testing.B) time.Duration {
	var at unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &at); err != nil {
		b.Fatal(err)
	}
	return time.Duration(at.Nano())
}

// BenchmarkSave saves 100,000 users with registered names in 2,000 rooms, each with 40 messages, in pieces.
func BenchmarkSave(b *testing.B) {
	s := crowded(100_000)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var longest, all time.Duration
	pieces := 0
	w := &writes{}
	for b.Loop() {
		for v, more := NewSaver(s), true; more; pieces++ {
			began := onProcessor(b)
			more, _ = v.Next(w)
			took := onProcessor(b) - began
			longest, all = max(longest, took), all+took
		}
	}
	b.ReportMetric(float64(longest.Microseconds()), "µs/longest-piece")
	b.ReportMetric(float64(all.Microseconds())/float64(pieces), "µs/piece")
	b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms/save")
	b.ReportMetric(float64(w.bytes)/1e6/float64(b.N), "MB")
}

// BenchmarkRestore restores that.
func BenchmarkRestore(b *testing.B) {
	file := saved(crowded(100_000))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began := onProcessor(b)
	for b.Loop() {
		if _, err := Restore(bytes.NewReader(file)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((onProcessor(b)-began).Milliseconds())/float64(b.N), "ms/restore")
}
