//go:build linux

package main

import (
	"os"

	"github.com/alecthomas/kong"

	"looproom/bench/rival"
	"looproom/cmd/program"
)

// completionCommand and manCommand print what is made of the command line.
type (
	completionCommand struct {
		Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell."`
	}
	manCommand struct{}
)

// Run is called by kong.
func (c *completionCommand) Run(ctx *kong.Context) error {
	described := describe(ctx.Model)
	return described.Completion(os.Stdout, c.Shell)
}

// Run is called by kong.
func (*manCommand) Run(ctx *kong.Context) error {
	described := describe(ctx.Model)
	return described.Man(os.Stdout, program.Built(version, commit))
}

// describe is the command line for the man page and the completions.
func describe(model *kong.Application) program.Command {
	c := program.Of(model.Node)
	c.Summary = "compare chat servers under load"
	for i := range c.Commands {
		if one := &c.Commands[i]; one.Verb() == "serve" {
			for _, model := range rival.Models() {
				one.Words = append(one.Words, model.Name)
			}
		}
	}
	return c
}
