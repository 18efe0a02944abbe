//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// TestSlowSkipElsewhere is TestSlowSkip for clients that have no lines: what they lose is whole blocks or frames, and they are told of each message.
func TestSlowSkipElsewhere(t *testing.T) {
	const said = 8000
	rows := []struct {
		name, door string
		client     func(t *testing.T, conn net.Conn) (say func(string), next func() string)
	}{
		{"blocks", "fixed://127.0.0.1:0?size=1024&slow=skip", func(t *testing.T, conn net.Conn) (func(string), func() string) {
			return func(text string) { writeAll(t, conn, block(text, 1024)) }, func() string { return nextBlock(t, conn, 1024) }
		}},
		{"frames", "http://127.0.0.1:0?slow=skip", func(t *testing.T, conn net.Conn) (func(string), func() string) {
			c := overWeb(t, conn, "slow", "")
			return c.say, c.next
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--sendq", "64k", "--listen", "line://127.0.0.1:0", "--listen", row.door)
			say, next := row.client(t, narrowDial(t, s, 1))
			say("PING before")
			for next() != "PONG before" {
			}
			text := speak(t, s, said) // 6.4 MB: more than waits for anybody, and than sockets take
			say("PING after")
			hearSkipping(t, next, text, said, "PONG after")
		})
	}
}

// hearSkipping reads what comes to a slow client to whom text was said so often, up to the last of the answers, which come in order: it has got the text, or has been told how many
// messages it was spared.
func hearSkipping(t *testing.T, next func() string, text string, said int, answers ...string) {
	t.Helper()
	got, skipped := 0, 0
	for len(answers) > 0 {
		line := next()
		var n int
		switch {
		case line == answers[0]:
			answers = answers[1:]
		case line == "[ana] "+text:
			got++
		case strings.HasPrefix(line, "! skipped "):
			if _, err := fmt.Sscanf(line, "! skipped %d message", &n); err != nil {
				t.Fatalf("line = %q, want how many messages were skipped", line)
			}
			skipped += n
		case !strings.HasPrefix(line, "> "):
			t.Fatalf("line = %.80q, want a message, a notice or %s", line, answers[0])
		}
	}
	if lost := said - got; skipped < lost || skipped > lost+2 || skipped == 0 { // the notices of ana's coming may be among them
		t.Errorf("%d messages were lost and %d told of, want some and the same", lost, skipped)
	}
}

func writeAll(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

// nextBlock reads a block, and returns its text.
func nextBlock(t *testing.T, conn net.Conn, size int) string {
	t.Helper()
	b := make([]byte, size)
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, b); err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimRight(b, "\x00"))
}
