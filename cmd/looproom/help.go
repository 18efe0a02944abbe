//go:build linux

package main

import (
	"io"
	"os"

	"github.com/alecthomas/kong"

	"looproom/cmd/program"
)

// statuses and signals are parts of the man page.
const (
	statuses = `0 after a signal and a drain, 1 when something fails while it starts or a second signal comes, 2 when a flag, a variable of the
environment or the config file can't be used.`
	signals = `SIGTERM and SIGINT drain: doors close, and clients get what is queued, for as long as --drain says. A second one ends at once.
SIGHUP reads the config file and the certificates again.`
)

// describeServer is the command line of the server and of its tools, for help, man page and completions.
func describeServer(model *kong.Application) program.Command {
	c := program.Of(model.Node)
	c.Usage, c.Default = "[serve] [flags]", "serve"
	c.Summary = "a chat server for any line client"
	c.Sections = []program.Section{{Title: "Exit status", Text: statuses}, {Title: "Signals", Text: signals}}
	for _, t := range tools() {
		c.Commands = append(c.Commands, t.describe())
	}
	c.Commands = append(c.Commands, program.Extras("looproom")...)
	return c
}

// describeAll is describeServer with the environment, before any command line has been read.
func describeAll() program.Command {
	parser, err := newParser(new(flags), kong.DefaultEnvars("LOOPROOM"))
	if err != nil {
		panic(err) // the type flags is wrong in itself: no command line could have been read
	}
	return describeServer(parser.Model)
}

// newTool makes the parser of looproom NAME.
func newTool(flags any, name, about string, out io.Writer) (*kong.Kong, error) {
	return kong.New(flags, kong.Name("looproom "+name), kong.Description(about), kong.Writers(out, os.Stderr),
		program.Help(func(model *kong.Application) program.Command { return program.Of(model.Node) }))
}

// describeFlags describes looproom NAME.
func describeFlags(flags any, name, about, summary string) program.Command {
	parser, err := newTool(flags, name, about, io.Discard)
	if err != nil {
		panic(err) // the type of flags is wrong in itself
	}
	c := program.Of(parser.Model.Node)
	c.Summary = summary
	return c
}
