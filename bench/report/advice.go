package report

import (
	"fmt"
	"slices"
	"strings"

	"looproom/bench"
)

// chapter is a part of the advice.
type chapter struct {
	head  string
	lines []string
}

// Advice says in plain text which model is right when, as far as this run can tell: first where the baseline loses, by whatever is measured, then
// where it wins, and what to choose. A line that begins with "- " is an item. Every statement stands on an interval that doesn't hold 1; where
// there is none, it says so.
func Advice(r *bench.Report) string {
	var text strings.Builder
	for i, c := range advise(r) {
		if i > 0 {
			text.WriteString("\n")
		}
		text.WriteString(c.head + "\n")
		for _, line := range c.lines {
			text.WriteString("- " + line + "\n")
		}
	}
	return text.String()
}

func advise(r *bench.Report) (chapters []chapter) {
	sections := sectionsOf(r)
	all, costs := outcomesOf(sections), costsOf(sections)
	if len(all) == 0 {
		const nothing = "This run has nothing to compare: measure at least two servers with the same workload."
		return []chapter{{"Which model when", []string{nothing}}}
	}
	who := called(baselineOf(r))
	for _, c := range []chapter{
		{"Where " + who + " loses", losses(all)},
		{"In short", inShort(who, all)},
		{"Where " + who + " wins", wins(sections, all)},
		{"Threads or select?", threadsOrSelect(sections, costs)},
		{"Which model when", modelsWhen(who, all, costs)},
		{"What bounds it", boundsOf(sections)},
		{"Not comparable", unfair(costs)},
	} {
		if len(c.lines) > 0 {
			chapters = append(chapters, c)
		}
	}
	return chapters
}

func called(baseline string) string {
	if baseline == Baseline {
		return "the event loop (looproom)"
	}
	return baseline
}

// opening is who at the beginning of a sentence; a name stays as it is.
func opening(who string) string {
	if rest, found := strings.CutPrefix(who, "the "); found {
		return "The " + rest
	}
	return who
}

// inShort counts the cells.
func inShort(who string, all []outcome) []string {
	comparable := countWhere(all, outcome.fair)
	unsure := countWhere(all, func(o outcome) bool { return o.fair() && !o.cost.interval })
	lines := []string{fmt.Sprintf("%s is ahead in %d of %d cells, indistinguishable in %d, and behind in %d: %s. "+
		"A cell is a metric of a workload, against one other server.",
		opening(who), countWhere(all, outcome.won), comparable, countWhere(all, outcome.tied), countWhere(all, outcome.lost), byAspect(all))}
	const many = 20
	if judged := comparable - unsure; judged >= many {
		lines = append(lines, fmt.Sprintf("One in twenty 95 %% intervals misses by chance: of these %d some %d may. Trust a single narrow one less than a pattern.",
			judged, judged/many))
	}
	if unsure > 0 {
		lines = append(lines, fmt.Sprintf("%d cells have fewer than %d repetitions: nothing is said of them. Run it again with more.", unsure, enoughForInterval))
	}
	return lines
}

// byAspect counts the cells by what their metric is of: "CPU 6 ahead and 1 behind of 8".
func byAspect(all []outcome) string {
	var parts []string
	for _, aspect := range aspects {
		of := selectWhere(all, func(o outcome) bool { return o.fair() && o.metric.aspect() == aspect })
		if len(of) > 0 {
			parts = append(parts, fmt.Sprintf("%s %d ahead and %d behind of %d", aspect, countWhere(of, outcome.won), countWhere(of, outcome.lost), len(of)))
		}
	}
	return strings.Join(parts, ", ")
}

// threadsOrSelect compares the two with each other, and says where the baseline is ahead of both.
func threadsOrSelect(sections []section, costs []outcome) (lines []string) {
	const threads, selects = "threads", "select"
	var pairs []outcome
	for _, s := range sections {
		s.baseline = threads
		c := s.of(selects)
		if len(c.runs) == 0 || len(s.of(threads).runs) == 0 {
			continue
		}
		o := s.outcome(c, s.headline())
		switch {
		case !o.fair():
			lines = append(lines, o.where()+": "+o.unfair)
		case o.cost.value > 0:
			pairs = append(pairs, o)
			lines = append(lines, o.where()+": "+o.inWords()+verdict(o.cost))
		}
	}
	if len(pairs) == 0 {
		return lines
	}
	aheadOfBoth := countWhere(pairs, func(pair outcome) bool {
		return countWhere(costs, func(o outcome) bool {
			return o.where() == pair.where() && (o.subject == threads || o.subject == selects) && o.won()
		}) == 2
	})
	return append([]string{fmt.Sprintf("select is ahead in %d of %d workloads, threads in %d, %d indistinguishable; %s is ahead of both in %d.",
		countWhere(pairs, outcome.lost), len(pairs), countWhere(pairs, outcome.won), countWhere(pairs, outcome.tied),
		called(sections[0].baseline), aheadOfBoth)}, lines...)
}

// verdict on select against threads.
func verdict(cost ratio) string {
	switch {
	case !cost.interval:
		return ": too few repetitions to tell"
	case cost.above():
		return ": threads"
	case cost.below():
		return ": select"
	default:
		return ": indistinguishable"
	}
}

// reasons say for what a model is chosen where its cost doesn't decide.
var reasons = []struct{ subject, reason string }{
	{"threads", "plain blocking code, a thread for each client"},
	{"threads-queued", "plain blocking code, and a slow client doesn't hold up a sender"},
	{"goroutines", "straight code without callbacks, on Go's own event loop"},
	{"gorilla", "the same for browsers, by a library that everybody knows"},
	{"processes", "what goes wrong with one client stays with it"},
	{"prefork", "no shared state, and all CPUs without locks"},
	{"select", "an event loop wherever there is no epoll, below descriptor 1,024"},
}

// modelsWhen says of each model with which load its reasons are free, and what they cost otherwise.
func modelsWhen(who string, all, costs []outcome) (lines []string) {
	for _, model := range reasons {
		own := selectWhere(costs, func(o outcome) bool { return o.subject == model.subject && o.fair() && o.cost.interval })
		if len(own) == 0 {
			continue
		}
		slices.SortStableFunc(own, byCost)
		lines = append(lines, fmt.Sprintf("%s (%s) %s", model.subject, model.reason, judgeModel(who, own)))
	}
	if len(lines) == 0 {
		return nil
	}
	return append(lines, judgeBaseline(who, costs)+slower(all))
}

// judgeModel is of a model's outcomes, the best one first.
func judgeModel(who string, own []outcome) string {
	near := selectWhere(own, outcome.near)
	worst := own[len(own)-1]
	switch {
	case len(near) == len(own):
		return "costs at most a quarter more than " + who + " wherever it was measured: choose it if you like its code better."
	case len(own) == 1:
		return fmt.Sprintf("costs more in the one workload that can be compared, %s: choose it only where you can afford that.", worst.brief())
	case len(near) == 0:
		return fmt.Sprintf("costs more wherever it can be compared, least in %s, most in %s: choose it only where you can afford that.", own[0].brief(), worst.brief())
	default:
		return fmt.Sprintf("is near %s or ahead of it in %s: choose it for such a load. It costs most in %s.", who, briefs(near), worst.brief())
	}
}

func (o outcome) brief() string {
	return fmt.Sprintf("%s (%s ×)", o.where(), digits(o.cost.value))
}

func briefs(all []outcome) string {
	var words []string
	for _, o := range all {
		words = append(words, o.brief())
	}
	return strings.Join(words, ", ")
}

// judgeBaseline names the workloads in which everyone else is far behind.
func judgeBaseline(who string, all []outcome) string {
	var loads []string
	byShape := map[bench.Workload]bool{} // false once somebody is near
	for _, o := range selectWhere(all, outcome.fair) {
		key := shape(o.section.workload)
		far, seen := byShape[key]
		byShape[key] = (far || !seen) && o.won() && !o.near()
	}
	for _, o := range all {
		if byShape[shape(o.section.workload)] && !slices.Contains(loads, o.where()) {
			loads = append(loads, o.where())
		}
	}
	if len(loads) == 0 {
		return opening(who) + " is in no workload of this run more than a quarter ahead of everyone: another model would do as well."
	}
	return fmt.Sprintf("%s is right where the load is like %s: there everyone else costs over 1.25 times as much.", opening(who), strings.Join(loads, ", "))
}

// slower names the workloads in which somebody's latency is shorter than the baseline's.
func slower(all []outcome) string {
	var loads []string
	for _, o := range selectWhere(all, outcome.lost) {
		if o.metric.aspect() == "latency" && !slices.Contains(loads, o.where()) {
			loads = append(loads, o.where())
		}
	}
	if len(loads) == 0 {
		return ""
	}
	return fmt.Sprintf(" Where latency counts more than that, look above: in %s somebody's is shorter.", strings.Join(loads, ", "))
}

// boundsOf says how far the baseline is from what the framework or the kernel could do.
func boundsOf(sections []section) (lines []string) {
	for _, s := range sections {
		for _, name := range limits {
			o := s.outcome(s.of(name), s.headline())
			if o.cost.value > 0 && o.fair() {
				lines = append(lines, o.where()+": "+o.inWords())
			}
		}
	}
	if len(lines) > 0 {
		lines = append(lines, "floor makes one call for each message and member, so it can only be beaten by sending several messages with one call; gnet-echo has no codec and no rooms.")
	}
	return lines
}

// unfair names each cell that fell short, with its figures: they are of what came.
func unfair(all []outcome) (lines []string) {
	for _, o := range selectWhere(all, func(o outcome) bool { return !o.fair() }) {
		lines = append(lines, o.where()+": "+o.unfair+"; of what came, "+o.inWords())
	}
	return lines
}
