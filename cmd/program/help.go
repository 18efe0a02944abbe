package program

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// Help prints a command's help for kong, each flag with the example that its tag has below it, which kong's own printer has no place for.
func Help(describe func(*kong.Application) Command) kong.Option {
	return kong.Help(func(_ kong.HelpOptions, ctx *kong.Context) error {
		c := describe(ctx.Model)
		return c.PrintHelp(ctx.Stdout)
	})
}

// PrintHelp writes what --help shows.
func (c *Command) PrintHelp(out io.Writer) error {
	p := &printer{out: out}
	p.printf("Usage: %s\n\n%s\n", strings.TrimSpace(c.Name+" "+c.Usage), c.About)
	c.printCommands(p)
	if len(c.Flags) > 0 {
		p.printf("\nFlags:\n")
	}
	for _, flag := range c.Flags {
		p.printf("  %-28s %s\n", shown(flag), flag.Help)
		if example := flag.Tag.Get("example"); example != "" {
			p.printf("  %-28s %s %s\n", "", c.program(), example)
		}
	}
	for _, section := range c.Sections {
		p.printf("\n%s:\n%s\n", section.Title, section.Text)
	}
	return p.err
}

func (c *Command) printCommands(p *printer) {
	named := slices.DeleteFunc(slices.Clone(c.Commands), func(one Command) bool { return one.Verb() == c.Default })
	if len(named) > 0 {
		p.printf("\n")
	}
	for _, one := range named {
		p.printf("  %-28s %s\n", one.Name, one.Summary)
	}
}

// program is the first word of the name.
func (c *Command) program() string {
	first, _, _ := strings.Cut(c.Name, " ")
	return first
}

// shown is a flag as it is typed.
func shown(flag *kong.Flag) string {
	name := "--" + flag.Name
	if flag.Short != 0 {
		name = "-" + string(flag.Short) + ", " + name
	}
	if takesValue(flag) {
		name += "=" + flag.FormatPlaceHolder()
	}
	return name
}

// printer keeps the first error of many writes.
type printer struct {
	out  io.Writer
	err  error
	gone bool // nobody reads any more
}

func (p *printer) printf(format string, values ...any) {
	if p.err != nil || p.gone {
		return
	}
	// Who has read enough, as head has, is no error.
	if _, p.err = fmt.Fprintf(p.out, format, values...); errors.Is(p.err, syscall.EPIPE) {
		p.err, p.gone = nil, true
	}
}
