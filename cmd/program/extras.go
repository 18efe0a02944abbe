package program

import (
	"errors"
	"fmt"
	"io"
)

// The errors of wrong calls of completion and man.
var (
	errShell = errors.New("completion takes the name of a shell: bash, zsh or fish")
	errMan   = errors.New("man takes no arguments; it prints the page, for man -l - or a file")
)

// Extras are the commands that every program has, and that its kong model need not have: completion and man.
func Extras(program string) []Command {
	return []Command{
		{
			Name: program + " completion", Usage: "bash|zsh|fish", Words: shells, Summary: "Print the completions for a shell",
			About: fmt.Sprintf(aboutCompletion, program),
		},
		{
			Name: program + " man", Summary: "Print the man page",
			About: fmt.Sprintf(aboutMan, program),
		},
	}
}

const aboutCompletion = `Print what completes the command line in a shell. For the shell at hand, or in its init file:

    bash:  source <(%[1]s completion bash)
    zsh:   source <(%[1]s completion zsh)      (behind compinit)
    fish:  %[1]s completion fish | source`

const aboutMan = `Print the man page.

    %[1]s man | man -l -
    %[1]s man > /usr/local/share/man/man1/%[1]s.1`

// Answer does what the arguments ask for, if that is one of Extras, and says whether it was. describe describes the program with its
// extras. The error is for people.
func Answer(arguments []string, out io.Writer, release Release, describe func() Command) (ran bool, err error) {
	if len(arguments) == 0 || (arguments[0] != "completion" && arguments[0] != "man") {
		return false, nil
	}
	c := describe()
	if len(arguments) == 2 && (arguments[1] == "--help" || arguments[1] == "-h") {
		return true, c.helpOf(arguments[0], out)
	}
	if arguments[0] == "man" {
		if len(arguments) > 1 {
			return true, errMan
		}
		return true, c.Man(out, release)
	}
	if len(arguments) != 2 {
		return true, errShell
	}
	return true, c.Completion(out, arguments[1])
}

func (c *Command) helpOf(verb string, out io.Writer) error {
	for i := range c.Commands {
		if c.Commands[i].Verb() == verb {
			return c.Commands[i].PrintHelp(out)
		}
	}
	return nil
}
