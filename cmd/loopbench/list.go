//go:build linux

package main

import (
	"fmt"
	"os"
	"text/tabwriter"

	"looproom/bench"
	"looproom/bench/abuse"
	"looproom/bench/contest"
	"looproom/bench/peer"
	"looproom/bench/report"
	"looproom/bench/rival"
)

// listCommand lists what there is to measure.
type listCommand struct{}

// Run lists. It is called by kong.
func (listCommand) Run() error {
	out := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintf(out, "servers\n  %s\tthe event loop that the others are compared with\n", ours)
	fmt.Fprintf(out, "  %s\tthe same with browsers, by WebSocket\n", oursWeb)
	fmt.Fprintf(out, "  %s\tthe same with clients of IRC\n", oursIRC)
	fmt.Fprintf(out, "  %s\tthe same with clients of IRC that have asked for tags before messages, five sets of them by turns\n", oursMixed)
	fmt.Fprintf(out, "  %s\tthree nodes that are one chat, with clients of lines spread over them\n", oursCluster)
	for _, m := range rival.Models() {
		fmt.Fprintf(out, "  %s\t%s\n", m.Name, m.How)
	}
	for _, p := range peer.Peers() {
		fmt.Fprintf(out, "  %s\t%s%s\n", p.Name, p.Model, here(p))
	}
	for _, p := range peer.Clusters() {
		fmt.Fprintf(out, "  %s\t%s%s\n", p.Name, p.Model, here(p))
	}
	fmt.Fprintf(out, "\ndialects of --target\n ")
	for _, d := range peer.Dialects() {
		fmt.Fprintf(out, " %s", d.Name())
	}
	fmt.Fprintf(out, "\n\nworkloads, with what they are if nothing else is said\n")
	for _, kind := range []bench.Kind{bench.Echo, bench.Fanout, bench.Chat, bench.Rooms, bench.Idle, bench.Storm, bench.Slow, bench.Knee, bench.Bystander} {
		w, err := contest.Default(kind)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %s\t%s\n", kind, report.Title(w))
	}
	fmt.Fprintf(out, "\ncases of abuse, with their sizes, and those of --full\n")
	for _, c := range abuse.Cases() {
		fmt.Fprintf(out, "  %s\t%s: %s; or %s\n", c.Name, c.What, c.Small, c.Full)
	}
	return out.Flush()
}

// here says how to get a peer that isn't on the machine.
func here(p peer.Peer) string {
	if _, version, err := p.Find(); err != nil {
		return ": " + err.Error()
	} else if version != "" {
		return ": " + version
	}
	return ""
}
