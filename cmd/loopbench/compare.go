//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"looproom/bench"
	"looproom/bench/contest"
	"looproom/bench/machine"
)

// compareCommand compares servers.
type compareCommand struct {
	Subjects    []string `short:"s" placeholder:"NAME" help:"Servers to compare (loopbench list): names, or rivals, peers, clusters, all; 'looproom --loops 2' is looproom with flags. Default: looproom and the rivals."`
	Workloads   []string `short:"w" sep:"none" placeholder:"SPEC" help:"Workload: KIND or KIND:name=value,...; may be repeated. Default: echo, fanout, chat and idle."`
	Repetitions int      `short:"n" placeholder:"N" help:"Of each workload on each server, interleaved. Default: 5; with --quick 1."`
	Quick       bool     `help:"A first answer in under a minute: fewer, shorter, once."`
	Looproom    string   `placeholder:"PATH" help:"The looproom to measure. Default: beside loopbench, or on PATH."`
	Loops       int      `placeholder:"N" default:"1" help:"Event loops of looproom (${default})."`
	Workers     int      `placeholder:"N" default:"1" help:"Threads of the generator (${default})."`
	Pin         string   `placeholder:"SPEC" default:"auto" help:"CPUs of server and generator: auto, off, or such as 0,1:2-3 (${default})."`
	load        `embed:""`
	output      `embed:""`
}

// The workloads of a comparison that isn't told any.
var (
	usualWorkloads = []string{"echo", "fanout", "chat", "idle"}
	quickWorkloads = []string{"fanout", "chat"}
)

// Run compares. It is called by kong.
func (c *compareCommand) Run(ctx context.Context) error {
	c.defaults()
	workloads, err := c.workloads(c.Workloads)
	if err != nil {
		return err
	}
	if c.Quick {
		hurry(workloads, &c.load)
	}
	pinning, err := machine.Plan(c.Pin)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "loopbench-")
	if err != nil {
		return fmt.Errorf("make a folder for the servers' files: %w", err)
	}
	defer os.RemoveAll(folder)
	result := contest.NewReport(os.Args, versionLine(), pinning)
	stable := &stable{looproom: c.Looproom, loops: c.Loops, folder: folder, pinning: pinning}
	contestants, err := stable.find(c.Subjects, result)
	if err != nil {
		return err
	}
	return c.measure(ctx, contest.Plan{
		Contestants: contestants, Workloads: workloads, Repetitions: c.Repetitions, Workers: c.Workers, Pinning: pinning,
	}, result)
}

func (c *compareCommand) defaults() {
	if len(c.Subjects) == 0 {
		c.Subjects = []string{"looproom", "rivals"}
	}
	if len(c.Workloads) == 0 {
		c.Workloads = slices.Clone(usualWorkloads)
		if c.Quick {
			c.Workloads = slices.Clone(quickWorkloads)
		}
	}
	if c.Repetitions == 0 {
		c.Repetitions = 5
		if c.Quick {
			c.Repetitions = 1
		}
	}
}

// hurry shortens the workloads whose times were not asked for.
func hurry(workloads []bench.Workload, asked *load) {
	for i := range workloads {
		if asked.Duration == nil {
			workloads[i].Duration /= 2
		}
		if asked.Warmup == nil {
			workloads[i].Warmup /= 2
		}
	}
}

func (c *compareCommand) measure(ctx context.Context, plan contest.Plan, result *bench.Report) error {
	fmt.Fprintln(os.Stderr, result.Pinning)
	meter := newMeter()
	plan.Progress = meter.show
	err := contest.Run(ctx, plan, result)
	meter.end()
	return errors.Join(err, c.write(result))
}
