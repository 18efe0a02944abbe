package irc

import (
	"strconv"
	"strings"

	"looproom/loop/room"
)

// Which rooms there are (Modern IRC, "LIST message"; ELIST=CMNTU).

func doList(a *asking) { a.only(a.command(room.Rooms)) }

// listed tells those of the rooms that were asked for: what has no members is none here.
func listed(c *Client, w *writer, r *request, e *room.Event) {
	if r == nil {
		return
	}
	if !e.Continued {
		w.numeric(321, "Channel", "Users  Name")
	}
	asked := sifting(r.params)
	for i := range e.List {
		if row := &e.List[i]; row.Count > 0 && asked.lets(row, e.At) {
			w.numeric(322, row.Name, strconv.Itoa(row.Count), row.Text)
		}
	}
	if e.Rest == nil {
		w.numeric(323, "End of /LIST")
	}
}

// sieve is which rooms LIST asks for: all that every one of its conditions lets through, and of names, if there are some, those alone.
type sieve struct {
	names      []string // folded
	conditions []func(row *room.Row, now int64) bool
}

// sifting reads the parameters of LIST. A line has no more conditions than bytes. What is none is ignored.
func sifting(params []string) (s sieve) {
	for _, param := range params[:min(len(params), 2)] {
		for item := range strings.SplitSeq(param, ",") {
			s.add(item)
		}
	}
	return s
}

func (s *sieve) add(item string) {
	switch {
	case item == "":
	case item[0] == '<' || item[0] == '>':
		s.compare(item, func(row *room.Row, _ int64) int64 { return int64(row.Count) })
	case item[0] == 'C' && len(item) > 1 && strings.IndexByte("<>", item[1]) >= 0:
		s.compare(item[1:], func(row *room.Row, now int64) int64 {
			if row.Of == nil { // that isn't known
				return -1
			}
			return minutes(now - row.Of.Since*1000)
		})
	case item[0] == 'T' && len(item) > 1 && strings.IndexByte("<>", item[1]) >= 0:
		s.compare(item[1:], func(row *room.Row, now int64) int64 {
			if row.At == 0 {
				return -1
			}
			return minutes(now - row.At)
		})
	case item[0] == '!' && len(item) > 1:
		mask := item[1:]
		s.conditions = append(s.conditions, func(row *room.Row, _ int64) bool { return !room.Matches(mask, row.Name) })
	case strings.ContainsAny(item, "*?"):
		s.conditions = append(s.conditions, func(row *room.Row, _ int64) bool { return room.Matches(item, row.Name) })
	case item[0] == '#':
		s.names = append(s.names, room.KeyOf(item))
	}
}

// compare adds a condition of a number: more than what stands behind >, or less than what stands behind <. What there is no number of, less than 0, is let through by neither.
func (s *sieve) compare(item string, of func(row *room.Row, now int64) int64) {
	than, err := strconv.ParseInt(item[1:], 10, 32)
	if err != nil {
		return
	}
	less := item[0] == '<'
	s.conditions = append(s.conditions, func(row *room.Row, now int64) bool {
		n := of(row, now)
		return n >= 0 && (less && n < than || !less && n > than)
	})
}

func minutes(milliseconds int64) int64 { return milliseconds / 60_000 }

// lets says whether a room gets through.
func (s *sieve) lets(row *room.Row, now int64) bool {
	for _, condition := range s.conditions {
		if !condition(row, now) {
			return false
		}
	}
	if len(s.names) == 0 {
		return true
	}
	key := room.KeyOf(row.Name)
	for _, name := range s.names {
		if name == key {
			return true
		}
	}
	return false
}
