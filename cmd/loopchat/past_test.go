package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"looproom/cmd/loopchat/session"
)

// idOf is the id of the message of that number.
func idOf(n int) session.MessageID { return session.MessageID{First: 1, Second: uint64(n)} }

// messagesOf are messages with the ids from and up to to, a minute each.
func messagesOf(from, to int) (entries []entry) {
	for n := from; n <= to; n++ {
		at := time.Date(2026, 11, 1, 0, n, 0, 0, time.UTC)
		entries = append(entries, entry{at: at, tone: toneMessage, who: "bob", text: fmt.Sprintf("number %d. ", n) + strings.Repeat("word ", n%40), id: idOf(n)})
	}
	return entries
}

// numbers are the ids of the messages, in order.
func (s *strip) numbers() (all []int) {
	for i := range s.entries {
		if isRemembered(&s.entries[i]) {
			all = append(all, int(s.entries[i].id.Second))
		}
	}
	return all
}

func upTo(from, to int) (all []int) {
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

// sound checks that the rows are those of the entries.
func (s *strip) sound(t *testing.T, after string) {
	t.Helper()
	fresh := strip{entries: s.entries, width: s.width}
	fresh.recut()
	if !slices.Equal(s.ends, fresh.ends) || !slices.Equal(s.rows, fresh.rows) {
		t.Fatalf("after %s the rows are not those of the %d entries: %d rows, want %d", after, len(s.entries), len(s.rows), len(fresh.rows))
	}
}

// TestStripAtRandom: however entries are put in and taken out, the rows are theirs, and what is in sight stays.
func TestStripAtRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		s := &strip{width: 40}
		for step := range 40 {
			s.above = min(s.above, len(s.rows))
			before := slices.Clone(s.visible(10))
			at, n := random.IntN(len(s.entries)+1), 1+random.IntN(4)
			what := fmt.Sprintf("putting %d at %d of %d, step %d", n, at, len(s.entries), step)
			switch random.IntN(5) {
			case 0:
				if at = min(n, len(s.entries)); at < len(s.entries) {
					what = fmt.Sprintf("dropping the last %d", at)
					s.drop(len(s.entries)-at, len(s.entries))
				}
			case 1:
				s.above = random.IntN(len(s.rows) + 1)
			default:
				from := random.IntN(4000)
				below := s.above > 0 && at > s.edge()
				s.put(at, messagesOf(from, from+n)...)
				if got := s.visible(10); below && !slices.Equal(before, got) && s.above < len(s.rows)-10 {
					t.Fatalf("after %s, below what is in sight, that is %q, want %q", what, got, before)
				}
			}
			s.sound(t, what)
		}
	}
}

// TestStripHead: what is known of the beginning stands over it, and can be scrolled to.
func TestStripHead(t *testing.T) {
	s := &strip{width: 40}
	s.put(0, messagesOf(1, 3)...)
	s.head.words = "the beginning"
	rows := len(s.rows)
	if got := s.visible(20); len(got) != rows+1 || !strings.Contains(got[0], "the beginning") {
		t.Errorf("in a high window: %q, want the head and %d rows", got, rows)
	}
	s.scroll(100, rows)
	if got := s.visible(rows); !strings.Contains(got[0], "the beginning") {
		t.Errorf("scrolled up: %q, want the head first", got)
	}
	s.scroll(-100, rows)
	if got := s.visible(rows); strings.Contains(got[0], "the beginning") || s.above != 0 {
		t.Errorf("scrolled down: %q, want no head", got)
	}
	s.visible(0)
	s.visible(1)
}

// TestPaneOlder: what is fetched stands in front, once, and what is in sight stays there.
func TestPaneOlder(t *testing.T) {
	p := &pane{room: "#go"}
	p.resize(60)
	for _, e := range messagesOf(50, 80) {
		p.add(e)
	}
	p.scroll(30, 10)
	before := slices.Clone(p.visible(10))
	p.merge(messagesOf(20, 60), false)
	p.merge(messagesOf(20, 49), false)
	if got := p.visible(10); !slices.Equal(got, before) {
		t.Errorf("in sight is %q, want %q", got, before)
	}
	if got := p.numbers(); !slices.Equal(got, upTo(20, 80)) {
		t.Errorf("the messages are %v, want 20 to 80", got)
	}
	p.sound(t, "merging")
}

// TestPaneOlderThanNotices: notices of now don't stand above what was said before.
func TestPaneOlderThanNotices(t *testing.T) {
	p := &pane{room: "#go"}
	p.resize(60)
	p.add(entry{at: time.Now(), text: "You are in #go."})
	p.merge(messagesOf(5, 9), false)
	p.merge(messagesOf(1, 4), false)
	if got := p.numbers(); !slices.Equal(got, upTo(1, 9)) || p.entries[len(p.entries)-1].tone != toneNotice {
		t.Errorf("the messages are %v, want 1 to 9 with the notice behind", got)
	}
}

// TestPanePast: the past that is in sight is no more than is kept, stays in sight while it grows, and meets the end without a gap.
func TestPanePast(t *testing.T) {
	p := &pane{room: "#go"}
	p.resize(60)
	const last = 3 * maxEntries
	for _, e := range messagesOf(last-maxEntries+1, last) {
		p.add(e)
	}
	p.scroll(1<<30, 10)
	top := p.visible(10)[9]
	p.detach()
	if got := p.sight().visible(10); got[9] != top {
		t.Errorf("in the past the lowest row in sight is %q, want %q", got[9], top)
	}
	for first := last - maxEntries; p.past.numbers()[0] > 1; first -= 100 {
		p.past.scroll(1<<30, 10)
		before := slices.Clone(p.past.visible(10))
		p.inFront(messagesOf(first-99, first))
		if got := p.past.visible(10); !slices.Equal(got[1:], before[1:]) { // the first row may be a day that begins earlier now
			t.Fatalf("in front of %d: in sight is %q, want %q", first, got, before)
		}
		if n := len(p.past.entries); n > maxEntries {
			t.Fatalf("%d entries of the past, want at most %d", n, maxEntries)
		}
	}
	p.past.sound(t, "going back")
	if got := p.past.numbers(); !slices.Equal(got, upTo(1, len(got))) {
		t.Errorf("the past has gaps: %v", got)
	}
	for {
		p.past.scroll(-1<<30, 10)
		before := slices.Clone(p.past.visible(10))
		next := p.past.numbers()[len(p.past.entries)-1] + 1
		p.behindPast(messagesOf(next, next+99))
		if got := p.past.visible(10); !slices.Equal(got, before) {
			t.Fatalf("behind %d: in sight is %q, want %q", next, got, before)
		}
		if p.holds(idOf(next)) {
			break
		}
	}
	p.past.sound(t, "going on")
	before := slices.Clone(p.past.visible(10))
	p.join()
	if got := p.visible(10); p.past != nil || !slices.Equal(got, before) {
		t.Errorf("where the past has met the end, in sight is %q, want %q", got, before)
	}
	got := p.numbers()
	if !slices.Equal(got, upTo(got[0], last)) || len(p.entries) > maxEntries+maxEntries/10 {
		t.Errorf("%d messages from %d on, with gaps or too many", len(got), got[0])
	}
	p.sound(t, "joining")
}

// TestPaneOlderTooLate: who has gone back to the end of a full pane meanwhile stays there.
func TestPaneOlderTooLate(t *testing.T) {
	for _, above := range []int{0, 1 << 30} {
		p := &pane{room: "#go"}
		p.resize(60)
		for _, e := range messagesOf(201, 200+maxEntries) {
			p.add(e)
		}
		p.scroll(above, 10)
		before := slices.Clone(p.visible(10))
		putOlder(&window{}, &lookup{pane: p, strip: &p.strip, rows: messagesOf(101, 200)})
		if got := p.sight().visible(10); !slices.Equal(got[1:], before[1:]) || (p.past != nil) != (above > 0) {
			t.Errorf("%d rows above the end: in sight is %q, want %q", above, got, before)
		}
	}
}

// TestPaneUnreadInThePast: what comes while the past is in sight is unread until the person is back.
func TestPaneUnreadInThePast(t *testing.T) {
	ps := &panes{all: []*pane{{room: "#go"}}}
	p := ps.shown()
	ps.put(p, messagesOf(100, 100)[0])
	p.showPast(messagesOf(1, 9), head{})
	ps.put(p, messagesOf(101, 101)[0])
	ps.put(p, messagesOf(102, 102)[0])
	w := &window{panes: *ps}
	look(w)
	if p.unread != 2 || !p.seen.None() {
		t.Errorf("%d unread, seen up to %v; want 2, and nothing", p.unread, p.seen)
	}
	p.toEnd()
	look(w)
	if p.unread != 0 || p.seen != idOf(102) || p.past != nil {
		t.Errorf("back at the end: %d unread, seen up to %v; want 0, and all", p.unread, p.seen)
	}
}

// TestStripDays: a day stands over its first message, and nowhere else.
func TestStripDays(t *testing.T) {
	p := &pane{room: "#go"}
	p.resize(60)
	for _, n := range []int{10, 20, 1500, 1510, 5000} {
		p.add(messagesOf(n, n)[0])
	}
	days := func() (count int) {
		for _, row := range p.rows {
			if strings.Contains(row, "──") {
				count++
			}
		}
		return count
	}
	if got := days(); got != 3 {
		t.Errorf("%d days, want 3: %q", got, p.rows)
	}
	p.merge(messagesOf(5, 5), false)
	p.merge(messagesOf(1505, 1505), false)
	if got := days(); got != 3 {
		t.Errorf("after more of the same days: %d, want 3: %q", got, p.rows)
	}
	p.sound(t, "merging")
}

// TestLookupTakes: rows that are in no order, without an id, on the wrong side, too many, or under the wrong head, are not shown.
func TestLookupTakes(t *testing.T) {
	rows := []struct {
		name string
		l    lookup
		kind session.Kind
		come []int
		want []int
	}{
		{"in order", lookup{told: true, n: 9}, session.Recalled, []int{1, 2, 3}, []int{1, 2, 3}},
		{"a wrong head", lookup{n: 9}, session.Recalled, []int{1, 2, 3}, nil},
		{"too many", lookup{told: true, n: 2}, session.Recalled, []int{1, 2, 3}, []int{1, 2}},
		{"without ids", lookup{told: true, n: 9}, session.Recalled, []int{0, 0}, nil},
		{"in no order", lookup{told: true, n: 9}, session.Recalled, []int{5, 4, 4, 5, 5, 6, 1}, []int{5, 6}},
		{"not before", lookup{told: true, n: 9, before: idOf(3)}, session.Recalled, []int{1, 2, 3, 4}, []int{1, 2}},
		{"not after", lookup{told: true, n: 9, after: idOf(3)}, session.Recalled, []int{2, 3, 4}, []int{4}},
		{"the newest first", lookup{told: true, n: 9}, session.Found, []int{5, 4, 6, 4, 1}, []int{5, 4, 1}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			for _, n := range row.come {
				e := session.Event{Kind: row.kind}
				if n > 0 {
					e.ID = idOf(n)
				}
				row.l.take(&e, entry{id: e.ID, tone: toneMessage})
			}
			s := strip{entries: row.l.rows}
			if got := s.numbers(); !slices.Equal(got, row.want) {
				t.Errorf("of %v it takes %v, want %v", row.come, got, row.want)
			}
		})
	}
}
