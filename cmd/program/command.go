package program

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Command is a program, or what it does besides: all that help, man pages and completions tell of it.
type Command struct {
	Name     string       // as it is typed, with those above it: looproom cert
	Usage    string       // what follows the name: [flags] HOST:PORT
	Summary  string       // one line without a full stop
	About    string       // paragraphs; lines that are indented are shown as they are
	Flags    []*kong.Flag // without --help
	Words    []string     // what the first argument can be; none: anything
	Files    bool         // arguments are names of files
	Commands []Command
	Default  string    // the one of Commands that is meant when none is named, by its last word; "": none
	Sections []Section // further parts of the man page
}

// Section is a part of a man page, as EXIT STATUS. Its text is like Command.About.
type Section struct{ Title, Text string }

// Of describes the command line that kong has in model, with its commands. The summary is the first sentence of its help.
func Of(model *kong.Node) Command {
	return of(model, "")
}

func of(node *kong.Node, above string) Command {
	summary, _, _ := strings.Cut(node.Help, "\n")
	c := Command{
		Name:    strings.TrimSpace(above + " " + node.Name),
		Summary: strings.TrimSuffix(summary, "."),
		About:   strings.TrimSpace(node.Help + "\n\n" + node.Detail),
		Usage:   "[flags]",
	}
	for _, flag := range node.Flags {
		if flag.Name != "help" && !flag.Hidden {
			c.Flags = append(c.Flags, flag)
		}
	}
	for _, positional := range node.Positional {
		c.Usage += " " + positional.Summary()
	}
	if len(node.Positional) > 0 {
		c.Words, c.Files = arguments(node.Positional[0])
	}
	for _, child := range node.Children {
		if child.Type == kong.CommandNode && !child.Hidden {
			c.Commands = append(c.Commands, of(child, c.Name))
		}
	}
	if len(c.Commands) > 0 {
		c.Usage = "[command] [flags]"
	}
	if node.DefaultCmd != nil {
		c.Default = node.DefaultCmd.Name
	}
	return c
}

// arguments says what an argument can be: some words, a file, or anything else.
func arguments(positional *kong.Positional) (words []string, file bool) {
	if positional.Enum != "" {
		return positional.EnumSlice(), false
	}
	return nil, strings.HasSuffix(positional.Tag.Type, "file") || positional.Tag.Type == "path"
}

// Verb is the last word of the name.
func (c *Command) Verb() string {
	return c.Name[strings.LastIndexByte(c.Name, ' ')+1:]
}

// flagsHere are those that can be given without naming a command.
func (c *Command) flagsHere() []*kong.Flag {
	flags := slices.Clone(c.Flags)
	for i := range c.Commands {
		if c.Default != "" && c.Commands[i].Verb() == c.Default {
			flags = append(flags, c.Commands[i].Flags...)
		}
	}
	return flags
}

// values says what can follow a flag: some words, a file, or anything else.
func values(flag *kong.Flag) (words []string, file bool) {
	switch {
	case flag.Enum != "":
		words = flag.EnumSlice()
	case strings.Contains(flag.PlaceHolder, "|"):
		words = strings.Split(flag.PlaceHolder, "|")
	}
	words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
	return words, slices.Contains(filePlaces, flag.PlaceHolder)
}

// filePlaces are the placeholders that stand for files and folders.
var filePlaces = []string{"FILE", "DIR", "FOLDER", "PATH"}

// takesValue is false for switches.
func takesValue(flag *kong.Flag) bool {
	return !flag.IsBool() && !flag.IsCounter()
}
