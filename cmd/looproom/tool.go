//go:build linux

package main

import (
	"io"
	"os"
)

// tool is what the program does besides serving: looproom NAME. It gets the arguments behind its name and returns the exit status.
type tool struct {
	name string
	help string
	run  func(arguments []string, in io.Reader, out io.Writer) error
}

// tools are all of them.
var tools = []tool{
	{"cert", "Make a self-signed certificate for a TLS door; looproom cert --help", makeCert},
	{"passwd", "Hash a password for the config file; looproom passwd --help", makeHash},
}

// runTool runs the tool that the first argument names; false if it names none.
func runTool(arguments []string) (status int, ran bool) {
	for _, t := range tools {
		if len(arguments) > 0 && arguments[0] == t.name {
			if err := t.run(arguments[1:], os.Stdin, os.Stdout); err != nil {
				return fail(statusFailed, err), true
			}
			return 0, true
		}
	}
	return 0, false
}
