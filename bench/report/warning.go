package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"looproom/bench"
)

// warnings are those of all repetitions, one line for those that only differ in their numbers, and in how many repetitions each came.
func (c cell) warnings() (lines []string) {
	var kinds []string
	alike := map[string][]string{}
	for _, run := range c.runs {
		for _, kind := range kindsOf(run) {
			if alike[kind.name] == nil {
				kinds = append(kinds, kind.name)
			}
			alike[kind.name] = append(alike[kind.name], kind.text)
		}
	}
	for _, kind := range kinds {
		line := inOne(alike[kind])
		if times := len(alike[kind]); times < len(c.runs) {
			line = fmt.Sprintf("%s (%d of %d repetitions)", line, times, len(c.runs))
		}
		lines = append(lines, line)
	}
	return lines
}

// warningKind is a warning, and its text without the numbers.
type warningKind struct{ name, text string }

func kindsOf(m *bench.Measurement) (kinds []warningKind) {
	for _, text := range m.Warnings {
		kind := warningKind{numbers.ReplaceAllLiteralString(text, "#"), text}
		if !slices.ContainsFunc(kinds, func(k warningKind) bool { return k.name == kind.name }) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// numbers finds those of a text, also with separators: 18,000 or 1.5.
var numbers = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// inOne makes one text of several that only differ in their numbers: "3–17 of 201 messages".
func inOne(texts []string) string {
	var bounds [][2]string
	for i, text := range texts {
		for j, n := range numbers.FindAllString(text, -1) {
			switch {
			case i == 0:
				bounds = append(bounds, [2]string{n, n})
			case valueOf(n) < valueOf(bounds[j][0]):
				bounds[j][0] = n
			case valueOf(n) > valueOf(bounds[j][1]):
				bounds[j][1] = n
			}
		}
	}
	next := 0
	return numbers.ReplaceAllStringFunc(texts[0], func(string) string {
		b := bounds[next]
		next++
		if b[0] == b[1] {
			return b[0]
		}
		return b[0] + "–" + b[1]
	})
}

func valueOf(number string) float64 {
	v, _ := strconv.ParseFloat(strings.ReplaceAll(number, ",", ""), 64) // what is not one, such as a version, has no order
	return v
}
