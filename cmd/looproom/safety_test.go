//go:build linux

package main_test

import (
	"strings"
	"testing"
)

// TestLineTooLong: one error, and the client stays.
func TestLineTooLong(t *testing.T) {
	rows := []struct {
		name      string
		arguments []string
		length    int // the line's, its end included
		tooLong   bool
	}{
		{"at the default limit", nil, 8 << 10, false},
		{"over the default limit", nil, 8<<10 + 1, true},
		{"far over the limit", nil, 1 << 20, true},
		{"at a limit of 100", []string{"--max-line", "100"}, 100, false},
		{"over a limit of 100", []string{"--max-line", "100"}, 101, true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, row.arguments...)
			ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
			ana.fence()
			said := strings.Repeat("x", row.length-1)
			ana.say(said)
			ana.say("after")
			if row.tooLong {
				ana.until("! line-too-long ")
				bob.expect("[ana] after")
			} else {
				bob.expect("[ana] "+said, "[ana] after")
			}
			ana.expectOnly()
		})
	}
}

// TestNothingDrivesTerminals: what would move another client's cursor or turn its text round never reaches it.
func TestNothingDrivesTerminals(t *testing.T) {
	rows := []struct{ name, sent, want string }{
		{"escape sequence", "a\x1b[2Jb", "[ana] a[2Jb"},
		{"bell and backspace", "a\a\b\x7fb", "[ana] ab"},
		{"C1 control", "a\u009bb", "[ana] ab"},
		{"bidirectional override", "a\u202eb\u202c", "[ana] ab"},
		{"bidirectional isolate", "a\u2066b\u2069", "[ana] ab"},
		{"line separator", "a\u2028b\u2029c", "[ana] abc"},
		{"NUL", "a\x00b", "[ana] ab"},
		{"CR in the middle", "a\rb", "[ana] ab"},
		{"TAB stays", "a\tb", "[ana] a\tb"},
		{"not UTF-8", "a\xc3(b", "[ana] a\uFFFD(b"},
		{"private", "TEXT TO bob a\x1b]0;title\ab", "*ana* a]0;titleb"},
		{"action", "ME a\x1b[31mb", "* ana a[31mb"},
		{"topic", "TOPIC a\x1b[31mb", "> ana set the topic: a[31mb"},
		{"away words", "AWAY a\x1b[31mb\u202e", "> ana is away: a[31mb"},
	}
	s := startServer(t)
	ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			ana.t, bob.t = t, t
			ana.say(row.sent)
			bob.expect(row.want)
		})
	}
}
