package order

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"looproom/loop/room"
)

// LogConfig is what a Log is made of. Its functions are called by the methods of the Log, on their goroutine.
type LogConfig struct {
	// Node is what this node is called among the others, at most 255 bytes, and Incarnation its life: more than any that it had before.
	Node        string
	Incarnation uint64
	// Apply does what a command says, and tells all that follows from it. cmd is borrowed. waited is true: it is older than the turn that it has now. Apply may submit.
	Apply func(cmd *room.Command, waited bool)
	// Behind says whether another room.Tick would have more to do at once.
	Behind func() bool
	// Hash is that of the state.
	Hash func() uint64
	// Soon has Flush called when no more comes for a moment.
	Soon func()
	// Publish has the log take a batch, again and again until Done is called with its number. It blocks nowhere. The body is the log's from then on.
	Publish func(incarnation, number uint64, body []byte)
	Done    func(number uint64)
	// Change has what a Propose has brought be carried out beside the state: what stands behind it is applied when Carried has been called. own is the number that Propose has returned, 0
	// where another node has proposed it. It blocks nowhere.
	Change func(change []byte, own uint64)
	// Entered is when this node takes part: clients that come from now on have the number.
	Entered func(number uint8)
	// Lost is when the others have gone on without this node: what it has submitted and not seen applied is lost, and so are its clients for all others. It calls Return, or nothing more is to be
	// applied.
	Lost func()
	// TooLong is when a command that no client has sent is longer than MaxItem, and left out.
	TooLong func(cmd *room.Command)
	// Changed is when a node has come or gone.
	Changed func()
	// Differs is when most nodes have another state than this one behind the batch at position.
	Differs func(position uint64)
	// Failed is when the log can't be followed any further.
	Failed func(error)
}

// Log applies commands in the order of a log that several nodes share, at the time that the log gives them: all nodes apply the same. It must be made by NewLog or RestoreLog.
//
// What is submitted here goes out in batches, one at a time: the next one grows until the one before has come back. What has come, of this node and of others, is applied by
// Release, piece by piece.
type Log struct {
	cfg         LogConfig
	epoch       uint64
	base        int64         // from which the state counts, in milliseconds of wall clock
	now         time.Duration // since then, by the log
	at          uint64        // the position of the last batch that is applied, or being applied
	roster      roster
	hashes      hashes
	incarnation uint64
	proposals   uint64

	number uint64   // of the batch that is on its way, or was the last
	onWay  bool     // one is
	queue  [][]byte // the batches that wait to go out; the last one grows
	beats  bool     // a beat is on its way, or waits
	hello  bool     // this node takes part, or has said so
	text   []byte   // scratch

	inbox    []Entry // has come, and waits
	items    []byte  // of the batch that is being applied, what is left
	of       *member // whose that is
	mine     bool    // it is this node's, and the one that is on its way
	carries  bool    // a change is being carried out
	behind   bool    // the state has another Tick to do first
	ticked   int64   // the second of the last Tick
	applying bool
	held     bool
	failed   bool
	cmd      room.Command // scratch
}

// NewLog returns the Log of a node whose state is the one that all begin with, made of what Genesis says, and which e has published: e is the first that Deliver is to be given.
func NewLog(cfg LogConfig, epoch uint64, base int64, e *Entry) *Log {
	l := &Log{cfg: cfg, epoch: epoch, base: base, at: e.Seq - 1, incarnation: e.Incarnation, ticked: base / 1000}
	l.number, l.onWay, l.hello = e.Number, true, true
	return l
}

// Position is that of the last batch that has been applied.
func (l *Log) Position() uint64 { return l.at }

// Present says whether this node takes part, or has said that it does.
func (l *Log) Present() bool { return l.hello }

// Gone says whether all that this node has had for the log has been applied, and it doesn't take part any more.
func (l *Log) Gone() bool {
	m := l.roster.find(l.cfg.Node)
	return l.Settled() && (m == nil || !m.here)
}

// Settled says whether all that this node has had for the log has been applied.
func (l *Log) Settled() bool { return !l.onWay && len(l.queue) == 0 }

// Enter says to the others that this node takes part, once what is before has been applied.
func (l *Log) Enter() {
	l.hello = true
	l.queue = append([][]byte{appendItem(appendHead(nil, l.epoch), itemHello)}, l.queue...)
}

// Return has this node, which is Lost, take part again in a new life. Its clients have to come anew.
func (l *Log) Return() {
	if l.onWay {
		l.cfg.Done(l.number)
	}
	l.incarnation++
	l.number, l.onWay, l.beats, l.queue = 0, false, false, nil
	l.Enter()
}

// Leave says that this node goes, behind all that has been submitted. It shows no more that it lives.
func (l *Log) Leave() {
	l.hello = false
	l.add(itemLeave)
}

// Beat shows that this node lives. It wants to be called once a second, by a clock that never goes back.
func (l *Log) Beat() {
	if !l.beats && l.hello {
		l.beats = true
		l.text = appendBeat(l.text[:0], l.hashes.latest)
		l.add(itemBeat, l.text...)
	}
}

// Propose has all nodes carry out what change says, which is copied, beside the state and in the order of the log. The number comes back with it. The error is ErrTooLong.
func (l *Log) Propose(change []byte) (number uint64, err error) {
	l.text = append(binary.AppendUvarint(l.text[:0], l.proposals+1), change...)
	if !l.add(itemChange, l.text...) {
		return 0, ErrTooLong
	}
	l.proposals++
	return l.proposals, nil
}

// Submit implements Order. In the place of a command that is longer than MaxItem its client is refused; one of nobody's is left out.
func (l *Log) Submit(cmd *room.Command) {
	if l.text = room.AppendCommand(l.text[:0], cmd); l.add(itemCommand, l.text...) {
		return
	}
	if l.text = nil; cmd.Client == room.NoClient {
		l.cfg.TooLong(cmd)
		return
	}
	refused := room.Command{Client: cmd.Client, Tag: cmd.Tag, Last: cmd.Last}
	refused.Because(room.Refusal{Why: room.LineOverLimit, N: MaxItem})
	l.add(itemCommand, room.AppendCommand(nil, &refused)...)
}

// Take implements Order.
func (l *Log) Take(cmd room.Command) {
	l.cmd = cmd
	l.Submit(&l.cmd)
}

// add has an item go out with the batch that grows, or with one more where that is long enough. It says whether the item isn't longer than MaxItem, and else does nothing.
func (l *Log) add(kind item, payload ...byte) bool {
	size := itemSize(len(payload))
	if size > MaxItem {
		return false
	}
	if !l.onWay {
		l.cfg.Soon()
	}
	last := len(l.queue) - 1
	if last < 0 || len(l.queue[last])+size > MaxBody {
		l.queue = append(l.queue, appendHead(make([]byte, 0, bodyHead+size), l.epoch))
		last++
	}
	l.queue[last] = appendItem(l.queue[last], kind, payload...)
	return true
}

// Waiting is how many bytes wait to go out, and not those that are on their way.
func (l *Log) Waiting() (bytes int) {
	for _, b := range l.queue {
		bytes += len(b)
	}
	return bytes
}

// Flush implements Order: the next batch goes out, if none is on its way.
func (l *Log) Flush() {
	if l.onWay || len(l.queue) == 0 || l.failed {
		return
	}
	body := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	l.number++
	l.onWay = true
	l.cfg.Publish(l.incarnation, l.number, body)
}

// Deliver takes batches that have come, in the order of the log, each once. Release applies them. The slice is copied, its bodies are not.
func (l *Log) Deliver(entries []Entry) { l.inbox = append(l.inbox, entries...) }

// Hold implements Order. It must not be called by Apply.
func (l *Log) Hold() { l.held = true }

// Held implements Order.
func (l *Log) Held() bool { return l.held }

// Release implements Order, and applies what has been delivered as well.
func (l *Log) Release(enough func() bool) (all bool) {
	l.held = false
	return l.Advance(enough)
}

// Advance applies what has been delivered until enough, which is asked after each command, and says whether that was all that may be applied now. A panic of Apply passes by.
func (l *Log) Advance(enough func() bool) (all bool) {
	if l.applying {
		return true
	}
	l.applying = true
	defer func() { l.applying = false }()
	for !l.held && !l.failed && !l.carries && l.step() {
		if enough() {
			return false
		}
	}
	return true
}

// Carried says that the last Change has been carried out. Advance goes on behind it.
func (l *Log) Carried() { l.carries = false }

// Carries says whether one is being carried out: then Advance applies nothing, and what all nodes keep beside the state is not that of its position.
func (l *Log) Carries() bool { return l.carries }

// step applies one command, or begins or ends a batch, and says whether there was one.
func (l *Log) step() bool {
	switch {
	case l.behind:
		l.tick()
	case len(l.items) > 0:
		l.next()
	case l.of != nil:
		l.end()
	case len(l.inbox) > 0:
		e := l.inbox[0]
		l.inbox[0] = Entry{}
		if l.inbox = l.inbox[1:]; len(l.inbox) == 0 {
			l.inbox = nil
		}
		l.begin(&e)
	default:
		return false
	}
	return true
}

var (
	errGap     = errors.New("the log is not the one that this node has followed so far")
	errRefused = errors.New("it does not count: another node has the same name, or this one has been started twice")
	errAnew    = errors.New("while this node was away the others have begun anew: it has to take their state")
	errFull    = fmt.Errorf("%d nodes take part, and no more can", MaxNodes)
)

func (l *Log) fail(err error) {
	l.failed = true
	l.cfg.Failed(err)
}

// begin takes up a batch, if it counts.
func (l *Log) begin(e *Entry) {
	if e.Seq != l.at+1 {
		l.fail(fmt.Errorf("batch %d behind %d: %w", e.Seq, l.at, errGap))
		return
	}
	l.at = e.Seq
	epoch, items, err := readHead(e.Body)
	switch {
	case errors.Is(err, errVersion):
		l.fail(wrong(e, err))
		return
	case err != nil:
		return
	case epoch != l.epoch:
		if _, _, anew := IsGenesis(e); anew {
			l.fail(wrong(e, errAnew))
		}
		return // of nobody who takes part
	}
	l.now = max(l.now, time.Duration(e.At.UnixMilli()-l.base)*time.Millisecond)
	hello := false
	if kind, _, rest, err := readItem(items); err == nil {
		if kind == itemGenesis {
			items = rest
			kind, _, _, _ = readItem(items)
		}
		hello = kind == itemHello
	}
	mine := l.onWay && e.Node == l.cfg.Node && e.Incarnation == l.incarnation && e.Number == l.number
	switch {
	case l.roster.accepts(e, hello):
		l.mine = mine
		l.take(e, hello, items)
	case mine:
		l.fail(wrong(e, errRefused))
	}
}

// take begins to apply a batch that counts.
func (l *Log) take(e *Entry, hello bool, items []byte) {
	m := l.roster.find(e.Node)
	if hello {
		if m != nil && m.here {
			l.gone(m)
		}
		if m = l.roster.enter(e); m == nil {
			if l.mine {
				l.fail(wrong(e, errFull))
			}
			return
		}
		l.cfg.Changed()
	}
	m.heard(e)
	l.of, l.items = m, items
	if second := l.wall() / 1000; second > l.ticked {
		l.ticked = second
		l.behind = true
	}
}

// tick lets the state know that time has passed.
func (l *Log) tick() {
	l.apply(room.Command{Verb: room.Tick, N: room.None})
	l.behind = l.cfg.Behind()
}

func (l *Log) wall() int64 { return l.base + l.now.Milliseconds() }

// apply applies a command at the time of the log.
func (l *Log) apply(cmd room.Command) {
	l.cmd = cmd
	l.cmd.At, l.cmd.Wall = l.now, l.wall()
	l.cfg.Apply(&l.cmd, true)
}

// next does what the next item says. What can't be read is left out, with all that stands behind it in the batch: all nodes read the same.
func (l *Log) next() {
	kind, payload, rest, err := readItem(l.items)
	if l.items = rest; err != nil {
		l.items = nil
		return
	}
	switch kind {
	case itemCommand:
		if cmd, err := readCommand(payload); err == nil && (cmd.Client == room.NoClient || cmd.Client.Node() == l.of.number) {
			l.apply(cmd)
		}
	case itemChange:
		if number, n := binary.Uvarint(payload); n > 0 {
			if l.of.name != l.cfg.Node || l.of.incarnation != l.incarnation {
				number = 0
			}
			l.carries = true
			l.cfg.Change(payload[n:], number)
		}
	case itemBeat:
		if b, err := readBeat(payload); err == nil {
			l.beat(b)
		}
	case itemHello:
		if l.mine {
			l.cfg.Entered(l.of.number)
		}
	case itemLeave:
		l.gone(l.of)
	}
}

// beat notes that the node lives whose batch is applied, and what its state is.
func (l *Log) beat(b beat) {
	if l.mine {
		l.beats = false
	}
	by := l.of
	for _, m := range l.roster.beat(by) {
		l.gone(m)
	}
	if position, differ := l.hashes.hear(by.name, b, l.roster.here()); differ {
		l.cfg.Differs(position)
	}
}

// gone has all that a node had be gone.
func (l *Log) gone(m *member) {
	own := m.name == l.cfg.Node && m.incarnation == l.incarnation
	m.goes()
	l.hashes.forget(m.name)
	l.apply(room.Command{Verb: room.NodeGone, N: int64(m.number), Text: "The server " + m.name + " is gone"})
	if l.cfg.Changed(); own && l.hello {
		l.hello = false
		l.cfg.Lost()
	}
}

// hashEvery is at how many positions there is one hash of the state.
const hashEvery = 1000

// end ends the batch that has been applied.
func (l *Log) end() {
	l.of = nil
	if l.at/hashEvery > l.hashes.latest.position/hashEvery {
		l.hashes.note(beat{l.at, l.cfg.Hash()})
	}
	if l.mine {
		l.mine, l.onWay = false, false
		l.cfg.Done(l.number)
		l.Flush()
	}
}
