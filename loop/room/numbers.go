package room

import (
	"container/list"
	"net/netip"
	"slices"
	"strings"
	"time"
)

const (
	// maxIDs is how many ids of numbered lines are remembered of a name. The one least recently used goes first.
	maxIDs = 12
	// rememberLeft is how long the numbers of a name are remembered at least when its user has gone.
	rememberLeft = 10 * time.Minute
	// maxLeft and maxLeftPerNetwork bound the names whose users have gone and whose numbers are remembered: in all, and of one
	// network as networkOf has it. The one longest gone goes first. Each takes about 400 bytes.
	maxLeft           = 32 << 10
	maxLeftPerNetwork = 1 << 10
	// expireAtOnce is how many names one tick forgets: the others keep for the next one.
	expireAtOnce = 1 << 10
)

// numbers remembers how far the lines have come that users have numbered. It has at most one row for each user and maxLeft for those
// who have gone.
type numbers struct {
	of       map[string]*numbered // by the key of a name
	left     *list.List           // of *numbered: those whose users have gone, the longest gone in front
	networks map[string]*list.List
}

// numbered is what is remembered of one name.
type numbered struct {
	key string
	ids []lastNumber // at most maxIDs, the one least recently used in front

	// The rest is set while its user has gone.
	leftAt          time.Duration
	network         string
	inAll, inWithin *list.Element // its places in numbers.left and in that of its network
}

// lastNumber is how far the lines numbered under one id have come.
type lastNumber struct {
	id   string
	last int64
}

func newNumbers() numbers {
	return numbers{of: map[string]*numbered{}, left: list.New(), networks: map[string]*list.List{}}
}

// last returns the highest number under id of the name, None if the id isn't known, and makes it known.
func (n *numbers) last(key, id string) int64 {
	row := n.of[key]
	if row == nil {
		row = &numbered{key: key}
		n.of[key] = row
	}
	at := row.find(id)
	if at < 0 {
		row.ids = append(row.ids, lastNumber{id: strings.Clone(id)}) // a clone: id may be a part of a long line
		row.trim()
		return None
	}
	used := row.ids[at]
	row.ids = append(slices.Delete(row.ids, at, at+1), used)
	return used.last
}

// set notes the highest number under id, which last has just been asked for.
func (n *numbers) set(key string, last int64) {
	ids := n.of[key].ids
	ids[len(ids)-1].last = last
}

func (r *numbered) find(id string) int {
	return slices.IndexFunc(r.ids, func(known lastNumber) bool { return known.id == id })
}

func (r *numbered) trim() {
	if over := len(r.ids) - maxIDs; over > 0 {
		r.ids = slices.Delete(r.ids, 0, over)
	}
}

// move has what is remembered go with a user who takes another name, which may have been used lately. Its user is there.
func (n *numbers) move(from, to string) {
	n.stay(to)
	moved := n.of[from]
	if moved == nil || from == to {
		return
	}
	delete(n.of, from)
	moved.key = to
	if there := n.of[to]; there != nil {
		moved.merge(there.ids)
	}
	n.of[to] = moved
}

// merge adds what was used before all that r has.
func (r *numbered) merge(earlier []lastNumber) {
	for _, known := range slices.Backward(earlier) {
		if at := r.find(known.id); at >= 0 {
			r.ids[at].last = max(r.ids[at].last, known.last)
		} else {
			r.ids = slices.Insert(r.ids, 0, known)
		}
	}
	r.trim()
}

// leave notes that the name's user has gone, who came from the address.
func (n *numbers) leave(key, address string, now time.Duration) {
	row := n.of[key]
	if row == nil {
		return
	}
	row.leftAt, row.network = now, networkOf(address)
	n.gone(row)
	if within := n.networks[row.network]; within.Len() > maxLeftPerNetwork {
		n.forget(within.Front().Value.(*numbered))
	}
	if n.left.Len() > maxLeft {
		n.forget(n.left.Front().Value.(*numbered))
	}
}

// gone notes that the row's user has, after all others of whom that has been noted.
func (n *numbers) gone(row *numbered) {
	within := n.networks[row.network]
	if within == nil {
		within = list.New()
		n.networks[row.network] = within
	}
	row.inAll, row.inWithin = n.left.PushBack(row), within.PushBack(row)
}

// stay notes that the name has a user, if anything is remembered of it.
func (n *numbers) stay(key string) {
	row := n.of[key]
	if row == nil || row.inAll == nil {
		return
	}
	within := n.networks[row.network]
	n.left.Remove(row.inAll)
	within.Remove(row.inWithin)
	if within.Len() == 0 {
		delete(n.networks, row.network)
	}
	row.inAll, row.inWithin, row.network, row.leftAt = nil, nil, "", 0
}

func (n *numbers) forget(row *numbered) {
	n.stay(row.key)
	delete(n.of, row.key)
}

// expire forgets those that have been gone for long.
func (n *numbers) expire(now time.Duration) {
	for range expireAtOnce {
		front := n.left.Front()
		if front == nil || now-front.Value.(*numbered).leftAt < rememberLeft {
			return
		}
		n.forget(front.Value.(*numbered))
	}
}

// networkOf is what counts as one with an address, as PROTOCOL.md has it: an IPv4 address, a /64 of IPv6, or all Unix sockets.
func networkOf(address string) string {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return ""
	}
	addr := at.Addr().Unmap().WithZone("")
	if addr.Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}

func doConfirm(t turn) {
	t.answer(Event{Kind: Confirmed, Text: t.cmd.ID, N: t.numbers.last(t.u.key, t.cmd.ID)})
}

// takeNumbered does what a numbered line says unless that has been done, and answers how far its numbers have come.
func (t turn) takeNumbered(v *verb) {
	if !t.named() {
		return
	}
	if t.cmd.Verb == Confirm {
		t.does(v)
		return
	}
	last, said := t.numbers.last(t.u.key, t.cmd.ID), MsgID(0)
	if t.cmd.Seq > last {
		last = t.cmd.Seq
		t.numbers.set(t.u.key, last)
		before := t.messages.last
		if t.does(v); t.messages.last > before {
			said = t.messages.last
		}
	}
	t.answer(Event{Kind: Confirmed, Text: t.cmd.ID, N: last, ID: said})
}
