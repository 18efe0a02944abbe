//go:build linux

package rollcall

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// view is whom one client sees in the channel, as a set of numbers of names. It takes what the server says line by line, and keeps what can't be right.
type view struct {
	names  *names
	self   int      // the number of the client's name
	seen   []uint64 // a bit for each name
	fresh  []uint64 // what NAMES has listed since it was asked for at the end; nil: it wasn't
	faults []string // at most maxFaults
	wrong  int      // how many there were

	welcomed bool      // 001 has come
	in       bool      // 366 has come behind its own JOIN
	listed   bool      // 366 has come behind the NAMES at the end
	found    bool      // NAMES has had the client itself since it came in
	since    time.Time // when its own JOIN came
	pongs    int       // PONGs that have come
}

// maxFaults is how many faults of one view are kept in words.
const maxFaults = 3

func newView(n *names, self int) *view {
	return &view{names: n, self: self, seen: n.set()}
}

func (v *view) fault(format string, args ...any) {
	v.wrong++
	if len(v.faults) < maxFaults {
		v.faults = append(v.faults, fmt.Sprintf("%s: ", v.names.of(v.self))+fmt.Sprintf(format, args...))
	}
}

// hear takes a line without its end.
func (v *view) hear(line []byte) {
	var tags []byte
	if len(line) > 0 && line[0] == '@' {
		tags, line, _ = bytes.Cut(line[1:], []byte{' '})
	}
	var source []byte
	if len(line) > 0 && line[0] == ':' {
		source, line, _ = bytes.Cut(line[1:], []byte{' '})
		source, _, _ = bytes.Cut(source, []byte{'!'})
	}
	command, rest, _ := bytes.Cut(line, []byte{' '})
	switch string(command) {
	case "001":
		v.welcomed = true
	case "353":
		v.list(rest)
	case "366":
		v.in, v.listed = true, v.fresh != nil
		if !v.found {
			v.fault("NAMES doesn't have itself")
		}
	case "PONG":
		v.pongs++
	case "JOIN":
		if v.join(source); v.is(source) {
			v.since = time.Now()
		}
	case "PART", "QUIT":
		v.leave(source, command)
	case "NICK":
		v.rename(source, bytes.TrimPrefix(rest, []byte{':'}))
	case "PRIVMSG":
		if who, known := v.names.find(source); known && !has(v.seen, who) && !v.before(tags) {
			v.fault("a message of %s, who isn't seen", source)
		}
	}
}

// is says whether source is the client itself.
func (v *view) is(source []byte) bool {
	who, known := v.names.find(source)
	return known && who == v.self
}

// before says whether a message with these tags was said before the client knew that it is in, and that is told: who has said it may have left by then.
func (v *view) before(tags []byte) bool {
	for tag := range bytes.SplitSeq(tags, []byte{';'}) {
		if value, is := bytes.CutPrefix(tag, []byte("time=")); is {
			said, err := time.Parse(time.RFC3339, string(value))
			return err == nil && !said.After(v.since)
		}
	}
	return false
}

// list takes 353: its last parameter are names with what stands for their rights.
func (v *view) list(parameters []byte) {
	_, listed, _ := bytes.Cut(parameters, []byte(" :"))
	into := v.seen
	if v.fresh != nil {
		into = v.fresh
	}
	for name := range bytes.FieldsSeq(listed) {
		name, _, _ = bytes.Cut(bytes.TrimLeft(name, "~&@%+"), []byte{'!'})
		if who, known := v.names.find(name); known {
			add(into, who)
			v.found = v.found || who == v.self
		} else {
			v.fault("NAMES has %s, whom nobody knows", name)
		}
	}
}

func (v *view) join(source []byte) {
	switch who, known := v.names.find(source); {
	case !known:
		v.fault("JOIN of %s, whom nobody knows", source)
	case who == v.self:
		clear(v.seen) // NAMES follows
		v.found = false
		add(v.seen, who)
	case has(v.seen, who):
		v.fault("JOIN of %s, who is seen already", source)
	default:
		add(v.seen, who)
	}
}

func (v *view) leave(source, command []byte) {
	switch who, known := v.names.find(source); {
	case known && who == v.self:
		clear(v.seen)
		v.in = false
	case !known || !has(v.seen, who):
		v.fault("%s of %s, who isn't seen", command, source)
	default:
		remove(v.seen, who)
	}
}

func (v *view) rename(source, to []byte) {
	who, known := v.names.find(source)
	now, knownNow := v.names.find(to)
	switch {
	case known && knownNow && who == v.self:
		v.self = now
		if has(v.seen, who) {
			remove(v.seen, who)
			add(v.seen, now)
		}
	case !known || !knownNow || !has(v.seen, who):
		v.fault("NICK of %s, who isn't seen", source)
	default:
		remove(v.seen, who)
		add(v.seen, now)
	}
}

// newNames draws letters, so that two rolls that are called on one server don't take each other's names.
func newNames(clients int) *names {
	letters := make([]byte, 4)
	for i := range letters {
		letters[i] = 'a' + byte(rand.IntN(20))
	}
	return &names{prefix: string(letters), clients: clients}
}

// names are those of the clients: letters, five digits of the client's number, and an x behind it once it has changed its name. The numbers of names are those of
// the clients, and of the second ones those behind all clients.
type names struct {
	prefix  string
	clients int
}

func (n *names) of(name int) string {
	if name >= n.clients {
		return fmt.Sprintf("%s%05dx", n.prefix, name-n.clients)
	}
	return fmt.Sprintf("%s%05d", n.prefix, name)
}

func (n *names) find(name []byte) (number int, known bool) {
	rest, ours := bytes.CutPrefix(name, []byte(n.prefix))
	rest, second := bytes.CutSuffix(rest, []byte{'x'})
	number, err := strconv.Atoi(string(rest))
	if !ours || err != nil || number < 0 || number >= n.clients {
		return 0, false
	}
	if second {
		number += n.clients
	}
	return number, true
}

// set makes an empty set of names.
func (n *names) set() []uint64 { return make([]uint64, (2*n.clients+63)/64) }

func has(set []uint64, n int) bool { return set[n/64]&(1<<(n%64)) != 0 }
func add(set []uint64, n int)      { set[n/64] |= 1 << (n % 64) }
func remove(set []uint64, n int)   { set[n/64] &^= 1 << (n % 64) }

// difference is who is in one of the sets and not in the other, by name, at most three of each.
func (n *names) difference(got, want []uint64) (tooMany, missing []string) {
	for name := range 2 * n.clients {
		switch {
		case has(got, name) && !has(want, name) && len(tooMany) < 3:
			tooMany = append(tooMany, n.of(name))
		case !has(got, name) && has(want, name) && len(missing) < 3:
			missing = append(missing, n.of(name))
		}
	}
	return tooMany, missing
}

// with returns the set and that name.
func with(set []uint64, n int) []uint64 {
	set = slices.Clone(set)
	add(set, n)
	return set
}
