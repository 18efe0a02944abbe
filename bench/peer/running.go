//go:build linux

package peer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
	"time"
)

// Running is a server that was started. Its methods may be called from any goroutine.
type Running struct {
	Name string
	// Addr is where it listens, host:port.
	Addr string
	// Doors are all its addresses, where it was started by StartDoors.
	Doors []string
	// Nodes are the other servers, where several are one. Stop ends them as well.
	Nodes []*Running
	PID   int
	// Command is the program and its arguments.
	Command string
	// Config is the text of its configuration file; empty where there is none.
	Config string

	process *process
}

// stopPatience is how long a server may take to end after SIGTERM. ngircd with 8,000 clients takes more than five seconds, and one whose CPU others want as well
// takes several times as long.
const stopPatience = time.Minute

// Stop ends the server, and the Nodes: SIGTERM, and SIGKILL to all of its process group when it is still there after stopPatience. It returns when
// the server is gone. The error says that it had ended before, or that it had to be killed. Another Stop does nothing.
func (r *Running) Stop() error {
	if len(r.Nodes) == 0 {
		return r.stop()
	}
	errs := make([]error, len(r.Nodes))
	var ending sync.WaitGroup
	for i, node := range r.Nodes {
		ending.Go(func() { errs[i] = node.Stop() })
	}
	err := r.stop()
	ending.Wait()
	return errors.Join(append(errs, err)...)
}

func (r *Running) stop() error {
	p := r.process
	if p.stopping.Swap(true) {
		<-p.done
		return nil
	}
	if p.ended() {
		return r.Err()
	}
	_ = p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
		return nil
	case <-time.After(p.patience):
	}
	p.kill()
	<-p.done
	return fmt.Errorf("stop %s: killed, for it had not ended %v after SIGTERM", r.Name, p.patience)
}

// Done is closed when the server has ended.
func (r *Running) Done() <-chan struct{} { return r.process.done }

// Err says that the server has ended, with the last lines that it printed; nil while it runs.
func (r *Running) Err() error {
	p := r.process
	if !p.ended() {
		return nil
	}
	how := "exit status 0"
	if p.err != nil {
		how = p.err.Error()
	}
	if last := p.output.String(); last != "" {
		how += ": " + last
	}
	return fmt.Errorf("%s ended: %s", r.Name, how)
}

// ready returns r, or ends it where the start has failed.
func (r *Running) ready(err error) (*Running, error) {
	if err == nil {
		return r, nil
	}
	r.process.kill()
	<-r.process.done
	return nil, fmt.Errorf("start %s: %w", r.Name, err)
}

// answers waits until something accepts connections at r.Addr.
func (r *Running) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for dialer := (net.Dialer{}); ; {
		if conn, err := dialer.DialContext(ctx, "tcp", r.Addr); err == nil {
			return conn.Close()
		}
		select {
		case <-again.C:
		case <-r.process.done:
			return r.Err()
		case <-ctx.Done():
			return r.silent("accepts no connections at "+r.Addr, ctx.Err())
		}
	}
}

// silent is the error of a server that runs and still isn't ready when the wait is over.
func (r *Running) silent(what string, over error) error {
	if errors.Is(over, context.DeadlineExceeded) {
		over = errors.New("gave up waiting")
	}
	if last := r.process.output.String(); last != "" {
		return fmt.Errorf("%s: %w: %s", what, over, last)
	}
	return fmt.Errorf("%s: %w", what, over)
}
