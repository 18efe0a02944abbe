package meter

import "time"

// Stats is what a server has counted since it began, and what it holds just now.
type Stats struct {
	// Uptime is how long ago the server began.
	Uptime time.Duration
	// Clients is the number of connections held, in all that they are: on their way in as well.
	Clients int
	// Bans is the number of bans and shuns in force, Names that of registered names.
	Bans, Names int
	Loops       []LoopStats
	Doors       []DoorStats
	// Refused counts the connections that were not let in, by the code of the reason.
	Refused map[string]uint64
	// AcceptErrors counts the accepts that failed, as by lack of descriptors.
	AcceptErrors uint64
	// Prefaces are the connections that are just being made: a proxy's header or a TLS handshake is waited for.
	Prefaces int
	// Memory is what is counted of the server's memory.
	Memory MemoryStats
	// Store is what has become of what was said.
	Store StoreStats
	// LogDropped counts the lines of log that were dropped because nobody took them in time.
	LogDropped uint64
	// Cluster is how the server is as one of several, nil where it is alone.
	Cluster *ClusterStats
}

// StoreStats is what has become of messages that are to outlive a restart.
type StoreStats struct {
	// Stored counts those that are kept, Lost those that are not, because the disk has not taken them in time.
	Stored, Lost int64
	// Waiting is how many bytes of messages wait for the disk.
	Waiting int64
	// Looks counts the questions about what was said that have been answered.
	Looks int64
}

// LoopStats is of one event loop.
type LoopStats struct {
	// Lines came from clients: whole lines, blocks or messages, without empty and overlong ones.
	Lines uint64
	// BytesIn and BytesOut passed the sockets; the bytes of uploads are counted in Uploads alone.
	BytesIn, BytesOut uint64
	// Deliveries counts each message, notice and answer once for every client that was to get it.
	Deliveries uint64
	// Writes counts the system calls that took the deliveries to the sockets.
	Writes uint64
	// LogBytes is how many bytes the delivery log holds.
	LogBytes int64
	// SlowDrops counts the clients that were disconnected because they read too slowly, Skipped the messages that slow clients were
	// spared instead.
	SlowDrops, Skipped uint64
	// Shed counts the clients that were disconnected because most waited for them when the server was short of memory.
	Shed uint64
	// FloodsDelayed counts how often a client's line had to wait because it came too soon, FloodsDropped the clients that were
	// disconnected because too much waited.
	FloodsDelayed, FloodsDropped uint64
	// InputsDeferred counts how often the rest of a client's input had to wait for its next turn, because there was so much of it.
	InputsDeferred uint64
	// PasswordsWrong counts those that were, AttemptsRefused those that were not looked at because an address had tried too many.
	PasswordsWrong, AttemptsRefused uint64
	// Panics were caught; each cost at most one client its connection.
	Panics uint64
	// Stalls counts what took 100 ms or more, by what the loop was at: apply, flush, batch, timer.
	Stalls  map[string]uint64
	Uploads UploadStats
	// Lag is how long the loop took from the first event of a batch to the end of its flush: what an event that came meanwhile waited.
	Lag Histogram
	// Apply is how long a command took from its line to the events that follow. Only the home loop, which is the first, has any.
	Apply Histogram
}

// UploadStats counts uploads; Bytes is of those that were kept.
type UploadStats struct {
	Begun, Kept, Failed, Bytes uint64
}

// DoorStats is the connections of a door.
type DoorStats struct {
	URL string
	// Locked ones have not said the server's password, guests have not signed in. Lingering ones are closed on our side, and not yet on the client's.
	Locked, Guests, SignedIn, Lingering int64
}

// Histogram is how long things took.
type Histogram struct {
	Count   uint64
	Sum     time.Duration
	Longest time.Duration
	// Buckets are in ascending order, each with how many took at most so long. What took longer than the last is in Count alone.
	Buckets []Bucket
}

// Bucket counts what took at most a time.
type Bucket struct {
	AtMost time.Duration
	Count  uint64
}

// MemoryStats is the memory that the server counts, in bytes.
type MemoryStats struct {
	// BySource has what each source holds.
	BySource map[string]int64
	// Most is what they may hold together, 0 if there is no limit.
	Most int64
}
