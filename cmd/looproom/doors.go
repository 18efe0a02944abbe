//go:build linux

package main

import (
	"strings"

	"github.com/alecthomas/kong"

	"looproom/loop/door"
)

// listen is a door's URL on the command line.
type listen struct{ door.URL }

// doors are those of all --listen.
type doors []listen

// Decode reads the URLs of one --listen, with commas between them.
func (d *doors) Decode(ctx *kong.DecodeContext) error {
	var value string
	if err := ctx.Scan.PopValueInto("URL", &value); err != nil {
		return err
	}
	for _, url := range splitDoors(value) {
		parsed, err := door.Parse(url)
		if err != nil {
			return err
		}
		*d = append(*d, listen{parsed})
	}
	return nil
}

// splitDoors cuts where a comma is followed by another door's URL: there are commas in a door's options, too. What stands behind origins= and
// looks like one is an origin.
func splitDoors(value string) (urls []string) {
	for _, part := range kong.SplitEscaped(value, ',') {
		if last := len(urls) - 1; last >= 0 && (!strings.Contains(part, "://") || isOrigin(urls[last], part)) {
			urls[last] += "," + part
			continue
		}
		urls = append(urls, part)
	}
	return urls
}

// isOrigin says whether part, behind a comma, goes on with the origins of the URL before it.
func isOrigin(before, part string) bool {
	at := strings.LastIndexAny(before, "?&")
	return at >= 0 && strings.HasPrefix(before[at+1:], "origins=") && (strings.HasPrefix(part, "http://") || strings.HasPrefix(part, "https://"))
}
