package program

import (
	"strings"

	"github.com/alecthomas/kong"
)

// zshTail lets the script be read by source as well as be found in fpath.
const zshTail = `}
if [ "$funcstack[1]" = _NAME ]; then
	_NAME "$@"
else
	compdef _NAME NAME
fi
`

func (c *Command) zsh(p *printer) {
	p.printf("#compdef %s\n# zsh completion for %[1]s; see %[1]s completion --help\n", c.Name)
	p.printf("_%s() {\n\tlocal -a verbs\n", c.Name)
	if len(c.Commands) > 0 {
		c.zshCommands(p)
	}
	c.zshArguments(p, "\t", &c.places()[0])
	p.printf("%s", strings.ReplaceAll(zshTail, "NAME", c.Name))
}

// zshCommands hands a line that names a command over to that one's flags.
func (c *Command) zshCommands(p *printer) {
	p.printf("\tverbs=(\n")
	for _, one := range c.Commands {
		p.printf("\t\t%s\n", quote(one.Verb()+":"+strings.ReplaceAll(one.Summary, ":", `\:`)))
	}
	p.printf("\t)\n\tif (( CURRENT > 2 )); then\n\t\tcase $words[2] in\n")
	for _, place := range c.places()[1:] {
		p.printf("\t\t%s)\n\t\t\tshift words\n\t\t\t(( CURRENT-- ))\n", place.verb)
		c.zshArguments(p, "\t\t\t", &place)
		p.printf("\t\t\treturn ;;\n")
	}
	p.printf("\t\tesac\n\tfi\n")
}

func (c *Command) zshArguments(p *printer, indent string, place *place) {
	p.printf("%s_arguments", indent)
	next := " \\\n" + indent + "\t"
	p.printf("%s%s", next, quote("(- *)--help[Show help and end.]"))
	for _, flag := range place.flags {
		p.printf("%s%s", next, quote(zshFlag(flag)))
	}
	switch {
	case len(place.command.Commands) > 0:
		p.printf("%s%s", next, quote("1:command:{_describe command verbs}"))
	case len(place.command.Words) > 0:
		p.printf("%s%s", next, quote("1:argument:("+strings.Join(place.command.Words, " ")+")"))
	case place.command.Files:
		p.printf("%s%s", next, quote("*:file:_files"))
	}
	p.printf("\n")
}

var zshEscapes = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`)

// zshFlag is a flag for _arguments.
func zshFlag(flag *kong.Flag) string {
	spec := "--" + flag.Name
	if flag.IsCumulative() {
		spec = "*" + spec
	}
	if !takesValue(flag) {
		return spec + "[" + zshEscapes.Replace(flag.Help) + "]"
	}
	spec += "=[" + zshEscapes.Replace(flag.Help) + "]:" + zshEscapes.Replace(flag.FormatPlaceHolder()) + ":"
	words, file := values(flag)
	switch {
	case file:
		return spec + "_files"
	case len(words) > 0:
		return spec + "(" + strings.Join(words, " ") + ")"
	}
	return spec
}
