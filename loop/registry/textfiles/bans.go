package textfiles

import (
	"time"

	"looproom/loop/ban"
)

// lastSecond is the last that a time in a file can tell, the end of the year 9999.
const lastSecond = 253402300799

// banLine is an entry as it stands in the file.
type banLine struct {
	Target string `json:"target"`
	Name   bool   `json:"name,omitempty"` // the target is the key of a name
	Shun   bool   `json:"shun,omitempty"`
	Until  string `json:"until"`
	Since  string `json:"since"`
	By     string `json:"by"`
	Words  string `json:"words"`
}

// forever stands in the place of the time for what has no end.
const forever = "forever"

func lineOfBan(e ban.Entry) banLine {
	return banLine{
		Target: e.Target.String(), Name: e.Target.Name != "", Shun: e.Shun,
		Until: endOf(e.Until), Since: timeOf(e.Since), By: e.By, Words: e.Words,
	}
}

// endOf is when something ends, in seconds of wall clock, 0 for never.
func endOf(until int64) string {
	if until == 0 {
		return forever
	}
	return timeOf(until)
}

func (l banLine) entry() (e ban.Entry, err error) {
	e = ban.Entry{Shun: l.Shun, By: l.By, Words: l.Words}
	if l.Name {
		e.Target.Name = l.Target
	} else if e.Target, err = ban.ParseKept(l.Target); err != nil {
		return ban.Entry{}, err
	}
	if l.Until != forever {
		if e.Until, err = secondOf(l.Until); err != nil {
			return ban.Entry{}, err
		}
	}
	e.Since, err = secondOf(l.Since)
	return e, err
}

// readBan reads one line; last is the one before it, nil for the first.
func readBan(line []byte, last *ban.Entry) (ban.Entry, error) {
	l, err := decode[banLine](line)
	if err != nil {
		return ban.Entry{}, err
	}
	e, err := l.entry()
	if err != nil || !e.Target.Valid() || lineOfBan(e) != l {
		return ban.Entry{}, errEntry
	}
	if last != nil && last.Compare(e) >= 0 {
		return ban.Entry{}, errOrder
	}
	return e, nil
}

// timeOf returns the second of wall clock as people read it; one that can't be written so becomes the nearest that can.
func timeOf(second int64) string {
	return time.Unix(min(max(second, 0), lastSecond), 0).UTC().Format(time.RFC3339)
}

func secondOf(written string) (int64, error) {
	t, err := time.Parse(time.RFC3339, written)
	return t.Unix(), err
}
