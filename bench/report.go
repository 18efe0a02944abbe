package bench

import "time"

// Report is what a run of the tool leaves: the machine, the subjects and every measurement. It is the schema of the result files.
type Report struct {
	Schema   int       `json:"schema"` // SchemaVersion
	Began    time.Time `json:"began"`
	Command  []string  `json:"command"` // as it was called
	Version  string    `json:"version"` // of the tool
	Machine  Machine   `json:"machine"`
	Pinning  string    `json:"pinning"` // in words
	Subjects []Subject `json:"subjects"`
	// Missing are subjects that were asked for and are not there, and why.
	Missing []string `json:"missing,omitempty"`
	// Interrupted says that the run was ended before it was complete.
	Interrupted  bool          `json:"interrupted,omitempty"`
	Measurements []Measurement `json:"measurements"`
}

// SchemaVersion is of the result files. A file of another version is refused.
const SchemaVersion = 1

// Subject is a server that was measured.
type Subject struct {
	Name string `json:"name"`
	// Model is how it does its work, in a few words.
	Model    string `json:"model"`
	Version  string `json:"version,omitempty"`
	Dialect  string `json:"dialect"`
	Command  string `json:"command,omitempty"` // that started it
	Config   string `json:"config,omitempty"`  // the text of its configuration file
	EchoOnly bool   `json:"echo_only,omitempty"`
}

// Machine is the computer, as far as figures depend on it.
type Machine struct {
	CPU         string            `json:"cpu"`
	Cores       int               `json:"cores"`
	MemoryBytes int64             `json:"memory_bytes"`
	Kernel      string            `json:"kernel"`
	System      string            `json:"system"` // the distribution
	Go          string            `json:"go"`
	Descriptors int               `json:"descriptor_limit"`
	Sysctls     map[string]string `json:"sysctls"`
	Commit      string            `json:"commit,omitempty"`
}
