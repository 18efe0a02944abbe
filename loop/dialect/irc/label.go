package irc

import "bytes"

// maxLabel is how long a label may be, in bytes (IRCv3 labeled-response).
const maxLabel = 64

// appendTagged appends lines with a tag more, but for those that stand in another batch.
func appendTagged(dst, lines []byte, tag string) []byte {
	for len(lines) > 0 {
		at := bytes.IndexByte(lines, '\n') + 1
		line := lines[:at]
		lines = lines[at:]
		switch {
		case line[0] != '@':
			dst = append(append(append(append(dst, '@'), tag...), ' '), line...)
		case isBatched(line):
			dst = append(dst, line...)
		default:
			dst = append(append(append(append(dst, '@'), tag...), ';'), line[1:]...)
		}
	}
	return dst
}

// isBatched says whether a line, which begins with tags, stands in a batch.
func isBatched(line []byte) bool {
	tags, _, _ := bytes.Cut(line, []byte{' '})
	return bytes.HasPrefix(tags, []byte("@batch=")) || bytes.Contains(tags, []byte(";batch="))
}

// isOneBatch says whether lines are a batch of messages, from its first line to its last.
func isOneBatch(lines []byte) bool {
	last := bytes.LastIndexByte(lines[:max(len(lines)-1, 0)], '\n') + 1
	ref, is := bytes.CutPrefix(behindSource(lines), []byte("BATCH +m"))
	end, ends := bytes.CutPrefix(behindSource(lines[last:]), []byte("BATCH -m"))
	ref, _, _ = bytes.Cut(ref, []byte{' '})
	return is && ends && bytes.Equal(ref, bytes.TrimRight(end, "\r\n"))
}

// behindSource is what stands behind the tags and the source of a line that the server has made.
func behindSource(line []byte) []byte {
	if len(line) > 0 && line[0] == '@' {
		_, line = nextWord(line)
	}
	_, line = nextWord(line)
	return line
}
