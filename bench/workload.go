package bench

import "time"

// Workload is what clients do to a server while it is measured. Fields that a kind doesn't use are zero.
type Workload struct {
	Kind Kind `json:"kind"`
	// Clients is how many connections there are.
	Clients int `json:"clients"`
	// Rooms is into how many rooms they are divided, evenly. 1 is everybody in one room. With more, the one sender of fanout talks in
	// them by turns, a message in each.
	Rooms int `json:"rooms"`
	// Forms is in how many ways the members of a room read, evenly: what one message is on the wire differs between them. 0 and 1: all
	// read alike.
	Forms int `json:"forms,omitempty"`
	// Senders is how many of the clients talk.
	Senders int `json:"senders"`
	// Slow is how many of the clients don't read.
	Slow int `json:"slow,omitempty"`
	// Size is the bytes of a message's words; not below MinSize.
	Size int `json:"size"`
	// Depth is how many messages each client of echo has in flight.
	Depth int `json:"depth,omitempty"`
	// Window is how many messages of fanout are in flight: sent, and not yet received by everyone.
	Window int `json:"window,omitempty"`
	// Answers has each message followed by a question of its sender to the server, whose answer goes to it alone.
	Answers bool `json:"answers,omitempty"`
	// Pings is how many questions a second a bystander asks.
	Pings float64 `json:"pings,omitempty"`
	// Rate is messages a second of all senders together; 0: as fast as the window or the depth allows.
	Rate float64 `json:"rate,omitempty"`
	// Poisson has an open loop's sends come at random times of that mean rate, and not evenly.
	Poisson bool `json:"poisson,omitempty"`
	// Bound is what the 99th percentile of the latency to the last receiver may be at the knee.
	Bound time.Duration `json:"bound_ns,omitempty"`
	// Warmup is cut off before Duration is measured.
	Warmup   time.Duration `json:"warmup_ns"`
	Duration time.Duration `json:"duration_ns"`
}

// Kind is the shape of a workload.
type Kind string

// The workloads.
const (
	Echo   Kind = "echo"   // closed loop: each client has Depth messages on their way and back
	Fanout Kind = "fanout" // one sender, everyone else receives, at most Window messages in flight
	Chat   Kind = "chat"   // open loop: Senders of Clients talk in one room at Rate
	Rooms  Kind = "rooms"  // chat in many rooms at once; without Rate, each room has one message of each sender in flight
	Idle   Kind = "idle"   // Clients are connected and say nothing
	Storm  Kind = "storm"  // Clients connect, sign in and leave as fast as they go
	Slow   Kind = "slow"   // chat while Slow of the members don't read
	Knee   Kind = "knee"   // chat at rising rates until the p99 to the last receiver passes Bound

	// Bystander is chat in a crowd of Clients while one more client, in another room, asks the server Pings times a second for an answer.
	Bystander Kind = "bystander"
)

// MinSize is the smallest message in bytes: the mark by which the generator knows it again.
const MinSize = 20
