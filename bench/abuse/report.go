//go:build linux

package abuse

import (
	"time"

	"looproom/bench"
)

// Report is what a run leaves. It is the schema of the JSON file.
type Report struct {
	Schema      int             `json:"schema"` // SchemaVersion
	Began       time.Time       `json:"began"`
	Command     []string        `json:"command"` // as it was called
	Version     string          `json:"version"` // of the tool
	Machine     bench.Machine   `json:"machine"`
	Pinning     string          `json:"pinning"` // in words
	Full        bool            `json:"full"`
	Subjects    []bench.Subject `json:"subjects"`
	Missing     []string        `json:"missing,omitempty"` // what was asked for and is not there, and why
	Interrupted bool            `json:"interrupted,omitempty"`
	Outcomes    []Outcome       `json:"outcomes"`
}

// SchemaVersion is of the JSON file.
const SchemaVersion = 1

// Outcome is what one case did to one server.
type Outcome struct {
	Subject string `json:"subject"`
	Case    string `json:"case"`
	Dialect string `json:"dialect,omitempty"`
	// Notes says what stands for what, where the protocol has no better.
	Notes string `json:"notes,omitempty"`
	Size  Size   `json:"size"`
	// Skipped says why it was not done, Failed what went wrong; what is known besides holds.
	Skipped string `json:"skipped,omitempty"`
	Failed  string `json:"failed,omitempty"`

	// Elapsed runs from the first byte of the attack until the bystanders had their answers, or nobody waited for them any more.
	Elapsed time.Duration `json:"elapsed_ns"`
	Sent    int64         `json:"sent_bytes"` // by the attackers
	// Dropped is how many connections of the attackers and their crowd the server has ended.
	Dropped int `json:"dropped"`
	// RoundTrip is of the bystanders' questions. One that was not answered counts with the time that it was waited for.
	RoundTrip bench.Distribution `json:"round_trip,omitzero"`
	Asked     int64              `json:"asked"`
	Answered  int64              `json:"answered"`
	Lost      []string           `json:"bystanders_lost,omitempty"` // why their connections ended
	// Server is what it used in Elapsed; its base is with the crowd and the attackers in. Zero: its process is not known.
	Server bench.Usage `json:"server"`
}
