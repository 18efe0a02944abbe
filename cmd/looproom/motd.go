//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rs/zerolog"

	"looproom/loop/folder"
)

// Bounds of the message of the day, in bytes: of its file, and of a line of it, which has to fit one of IRC.
const (
	maxMOTD     = 64 << 10
	maxMOTDLine = 400
)

var (
	errMOTDText = errors.New("it is not text in UTF-8")
	byteOrder   = []byte("\ufeff") // some editors begin files with it
)

// readMOTD reads the lines of the message of the day; no path, no lines.
func readMOTD(path string) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	text, err := folder.ReadFile(path, maxMOTD)
	if err == nil && !utf8.Valid(text) {
		err = fmt.Errorf("%s: %w", path, errMOTDText)
	}
	if err != nil {
		return nil, fmt.Errorf("--motd: %w (it names a file of text that looproom may read; without --motd there is no message of the day)", err)
	}
	return linesOf(string(bytes.TrimPrefix(text, byteOrder))), nil
}

// linesOf cuts text into lines, of each no more than its first maxMOTDLine bytes. What no line of IRC can hold is dropped, and empty lines at the end.
func linesOf(text string) (lines []string) {
	text = strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "", "\x00", "").Replace(text), "\n")
	if text == "" {
		return nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		end := min(len(line), maxMOTDLine)
		for end < len(line) && !utf8.RuneStart(line[end]) {
			end--
		}
		lines = append(lines, strings.TrimRight(line[:end], " "))
	}
	return lines
}

// readMOTDAgain has those who come from now on told what stands in the file now. A file that can't be read changes nothing.
func readMOTDAgain(s *service, log zerolog.Logger) {
	lines, err := readMOTD(s.options.MOTD)
	if err != nil {
		log.Error().Err(err).Msg("message of the day refused; it stays as it was")
		return
	}
	s.server.SetMOTD(lines)
	log.Info().Int("lines", len(lines)).Msg("message of the day read again")
}
