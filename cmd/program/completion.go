package program

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// shells are those that there are completions for.
var shells = []string{"bash", "zsh", "fish"}

// Completion writes what completes the command line in a shell: bash, zsh or fish. It is a script that needs no program at hand, not
// even this one.
func (c *Command) Completion(out io.Writer, shell string) error {
	p := &printer{out: out}
	switch shell {
	case "bash":
		c.bash(p)
	case "zsh":
		c.zsh(p)
	case "fish":
		c.fish(p)
	default:
		return fmt.Errorf("%q is none of the shells %s", shell, strings.Join(shells, ", "))
	}
	return p.err
}

// places are the command itself, under the verb "", and its commands.
func (c *Command) places() []place {
	all := []place{{command: c, flags: c.flagsHere()}}
	for i := range c.Commands {
		at := place{c.Commands[i].Verb(), &c.Commands[i], c.Commands[i].Flags}
		if at.verb == c.Default {
			at.flags = c.flagsHere()
		}
		all = append(all, at)
	}
	return all
}

// place is where on a command line the cursor can be.
type place struct {
	verb    string
	command *Command
	flags   []*kong.Flag
}

// words are what can stand there that is no flag.
func (p *place) words() []string {
	words := slices.Clone(p.command.Words)
	for i := range p.command.Commands {
		words = append(words, p.command.Commands[i].Verb())
	}
	return words
}

func (p *place) flagNames() []string {
	names := []string{"--help"}
	for _, flag := range p.flags {
		names = append(names, "--"+flag.Name)
		if flag.Short != 0 {
			names = append(names, "-"+string(flag.Short))
		}
	}
	return names
}

// quote writes a word for a shell.
func quote(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func quoteAll(words []string) string {
	return quote(strings.Join(words, " "))
}
