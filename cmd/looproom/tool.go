//go:build linux

package main

import (
	"io"
	"os"

	"looproom/cmd/program"
)

// tool is what the program does besides serving: looproom NAME. It gets the arguments behind its name.
type tool struct {
	name     string
	run      func(arguments []string, in io.Reader, out io.Writer) error
	describe func() program.Command
}

// tools are all of them but program.Extras.
func tools() []tool {
	return []tool{
		{"cert", makeCert, describeCert},
		{"passwd", makeHash, describePasswd},
		{"health", askHealth, describeHealth},
		{"state", doState, describeState},
		{"cluster", doCluster, describeCluster},
	}
}

// runTool runs the tool that the first argument names, and returns the exit status; false if it names none.
func runTool(arguments []string) (status int, ran bool) {
	ran, err := program.Answer(arguments, os.Stdout, program.Built(version, commit), describeAll)
	for _, t := range tools() {
		if len(arguments) > 0 && arguments[0] == t.name {
			ran, err = true, t.run(arguments[1:], os.Stdin, os.Stdout)
		}
	}
	if err != nil {
		return fail(statusFailed, err), true
	}
	return 0, ran
}
