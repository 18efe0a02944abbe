//go:build linux

package peer

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// StartCommand starts any server that prints where it listens, as in "line://127.0.0.1:41234" or "listening on 127.0.0.1:41234", and
// returns when it has. name is for errors. argv is the program, looked for on PATH, and its arguments. The address is the first one in
// a line of standard output; where ready has texts, in a line with one of them, which tells several addresses apart. The
// caller stops the server. ctx bounds the start only. The error of a server that ends before has its last lines.
func StartCommand(ctx context.Context, o StartOptions, name string, argv []string, ready ...string) (*Running, error) {
	listening := newAnnouncement(ready)
	r, err := startAnnounced(name, argv, o, listening)
	if err != nil {
		return nil, err
	}
	return r.ready(r.announces(ctx, listening))
}

// StartDoors is StartCommand for a server that listens at several addresses: it returns when each of the texts has stood in a line with an address.
// Those are the Doors of what runs, and the first of them its Addr.
func StartDoors(ctx context.Context, o StartOptions, name string, argv []string, texts ...string) (*Running, error) {
	listening := newDoors(texts)
	r, err := startAnnounced(name, argv, o, listening)
	if err != nil {
		return nil, err
	}
	return r.ready(r.opens(ctx, listening))
}

func startAnnounced(name string, argv []string, o StartOptions, listening *announcement) (*Running, error) {
	if len(argv) == 0 {
		return nil, fmt.Errorf("start %s: no command", name)
	}
	path, err := program(argv[0])
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return launch(name, append([]string{path}, argv[1:]...), o, listening)
}

// program returns where the program is, in a form that holds in another folder, too.
func program(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// announces waits for the address.
func (r *Running) announces(ctx context.Context, listening *announcement) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	select {
	case r.Addr = <-listening.found:
		return nil
	case <-r.process.done:
		return r.Err()
	case <-ctx.Done():
		return r.silent("has not said where it listens", ctx.Err())
	}
}

// opens waits for the doors.
func (r *Running) opens(ctx context.Context, listening *announcement) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	select {
	case <-listening.allFound:
		r.Doors, r.Addr = listening.doors, listening.doors[0]
		return nil
	case <-r.process.done:
		return r.Err()
	case <-ctx.Done():
		return r.silent("has not said where it listens", ctx.Err())
	}
}
