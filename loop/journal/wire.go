package journal

import (
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
)

// Headers of a batch, ours and those that JetStream adds when it hands one out.
const (
	nodeHeader        = "Loop-Node"
	incarnationHeader = "Loop-Incarnation"
	numberHeader      = "Loop-Number"

	sequenceHeader = "Nats-Sequence"
	timeHeader     = "Nats-Time-Stamp"
	pendingHeader  = "Nats-Num-Pending"
	statusHeader   = "Status"
)

// Entry is one batch as the log has it.
type Entry struct {
	// Seq is its place in the log, from 1, without a gap.
	Seq uint64
	// At is when the leader of the stream got it, by that machine's clock: it may step back when another one becomes the leader.
	At time.Time
	// Node, Incarnation and Number are its writer's. They are empty and 0 in what no Journal has written.
	Node                string
	Incarnation, Number uint64
	// Body is the reader's to keep.
	Body []byte
}

// entryOf reads a message that the stream has handed out.
func entryOf(m *nats.Msg) (Entry, error) {
	seq, err := strconv.ParseUint(m.Header.Get(sequenceHeader), 10, 64)
	if err != nil {
		return Entry{}, fmt.Errorf("a message of the log without its sequence: %w", err)
	}
	at, err := time.Parse(time.RFC3339Nano, m.Header.Get(timeHeader))
	if err != nil {
		return Entry{}, fmt.Errorf("entry %d of the log without its time: %w", seq, err)
	}
	e := Entry{Seq: seq, At: at, Node: m.Header.Get(nodeHeader), Body: m.Data}
	// Who has not numbered a batch is no Journal, and the reader ignores number 0.
	e.Incarnation, _ = strconv.ParseUint(m.Header.Get(incarnationHeader), 10, 64)
	e.Number, _ = strconv.ParseUint(m.Header.Get(numberHeader), 10, 64)
	return e, nil
}

// names are those of the stream and the subjects of a cluster.
type names struct{ cluster, node string }

func (n names) stream() string      { return "looproom-" + n.cluster }
func (n names) batches() string     { return "looproom." + n.cluster + ".batch" }
func (n names) republished() string { return "rp." + n.batches() }

// ask is where a node is asked, who where all are asked which of them can be, and all where everyone answers.
func (n names) ask(node, kind string) string {
	return "looproom." + n.cluster + ".ask." + kind + "." + node
}
func (n names) who(kind string) string { return "looproom." + n.cluster + ".who." + kind }
func (n names) all(kind string) string { return "looproom." + n.cluster + ".all." + kind }
