//go:build linux

package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"looproom/bench/rival"
	"looproom/codec"
	"looproom/loop/room"
)

// serveCommand runs one of the rivals.
type serveCommand struct {
	Model       string        `arg:"" help:"The model (loopbench list)."`
	Listen      string        `placeholder:"ADDRESS" default:":7777" help:"host:port (${default})."`
	Echo        bool          `help:"The echo service, and not the chat."`
	MaxLine     int           `placeholder:"BYTES" default:"0" help:"Longest line."`
	AwayAfter   time.Duration `placeholder:"TIME" default:"10m" help:"Quiet for so long is away (${default})."`
	AnnounceMax int           `placeholder:"N" default:"200" help:"In larger rooms coming and going is told by digest (${default})."`
	Recent      int           `placeholder:"N" default:"100" help:"Messages that each room keeps (${default})."`
}

// Run serves until a signal comes. It is called by kong.
func (s *serveCommand) Run(ctx context.Context) error {
	model, err := rival.Find(s.Model)
	if err != nil {
		return err
	}
	if s.MaxLine == 0 {
		s.MaxLine = codec.MaxLine
	}
	return model.Serve(ctx, rival.Options{
		Network: "tcp", Address: s.Listen, Echo: s.Echo || model.EchoOnly, MaxLine: s.MaxLine,
		Room:  room.Config{AwayAfter: s.AwayAfter, AnnounceMax: s.AnnounceMax, Recent: s.Recent},
		Ready: func(address net.Addr) { fmt.Printf("listening on %s   %s\n", address, model.How) },
	})
}
