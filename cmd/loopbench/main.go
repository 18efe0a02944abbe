//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"looproom/bench/rival"
	"looproom/cmd/program"
)

// commandLine is all that loopbench can do.
type commandLine struct {
	Compare  compareCommand  `cmd:"" default:"withargs" help:"Compare servers under the same workloads (the default)."`
	Run      runCommand      `cmd:"" help:"Bring one workload to one server, also to one that runs already."`
	Abuse    abuseCommand    `cmd:"" help:"What a few clients can do to a server and to others on it, within its limits."`
	Rollcall rollcallCommand `cmd:"" help:"Bring thousands of clients of IRC into one channel, and compare whom they see there."`
	Crowd    crowdCommand    `cmd:"" help:"Bring more clients than a process has descriptors for into one room of several nodes."`
	Serve    serveCommand    `cmd:"" help:"Run one of the rivals, to connect to it by hand."`
	Report   reportCommand   `cmd:"" help:"Show a saved result, or say what changed from one to another."`
	List     listCommand     `cmd:"" help:"List the servers, dialects and workloads."`

	CrowdPart crowdPartCommand `cmd:"" hidden:"" help:"One process of a crowd."`

	Completion completionCommand `cmd:"" help:"Print the completions for a shell: bash, zsh or fish."`
	Man        manCommand        `cmd:"" help:"Print the man page."`

	Version kong.VersionFlag `help:"Print the version and end."`
}

const about = `Measures line servers: how many messages they deliver, at what cost of CPU and memory, and how soon.
Without arguments it makes a first comparison in under a minute (compare --quick).`

func main() {
	rival.MaybeChild()
	os.Exit(run(os.Args[1:]))
}

// run is the program but for its end: it returns the exit status.
func run(arguments []string) int {
	if len(arguments) == 0 {
		arguments = []string{"compare", "--quick"}
	}
	var c commandLine
	parser, err := kong.New(&c, kong.Name("loopbench"), kong.Description(about), kong.Vars{"version": program.Built(version, commit).Line("loopbench")},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return fail(2, err)
	}
	parsed, err := parser.Parse(arguments)
	if err != nil {
		return fail(2, fmt.Errorf("%w (loopbench --help explains)", err))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// After the first Ctrl-C the run ends with what it has; a second one ends the program at once.
	context.AfterFunc(ctx, stop)
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(); err != nil {
		return fail(1, err)
	}
	return 0
}

func fail(status int, err error) int {
	fmt.Fprintf(os.Stderr, "loopbench: %v\n", err)
	return status
}
