package journal

import (
	"fmt"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// BenchmarkPublishToRead is three nodes in one process: one of them writes batches of 100 bytes, one outstanding, as fast as they come back, or so many a second. The time is that from Publish to when
// it is delivered to the same node; the CPU is that of all three.
func BenchmarkPublishToRead(b *testing.B) {
	for _, row := range []struct {
		name  string
		sync  bool
		every time.Duration
	}{
		{"100 a second", false, 10 * time.Millisecond},
		{"100 a second, forced to disk", true, 10 * time.Millisecond},
		{"no pause", false, 0},
		{"no pause, forced to disk", true, 0},
	} {
		b.Run(row.name, func(b *testing.B) { benchPublish(b, row.sync, row.every) })
	}
}

func benchPublish(b *testing.B, forced bool, every time.Duration) {
	configs := configsOf(b, 3)
	for i := range configs {
		configs[i].Sync = forced
	}
	c := startWith(b, configs)
	n := c.nodes[0]
	arrived := make(chan struct{}, 1)
	n.lag = func(Entry) { arrived <- struct{}{} }
	c.follow(0)
	body := make([]byte, 100)
	took := make([]time.Duration, 0, b.N)
	var due <-chan time.Time
	if every > 0 {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		due = ticker.C
	}
	cpu := cpuTime(b)
	b.ResetTimer()
	for number := uint64(1); number <= uint64(b.N); number++ {
		if due != nil {
			<-due
		}
		at := time.Now()
		n.Publish(1, number, body)
		<-arrived
		took = append(took, time.Since(at))
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/1e6, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100])/1e6, "p99-ms")
	b.ReportMetric(float64(cpuTime(b)-cpu)/1e6/float64(b.N), "cpu-ms/batch")
}

// cpuTime is what the process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkClose is how long the others can't write when the leader closes.
func BenchmarkClose(b *testing.B) {
	longest := time.Duration(0)
	for range b.N {
		b.StopTimer()
		c := startCluster(b, 3)
		c.follow(0)
		leader := c.leader()
		n := c.nodes[c.others(leader)[0]]
		n.write(b, 1, 20)
		var closing sync.WaitGroup
		b.StartTimer()
		closing.Go(func() { c.stop(leader) })
		for number := uint64(21); number < 400; number++ {
			at := time.Now()
			n.Publish(1, number, nil)
			eventually(b, fmt.Sprint("batch ", number), func() bool { return n.doneUpTo() == number })
			longest = max(longest, time.Since(at))
		}
		b.StopTimer()
		closing.Wait()
		c.close()
	}
	b.ReportMetric(float64(longest)/1e6, "longest-pause-ms")
}
