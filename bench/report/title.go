package report

import (
	"fmt"
	"slices"
	"strings"

	"looproom/bench"
)

// Title says in words what a workload is: "fanout: 1 sender, 1,000 clients, 64-byte messages, 64 in flight".
func Title(w bench.Workload) string {
	describe, known := titles[w.Kind]
	if !known {
		describe = titleOfChat
	}
	return string(w.Kind) + ": " + describe(w) + readers(w) + answers(w)
}

// readers says in how many ways they read, if in several.
func readers(w bench.Workload) string {
	if w.Forms <= 1 {
		return ""
	}
	return fmt.Sprintf(", members that read in %d ways", w.Forms)
}

func answers(w bench.Workload) string {
	if !w.Answers {
		return ""
	}
	return ", an answer to the sender behind each"
}

var titles = map[bench.Kind]func(bench.Workload) string{
	bench.Echo: func(w bench.Workload) string {
		return fmt.Sprintf("%s, %d-byte messages, %d in flight each%s", clients(w), w.Size, max(w.Depth, 1), pace(w))
	},
	bench.Fanout: func(w bench.Workload) string {
		return fmt.Sprintf("%s%s, %s, %d-byte messages, %d in flight", plural(int64(max(w.Senders, 1)), "sender"), turns(w), clients(w), w.Size, w.Window)
	},
	bench.Chat: titleOfChat,
	bench.Rooms: func(w bench.Workload) string {
		return fmt.Sprintf("%s of %d clients, %s each", plural(int64(w.Rooms), "room"), w.Clients/max(w.Rooms, 1), plural(int64(w.Senders/max(w.Rooms, 1)), "sender")) +
			fmt.Sprintf(", %d-byte messages%s", w.Size, pace(w))
	},
	bench.Idle:  func(w bench.Workload) string { return clients(w) + " that say nothing" },
	bench.Storm: func(w bench.Workload) string { return clients(w) + " that connect, sign in and leave" },
	bench.Slow: func(w bench.Workload) string {
		return fmt.Sprintf("%s, and %d of the clients don't read", titleOfChat(w), w.Slow)
	},
	bench.Bystander: func(w bench.Workload) string {
		return fmt.Sprintf("%s, beside %s pings a second", titleOfChat(w), count(int64(w.Pings)))
	},
	bench.Knee: func(w bench.Workload) string {
		return fmt.Sprintf("%s, until the p99 to the last passes %s", titleOfChat(w), shortDuration(w.Bound))
	},
}

// turns says in how many rooms the one sender talks.
func turns(w bench.Workload) string {
	if w.Rooms <= 1 {
		return ""
	}
	return fmt.Sprintf(" by turns in %d rooms", w.Rooms)
}

func titleOfChat(w bench.Workload) string {
	return fmt.Sprintf("%d of %s talk, %d-byte messages%s", w.Senders, clients(w), w.Size, pace(w))
}

func clients(w bench.Workload) string { return plural(int64(w.Clients), "client") }

func pace(w bench.Workload) string {
	switch {
	case w.Rate == 0:
		return ""
	case w.Poisson:
		return fmt.Sprintf(", %s a second at random times", count(int64(w.Rate)))
	default:
		return fmt.Sprintf(", %s a second", count(int64(w.Rate)))
	}
}

// repetitions says how often and how long: "5 repetitions of 10s".
func (s section) repetitions() string {
	least, most := len(s.cells[0].runs), 0
	for _, c := range s.cells {
		least, most = min(least, len(c.runs)), max(most, len(c.runs))
	}
	text := plural(int64(most), "repetition")
	if least < most {
		text = fmt.Sprintf("%d to %d repetitions", least, most)
	}
	if s.workload.Duration > 0 {
		text += " of " + shortDuration(s.workload.Duration)
	}
	return text
}

// slug is a short name for files: "fanout-1000c-1s-64b-w64".
func slug(w bench.Workload) string {
	words := []string{string(w.Kind), fmt.Sprintf("%dc", w.Clients)}
	for _, part := range []struct {
		letter string
		n      int
	}{{"r", w.Rooms}, {"s", w.Senders}, {"slow", w.Slow}, {"b", w.Size}, {"d", w.Depth}, {"w", w.Window}, {"f", w.Forms}} {
		if part.n > 0 {
			words = append(words, fmt.Sprintf("%d%s", part.n, part.letter))
		}
	}
	if w.Rate > 0 {
		words = append(words, fmt.Sprintf("%gps", w.Rate))
	}
	if w.Answers {
		words = append(words, "answers")
	}
	if w.Pings > 0 {
		words = append(words, fmt.Sprintf("%gpings", w.Pings))
	}
	return strings.Join(words, "-")
}

// nameAll gives each section a short name: kind and clients, and what else it takes to tell it from others.
func nameAll(sections []section) {
	for i, s := range sections {
		sections[i].name = fmt.Sprintf("%s with %s", s.workload.Kind, clients(s.workload))
		for _, of := range traits {
			if differs(sections, s, of) {
				sections[i].name += of(s.workload)
			}
		}
	}
}

// differs is true where another section of the same kind and clients has another text.
func differs(sections []section, s section, of func(bench.Workload) string) bool {
	return slices.ContainsFunc(sections, func(other section) bool {
		return other.workload.Kind == s.workload.Kind && other.workload.Clients == s.workload.Clients && of(other.workload) != of(s.workload)
	})
}

// traits are what can tell workloads of one kind apart.
var traits = []func(bench.Workload) string{
	func(w bench.Workload) string { return fmt.Sprintf(", %d in flight", max(w.Depth, w.Window, 1)) },
	func(w bench.Workload) string { return fmt.Sprintf(", %d bytes", w.Size) },
	func(w bench.Workload) string { return ", " + plural(int64(w.Rooms), "room") },
	func(w bench.Workload) string { return ", " + plural(int64(w.Senders), "sender") },
	func(w bench.Workload) string { return fmt.Sprintf(", %d slow", w.Slow) },
	func(w bench.Workload) string {
		if w.Forms <= 1 {
			return ", all read alike"
		}
		return readers(w)
	},
	func(w bench.Workload) string {
		if !w.Answers {
			return ", no answers"
		}
		return answers(w)
	},
	func(w bench.Workload) string { return fmt.Sprintf(", %s questions a second", count(int64(w.Pings))) },
	func(w bench.Workload) string {
		if w.Rate == 0 {
			return ", unpaced"
		}
		return pace(w)
	},
	func(w bench.Workload) string { return ", bound " + shortDuration(w.Bound) },
}
