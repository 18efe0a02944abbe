//go:build linux

package peer

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// process is a child and the goroutine that waits for it.
type process struct {
	command  *exec.Cmd
	output   *output
	patience time.Duration // stopPatience, but in tests
	stopping atomic.Bool   // Stop was called
	done     chan struct{} // closed when the child has been reaped
	err      error         // of Wait; to be read once done is closed
}

// startProcess starts argv. It is in a process group of its own, so that a Ctrl-C on the terminal is the caller's alone to act on.
func startProcess(argv []string, o StartOptions, listening *announcement) (*process, error) {
	p := &process{command: exec.Command(argv[0], argv[1:]...), output: &output{log: o.Log}, patience: stopPatience, done: make(chan struct{})}
	p.command.Dir = o.Dir
	p.command.Stdout, p.command.Stderr = p.output, p.output
	if listening != nil {
		p.command.Stdout = io.MultiWriter(listening, p.output)
	}
	// A child of the child may keep the pipes open.
	p.command.WaitDelay = time.Second
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go p.own(o.CPUs, started)
	return p, <-started
}

// own starts the child and waits for its end on a thread that does nothing else and ends with the goroutine. The child inherits the
// thread's CPUs from its first instruction on, as taskset would have it; set later, a Go program would have counted the wrong number of
// them. And Pdeathsig, which ends the child when this program is killed, looks at the thread.
func (p *process) own(cpus []int, started chan<- error) {
	runtime.LockOSThread()
	err := pin(cpus)
	if err == nil {
		err = p.command.Start()
	}
	started <- err
	if err != nil {
		return
	}
	p.err = p.command.Wait()
	if errors.Is(p.err, exec.ErrWaitDelay) {
		p.err = nil
	}
	close(p.done)
}

// pin keeps the calling thread to these CPUs; without any it may use those of the process.
func pin(cpus []int) error {
	if len(cpus) == 0 {
		return nil
	}
	var set unix.CPUSet
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return fmt.Errorf("pin to CPUs %v: %w (does this machine have them?)", cpus, err)
	}
	return nil
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// kill ends the process group, the child's children with it.
func (p *process) kill() {
	if !p.ended() {
		_ = unix.Kill(-p.command.Process.Pid, unix.SIGKILL)
	}
}
