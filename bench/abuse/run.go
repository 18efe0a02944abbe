//go:build linux

package abuse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"looproom/bench"
	"looproom/bench/bystander"
	"looproom/bench/machine"
)

// Opponent is a server that can be attacked.
type Opponent struct {
	Subject bench.Subject
	// Dialects are those that it speaks when it was started for the case.
	Dialects func(c *Case) []string
	// Start starts it for one case. Connections is how many are to come.
	Start func(ctx context.Context, c *Case, connections int) (*Server, error)
}

// Server is an opponent that runs.
type Server struct {
	Doors []Door // one for each dialect
	PID   int    // 0: not known, so that its CPU and memory can't be told
	Burst int    // how many clients may be on their way in at once; 0: as many as usual
	Stop  func() error
}

// Plan is who is attacked, and how.
type Plan struct {
	Opponents []Opponent
	Cases     []Case
	Full      bool // the sizes of a patient attacker
	Pinning   machine.Pinning
	// Progress is told of each case as it begins. nil: nobody is.
	Progress func(done, all int, opponent, name string)
}

// bystanders are many that seldom ask: a server may limit how often one of them may.
const (
	bystanders     = 100
	bystandersRate = 100 // questions a second, of all together
)

// Run attacks as plan says, and adds what comes out to report. When ctx is done it ends with what there is, and the report says so.
func Run(ctx context.Context, plan Plan, report *Report) {
	if err := machine.PinSelf(plan.Pinning.Generator); err != nil {
		report.Missing = append(report.Missing, err.Error())
	}
	done := 0
	for i := range plan.Cases {
		for _, o := range plan.Opponents {
			if ctx.Err() != nil {
				report.Interrupted = true
				return
			}
			if plan.Progress != nil {
				plan.Progress(done, len(plan.Cases)*len(plan.Opponents), o.Subject.Name, plan.Cases[i].Name)
			}
			report.Outcomes = append(report.Outcomes, attackOne(ctx, &plan, &plan.Cases[i], &o))
			done++
		}
	}
}

const nothingLikeIt = "nothing like it in its protocol, or in what it does"

// attackOne is one case against one opponent.
func attackOne(ctx context.Context, plan *Plan, c *Case, o *Opponent) Outcome {
	out := Outcome{Subject: o.Subject.Name, Case: c.Name, Size: c.Small}
	if plan.Full {
		out.Size = c.Full
	}
	if !slices.ContainsFunc(o.Dialects(c), c.Speaks) {
		out.Skipped = nothingLikeIt
		return out
	}
	if err := fight(ctx, plan, c, o, &out); err != nil {
		out.Failed = err.Error()
	}
	return out
}

// fight fills out with what came of it. What stands in it when there is an error is so.
func fight(ctx context.Context, plan *Plan, c *Case, o *Opponent, out *Outcome) (err error) {
	need := out.Size.Clients + out.Size.Crowd + bystanders
	if err := errors.Join(machine.RaiseDescriptors(need), machine.CheckDescriptors(need)); err != nil {
		return err
	}
	server, err := o.Start(ctx, c, need)
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	at := slices.IndexFunc(server.Doors, func(d Door) bool { return c.Speaks(d.Dialect.Name()) })
	if at < 0 {
		return errors.New("it speaks nothing in which the case can be told")
	}
	crew, err := newCrew()
	if err != nil {
		return err
	}
	defer crew.close()
	f := &field{ctx: ctx, door: server.Doors[at], size: out.Size, burst: server.Burst, crew: crew}
	a, _ := c.in(f.door.Dialect.Name())
	out.Dialect, out.Notes = f.door.Dialect.Name(), a.notes
	attackers, err := f.gather(&a)
	if err != nil {
		return err
	}
	aside, err := invite(ctx, plan, server)
	if err != nil {
		return err
	}
	defer aside.Close()
	return f.battle(&a, attackers, aside, server.PID, out)
}

// gather makes ready what the attack needs, and brings in who attacks.
func (f *field) gather(a *attack) ([]*member, error) {
	if a.prepare != nil {
		if err := a.prepare(f); err != nil {
			return nil, fmt.Errorf("prepare: %w", err)
		}
	}
	return f.enter(f.size.Clients, room, a.reads, nil)
}

// asides is the address that bystanders come from, which no attacker does.
const asides = "127.2.0.1"

// invite brings in the bystanders, by the first door that has questions.
func invite(ctx context.Context, plan *Plan, server *Server) (*bystander.Group, error) {
	for _, d := range server.Doors {
		if asker, asks := d.Dialect.(bench.Asker); asks {
			return bystander.Enter(ctx, bystander.Options{
				Address: d.Address, Dialect: asker, Clients: bystanders, First: 50_000, Room: quietRoom, From: from(d.Address, asides), Burst: server.Burst,
				Rate: bystandersRate, Pin: plan.Pinning.Generator,
			})
		}
	}
	return nil, errors.New("it speaks nothing in which a bystander could ask")
}

// battle is the measured part.
func (f *field) battle(a *attack, attackers []*member, aside *bystander.Group, pid int, out *Outcome) error {
	watch, err := observe(pid)
	if err != nil {
		return err
	}
	f.crew.calm() // what was sent so far was not the attack
	aside.Begin()
	began := time.Now()
	a.strike(f, attackers)
	select {
	case <-f.ctx.Done():
	case <-time.After(f.size.For):
	}
	out.Sent, out.Dropped = f.crew.calm()
	seen := aside.End(f.ctx)
	out.Elapsed = time.Since(began)
	out.RoundTrip, out.Asked, out.Answered, out.Lost = seen.RoundTrip, seen.Asked, seen.Answered, seen.Lost
	if watch == nil {
		return nil
	}
	out.Server, err = watch.End()
	return err
}

// observe watches the process, if it is known, whose memory's peak begins anew if it may.
func observe(pid int) (*machine.Watch, error) {
	if pid == 0 {
		return nil, nil
	}
	_ = machine.ResetPeak(pid) // else the peak is since the process began
	return machine.Observe(pid)
}
