//go:build linux

package main

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// printHelp shows each flag with an example below it, which kong's own printer has no place for.
func printHelp(_ kong.HelpOptions, ctx *kong.Context) error {
	out := ctx.Stdout
	fmt.Fprintf(out, "Usage: looproom [serve] [flags]\n\n%s\n\n", ctx.Model.Help)
	for _, t := range tools {
		fmt.Fprintf(out, "  looproom %-19s %s\n", t.name, t.help)
	}
	printFlags(ctx)
	return nil
}

// printToolHelp is printHelp for a tool.
func printToolHelp(_ kong.HelpOptions, ctx *kong.Context) error {
	fmt.Fprintf(ctx.Stdout, "Usage: %s [flags]\n\n%s\n", ctx.Model.Name, ctx.Model.Help)
	printFlags(ctx)
	return nil
}

func printFlags(ctx *kong.Context) {
	out := ctx.Stdout
	fmt.Fprintf(out, "\nFlags:\n")
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
}
