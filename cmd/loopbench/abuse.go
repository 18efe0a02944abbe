//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"looproom/bench"
	"looproom/bench/abuse"
	"looproom/bench/machine"
	"looproom/bench/peer"
)

// abuseCommand attacks servers within their limits.
type abuseCommand struct {
	Subjects []string `short:"s" placeholder:"NAME" help:"Servers that loopbench starts, each anew for every case (loopbench list): names, or rivals, peers, all; 'looproom --loops 2' is looproom with flags. Default: looproom."`
	Cases    []string `short:"c" placeholder:"NAME" help:"Cases (loopbench list). Default: all."`
	Full     bool     `help:"The sizes of a patient attacker. Some cases take minutes, and gigabytes of servers that let them."`
	Target   string   `short:"t" placeholder:"URL" help:"One that runs already: tcp://host:port, ws://host:port/ws or unix:///path. It is attacked, so ask whose it is."`
	Dialect  string   `short:"d" placeholder:"NAME" default:"line" help:"What the target speaks (${default}; ws where the target is ws://)."`
	PID      int      `short:"p" name:"pid" placeholder:"N" help:"The target's process, so that its CPU and memory can be told."`
	Burst    int      `placeholder:"N" default:"0" help:"How many clients may be on their way into the target at once (64)."`
	Looproom string   `placeholder:"PATH" help:"The looproom to attack. Default: beside loopbench, or on PATH."`
	Loops    int      `placeholder:"N" default:"1" help:"Event loops of looproom (${default})."`
	Pin      string   `placeholder:"SPEC" default:"auto" help:"CPUs of server and attackers: auto, off, or such as 0,1:2-3 (${default})."`
	JSON     string   `group:"Output" name:"json" placeholder:"FILE" help:"Keep the result."`
}

// Run attacks. It is called by kong.
func (a *abuseCommand) Run(ctx context.Context) error {
	cases, err := abuse.FindCases(a.Cases)
	if err != nil {
		return err
	}
	pinning, err := a.pinning()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "loopbench-")
	if err != nil {
		return fmt.Errorf("make a folder for the servers' files: %w", err)
	}
	defer os.RemoveAll(folder)
	// The bystanders' thread needs one of Go's processors at once, whatever the attackers do.
	runtime.GOMAXPROCS(max(runtime.GOMAXPROCS(0), 8))
	report := &abuse.Report{
		Began: time.Now(), Command: os.Args, Version: versionLine(), Machine: machine.Describe(), Pinning: pinning.String(), Full: a.Full,
	}
	opponents, err := a.opponents(&stable{looproom: a.Looproom, loops: a.Loops, folder: folder, pinning: pinning}, report)
	if err != nil {
		return err
	}
	for _, o := range opponents {
		report.Subjects = append(report.Subjects, o.Subject)
	}
	fmt.Fprintln(os.Stderr, report.Pinning)
	abuse.Run(ctx, abuse.Plan{
		Opponents: opponents, Cases: cases, Full: a.Full, Pinning: pinning,
		Progress: func(done, all int, opponent, name string) {
			fmt.Fprintf(os.Stderr, "%d/%d %s: %s\n", done+1, all, name, opponent)
		},
	}, report)
	return a.write(report, cases)
}

// pinning is as the flag says; a server that runs already stays where it is.
func (a *abuseCommand) pinning() (machine.Pinning, error) {
	if a.Target != "" && a.Pin == "auto" {
		return machine.Plan("off")
	}
	return machine.Plan(a.Pin)
}

func (a *abuseCommand) write(report *abuse.Report, cases []abuse.Case) error {
	fmt.Println()
	err := abuse.Table(os.Stdout, report, cases)
	if a.JSON != "" {
		err = errors.Join(err, abuse.WriteJSON(a.JSON, report))
	}
	return err
}

func (a *abuseCommand) opponents(s *stable, report *abuse.Report) ([]abuse.Opponent, error) {
	if a.Target == "" {
		return s.opponents(a.Subjects, report)
	}
	if len(a.Subjects) > 0 {
		return nil, errors.New("--subject is a server to be started, --target one that runs: give one of them")
	}
	run := runCommand{Target: a.Target, Dialect: a.Dialect, PID: a.PID, Burst: a.Burst}
	target, err := run.target()
	if err != nil {
		return nil, err
	}
	return []abuse.Opponent{{
		Subject:  target.Subject,
		Dialects: func(*abuse.Case) []string { return []string{target.Subject.Dialect} },
		Start: func(ctx context.Context, _ *abuse.Case, _ int) (*abuse.Server, error) {
			server, err := target.Start(ctx, &bench.Workload{})
			if err != nil {
				return nil, err
			}
			// Each case has clients of other names: those of the last one may not be gone.
			dialect, err := peer.FindDialect(target.Subject.Dialect)
			if err != nil {
				return nil, err
			}
			return &abuse.Server{
				Doors: []abuse.Door{{Address: server.Address, Dialect: dialect}}, PID: server.PID, Burst: server.Burst, Stop: server.Stop,
			}, nil
		},
	}}, nil
}
