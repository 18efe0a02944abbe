//go:build linux

package main

import (
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// logBytes bounds what waits for whoever takes the log, in bytes, with what keeping a line costs beside the line. A crowd of 18,000 that vanishes
// at once leaves as many lines of some 160 bytes.
const (
	logBytes     = 4 << 20
	logLineBytes = 32
)

// logPatience is how long the end of the program waits for the log to be taken.
const logPatience = time.Second

// logQueue is between the logger and where the log goes, so that no event loop waits for whoever reads it. What finds no room is dropped and
// counted, the newest first: what led to the trouble is in the older lines. Made here rather than zerolog's diode, which knows of what it has
// dropped only when the reader goes on, has no bound of bytes, and waits for the reader at its end. Its methods are safe for any goroutine.
type logQueue struct {
	out     io.Writer
	dropped atomic.Uint64 // lines, since the start
	told    uint64        // how many of them the log has told of; the writer's
	written chan struct{} // closed when all is written after close

	mu     sync.Mutex
	filled *sync.Cond // signalled when lines come and when the queue closes
	lines  []logLine
	held   int // what lines, and those being written, cost; at most logBytes
	closed bool
}

// logLine is a line with its end. lost is how many had been dropped before it.
type logLine struct {
	text []byte
	lost uint64
}

func (l *logLine) cost() int { return len(l.text) + logLineBytes }

func newLogQueue(out io.Writer) *logQueue {
	q := &logQueue{out: out, written: make(chan struct{})}
	q.filled = sync.NewCond(&q.mu)
	go q.writeAll()
	return q
}

// Write implements io.Writer. It takes one line, never waits for the reader and never fails.
func (q *logQueue) Write(text []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := logLine{text, q.dropped.Load()}
	if q.closed || q.held+line.cost() > logBytes {
		q.dropped.Add(1)
		return len(text), nil
	}
	line.text = slices.Clone(text)
	q.held += line.cost()
	q.lines = append(q.lines, line)
	q.filled.Signal()
	return len(text), nil
}

// close waits until what is queued is written, for at most so long. What is logged afterwards is lost. Later calls do nothing.
func (q *logQueue) close(patience time.Duration) {
	q.mu.Lock()
	again := q.closed
	q.closed = true
	q.filled.Signal()
	q.mu.Unlock()
	if again {
		return
	}
	select {
	case <-q.written:
	case <-time.After(patience):
	}
}

// writeAll is the goroutine that waits for whoever reads the log, in the place of all others.
func (q *logQueue) writeAll() {
	defer close(q.written)
	for {
		lines := q.take()
		if lines == nil {
			return
		}
		for i := range lines {
			q.write(&lines[i])
		}
		if q.empty() {
			q.tell(q.dropped.Load())
		}
	}
}

// take waits for lines and returns all there are; nil once the queue is closed and empty.
func (q *logQueue) take() []logLine {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.lines) == 0 && !q.closed {
		q.filled.Wait()
	}
	lines := q.lines
	q.lines = nil // a burst is not kept in memory
	return lines
}

func (q *logQueue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.lines) == 0
}

func (q *logQueue) write(line *logLine) {
	q.tell(line.lost)
	_, _ = q.out.Write(line.text) // a reader that is gone must not end the chat
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held -= line.cost()
	line.text = nil
}

// tell logs how many lines were dropped, at the place where they are missing. It is an error whatever they were.
func (q *logQueue) tell(lost uint64) {
	if lost <= q.told {
		return
	}
	log := zerolog.New(q.out)
	log.Error().Timestamp().Uint64("dropped", lost-q.told).Msg("lines of log are missing here: they were not taken in time")
	q.told = lost
}
