package status

import (
	"encoding/json"
	"strconv"
	"sync"
	"time"
)

// Every is the time from one sample to the next.
const Every = time.Second

// kept is how many samples there are at most: five minutes.
const kept = 300

// Sampler keeps the last five minutes of a server. Start makes one. Its methods are safe for any goroutine.
type Sampler struct {
	read func() Reading
	done chan struct{}
	over chan struct{} // closed when no more samples are taken

	before Reading // by the goroutine that takes samples alone, as those below
	last   time.Time
	recent []Sample // what a state is judged by

	began int64 // which server it is, to a page that has seen another one, in milliseconds since 1970

	mu      sync.Mutex
	seq     uint64   // of the last of lines
	lines   [][]byte // samples in JSON, ascending; at most kept
	stopped bool
}

// Start takes a sample each second until Stop. read is called on a goroutine of the Sampler's own; it must be quick.
func Start(read func() Reading) *Sampler {
	s := newSampler(read, time.Now())
	go s.run()
	return s
}

func newSampler(read func() Reading, now time.Time) *Sampler {
	return &Sampler{
		read: read, done: make(chan struct{}), over: make(chan struct{}),
		before: read(), last: now, began: now.UnixMilli(),
	}
}

// Stop ends it. What was sampled can still be read.
func (s *Sampler) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stopped {
		s.stopped = true
		close(s.done)
	}
}

func (s *Sampler) run() {
	defer close(s.over)
	ticker := time.NewTicker(Every)
	defer ticker.Stop()
	for {
		select {
		case <-s.done:
			return
		case now := <-ticker.C:
			s.take(now)
		}
	}
}

// take takes a sample of the time since the last.
func (s *Sampler) take(now time.Time) {
	reading, took := s.read(), now.Sub(s.last).Seconds()
	if took <= 0 {
		return
	}
	sample := between(&s.before, &reading, took)
	sample.Seq, sample.At = s.seq+1, now.UnixMilli()
	s.recent = append(newest(s.recent, eventSpan), sample)
	judge(s.recent)
	line, err := json.Marshal(&s.recent[len(s.recent)-1])
	if err != nil {
		return // there is nothing in a sample that JSON has no word for
	}
	s.before, s.last = reading, now
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	s.lines = append(s.lines, line)
	s.lines = s.lines[max(len(s.lines)-kept, 0):]
}

// since appends to dst, in JSON, what there is after the sample with that number. 0, or one that has not been yet, gets all.
func (s *Sampler) since(dst []byte, after uint64) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := s.lines
	if first := s.seq - uint64(len(lines)); after > first && after <= s.seq {
		lines = lines[after-first:]
	}
	dst = append(dst, `{"began":`...)
	dst = strconv.AppendInt(dst, s.began, 10)
	dst = append(dst, `,"every":`...)
	dst = strconv.AppendInt(dst, Every.Milliseconds(), 10)
	dst = append(dst, `,"samples":[`...)
	for i, line := range lines {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, line...)
	}
	return append(dst, "]}\n"...)
}
