//go:build linux

package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"looproom/cmd/program"
)

// options are all flags with their values.
type options struct {
	flags       // what counts: the command line, then the environment, then the file, then the default
	file  flags // what the file alone says; without one, the defaults
	motd  []string
}

// readOptions reads the command line, the environment and the config file. After --help and --version it ends the program.
func readOptions(arguments []string) (options, error) {
	o, err := readAll(arguments)
	if err == nil {
		err = cmp.Or(o.checkState(), o.checkCluster()) // of all together: the lines of a file are looked at one by one
	}
	if err == nil {
		o.motd, err = readMOTD(o.MOTD)
	}
	return o, err
}

func readAll(arguments []string) (o options, err error) {
	if o.flags, err = parse(arguments, nil, kong.DefaultEnvars("LOOPROOM")); err != nil || o.Config == "" {
		return o, err
	}
	file, err := readFile(o.Config)
	if err != nil {
		return o, err
	}
	if o.file, err = parse(nil, file); err != nil {
		return o, fmt.Errorf("%s: %w", o.Config, err)
	}
	o.flags, err = parse(arguments, file, kong.DefaultEnvars("LOOPROOM"))
	return o, err
}

// parse reads a command line. What words has of a flag counts as its default.
func parse(arguments []string, words map[string]string, more ...kong.Option) (f flags, err error) {
	parser, err := newParser(&f, append(more, defaults(words))...)
	if err != nil {
		return f, err
	}
	_, err = parser.Parse(arguments)
	return f, err
}

func newParser(f *flags, more ...kong.Option) (*kong.Kong, error) {
	return kong.New(f, append([]kong.Option{
		kong.Name("looproom"),
		kong.Description(about),
		kong.Vars{"version": versionLine()},
		program.Help(describeServer),
		defaults(numberDefaults()),
	}, more...)...)
}

// defaults sets those of some flags, as they would be written on the command line.
func defaults(words map[string]string) kong.Option {
	return kong.PostBuild(func(k *kong.Kong) error {
		for _, flag := range k.Model.Flags {
			if word, ok := words[flag.Name]; ok {
				// A default may name variables of kong's; these are plain words.
				flag.Default, flag.HasDefault = strings.ReplaceAll(word, "$", "$$"), true
			}
		}
		return nil
	})
}

// numberDefaults are those of all numbers, as they would be written on a command line.
func numberDefaults() map[string]string {
	words := map[string]string{}
	for _, b := range allBounds() {
		words[b.Name] = b.Written(b.Default)
	}
	delete(words, "max-memory") // where nobody says, it is the half of what there is
	return words
}

// settings are the flags that can stand in a config file, with f's own values as their targets.
func settings(f *flags) (found []*kong.Flag) {
	parser, err := newParser(f)
	if err != nil {
		panic(err) // the type flags is wrong in itself: no command line could have been read
	}
	for _, flag := range parser.Model.Flags {
		switch flag.Name {
		case "help", "version", "config":
		default:
			found = append(found, flag)
		}
	}
	return found
}
