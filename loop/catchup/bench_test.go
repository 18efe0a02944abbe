package catchup

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"looproom/loop/room"
	"looproom/loop/store"
)

// BenchmarkFrom is a node that is new, and one that has all but the last message, beside one with so many messages of 60 bytes in 20 rooms.
func BenchmarkFrom(b *testing.B) {
	const messages = 200_000
	there := newNode(b)
	var batch []store.Message
	for i := range messages {
		batch = append(batch, store.Message{
			ID: room.MsgID(i + 1), Place: room.PlaceID(100 + i%20), Room: fmt.Sprint("#", i%20), Who: "ann", Account: "ann", At: int64(i), Text: fmt.Sprintf("word%d of what %s says", i, strings.Repeat("somebody ", 4)),
		})
		if len(batch) == 1000 {
			if err := there.SayAll(batch); err != nil {
				b.Fatal(err)
			}
			batch = nil
		}
	}
	if err := there.Landed(); err != nil {
		b.Fatal(err)
	}
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			here := newNode(b)
			here.wire.to = there.wire
			if err := here.keeper.From(b.Context(), "there"); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(messages)*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	})
	b.Run("copy", func(b *testing.B) {
		for b.Loop() {
			if err := Copy(b.Context(), &wire{to: there.wire}, b.TempDir(), zerolog.Nop()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(messages)*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	})
	here := newNode(b)
	here.wire.to = there.wire
	if err := here.keeper.From(b.Context(), "there"); err != nil {
		b.Fatal(err)
	}
	last := room.MsgID(messages)
	b.Run("back", func(b *testing.B) {
		for b.Loop() {
			last++
			there.Say([]store.Message{{ID: last, Place: 100, Room: "#0", Who: "ann", Text: "one more"}})
			if err := here.keeper.From(b.Context(), "there"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
