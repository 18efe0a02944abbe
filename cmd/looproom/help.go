//go:build linux

package main

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// printHelp shows each flag with an example below it, which kong's own printer has no place for.
func printHelp(_ kong.HelpOptions, ctx *kong.Context) error {
	out := ctx.Stdout
	fmt.Fprintf(out, "Usage: looproom [serve] [flags]\n\n%s\n\nFlags:\n", ctx.Model.Help)
	for _, flag := range ctx.Model.Flags {
		if flag.Name == "help" {
			continue
		}
		name := "--" + flag.Name
		if flag.PlaceHolder != "" {
			name += "=" + flag.PlaceHolder
		}
		fmt.Fprintf(out, "  %-28s %s\n", name, flag.Help)
		fmt.Fprintf(out, "  %-28s looproom %s\n", "", flag.Tag.Get("example"))
	}
	return nil
}
