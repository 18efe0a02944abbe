//go:build linux

package main

import (
	"strings"

	"github.com/alecthomas/kong"

	"looproom/loop"
)

// door is a door's URL on the command line.
type door struct{ loop.DoorURL }

// doors are those of all --listen.
type doors []door

// Decode reads the URLs of one --listen, with commas between them.
func (d *doors) Decode(ctx *kong.DecodeContext) error {
	var value string
	if err := ctx.Scan.PopValueInto("URL", &value); err != nil {
		return err
	}
	for _, url := range splitDoors(value) {
		parsed, err := loop.ParseDoor(url)
		if err != nil {
			return err
		}
		*d = append(*d, door{parsed})
	}
	return nil
}

// splitDoors cuts where a comma is followed by another URL: there are commas in a door's options, too.
func splitDoors(value string) (urls []string) {
	for _, part := range kong.SplitEscaped(value, ',') {
		if last := len(urls) - 1; last >= 0 && !strings.Contains(part, "://") {
			urls[last] += "," + part
			continue
		}
		urls = append(urls, part)
	}
	return urls
}
