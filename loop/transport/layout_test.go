//go:build linux

package transport

import (
	"testing"

	"looproom/loop/delivery"
)

func TestAppendLine(t *testing.T) {
	head := func([]byte) int { return len("[ann] ") }
	rows := []struct {
		name   string
		layout delivery.Layout
		line   string
		want   string
	}{
		{"a line", delivery.Layout{}, "hello", "> hello\n"},
		{"nothing", delivery.Layout{}, "", "> \n"},
		{"a burst", delivery.Layout{Framing: delivery.Bursts}, "hello", "> \nhello"},
		{"a message", delivery.Layout{Framing: delivery.Messages}, "hello", "> \x81\x05hello"},
		{"a binary message", delivery.Layout{Framing: delivery.Messages, Binary: true}, "hello", "> \x82\x05hello"},
		{"a line with a return", delivery.Layout{Framing: delivery.CRLF}, "hello", "> hello\r\n"},
		{"a block", delivery.Layout{Framing: delivery.Blocks, Size: 16}, "[ann] hello", "> [ann] hello\x00\x00\x00\x00\x00"},
		{"a full block", delivery.Layout{Framing: delivery.Blocks, Size: 16}, "[ann] hello you", "> [ann] hello you\x00"},
		{"blocks", delivery.Layout{Framing: delivery.Blocks, Size: 16}, "[ann] hello you all", "> [ann] hello \x00\x00\x00\x00[ann] you all\x00\x00\x00"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := AppendLine([]byte("> "), []byte(row.line), row.layout, head); string(got) != row.want {
				t.Errorf("AppendLine(%q) = %q, want %q", row.line, got, row.want)
			}
		})
	}
}

// TestAppendText: lines that end in one way are laid out in another.
func TestAppendText(t *testing.T) {
	for _, row := range []struct {
		layout delivery.Layout
		want   string
	}{
		{delivery.Layout{}, "> one\n\ntwo\n"},
		{delivery.Layout{Framing: delivery.CRLF}, "> one\r\n\r\ntwo\r\n"},
		{delivery.Layout{Framing: delivery.Messages, Binary: true}, "> \x82\x03one\x82\x00\x82\x03two"},
	} {
		if got := AppendText([]byte("> "), []byte("one\r\n\ntwo\r\n"), row.layout, nil); string(got) != row.want {
			t.Errorf("AppendText as %+v = %q, want %q", row.layout, got, row.want)
		}
	}
}
