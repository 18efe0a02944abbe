package program

import (
	"strings"

	"github.com/alecthomas/kong"
)

func (c *Command) fish(p *printer) {
	p.printf("# fish completion for %s; see %[1]s completion --help\ncomplete -c %[1]s -f\n", c.Name)
	for _, place := range c.places() {
		head := "complete -c " + c.Name + c.fishCondition(&place)
		for i := range place.command.Commands {
			one := &place.command.Commands[i]
			p.printf("%s -a %s -d %s\n", head, quote(one.Verb()), fishQuote(one.Summary))
		}
		if len(place.command.Words) > 0 {
			p.printf("%s -a %s\n", head, quoteAll(place.command.Words))
		}
		if place.command.Files {
			p.printf("%s -F\n", head)
		}
		p.printf("%s -l help -d 'Show help and end.'\n", head)
		for _, flag := range place.flags {
			p.printf("%s%s\n", head, fishFlag(flag))
		}
	}
}

// fishCondition says when a line is at the place.
func (c *Command) fishCondition(at *place) string {
	switch {
	case len(c.Commands) == 0:
		return ""
	case at.verb == "":
		return " -n __fish_use_subcommand"
	default:
		return " -n " + quote("__fish_seen_subcommand_from "+at.verb)
	}
}

func fishFlag(flag *kong.Flag) string {
	text := " -l " + flag.Name
	if flag.Short != 0 {
		text += " -s " + string(flag.Short)
	}
	words, file := values(flag)
	switch {
	case !takesValue(flag):
	case file:
		text += " -r -F"
	case len(words) > 0:
		text += " -x -a " + quoteAll(words)
	default:
		text += " -x"
	}
	return text + " -d " + fishQuote(flag.Help)
}

// fishQuote writes a word for fish, which has no other escapes between quotes than these.
func fishQuote(word string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(word) + "'"
}
