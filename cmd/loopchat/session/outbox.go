package session

import (
	"crypto/rand"
	"strconv"
	"sync"
)

// maxParcels is how many things may have been said and not arrived, with those that have perhaps.
const maxParcels = 10_000

// outbox keeps what has been said until the server is known to have it, over all connections of a session, so that it arrives once at most:
// each thing has a number, which a server that knows the outbox's id takes once only. PROTOCOL.md has how the two agree after a loss.
//
// Its methods may be called from any goroutine, also with a link's mutex held. It does no I/O.
type outbox struct {
	id  string // the client's for this run of the program
	key string // by which the client takes its own name over

	mu        sync.Mutex
	last      int64     // number given
	confirmed int64     // the highest number that the server is known to have remembered
	waiting   []*parcel // oldest first; those and doubtful are at most maxParcels
	doubtful  []*parcel // written, and not to be known whether they have arrived
	questions int       // what the server remembers was asked so often, and not answered
}

func newOutbox() *outbox { return &outbox{id: rand.Text()[:16], key: rand.Text()} }

// add takes something in. It returns nil where there is too much already.
func (o *outbox) add(verb, words, room string) *parcel {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting)+len(o.doubtful) >= maxParcels {
		return nil
	}
	o.last++
	p := &parcel{number: o.last, verb: verb, words: words, room: room}
	o.waiting = append(o.waiting, p)
	return p
}

// unqueued returns what connection link is to send and has not in its queue yet, and takes it for queued.
func (o *outbox) unqueued(link int) (some []*parcel) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.waiting {
		if p.queued != link {
			p.queued = link
			some = append(some, p)
		}
	}
	return some
}

// write returns the line for p, which is written to connection link now.
func (o *outbox) write(p *parcel, link int, marked bool) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	p.sent, p.marked = link, marked
	return p.line(o.id)
}

// handled takes lines that the server has acknowledged, and returns the numbers of those that were waiting.
func (o *outbox) handled(lines []sentLine) []int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	there := map[*parcel]bool{} // at most maxUnackedLines
	for i := range lines {
		if p := lines[i].parcel; p != nil {
			there[p] = true
			if p.marked {
				o.confirmed = max(o.confirmed, p.number)
			}
		}
	}
	if len(there) == 0 {
		return nil
	}
	return o.take(func(p *parcel) bool { return there[p] })
}

// said takes the server's word that it has all up to number, and returns the numbers of those that were waiting.
func (o *outbox) said(number int64) []int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.arrived(number)
}

func (o *outbox) arrived(number int64) []int64 {
	o.confirmed = max(o.confirmed, number)
	return o.take(func(p *parcel) bool { return p.marked && p.number <= number })
}

// take takes out of waiting what is chosen.
func (o *outbox) take(chosen func(*parcel) bool) (numbers []int64) {
	kept := o.waiting[:0]
	for _, p := range o.waiting {
		if chosen(p) {
			numbers = append(numbers, p.number)
		} else {
			kept = append(kept, p)
		}
	}
	clear(o.waiting[len(kept):])
	o.waiting = kept
	return numbers
}

// question is the line that asks what the server remembers.
func (o *outbox) question() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.questions++
	return "TEXT ID=" + o.id + ":0"
}

// resync takes the answer to the question on connection link: the highest number that the server remembers, or - for an id that is new to it.
// What was written before and can't be known to be missing is doubtful from now on; all other things may be sent.
func (o *outbox) resync(answer string, link int) (delivered, doubted []int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	number, err := strconv.ParseInt(answer, 10, 64)
	// An answer that was lost may have been the - of a server that had forgotten: from then on it says 0.
	unsure := number == 0 && o.confirmed == 0 && o.questions > 1
	o.questions = 0
	if err != nil || number < o.confirmed || unsure {
		o.confirmed = 0
		return nil, o.doubt(func(p *parcel) bool { return p.sent > 0 && p.sent < link })
	}
	return o.arrived(number), nil
}

// unmarked says that what goes over connection link has no numbers: what was written before it can't be sent again.
func (o *outbox) unmarked(link int) (doubted []int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.doubt(func(p *parcel) bool { return p.sent > 0 && p.sent < link })
}

// lost says that connection link has ended. What was written to it without a number can't be asked for.
func (o *outbox) lost(link int) (doubted []int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.doubt(func(p *parcel) bool { return p.sent == link && !p.marked })
}

// doubt makes doubtful what is chosen.
func (o *outbox) doubt(chosen func(*parcel) bool) []int64 {
	return o.take(func(p *parcel) bool {
		if !chosen(p) {
			return false
		}
		o.doubtful = append(o.doubtful, p)
		return true
	})
}

// again takes what is doubtful for things that were never sent, under new numbers, and returns for each old number the new one.
func (o *outbox) again() map[int64]int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	numbers := map[int64]int64{} // at most maxParcels
	for _, p := range o.doubtful {
		o.last++
		numbers[p.number] = o.last
		o.waiting = append(o.waiting, &parcel{number: o.last, verb: p.verb, words: p.words, room: p.room})
	}
	o.doubtful = nil
	return numbers
}

// left returns how many things are still to arrive, and how many have perhaps.
func (o *outbox) left() (waiting, doubtful int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.waiting), len(o.doubtful)
}

// fate is left for the end: of what was written and not confirmed nobody will know.
func (o *outbox) fate() (missing, unknown int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.waiting {
		if p.sent == 0 {
			missing++
		}
	}
	return missing, len(o.waiting) - missing + len(o.doubtful)
}
