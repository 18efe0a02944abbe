//go:build linux

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"looproom/bench"
	"looproom/bench/contest"
	"looproom/bench/machine"
	"looproom/bench/peer"
)

// runCommand brings one workload to one server.
type runCommand struct {
	Workload    string `arg:"" help:"KIND or KIND:name=value,... (loopbench list)."`
	Subject     string `short:"s" placeholder:"NAME" help:"A server that loopbench starts (loopbench list). Default: looproom."`
	Target      string `short:"t" placeholder:"URL" help:"One that runs already: tcp://host:port, ws://host:port/ws or unix:///path."`
	Dialect     string `short:"d" placeholder:"NAME" default:"line" help:"What the target speaks: line, ws, ws-relay, plain, irc, irc-mixed, nats, redis, mqtt or echo (${default}; ws where the target is ws://)."`
	PID         int    `short:"p" name:"pid" placeholder:"N" help:"The target's process, so that its CPU and memory can be told."`
	Burst       int    `placeholder:"N" default:"0" help:"How many of the target's clients may be on their way in at once (256)."`
	Repetitions int    `short:"n" placeholder:"N" default:"1" help:"How often (${default})."`
	Looproom    string `placeholder:"PATH" help:"The looproom to measure. Default: beside loopbench, or on PATH."`
	Loops       int    `placeholder:"N" default:"1" help:"Event loops of looproom (${default})."`
	Workers     int    `placeholder:"N" default:"1" help:"Threads of the generator (${default})."`
	Pin         string `placeholder:"SPEC" default:"auto" help:"CPUs of server and generator: auto, off, or such as 0,1:2-3 (${default})."`
	load        `embed:""`
	output      `embed:""`
}

// Run measures. It is called by kong.
func (r *runCommand) Run(ctx context.Context) error {
	if r.Target == "" {
		compare := compareCommand{
			Subjects: []string{cmp.Or(r.Subject, "looproom")}, Workloads: []string{r.Workload}, Repetitions: r.Repetitions,
			Looproom: r.Looproom, Loops: r.Loops, Workers: r.Workers, Pin: r.Pin, load: r.load, output: r.output,
		}
		return compare.Run(ctx)
	}
	if r.Subject != "" {
		return errors.New("--subject is a server to be started, --target one that runs: give one of them")
	}
	workloads, err := r.workloads([]string{r.Workload})
	if err != nil {
		return err
	}
	target, err := r.target()
	if err != nil {
		return err
	}
	pinning, err := r.pinning()
	if err != nil {
		return err
	}
	result := contest.NewReport(os.Args, versionLine(), pinning)
	compare := compareCommand{output: r.output}
	return compare.measure(ctx, contest.Plan{
		Contestants: []contest.Contestant{target}, Workloads: workloads, Repetitions: r.Repetitions, Workers: r.Workers, Pinning: pinning,
	}, result)
}

// pinning is that of the generator; a server that runs already stays where it is.
func (r *runCommand) pinning() (machine.Pinning, error) {
	if r.Pin == "auto" {
		return machine.Plan("off")
	}
	return machine.Plan(r.Pin)
}

// target is a contestant that runs already.
func (r *runCommand) target() (contest.Contestant, error) {
	address, err := addressOf(r.Target)
	if err != nil {
		return contest.Contestant{}, err
	}
	if strings.HasPrefix(r.Target, "ws://") && r.Dialect != "ws-relay" {
		r.Dialect = "ws"
	}
	ways, err := peer.Ways(r.Dialect)
	if err != nil {
		return contest.Contestant{}, err
	}
	return contest.Contestant{
		Subject: bench.Subject{Name: strings.TrimPrefix(r.Target, "tcp://"), Model: "a server that ran already", Dialect: r.Dialect},
		Start: func(context.Context, *bench.Workload) (*contest.Server, error) {
			return &contest.Server{
				Address: address, Dialect: ways[0], Ways: waysAt(address, ways[1:]), PID: r.PID, Burst: r.Burst, Stop: func() error { return nil },
			}, nil
		},
	}, nil
}

func addressOf(target string) (string, error) {
	u, err := url.Parse(target)
	switch {
	case err == nil && u.Scheme == "tcp" && u.Port() != "":
		return u.Host, nil
	case err == nil && u.Scheme == "ws" && u.Port() != "":
		return u.Host, nil
	case err == nil && u.Scheme == "unix" && strings.HasPrefix(u.Path, "/"):
		return u.Path, nil
	}
	return "", fmt.Errorf("target %q: a target is tcp://host:port, ws://host:port/ws or unix:///path", target)
}
