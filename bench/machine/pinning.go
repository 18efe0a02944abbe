//go:build linux

package machine

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Pinning is which CPUs the server and the generator run on. Empty lists mean that the kernel chooses.
type Pinning struct {
	Server    []int
	Generator []int
	// Warning is why a reader should take care, and empty if there is no reason.
	Warning string
}

// String is the pinning in words, for the report.
func (p Pinning) String() string {
	text := "not pinned: the kernel moves server and generator between all CPUs"
	if len(p.Server) > 0 {
		text = fmt.Sprintf("server on CPU %s, generator on CPU %s", listCPUs(p.Server), listCPUs(p.Generator))
	}
	if p.Warning != "" {
		text += " (" + p.Warning + ")"
	}
	return text
}

// Plan reads spec: "auto" gives the first half of the CPUs that this process may use to the server and the rest to the generator,
// and keeps the threads of one core together; "off" pins nothing; "0,1:2-3" is the server's CPUs and the generator's.
func Plan(spec string) (Pinning, error) {
	allowed, err := allowedCPUs()
	if err != nil {
		return Pinning{}, err
	}
	return plan(spec, coresOf(allowed))
}

// plan is Plan for a machine with these cores, each a list of its CPUs.
func plan(spec string, cores [][]int) (Pinning, error) {
	switch spec {
	case "off":
		return Pinning{}, nil
	case "auto", "":
		return split(cores), nil
	}
	server, generator, found := strings.Cut(spec, ":")
	if !found {
		return Pinning{}, fmt.Errorf("pinning %q: want auto, off, or the server's and the generator's CPUs such as 0,1:2,3", spec)
	}
	return explicit(server, generator, slices.Concat(cores...))
}

func split(cores [][]int) Pinning {
	if len(cores) == 1 && len(cores[0]) > 1 {
		return Pinning{
			Server:    cores[0][:len(cores[0])/2],
			Generator: cores[0][len(cores[0])/2:],
			Warning:   "they share one core's hyper-threads, so each slows the other",
		}
	}
	if len(cores) < 2 {
		return Pinning{Warning: "there is one CPU, so the generator takes its time from the server"}
	}
	half := len(cores) / 2
	return Pinning{Server: slices.Concat(cores[:half]...), Generator: slices.Concat(cores[half:]...)}
}

func explicit(server, generator string, allowed []int) (p Pinning, err error) {
	if p.Server, err = parseCPUs(server); err != nil {
		return Pinning{}, fmt.Errorf("pinning of the server: %w", err)
	}
	if p.Generator, err = parseCPUs(generator); err != nil {
		return Pinning{}, fmt.Errorf("pinning of the generator: %w", err)
	}
	for _, cpu := range slices.Concat(p.Server, p.Generator) {
		if !slices.Contains(allowed, cpu) {
			return Pinning{}, fmt.Errorf("pinning to CPU %d: this process may use only %s", cpu, listCPUs(allowed))
		}
		if slices.Contains(p.Server, cpu) && slices.Contains(p.Generator, cpu) {
			p.Warning = "they share CPUs, so the generator takes its time from the server"
		}
	}
	return p, nil
}

// Pin binds all threads of the process pid to the CPUs, and by that all that they start later. An empty list changes nothing.
func Pin(pid int, cpus []int) error {
	if len(cpus) == 0 {
		return nil
	}
	set := cpuSet(cpus)
	pinned := map[int]bool{}
	// A thread that isn't bound yet may start another meanwhile, which isn't bound either.
	for {
		news, err := pinThreads(pid, &set, pinned)
		if err != nil {
			return fmt.Errorf("pin process %d to CPU %s: %w", pid, listCPUs(cpus), err)
		}
		if news == 0 {
			return nil
		}
	}
}

// pinThreads binds those that are not in pinned, adds them to it and returns how many they were.
func pinThreads(pid int, set *unix.CPUSet, pinned map[int]bool) (news int, err error) {
	tids, err := threadsOf(pid)
	if err != nil {
		return 0, err
	}
	for _, tid := range tids {
		if pinned[tid] {
			continue
		}
		if err := unix.SchedSetaffinity(tid, set); err != nil && !errors.Is(err, unix.ESRCH) {
			return news, err
		}
		pinned[tid] = true
		news++
	}
	return news, nil
}

// PinSelf binds all threads of this process to the CPUs. Processes that it starts from then on are bound to them too, if not
// started by Start.
func PinSelf(cpus []int) error { return Pin(os.Getpid(), cpus) }

// Start starts command on the CPUs; it is never on others, so a server that counts its CPUs as it starts counts these. An
// empty list starts it on the CPUs of this process.
func Start(command *exec.Cmd, cpus []int) (err error) {
	if len(cpus) == 0 {
		return command.Start()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return fmt.Errorf("read the CPUs of this thread: %w", err)
	}
	set := cpuSet(cpus)
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return fmt.Errorf("pin %s to CPU %s: %w", command.Path, listCPUs(cpus), err)
	}
	defer func() { err = errors.Join(err, unix.SchedSetaffinity(0, &before)) }()
	return command.Start()
}
