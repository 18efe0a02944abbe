package report

import "looproom/bench"

// column is one of a section's table.
type column struct {
	head string
	of   func(section, cell) string
}

// Heads that depend on the section.
const (
	rateHead  = "rate"
	ratioHead = "ratio"
)

// columns are all that a table can have. One without any figure is left out.
var columns = []column{
	{"subject", func(_ section, c cell) string { return c.subject }},
	{rateHead, rate},
	{"±", spread},
	{"CPU each", show(cpuEach)},
	{"user+sys", split},
	{"CPU per s", onlyIdle(show(cpuBusy))},
	{ratioHead, times},
	{"ping p50", show(askedP50)},
	{"ping p99", show(askedP99)},
	{"ping max", func(_ section, c cell) string { return orUnknown(c.longestAsked(), duration) }},
	{"p50", show(p50)},
	{"p99", show(p99)},
	{"across p50", show(acrossP50)},
	{"across p99", show(acrossP99)},
	{"max", func(_ section, c cell) string { return orUnknown(c.worst(), duration) }},
	{"last p99", show(lastP99)},
	{"RSS", show(rss)},
	{"B/conn", show(memoryEach)},
	{"lost", lost},
	{"held", held},
}

// rateMetric is what the first column of figures has: the knee where that was looked for.
func (s section) rateMetric() metric {
	if s.workload.Kind == bench.Knee {
		return knee
	}
	return throughput
}

func rate(s section, c cell) string { return show(s.rateMetric())(s, c) }

func spread(s section, c cell) string {
	values := c.sample(s.rateMetric())
	if len(values.values) < 2 {
		return unknown
	}
	return percent(values.spread())
}

func split(_ section, c cell) string {
	user, system := c.sample(userEach), c.sample(systemEach)
	if !user.known() && !system.known() {
		return unknown
	}
	return userAndSystem(user.median(), system.median())
}

func times(s section, c cell) string {
	if c.subject == s.baseline {
		return "1"
	}
	return s.ratioOf(c.subject, s.headline()).String()
}

// lost is loud. Where nobody counted it is no 0.
func lost(s section, c cell) string {
	switch {
	case c.lost() > 0:
		return count(c.lost()) + " LOST"
	case c.expected() == 0 && s.workload.Kind == bench.Idle:
		return unknown
	default:
		return "0"
	}
}

// held is empty where all is well.
func held(_ section, c cell) string {
	if c.held() == c.asked() {
		return ""
	}
	n := int64(len(c.runs))
	return count(c.held()/n) + "/" + count(c.asked()/n)
}

func show(m metric) func(section, cell) string {
	return func(_ section, c cell) string { return orUnknown(c.sample(m).median(), m.show) }
}

func onlyIdle(of func(section, cell) string) func(section, cell) string {
	return func(s section, c cell) string {
		if s.workload.Kind != bench.Idle {
			return ""
		}
		return of(s, c)
	}
}

func orUnknown(v float64, show func(float64) string) string {
	if v == 0 {
		return unknown
	}
	return show(v)
}

// grid is a section's table as text: the heads, and a row for each cell.
func (s section) grid() (heads []string, rows [][]string) {
	rows = make([][]string, len(s.cells))
	for _, col := range columns {
		texts, empty := s.texts(col)
		if empty {
			continue
		}
		heads = append(heads, s.head(col))
		for i, text := range texts {
			rows[i] = append(rows[i], text)
		}
	}
	return heads, rows
}

// texts are a column's, and whether none of them says anything.
func (s section) texts(col column) (texts []string, empty bool) {
	empty = true
	for _, c := range s.cells {
		text := col.of(s, c)
		texts = append(texts, text)
		empty = empty && (text == "" || text == unknown)
	}
	return texts, empty
}

func (s section) head(col column) string {
	switch col.head {
	case rateHead:
		return rateHeads[s.workload.Kind]
	case ratioHead:
		return s.headline().short + " × " + s.baseline
	default:
		return col.head
	}
}

var rateHeads = map[bench.Kind]string{
	bench.Echo: "echoes/s", bench.Fanout: "deliv./s", bench.Chat: "deliv./s", bench.Rooms: "deliv./s", bench.Slow: "deliv./s", bench.Bystander: "deliv./s",
	bench.Storm: "clients/s", bench.Knee: "knee/s", bench.Idle: rateHead,
}
