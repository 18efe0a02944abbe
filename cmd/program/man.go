package program

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// Man writes the man page, in section 1.
func (c *Command) Man(out io.Writer, release Release) error {
	p := &printer{out: out}
	p.printf(".TH %s 1 \"%s\" \"%s\" \"User Commands\"\n", strings.ToUpper(c.Name), release.Date, roff(c.Name+" "+release.Version))
	p.printf(".ad l\n.SH NAME\n%s \\- %s\n", roff(c.Name), roff(c.Summary))
	p.printf(".SH SYNOPSIS\n")
	c.manUsage(p)
	for i := range c.Commands {
		if c.Commands[i].Verb() != c.Default {
			p.printf(".br\n")
			c.Commands[i].manUsage(p)
		}
	}
	p.printf(".SH DESCRIPTION\n")
	manText(p, c.About)
	manFlags(p, ".SH OPTIONS\n", c)
	c.manCommands(p)
	for _, section := range c.Sections {
		p.printf(".SH %s\n", roff(strings.ToUpper(section.Title)))
		manText(p, section.Text)
	}
	return p.err
}

func (c *Command) manUsage(p *printer) {
	p.printf("%s\n", strings.TrimSpace(`\fB`+roff(c.Name)+`\fR `+roff(c.Usage)))
}

func (c *Command) manCommands(p *printer) {
	title := ".SH COMMANDS\n"
	for i := range c.Commands {
		one := &c.Commands[i]
		if one.About == "" || (one.Verb() == c.Default && len(one.Flags) == 0) {
			continue
		}
		p.printf("%s.SS %s\n", title, roff(strings.TrimSpace(one.Name+" "+one.Usage)))
		manText(p, one.About)
		manFlags(p, "", one)
		title = ""
	}
}

// manFlags writes a list of all flags, under a title if there are any.
func manFlags(p *printer, title string, c *Command) {
	for _, flag := range c.Flags {
		p.printf("%s.TP\n%s\n%s\n", title, manFlag(flag), roff(flag.Help))
		title = ""
		if example := flag.Tag.Get("example"); example != "" {
			p.printf(".br\nExample: \\fB%s\\fR\n", roff(c.program()+" "+example))
		}
		if len(flag.Envs) > 0 {
			p.printf(".br\nEnvironment: %s\n", roff(strings.Join(flag.Envs, ", ")))
		}
	}
}

// manFlag is a flag in bold with its value in italics.
func manFlag(flag *kong.Flag) string {
	name, value, takes := strings.Cut(shown(flag), "=")
	if !takes {
		return fmt.Sprintf("\\fB%s\\fR", roff(name))
	}
	return fmt.Sprintf("\\fB%s\\fR=\\fI%s\\fR", roff(name), roff(value))
}

// manText writes paragraphs. Lines that are indented stay as they are.
func manText(p *printer, text string) {
	literal, above := false, ""
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		line = strings.TrimRight(line, "\n")
		indented := strings.HasPrefix(line, "  ")
		switch {
		case indented && !literal:
			p.printf("%s.nf\n", above)
		case literal && !indented:
			p.printf(".fi\n")
		case line != "":
			p.printf("%s", above)
		}
		literal, above = indented, ""
		if line == "" {
			above = ".PP\n"
			continue
		}
		p.printf("%s\n", roff(line))
	}
	if literal {
		p.printf(".fi\n")
	}
}

// roffEscapes are what stands for itself in text and not in roff. A hyphen is written so that it can be copied as a minus.
var roffEscapes = strings.NewReplacer(`\`, `\e`, "-", `\-`, `"`, `\(dq`, "'", `\(aq`, "`", "\\`", "^", `\(ha`, "~", `\(ti`)

// roff writes plain text so that no part of it is a request.
func roff(text string) string {
	text = roffEscapes.Replace(text)
	if strings.HasPrefix(text, ".") {
		return `\&` + text
	}
	return text
}
