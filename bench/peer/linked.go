//go:build linux

package peer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"looproom/bench"
)

// linked returns when what is said at the first of several servers that are one is heard at all others. They may listen before they know each other.
func (r *Running) linked(ctx context.Context, d bench.Dialect) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	speaker, err := visit(ctx, r.Addr, d, 0)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Name, err)
	}
	defer speaker.Close()
	for i, node := range r.Nodes {
		listener, err := visit(ctx, node.Addr, d, i+1)
		if err == nil {
			err = hears(ctx, speaker, listener, d, 0)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", node.Name, err)
		}
		_ = listener.Close() // it has been heard
	}
	return nil
}

// visit brings a client in, whose connection ends with ctx.
func visit(ctx context.Context, address string, d bench.Dialect, number int) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	for _, step := range d.Hello(number, 0) {
		if _, err := conn.Write(step.Send); err != nil {
			return nil, err
		}
		if err := await(conn, step.Await); err != nil {
			return nil, err
		}
	}
	return conn, nil
}

// await reads until something has come.
func await(conn net.Conn, what []byte) error {
	var in []byte
	for buf := make([]byte, 4096); !bytes.Contains(in, what); {
		n, err := conn.Read(buf)
		if in = append(in, buf[:n]...); err != nil {
			return fmt.Errorf("%w behind %q, want %q", err, in[max(0, len(in)-100):], what)
		}
	}
	return nil
}

// hears has the speaker say something in a room again and again until the listener hears it.
func hears(ctx context.Context, speaker, listener net.Conn, d bench.Dialect, room int) error {
	words := []byte("are-we-linked-by-now")
	heard := make(chan error, 1)
	go func() { heard <- await(listener, words) }()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		if _, err := speaker.Write(d.Say(nil, 0, room, words)); err != nil {
			return err
		}
		select {
		case err := <-heard:
			return err
		case <-ctx.Done():
			return errors.New("nothing that is said at the first server is heard at this one")
		case <-again.C:
		}
	}
}
