//go:build linux

package loop

import (
	"looproom/loop/budget"
	"looproom/loop/door"
	"looproom/loop/meter"
)

// fullMemory is what the kernel holds for a client that takes nothing of anything else, in bytes at the worst.
const fullMemory = 2 * door.SendBuffer

// fixedMemory is what the server takes by itself: the program, loops without clients, buffers for the disk, two passwords that are being
// checked, the table of files. It is no one's share; of a small ceiling it is a quarter.
const fixedMemory = 64 << 20

// setMostMemory makes the ceiling of all sources what is left of that of the process.
func (s *Server) setMostMemory(most int64) {
	if most > 0 {
		most -= min(fixedMemory, most/4)
	}
	s.budget.SetMost(most)
}

func (s *Server) memoryStats() meter.MemoryStats {
	stats := meter.MemoryStats{BySource: map[string]int64{}, Most: s.budget.Most()}
	for _, source := range budget.All() {
		stats.BySource[source.String()] = s.budget.Held(source)
	}
	return stats
}
