//go:build linux

package main_test

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
)

// TestCuts: however the bytes of a client are cut into segments, the others read the same.
func TestCuts(t *testing.T) {
	rows := []struct {
		name, door string
		session    string
	}{
		{"line", "line://127.0.0.1:0", "ADD ana\r\nhello\nTEXT TO bob ¡hola!\n\nME waves\r\n"},
		{"line with telnet negotiation", "line://127.0.0.1:0", "\xff\xfb\x01\xff\xfa\x18\x00x\xff\xf0ADD ana\r\x00\nhe\xff\xf1llo\n"},
		{"fixed", "fixed://127.0.0.1:0?size=16", block("ADD ana", 16) + block("hello\x00left over", 16) + block("ME waves", 16)},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--loops", "1", "--listen", "line://127.0.0.1:0", "--listen", row.door)
			bob := signedIn(t, s, 0, "bob")
			want := heard(t, s, bob, []string{row.session})
			if len(want) < 3 {
				t.Fatalf("bob's lines = %q, want more", want)
			}
			for name, segments := range cuts(row.session) {
				if got := heard(t, s, bob, segments); !slices.Equal(got, want) {
					t.Errorf("%s: bob's lines = %q, want %q", name, got, want)
				}
			}
		})
	}
}

// cuts returns the session in two segments, in all ways, and a byte at a time.
func cuts(session string) map[string][]string {
	all := map[string][]string{}
	var single []string
	for i := range len(session) {
		single = append(single, session[i:i+1])
		if i > 0 {
			all[fmt.Sprintf("cut at byte %d", i)] = []string{session[:i], session[i:]}
		}
	}
	all["a byte at a time"] = single
	return all
}

// heard returns what bob reads of someone who comes, sends the segments and leaves. Behind each segment there is a round trip of bob's,
// so that the server with its one loop has read the segment before the next one comes.
func heard(t *testing.T, s *server, bob *talker, segments []string) []string {
	t.Helper()
	conn := s.dial(t, 1)
	first, lines := bob.until("> New user ")
	lines = append(lines, first)
	for _, segment := range segments {
		if _, err := conn.Write([]byte(segment)); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, bob.fence()...)
	}
	conn.Close()
	last, before := bob.until("< ")
	lines = append(append(lines, before...), last)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], conn.LocalAddr().String(), "ADDRESS")
	}
	return lines
}

// block pads text with NULs.
func block(text string, size int) string {
	return text + strings.Repeat("\x00", size-len(text))
}

// TestChunkByteAtATime: as long as no pause is as long as the door's, all bytes are one message.
func TestChunkByteAtATime(t *testing.T) {
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", "chunk://127.0.0.1:0?pause=3s")
	bob := signedIn(t, s, 0, "bob")
	conn := s.dial(t, 1)
	bob.until("> New user ")
	for _, b := range []byte("hello, all") {
		if _, err := conn.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	bob.expect("[" + conn.LocalAddr().String() + "] hello, all")
	bob.expectOnly()
}

// TestTwoMessagesInOneSegment is the fault of the servers of old: what arrived together was taken for one message.
func TestTwoMessagesInOneSegment(t *testing.T) {
	rows := []struct{ name, door, segment string }{
		{"line", "line://127.0.0.1:0", "one\ntwo\n"},
		{"fixed", "fixed://127.0.0.1:0", block("one", 512) + block("two", 512)},
		{"chunk, with an LF between", "chunk://127.0.0.1:0", "one\ntwo"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", row.door)
			bob := signedIn(t, s, 0, "bob")
			ana := dial(t, s, 1, "ana")
			bob.until("> New user ")
			ana.write(row.segment)
			name := ana.input.(net.Conn).LocalAddr().String()
			bob.expect("["+name+"] one", "["+name+"] two")
		})
	}
}
