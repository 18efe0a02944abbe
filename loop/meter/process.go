package meter

import (
	"bytes"
	"os"
	"runtime/metrics"
	"strconv"
)

// heapMetric is the bytes of the heap that are in use, or were when it was last collected.
const heapMetric = "/memory/classes/heap/objects:bytes"

// heapBytes is Go's heap in use.
func heapBytes() int64 {
	heap := []metrics.Sample{{Name: heapMetric}}
	metrics.Read(heap)
	return int64(heap[0].Value.Uint64())
}

// residentBytes is the process's memory, 0 where the kernel doesn't tell.
func residentBytes() int64 {
	told, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(told)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
