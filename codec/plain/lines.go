package plain

import (
	"iter"
	"strings"
)

// Lines returns the lines of a text that LFs part, in order, without those of which nothing shows. A text without an LF is one line, whatever it is.
func Lines(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		several := IsSeveral(text)
		for more := true; more; {
			var line string
			line, text, more = strings.Cut(text, "\n")
			if several && IsBlank(line) {
				continue
			}
			if !yield(line) {
				return
			}
		}
	}
}

// IsSeveral says whether an LF parts text into lines.
func IsSeveral(text string) bool { return strings.IndexByte(text, '\n') >= 0 }

// CountLines returns how many Lines text has.
func CountLines(text string) (n int) {
	if !IsSeveral(text) {
		return 1
	}
	for range Lines(text) {
		n++
	}
	return n
}
