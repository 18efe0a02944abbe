package irc

import (
	"testing"

	"looproom/loop/room"
)

// BenchmarkAppend encodes one message of usual length for those who read no tags, and all.
func BenchmarkAppend(b *testing.B) {
	e := room.Event{
		Kind: room.Said, Scope: room.ToRoom, RoomName: "#go", Who: "ann", User: "ann", Host: "10.0.0.5", Account: "ann", At: 1795253400123, ID: 57024000<<32 | 42,
		Text: "a message of usual length, as people write them in a chat",
	}
	for _, bench := range []struct {
		name string
		as   Set
	}{{"no tags", NoTags}, {"all tags", AllTags}} {
		b.Run(bench.name, func(b *testing.B) {
			var dst []byte
			b.ReportAllocs()
			for b.Loop() {
				dst = Append(dst[:0], &e, bench.as, "irc.example")
			}
		})
	}
}
