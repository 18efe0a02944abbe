package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
)

// filled is a pane with entries of some rows each.
func filled(count, width int) *pane {
	p := &pane{}
	p.resize(width)
	for i := range count {
		p.add(entry{tone: toneMessage, who: "ana", text: fmt.Sprintf("line %d ", i) + strings.Repeat("word ", i%30)})
	}
	return p
}

// TestPaneOutOfSight: a pane that has not been shown yet has entries and no rows.
func TestPaneOutOfSight(t *testing.T) {
	p := &pane{}
	for range 2 * maxEntries {
		p.add(entry{text: "a line"})
	}
	p.resize(80)
	if len(p.rows) != len(p.entries) || len(p.rows) < maxEntries {
		t.Errorf("%d rows of %d entries, want one each", len(p.rows), len(p.entries))
	}
}

func TestPaneKeepsItsPlace(t *testing.T) {
	p := filled(200, 60)
	p.scroll(50, 10)
	before := slices.Clone(p.visible(10))
	p.add(entry{tone: toneMessage, who: "bob", text: strings.Repeat("new ", 100)})
	if got := p.visible(10); !slices.Equal(got, before) {
		t.Errorf("after a new entry the rows are %q, want %q", got, before)
	}
	p.resize(40)
	p.resize(60)
	if p.above == 0 {
		t.Errorf("after resizing the pane is at its end, want where it was")
	}
	p.scroll(-10_000, 10)
	if p.above != 0 {
		t.Errorf("scrolled down as far as can be: %d rows above the end, want 0", p.above)
	}
	p.scroll(10_000, 10)
	if got := p.visible(10); !strings.Contains(got[0], "line 0") {
		t.Errorf("scrolled up as far as can be: %q first, want line 0", got[0])
	}
}

func TestPaneForgets(t *testing.T) {
	p := filled(maxEntries+maxEntries/5+7, 80)
	if n := len(p.entries); n < maxEntries || n > maxEntries+maxEntries/10 {
		t.Errorf("%d entries, want about %d", n, maxEntries)
	}
	if len(p.ends) != len(p.entries) || p.ends[len(p.ends)-1] != len(p.rows) {
		t.Errorf("%d entries end at %d places, the last at %d of %d rows", len(p.entries), len(p.ends), p.ends[len(p.ends)-1], len(p.rows))
	}
}

// TestRowsFit: whatever is said, and however wide the window is, a row is no wider.
func TestRowsFit(t *testing.T) {
	texts := []string{
		"words and words and words", strings.Repeat("x", 500), strings.Repeat("日本語", 60), strings.Repeat("👩‍👩‍👧 ", 40), "", " ", "a\tb",
		strings.Repeat("z\u0301", 100), "https://example.org/" + strings.Repeat("path/", 50),
	}
	for _, text := range texts {
		for _, width := range []int{2, 5, 10, 23, 24, 40, 200} {
			e := entry{tone: toneMessage, who: "a-long-name-日本", text: shown(text)}
			for _, row := range e.rows(width) {
				if got := lipgloss.Width(row); got > width {
					t.Errorf("a row of %.20q in %d columns is %d wide: %q", text, width, got, row)
				}
			}
		}
	}
}

func TestOverlap(t *testing.T) {
	said := func(words ...string) (entries []entry) {
		for _, word := range words {
			entries = append(entries, entry{tone: toneMessage, who: "ana", text: word})
		}
		return entries
	}
	noticed := append(said("a", "b"), entry{tone: toneNotice, text: "Server is down"})
	rows := []struct {
		name            string
		history, recent []entry
		want            int
	}{
		{"all known", said("a", "b", "c"), said("b", "c"), 2},
		{"some new", said("a", "b", "c"), said("b", "c", "d"), 2},
		{"all new", said("a", "b"), said("c", "d"), 0},
		{"notices between", noticed, said("b", "c"), 1},
		{"no history", nil, said("a"), 0},
		{"one's own that may not have arrived", append(noticed, entry{tone: toneMessage, who: you, text: "x", mark: sending}), said("a", "b"), 2},
		{"one's own that has arrived unconfirmed", append(said("a"), entry{tone: toneMessage, who: "ana", text: "b", mark: sending}), said("a", "b"), 2},
		{"said twice", said("a", "a"), said("a", "a", "a"), 2},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := overlap(row.history, row.recent); got != row.want {
				t.Errorf("overlap() = %d, want %d", got, row.want)
			}
		})
	}
}

// TestPaneMark: a mark changes what stands in front of an entry, and nothing else.
func TestPaneMark(t *testing.T) {
	p := filled(20, 40)
	for i := range p.entries {
		p.entries[i].number, p.entries[i].mark = int64(i+1), sending
	}
	p.recut()
	before, ends := len(p.rows), slices.Clone(p.ends)
	p.mark(map[int64]int64{3: 3, 20: 21}, doubtful)
	p.mark(map[int64]int64{5: 5}, arrived)
	got := slices.Clone(p.rows)
	p.recut()
	if !slices.Equal(got, p.rows) || len(p.rows) != before || !slices.Equal(ends, p.ends) {
		t.Errorf("rows after mark:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(p.rows, "\n"))
	}
	if p.entries[2].mark != doubtful || p.entries[4].mark != arrived || p.entries[5].mark != sending || p.entries[19].number != 21 {
		t.Errorf("marks %d %d %d and number %d, want %d %d %d and 21",
			p.entries[2].mark, p.entries[4].mark, p.entries[5].mark, p.entries[19].number, doubtful, arrived, sending)
	}
}

func BenchmarkPaneAdd(b *testing.B) {
	p := filled(1000, 80)
	e := entry{tone: toneMessage, who: "ana", text: "a line of the usual length, with some words in it"}
	b.ReportAllocs()
	for b.Loop() {
		p.add(e)
	}
}
