//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
)

// profile writes CPU and heap profiles for go tool pprof.
type profile struct {
	folder string
	cpu    *os.File
}

// startProfile begins a profile of the CPU. It returns nil where folder is "".
func startProfile(folder string) (*profile, error) {
	if folder == "" {
		return nil, nil
	}
	runtime.MemProfileRate = 4 << 10 // so that a connection shows
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	cpu, err := os.Create(filepath.Join(folder, "cpu.pprof"))
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, errors.Join(fmt.Errorf("profile: %w", err), cpu.Close())
	}
	return &profile{folder, cpu}, nil
}

// stop ends the CPU profile and writes that of the heap as it is now, with all clients still there.
func (p *profile) stop() error {
	if p == nil {
		return nil
	}
	pprof.StopCPUProfile()
	heap, err := os.Create(filepath.Join(p.folder, "heap.pprof"))
	if err != nil {
		return errors.Join(fmt.Errorf("profile: %w", err), p.cpu.Close())
	}
	runtime.GC() // the heap profile is as of the last collection
	return errors.Join(pprof.WriteHeapProfile(heap), heap.Close(), p.cpu.Close())
}
