//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"text/tabwriter"
	"time"

	"looproom/bench"
	"looproom/bench/crowd"
	"looproom/bench/machine"
	"looproom/bench/peer"
)

// crowdCommand brings more clients than one process has descriptors for into one room of a cluster.
type crowdCommand struct {
	Nodes    int           `placeholder:"N" default:"6" help:"Nodes of looproom, 1 or 3 and more; each has a part of the clients, whose process is its own (${default})."`
	Clients  int           `placeholder:"N" default:"100000" help:"How many come into the room. Each needs a descriptor in its part and one at its node (${default})."`
	Rate     float64       `placeholder:"N" default:"10" help:"Messages a second of all together (${default})."`
	Duration time.Duration `placeholder:"TIME" default:"20s" help:"How long they talk (${default})."`
	Burst    int           `placeholder:"N" default:"64" help:"How many of a part are on their way in at once (${default})."`
	Patience time.Duration `placeholder:"TIME" default:"2m" help:"How long nothing may happen before the rest counts as lost (${default})."`
	Looproom string        `placeholder:"PATH" help:"The looproom to measure. Default: beside loopbench, or on PATH."`
	Flags    []string      `placeholder:"FLAG" help:"Another flag of looproom; may be repeated."`
	Logs     bool          `help:"Show what the nodes log."`
	JSON     string        `group:"Output" name:"json" placeholder:"FILE" help:"Keep the result."`
}

// gathering is what came of a crowd.
type gathering struct {
	Began   time.Time     `json:"began"`
	Command []string      `json:"command"`
	Version string        `json:"version"`
	Machine bench.Machine `json:"machine"`
	Result  *crowd.Result `json:"result"`
	Nodes   []nodeUsed    `json:"nodes"`
}

// nodeUsed is what a node has used.
type nodeUsed struct {
	Coming  bench.Usage `json:"coming"`  // until all were in
	Talking bench.Usage `json:"talking"` // while they talked
}

// Run gathers a crowd. It is called by kong. Messages that are lost, and a room that the nodes don't see alike, are an error.
func (c *crowdCommand) Run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "loopbench-")
	if err != nil {
		return fmt.Errorf("make a folder for the servers' files: %w", err)
	}
	defer os.RemoveAll(folder)
	each := (c.Clients + c.Nodes - 1) / c.Nodes
	if err := errors.Join(machine.RaiseDescriptors(each), machine.CheckDescriptors(each), machine.CheckPorts(each, 1)); err != nil {
		return err
	}
	stable := &stable{looproom: c.Looproom, loops: 1, folder: folder}
	path, err := stable.findOurs()
	if err != nil {
		return err
	}
	nodes, err := c.start(ctx, stable, path, each)
	if err != nil {
		return err
	}
	g := &gathering{Began: time.Now(), Command: os.Args, Version: versionLine(), Machine: machine.Describe()}
	if err := errors.Join(c.gather(ctx, nodes, g), nodes.Stop()); err != nil {
		return err
	}
	return errors.Join(c.write(g), g.wrong())
}

// start starts the nodes.
func (c *crowdCommand) start(ctx context.Context, s *stable, path string, each int) (*peer.Running, error) {
	argv := append([]string{path, "--loops", "1", "--log-level", "warn"}, append(withoutLimits, c.Flags...)...)
	o := peer.StartOptions{Dir: s.folder, Connections: each + 100}
	if c.Logs {
		o.Log = os.Stderr
	}
	if c.Nodes == 1 {
		return peer.StartCommand(ctx, o, ours, append(argv, lineDoor.listen()...))
	}
	return startNodes(ctx, o, ours, argv, c.Nodes)
}

func (c *crowdCommand) gather(ctx context.Context, first *peer.Running, g *gathering) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find loopbench itself: %w", err)
	}
	nodes := append([]*peer.Running{first}, first.Nodes...)
	var watches []*machine.Watch
	for _, node := range nodes {
		watch, err := machine.Observe(node.PID)
		if err != nil {
			return err
		}
		watches = append(watches, watch)
	}
	g.Nodes = make([]nodeUsed, len(nodes))
	used := func(of func(*nodeUsed) *bench.Usage) (err error) {
		for i, watch := range watches {
			used, failed := watch.End()
			*of(&g.Nodes[i]) = used
			err = errors.Join(err, failed, watch.Begin())
		}
		return err
	}
	g.Result, err = crowd.Run(ctx, crowd.Options{
		Parts: len(nodes), Clients: c.Clients, Rate: c.Rate, For: c.Duration, Patience: c.Patience, Ask: []byte("ROOMS\n"), Until: []byte("= ROOM #lobby "),
		Command: func(number int) []string {
			return []string{
				self, "crowd-part", "--number", strconv.Itoa(number), "--parts", strconv.Itoa(len(nodes)), "--clients", strconv.Itoa(share(c.Clients, len(nodes), number)),
				"--address", nodes[number].Addr, "--from", fmt.Sprintf("127.0.1.%d", number+1), "--burst", strconv.Itoa(c.Burst),
			}
		},
		Gathered: func() error { return used(func(n *nodeUsed) *bench.Usage { return &n.Coming }) },
		Talked:   func() error { return used(func(n *nodeUsed) *bench.Usage { return &n.Talking }) },
		Progress: func(phase string, w crowd.Word) {
			fmt.Fprintf(os.Stderr, "%s: %d in, %d messages, %d deliveries, %d wrong, ended: %v\n", phase, w.In, w.Said, w.Heard, w.Wrong, w.Ended)
		},
	})
	return err
}

// share is how many of n the one of that number has, of so many.
func share(n, of, number int) int { return (n*(number+1))/of - n*number/of }

// wrong says what should not have been.
func (g *gathering) wrong() error {
	r := g.Result
	var err error
	if lost := r.Expected - r.Heard; lost != 0 || r.Wrong != 0 {
		err = fmt.Errorf("%d deliveries lost, %d out of order", lost, r.Wrong)
	}
	if r.In < r.Clients {
		err = errors.Join(err, fmt.Errorf("%d of %d clients are in: %v", r.In, r.Clients, r.Ended))
	}
	for node, answer := range r.Answers {
		if want := fmt.Sprintf("= ROOM #lobby %d", r.In); answer != want {
			err = errors.Join(err, fmt.Errorf("node %d says %q, want %q", node+1, answer, want))
		}
	}
	return err
}

func (c *crowdCommand) write(g *gathering) error {
	err := writeGathering(os.Stdout, g)
	if c.JSON == "" {
		return err
	}
	text, jsonErr := json.MarshalIndent(g, "", " ")
	if jsonErr == nil {
		jsonErr = os.WriteFile(c.JSON, append(text, '\n'), 0o644)
	}
	return errors.Join(err, jsonErr)
}

const mega = 1e6

func writeGathering(to io.Writer, g *gathering) error {
	r := g.Result
	fmt.Fprintf(to, "%s, %d CPUs, %s\n%s\n\n", g.Machine.CPU, g.Machine.Cores, g.Machine.Kernel, g.Version)
	fmt.Fprintf(to, "%d of %d clients in one room of %d nodes, in after %s\n", r.In, r.Clients, len(g.Nodes), r.Took.Round(time.Second))
	fmt.Fprintf(to, "%d messages, %d of %d deliveries, %d out of order, in %s\n", r.Said, r.Heard, r.Expected, r.Wrong, r.Talking.Round(100*time.Millisecond))
	fmt.Fprintf(to, "latency p50 %s, p99 %s, longest %s\n\n", brief(r.Latency.Percentile(50)), brief(r.Latency.Percentile(99)), brief(r.Latency.Max()))
	out := tabwriter.NewWriter(to, 0, 8, 2, ' ', 0)
	fmt.Fprintf(out, "node\tempty MB\tall in MB\tpeak MB\tbytes/user\tCPU coming\tCPU talking\tsays\n")
	var coming, talking time.Duration
	for i, n := range g.Nodes {
		coming, talking = coming+n.Coming.CPU(), talking+n.Talking.CPU()
		fmt.Fprintf(out, "%d\t%.0f\t%.0f\t%.0f\t%.0f\t%s\t%s\t%s\n", i+1, float64(n.Coming.BaseRSS)/mega, float64(n.Coming.RSS)/mega, float64(n.Talking.PeakRSS)/mega,
			float64(n.Coming.RSS-n.Coming.BaseRSS)/float64(max(r.In, 1)), brief(n.Coming.CPU()), brief(n.Talking.CPU()), r.Answers[i])
	}
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(to, "\nCPU of all nodes: %s a client that came, %s a delivery. bytes/user: what a node has more than when it was empty, by all users of the chat.\n",
		brief(coming/time.Duration(max(r.In, 1))), brief(talking/time.Duration(max(r.Heard, 1))))
	return nil
}

func brief(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(time.Nanosecond).String()
}

// crowdPartCommand is one process of a crowd.
type crowdPartCommand struct {
	Number  int
	Parts   int
	Clients int
	Address string
	From    string
	Burst   int
}

// Run holds clients until the standard input ends. It is called by kong.
func (c *crowdPartCommand) Run() error {
	dialect, err := peer.FindDialect("line")
	if err != nil {
		return err
	}
	if err := machine.RaiseDescriptors(c.Clients); err != nil {
		return err
	}
	return crowd.RunPart(crowd.Part{
		Number: c.Number, Parts: c.Parts, Clients: c.Clients, Address: c.Address, From: c.From, Burst: c.Burst, Dialect: dialect,
		Notices: [][]byte{[]byte("! waiting "), []byte("! goes-on ")},
	}, os.Stdin, os.Stdout)
}
