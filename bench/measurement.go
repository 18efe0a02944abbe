package bench

import "time"

// Measurement is one repetition of one workload on one subject.
type Measurement struct {
	Subject    string    `json:"subject"`
	Workload   Workload  `json:"workload"`
	Repetition int       `json:"repetition"` // from 1
	Began      time.Time `json:"began"`
	// Elapsed is the measured time, warm-up cut.
	Elapsed time.Duration `json:"elapsed_ns"`

	// Asked and Held are connections: how many there were to be, and how many were there at the end of the measured time.
	Asked       int            `json:"connections_asked"`
	Held        int            `json:"connections_held"`
	Disconnects map[string]int `json:"disconnects,omitempty"` // by reason

	// Sent counts messages, the others deliveries: a message to ten receivers is ten deliveries.
	Sent       int64 `json:"sent"`
	Expected   int64 `json:"expected"`
	Received   int64 `json:"received"`
	Lost       int64 `json:"lost"`
	Duplicated int64 `json:"duplicated"`
	Reordered  int64 `json:"reordered"`
	// Late counts sends that left more than a millisecond after they were due; their latency runs from when they were due all
	// the same. Skipped counts sends that were never made because the server took no more bytes.
	Late    int64 `json:"late"`
	Skipped int64 `json:"skipped,omitempty"`

	// Answers counts those that came to senders who ask, see Workload.Answers.
	Answers int64 `json:"answers,omitempty"`

	// Latency runs from when a message was due to when a receiver had it; LastLatency to when the last one had it. Lag is how much
	// later than due the generator sent.
	Latency     Distribution `json:"latency"`
	LastLatency Distribution `json:"last_latency"`
	Lag         Distribution `json:"lag"`
	// AcrossLatency is Latency of those receivers that are at another node than the sender, where several servers are one.
	AcrossLatency Distribution `json:"across_latency,omitzero"`
	// RoundTrip is of a bystander's questions, from the write to when the kernel had the answer. One that never came counts with the time
	// that it was waited for.
	RoundTrip Distribution `json:"round_trip,omitzero"`

	// Server is what the server used during Elapsed, Generator what the generator did. A zero Server means that its process is
	// not known.
	Server    Usage `json:"server"`
	Generator Usage `json:"generator"`

	// Steps are the rates that a knee has tried, in order; Knee is the highest of them that held, in messages a second.
	Steps []Step  `json:"steps,omitempty"`
	Knee  float64 `json:"knee,omitempty"`

	// Warnings say what a reader has to know before believing the figures.
	Warnings []string `json:"warnings,omitempty"`
}

// Step is one rate on the way to a knee.
type Step struct {
	Rate     float64       `json:"rate"`   // messages a second that were due
	Received float64       `json:"actual"` // deliveries a second that came
	P50      time.Duration `json:"p50_ns"` // to the last receiver
	P99      time.Duration `json:"p99_ns"`
	Lost     int64         `json:"lost"`
	Held     bool          `json:"held"` // P99 was within the bound and nothing was lost
}

// Usage is what a process and its children used in some time, and what they have at its end.
type Usage struct {
	User     time.Duration `json:"user_ns"`
	System   time.Duration `json:"system_ns"`
	RSS      int64         `json:"rss_bytes"`
	PeakRSS  int64         `json:"peak_rss_bytes"` // since the process began
	BaseRSS  int64         `json:"base_rss_bytes"` // before the first client came
	Sockets  int64         `json:"socket_bytes"`   // of kernel memory, of all TCP sockets of the machine
	Switches int64         `json:"context_switches"`
	Threads  int           `json:"threads"`
	Files    int           `json:"descriptors"`
}

// CPU is user and system time together.
func (u Usage) CPU() time.Duration { return u.User + u.System }

// Throughput is deliveries a second.
func (m *Measurement) Throughput() float64 {
	if m.Elapsed <= 0 {
		return 0
	}
	return float64(m.Received) / m.Elapsed.Seconds()
}

// BytesPerConnection is how much the server's RSS grew for each connection held.
func (m *Measurement) BytesPerConnection() float64 {
	if m.Held == 0 {
		return 0
	}
	return float64(m.Server.RSS-m.Server.BaseRSS) / float64(m.Held)
}
