//go:build linux

package contest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"looproom/bench"
	"looproom/bench/generator"
	"looproom/bench/machine"
	"looproom/bench/report"
)

// Contestant is a server that can be started for a workload.
type Contestant struct {
	Subject bench.Subject
	// Suits says whether it can do workloads of a kind; nil: all.
	Suits func(bench.Kind) bool
	// Start starts it for one repetition.
	Start func(ctx context.Context, w *bench.Workload) (*Server, error)
}

// Server is a contestant that runs.
type Server struct {
	Address string
	Dialect bench.Dialect
	Ways    []generator.Way // others in which its clients can read
	Nodes   []string        // addresses of the other nodes, where several servers are one
	PID     int             // 0: not known, so that its CPU and memory can't be told
	PIDs    []int           // of the other nodes
	Burst   int             // how many clients may be on their way in at once; 0: as many as usual
	// About is what is only known once it runs; fields that are not empty replace those of the contestant's subject.
	About bench.Subject
	Stop  func() error
}

// Plan is what is to be measured.
type Plan struct {
	Contestants []Contestant
	Workloads   []bench.Workload
	Repetitions int
	Workers     int
	Pinning     machine.Pinning
	// Progress is told how far the contest is. nil: nobody is.
	Progress func(Progress)
}

// Progress is how far a contest is.
type Progress struct {
	generator.Progress
	Subject    string
	Title      string // of the workload
	Repetition int
	Done       int // measurements that are complete
	All        int
}

// Run measures as plan says, and adds what comes out to result. When ctx is done it ends with what there is, and says so in the
// report. What can't be measured stands in the report's Missing; the error is for what leaves no sense in going on.
func Run(ctx context.Context, plan Plan, result *bench.Report) error {
	c := &contest{plan: plan, result: result, failed: map[string]bool{}}
	for i := range plan.Workloads {
		c.all += plan.Repetitions * len(c.suited(&plan.Workloads[i]))
	}
	for i := range plan.Workloads {
		if err := c.workload(ctx, &plan.Workloads[i]); err != nil {
			return err
		}
		if ctx.Err() != nil {
			result.Interrupted = true
			return nil
		}
	}
	return nil
}

// contest is a plan under way.
type contest struct {
	plan   Plan
	result *bench.Report
	done   int
	all    int
	failed map[string]bool // subject and workload, that are not tried again
}

func (c *contest) suited(w *bench.Workload) []Contestant {
	var suited []Contestant
	for _, one := range c.plan.Contestants {
		if one.Suits == nil || one.Suits(w.Kind) {
			suited = append(suited, one)
		}
	}
	return suited
}

func (c *contest) workload(ctx context.Context, w *bench.Workload) error {
	if err := machine.RaiseDescriptors(w.Clients); err != nil {
		return err
	}
	if err := machine.CheckDescriptors(w.Clients); err != nil {
		return err
	}
	if err := machine.CheckPorts(w.Clients, generator.SourceAddresses); err != nil {
		return err
	}
	suited := c.suited(w)
	for repetition := 1; repetition <= c.plan.Repetitions; repetition++ {
		for i := range suited {
			one := &suited[(i+repetition-1)%len(suited)]
			c.once(ctx, one, w, repetition)
			c.done++
			if ctx.Err() != nil {
				return nil
			}
		}
	}
	return nil
}

// once is one repetition of a workload on a contestant.
func (c *contest) once(ctx context.Context, one *Contestant, w *bench.Workload, repetition int) {
	key := one.Subject.Name + ": " + report.Title(*w)
	if c.failed[key] {
		return
	}
	m, err := c.measure(ctx, one, w, repetition)
	if err != nil && ctx.Err() == nil {
		c.failed[key] = true
		c.result.Missing = append(c.result.Missing, fmt.Sprintf("%s: %v", key, err))
	}
	if m != nil {
		m.Subject, m.Repetition = one.Subject.Name, repetition
		c.result.Measurements = append(c.result.Measurements, *m)
	}
}

func (c *contest) measure(ctx context.Context, one *Contestant, w *bench.Workload, repetition int) (m *bench.Measurement, err error) {
	server, err := one.Start(ctx, w)
	if err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	c.introduce(&one.Subject, &server.About)
	o := generator.Options{
		Address: server.Address, Dialect: server.Dialect, Ways: server.Ways, Nodes: server.Nodes, Workers: c.plan.Workers, Pin: c.plan.Pinning.Generator,
		Burst: server.Burst,
	}
	if server.PID != 0 {
		watch, err := observe(server.PID, server.PIDs)
		if err != nil {
			return nil, err
		}
		o.Watch = watch
	}
	if c.plan.Progress != nil {
		o.Progress = func(p generator.Progress) {
			c.plan.Progress(Progress{
				Progress: p, Subject: one.Subject.Name, Title: report.Title(*w), Repetition: repetition, Done: c.done, All: c.all,
			})
		}
	}
	return generator.Run(ctx, *w, o)
}

// introduce adds the subject to the report, when it runs for the first time.
func (c *contest) introduce(subject, about *bench.Subject) {
	for _, known := range c.result.Subjects {
		if known.Name == subject.Name {
			return
		}
	}
	s := *subject
	for _, field := range []struct {
		to   *string
		from string
	}{{&s.Version, about.Version}, {&s.Dialect, about.Dialect}, {&s.Command, about.Command}, {&s.Config, about.Config}} {
		if field.from != "" {
			*field.to = field.from
		}
	}
	c.result.Subjects = append(c.result.Subjects, s)
}

// watches are the server's and the generator's processes.
type watches struct {
	server, generator *machine.Watch
}

func observe(pid int, others []int) (*watches, error) {
	server, err := machine.Observe(pid, others...)
	if err != nil {
		return nil, err
	}
	generator, err := machine.Self()
	if err != nil {
		return nil, err
	}
	return &watches{server, generator}, nil
}

// Begin implements generator.Watch.
func (w *watches) Begin() error {
	return errors.Join(w.server.Begin(), w.generator.Begin())
}

// End implements generator.Watch.
func (w *watches) End() (server, generator bench.Usage, err error) {
	server, serverErr := w.server.End()
	generator, generatorErr := w.generator.End()
	return server, generator, errors.Join(serverErr, generatorErr)
}

// NewReport returns a report without measurements.
func NewReport(command []string, version string, pinning machine.Pinning) *bench.Report {
	return &bench.Report{
		Schema: bench.SchemaVersion, Began: time.Now(), Command: command, Version: version, Machine: machine.Describe(), Pinning: pinning.String(),
	}
}
