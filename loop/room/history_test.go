package room

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A history holds what a plain list would, with its first rows dropped while they are too many or too long.
func TestHistory(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		limit, most := random.IntN(8), random.IntN(3)*500
		var h history
		var plain []Row
		trim := func() {
			for len(plain) > limit || most > 0 && len(plain) > 1 && bytesOf(plain) > most {
				plain = plain[1:]
			}
		}
		for step := range 60 {
			if random.IntN(20) == 0 {
				limit, most = random.IntN(8), random.IntN(3)*500
				h.resize(limit, most)
				trim()
			} else {
				row := Row{Name: "ann", Text: strings.Repeat("x", random.IntN(300)), At: int64(step)}
				h.add(row, limit, most)
				plain = append(plain, row)
				trim()
			}
			n := random.IntN(9)
			if got, want := h.last(n), plain[max(len(plain)-n, 0):]; !slices.Equal(got, want) || h.bytes != bytesOf(plain) {
				t.Fatalf("round %d, step %d: last(%d) = %+v of %d bytes, want %+v of %d", round, step, n, got, h.bytes, want, bytesOf(plain))
			}
		}
	}
}

func bytesOf(rows []Row) (n int) {
	for i := range rows {
		n += costOf(&rows[i])
	}
	return n
}

// The state knows how much all rooms keep, when they fill, end and are limited.
func TestHistoryBytes(t *testing.T) {
	s := New(Config{Recent: 100, RecentBytes: 10_000})
	check := func(when string, most int) {
		t.Helper()
		sum := 0
		for _, r := range s.hall.rooms {
			sum += r.recent.bytes
		}
		if sum != s.HistoryBytes() || sum > most {
			t.Errorf("%s: HistoryBytes = %d, want %d, at most %d", when, s.HistoryBytes(), sum, most)
		}
	}
	id := NewClientID(1, 1)
	s.Apply(&Command{Verb: Connect, Client: id, Name: "10.0.0.1:1"})
	for n := range 5 {
		s.Apply(&Command{Verb: Join, Client: id, Name: fmt.Sprint("#", n)})
		for range 50 {
			s.Apply(&Command{Verb: Say, Client: id, Text: strings.Repeat("x", 1000)})
		}
	}
	check("full", 50_000)
	if s.HistoryBytes() < 40_000 {
		t.Errorf("HistoryBytes = %d, want five rooms of nearly 10,000", s.HistoryBytes())
	}
	s.Apply(&Command{Verb: Part, Client: id, Name: "#3"})
	check("a room has ended", 40_000)
	s.Apply(&Command{Verb: LimitHistory, N: 3_000})
	check("limited", 12_000)
	s.Apply(&Command{Verb: Configure, Config: &Config{Recent: 100, RecentBytes: 2_000}})
	check("configured anew", 8_000)
	s.Apply(&Command{Verb: Disconnect, Client: id})
	check("all have ended", 0)
}
