//go:build linux

package main

import (
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"sync"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"looproom/loop"
	"looproom/loop/unit"
)

// memory is a ceiling of memory in bytes on the command line: a size, 0 for none, or half of what there is.
type memory struct {
	size unit.Size
	half bool
}

// UnmarshalText reads "half" or a size.
func (m *memory) UnmarshalText(text []byte) error {
	*m = memory{half: string(text) == "half"}
	if m.half {
		return nil
	}
	if err := m.size.UnmarshalText(text); err != nil {
		return fmt.Errorf("%w, and not half", err)
	}
	return nil
}

// String is the ceiling as one writes it.
func (m memory) String() string {
	if m.half {
		return "half"
	}
	return m.size.String()
}

// bytes is the ceiling, 0 for none.
func (m memory) bytes() int64 {
	if !m.half {
		return int64(m.size)
	}
	return max(available()/2, loop.MinMemory)
}

// available is the memory that the machine has, or that the control group may take if that is less.
var available = sync.OnceValue(func() int64 {
	least := uint64(math.MaxInt64)
	for _, ask := range []memlimit.Provider{memlimit.FromSystem, memlimit.FromCgroup} {
		if bytes, err := ask(); err == nil && bytes > 0 { // without a control group there is no limit of one
			least = min(least, bytes)
		}
	}
	return int64(least)
})

// limitMemory has Go collect garbage as often as it takes to stay under the ceiling, unless the environment says how often.
func limitMemory(m memory) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	if most := m.bytes(); most > 0 {
		debug.SetMemoryLimit(most)
		return
	}
	debug.SetMemoryLimit(math.MaxInt64)
}
