package meter

import (
	"time"

	"github.com/rs/zerolog"
)

// StallAfter is from when on a loop that does one thing has kept everyone else waiting so long that it counts as a stall, and the log says so.
const StallAfter = 100 * time.Millisecond

// stallQuiet is how long a loop logs no further stall after one.
const stallQuiet = time.Second

// stallKind is what a loop was at when it stalled.
type stallKind uint8

const (
	stallApply stallKind = iota // one command
	stallFlush                  // the writes of a batch
	stallBatch                  // a batch as a whole
	stallTimer                  // nothing: it was not run in time
	stallKinds
)

var stallNames = [stallKinds]string{"apply", "flush", "batch", "timer"}

// Loop is what one event loop has counted, and how it looks after its own lag: from the first event of a batch until all that had come is done. Its methods and its Tally
// are for the loop's goroutine; its Counters are for any.
type Loop struct {
	Counters
	Tally Tally

	index    int
	clock    func() time.Duration
	log      zerolog.Logger
	began    time.Duration // of the batch at hand; 0: there is none
	told     bool          // a stall within the batch has been noted
	notedAt  time.Duration // when the last stall was noted
	loggedAt time.Duration // when one was last logged
	unlogged int           // stalls noted since then
}

// NewLoop returns the meter of the loop with that number. clock never goes back, and is more than 0; log gets a line for a stall, at most one a second.
func NewLoop(index int, clock func() time.Duration, log zerolog.Logger) *Loop {
	return &Loop{index: index, clock: clock, log: log}
}

// Begin notes that the loop is at work since now, if it wasn't.
func (l *Loop) Begin(now time.Duration) {
	if l.began == 0 {
		l.began = now
	}
}

// BeginNow is Begin where the time isn't known.
func (l *Loop) BeginNow() {
	if l.began == 0 {
		l.began = l.clock()
	}
}

// Working says whether a batch has begun that Rest has not ended.
func (l *Loop) Working() bool { return l.began != 0 }

// Rest notes that at now all is done that had come, with what was sent meanwhile, and how many bytes are held for those who have not been sent all.
func (l *Loop) Rest(now time.Duration, out Sent, held int64) {
	took := now - l.began
	l.lag.observe(took)
	if took >= StallAfter && !l.told {
		l.stall(stallBatch, took).Uint64("lines", l.Tally.Lines).Uint64("deliveries", out.Deliveries).Msg("stall")
	}
	l.began, l.told = 0, false
	l.Settle(out)
	l.logBytes.Store(held)
}

// Settle has others see what the loop has counted, where no batch has begun.
func (l *Loop) Settle(out Sent) { l.take(&l.Tally, out) }

// Applied counts a command of the room that took so long. If that is a stall, it returns the beginning of a log line, which is to be completed with whose it was and
// sent; else nil.
func (l *Loop) Applied(took time.Duration) *zerolog.Event {
	l.apply.observe(took)
	if took < StallAfter {
		return nil
	}
	return l.stall(stallApply, took)
}

// Swept looks at what a turn of writing has taken, of a batch that has made so many writes.
func (l *Loop) Swept(took time.Duration, writes uint64) {
	if took >= StallAfter {
		l.stall(stallFlush, took).Uint64("writes", writes).Msg("stall")
	}
}

// Rang is called when the timer that was set to at, 0 for none, has rung. If that comes late, the process didn't run: it was stopped, or the machine had no
// time for it. No client can help that, so the time, which is returned, mustn't count against those who have to make progress. 0: it came in time.
func (l *Loop) Rang(at time.Duration) (late time.Duration) {
	late = l.clock() - at
	if at == 0 || late < StallAfter {
		return 0
	}
	if l.notedAt < at {
		l.lag.observe(late)
		l.stall(stallTimer, late).Msg("stall: the process was stopped, or the machine is too busy")
	}
	return late
}

// stall returns the beginning of a log line, nil if there have been too many. A nil event takes all that a real one does.
func (l *Loop) stall(kind stallKind, took time.Duration) *zerolog.Event {
	l.stalls[kind].Add(1)
	now := l.clock()
	l.told, l.notedAt = true, now
	if l.loggedAt != 0 && now-l.loggedAt < stallQuiet {
		l.unlogged++
		return nil
	}
	line := l.log.Warn().Int("loop", l.index).Str("what", stallNames[kind]).Stringer("took", took.Round(time.Millisecond))
	if l.unlogged > 0 {
		line.Int("not_logged", l.unlogged)
	}
	l.loggedAt, l.unlogged = now, 0
	return line
}
