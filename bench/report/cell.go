package report

import (
	"slices"
	"time"

	"looproom/bench"
)

// Baseline is the subject that the others are compared with. A report without it is compared with its first subject.
const Baseline = "looproom"

// limits are subjects that are no chat servers: what the framework or the kernel can do at best.
var limits = []string{"floor", "gnet-echo"}

// section is one workload and all that was measured with it.
type section struct {
	workload bench.Workload // as it was first measured
	name     string         // short, and no other section of the report has it
	baseline string
	cells    []cell // in the order of the report's subjects
}

// cell is one subject in a section, with its repetitions in order.
type cell struct {
	subject string
	runs    []*bench.Measurement
}

// shape is the workload without what only says how long it was measured.
func shape(w bench.Workload) bench.Workload {
	w.Warmup, w.Duration = 0, 0
	return w
}

// sectionsOf sorts the measurements by workload, in the order in which the workloads came first.
func sectionsOf(r *bench.Report) (sections []section) {
	subjects := subjectsOf(r)
	at := map[bench.Workload]int{}
	for i := range r.Measurements {
		w := r.Measurements[i].Workload
		if _, known := at[shape(w)]; !known {
			at[shape(w)] = len(sections)
			sections = append(sections, section{workload: w, baseline: baselineOf(r)})
		}
	}
	for i := range sections {
		sections[i].cells = cellsOf(r, sections[i].workload, subjects)
	}
	nameAll(sections)
	return sections
}

func cellsOf(r *bench.Report, w bench.Workload, subjects []string) (cells []cell) {
	for _, subject := range subjects {
		c := cell{subject: subject}
		for i := range r.Measurements {
			if m := &r.Measurements[i]; m.Subject == subject && shape(m.Workload) == shape(w) {
				c.runs = append(c.runs, m)
			}
		}
		if len(c.runs) == 0 {
			continue
		}
		slices.SortStableFunc(c.runs, func(a, b *bench.Measurement) int { return a.Repetition - b.Repetition })
		cells = append(cells, c)
	}
	return cells
}

// subjectsOf are the names of the subjects, and of those that only a measurement has.
func subjectsOf(r *bench.Report) (names []string) {
	for _, s := range r.Subjects {
		names = append(names, s.Name)
	}
	for i := range r.Measurements {
		if !slices.Contains(names, r.Measurements[i].Subject) {
			names = append(names, r.Measurements[i].Subject)
		}
	}
	return names
}

func baselineOf(r *bench.Report) string {
	names := subjectsOf(r)
	if len(names) == 0 || slices.Contains(names, Baseline) {
		return Baseline
	}
	return names[0]
}

// of returns the cell of a subject, without runs if there is none.
func (s section) of(subject string) cell {
	for _, c := range s.cells {
		if c.subject == subject {
			return c
		}
	}
	return cell{subject: subject}
}

// sample is the values of a metric that are known.
func (c cell) sample(m metric) (s sample) {
	for _, run := range c.runs {
		if value := m.of(run); value > 0 {
			s.add(run.Repetition, value)
		}
	}
	return s
}

// sum adds up a number of the repetitions.
func (c cell) sum(of func(*bench.Measurement) int64) (sum int64) {
	for _, run := range c.runs {
		sum += of(run)
	}
	return sum
}

func (c cell) lost() int64     { return c.sum(func(m *bench.Measurement) int64 { return m.Lost }) }
func (c cell) expected() int64 { return c.sum(func(m *bench.Measurement) int64 { return m.Expected }) }
func (c cell) asked() int64    { return c.sum(func(m *bench.Measurement) int64 { return int64(m.Asked) }) }

// held is how many connections were there at the end. A storm's clients leave, so it holds what it should.
func (c cell) held() int64 {
	return c.sum(func(m *bench.Measurement) int64 {
		if m.Workload.Kind == bench.Storm {
			return int64(m.Asked)
		}
		return int64(m.Held)
	})
}

// worst is the longest latency of all repetitions, in nanoseconds.
func (c cell) worst() float64 {
	var most time.Duration
	for _, run := range c.runs {
		most = max(most, run.Latency.Max(), run.LastLatency.Max())
	}
	return float64(most)
}

// longestAsked is the longest round trip of a bystander in all repetitions, in nanoseconds.
func (c cell) longestAsked() float64 {
	var most time.Duration
	for _, run := range c.runs {
		most = max(most, run.RoundTrip.Max())
	}
	return float64(most)
}

// latency is that of all repetitions together.
func (c cell) latency() *bench.Distribution {
	var all bench.Distribution
	for _, run := range c.runs {
		all.Merge(&run.Latency)
	}
	return &all
}

// roundTrip is that of all repetitions together.
func (c cell) roundTrip() *bench.Distribution {
	var all bench.Distribution
	for _, run := range c.runs {
		all.Merge(&run.RoundTrip)
	}
	return &all
}

// disconnects adds up the reasons.
func (c cell) disconnects() map[string]int {
	all := map[string]int{}
	for _, run := range c.runs {
		for reason, n := range run.Disconnects {
			all[reason] += n
		}
	}
	return all
}
