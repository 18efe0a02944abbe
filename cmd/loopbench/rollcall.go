//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"looproom/bench"
	"looproom/bench/contest"
	"looproom/bench/generator"
	"looproom/bench/machine"
	"looproom/bench/peer"
	"looproom/bench/rollcall"
)

// rollcallCommand brings very many clients of IRC into one channel, and compares whom they see.
type rollcallCommand struct {
	Subjects []string      `short:"s" placeholder:"NAME" help:"Servers of IRC, each started anew (loopbench list). Default: looproom-irc."`
	Clients  int           `placeholder:"N" default:"15000" help:"How many come into the channel (${default}). Each needs a descriptor here and one at the server."`
	Within   time.Duration `placeholder:"TIME" default:"1m" help:"In what time they come, evenly (${default})."`
	Pings    float64       `placeholder:"N" default:"100" help:"Questions a second of a bystander in another channel; 0: nobody asks (${default})."`
	Looproom string        `placeholder:"PATH" help:"The looproom to measure. Default: beside loopbench, or on PATH."`
	Loops    int           `placeholder:"N" default:"1" help:"Event loops of looproom (${default})."`
	Pin      string        `placeholder:"SPEC" default:"auto" help:"CPUs of server and bystander: auto, off, or such as 0,1:2-3 (${default}). For the clients there is taskset."`
	JSON     string        `group:"Output" name:"json" placeholder:"FILE" help:"Keep the result."`
}

// roll is what came of one server.
type roll struct {
	Subject string           `json:"subject"`
	Command string           `json:"command"`
	Server  bench.Usage      `json:"server"`
	Result  *rollcall.Result `json:"result"`
}

// Run calls the rolls. It is called by kong. A wrong view is an error.
func (r *rollcallCommand) Run(ctx context.Context) error {
	pinning, err := machine.Plan(r.Pin)
	if err != nil {
		return err
	}
	if err := errors.Join(machine.RaiseDescriptors(r.Clients), machine.CheckDescriptors(r.Clients), machine.CheckPorts(r.Clients, generator.SourceAddresses)); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "loopbench-")
	if err != nil {
		return fmt.Errorf("make a folder for the servers' files: %w", err)
	}
	defer os.RemoveAll(folder)
	// The bystander's thread needs one of Go's processors at once, whatever the others do.
	runtime.GOMAXPROCS(max(runtime.GOMAXPROCS(0), 8))
	if len(r.Subjects) == 0 {
		r.Subjects = []string{oursIRC}
	}
	fmt.Fprintln(os.Stderr, pinning)
	stable := &stable{looproom: r.Looproom, loops: r.Loops, folder: folder, pinning: pinning}
	report := contest.NewReport(os.Args, versionLine(), pinning)
	contestants, err := stable.find(r.Subjects, report)
	if err != nil {
		return err
	}
	var rolls []roll
	for i := range contestants {
		one, err := r.call(ctx, &contestants[i], pinning)
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", contestants[i].Subject.Name, err), r.write(rolls))
		}
		rolls = append(rolls, one)
	}
	return errors.Join(r.write(rolls), wrongOf(rolls))
}

// call calls the roll of one server.
func (r *rollcallCommand) call(ctx context.Context, one *contest.Contestant, pinning machine.Pinning) (called roll, err error) {
	if !strings.HasPrefix(one.Subject.Dialect, "irc") {
		return roll{}, fmt.Errorf("it speaks %s, and not irc", one.Subject.Dialect)
	}
	server, err := one.Start(ctx, &bench.Workload{Kind: bench.Idle, Clients: r.Clients})
	if err != nil {
		return roll{}, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	watch, err := machine.Observe(server.PID)
	if err != nil {
		return roll{}, err
	}
	dialect, err := peer.FindDialect("irc")
	if err != nil {
		return roll{}, err
	}
	name := one.Subject.Name
	result, err := rollcall.Run(ctx, rollcall.Options{
		Address: server.Address, Clients: r.Clients, Within: r.Within, Burst: server.Burst, Bystander: dialect.(bench.Asker), Pings: r.Pings, Pin: pinning.Generator,
		Progress: func(done int) { fmt.Fprintf(os.Stderr, "\r%s: %d of %d ", name, done, r.Clients) },
	})
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return roll{}, err
	}
	used, err := watch.End()
	return roll{Subject: name, Command: server.About.Command, Server: used, Result: result}, err
}

func (r *rollcallCommand) write(rolls []roll) error {
	err := writeRolls(os.Stdout, rolls)
	if r.JSON == "" {
		return err
	}
	text, failed := json.MarshalIndent(rolls, "", "  ")
	return errors.Join(err, failed, os.WriteFile(r.JSON, append(text, '\n'), 0o644))
}

func writeRolls(w io.Writer, rolls []roll) error {
	out := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(out, "server\tin\tafter\tentering p50, p99\tmembers\tin NAMES\twrong views\tbystander p50, p99, longest\tCPU\tmemory\tsent\n")
	for _, one := range rolls {
		r := one.Result
		fmt.Fprintf(out, "%s\t%d of %d\t%.1f s\t%s, %s\t%d\t%d\t%d\t%s, %s, %s\t%.1f s\t%d MB\t%d MB\n", one.Subject, r.In, r.Clients, r.Took.Seconds(),
			ms(r.Entering.Percentile(50)), ms(r.Entering.Percentile(99)), r.Members, r.Listed, r.Wrong,
			ms(r.RoundTrip.Percentile(50)), ms(r.RoundTrip.Percentile(99)), ms(r.RoundTrip.Max()), one.Server.CPU().Seconds(), one.Server.PeakRSS>>20, r.Bytes>>20)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	for _, one := range rolls {
		for _, fault := range one.Result.Faults {
			fmt.Fprintf(w, "%s: %s\n", one.Subject, fault)
		}
		for reason, n := range one.Result.Lost {
			fmt.Fprintf(w, "%s: %d connections ended: %s\n", one.Subject, n, reason)
		}
		if r := one.Result; r.Answered < r.Asked || r.Late*100 > r.Asked {
			fmt.Fprintf(w, "%s: of the bystander's %d questions %d were answered, and %d left over a millisecond late\n", one.Subject, r.Asked, r.Answered, r.Late)
		}
	}
	return nil
}

// ms is a time in milliseconds.
func ms(d time.Duration) string { return fmt.Sprintf("%.3g ms", float64(d)/float64(time.Millisecond)) }

// wrongOf is the error of servers that have told somebody what isn't so.
func wrongOf(rolls []roll) error {
	var errs []error
	for _, one := range rolls {
		if one.Result.Wrong > 0 {
			errs = append(errs, fmt.Errorf("%s: %d clients see others than are there", one.Subject, one.Result.Wrong))
		}
	}
	return errors.Join(errs...)
}
