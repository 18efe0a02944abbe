package registry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"looproom/loop/ban"
	"looproom/loop/room"
)

func mustSnapshot(t testing.TB, r *Registry) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Snapshot(&b); err != nil {
		t.Fatalf("Snapshot = %v", err)
	}
	return b.Bytes()
}

func mustTake(t testing.TB, r *Registry, copied []byte) {
	t.Helper()
	if err := r.Take(bytes.NewReader(copied)); err != nil {
		t.Fatalf("Take = %v", err)
	}
}

// asChange is the same as data.
func (c change) asChange(r *Registry) *Change {
	switch {
	case c.ban != nil && c.remove:
		return &Change{Kind: BanLifted, Ban: ban.Entry{Target: c.ban.Target}, Now: noon}
	case c.ban != nil:
		return &Change{Kind: BanSet, Ban: *c.ban, Now: noon}
	case c.trust != nil:
		n, _ := r.Name(c.trust.key)
		n.Key = c.trust.key
		if c.remove {
			return KeyChange(KeyDistrusted, n, c.trust.digest)
		}
		return KeyChange([]Kind{KeyTrusted, KeyUsed}[len(c.trust.digest)%2], n, c.trust.digest)
	case c.room != nil && c.remove:
		return &Change{Kind: RoomRemoved, Key: c.room.Key}
	case c.room != nil:
		return &Change{Kind: RoomPut, Room: c.room}
	case c.remove:
		return &Change{Kind: []Kind{NameRemoved, AccountForgotten, AccountGone}[c.name.Since%3], Key: c.name.Key}
	}
	return &Change{Kind: NamePut, Name: *c.name}
}

// node is a registry, and what of the log it has carried out.
type node struct {
	*Registry
	upTo int
}

// logged is a change as it stands in the log.
type logged struct {
	id    ChangeID
	bytes []byte
	want  error // what it had at the first that carried it out
}

// TestNodesKeepTheSame has some registries carry out the same changes, each in its time, and one now and then take a copy of another that is ahead, behind which changes come again that the copy has: what each change leads to is the same everywhere, and in the
// end so is all that is kept, in memory and after a restart.
func TestNodesKeepTheSame(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			keepTheSame(t, seed)
		})
	}
}

func keepTheSame(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 1))
	dirs := []string{t.TempDir(), t.TempDir(), t.TempDir()}
	var nodes []*node
	for _, dir := range dirs {
		nodes = append(nodes, &node{Registry: mustOpen(t, dir)})
	}
	first := mustSnapshot(t, nodes[0].Registry)
	for _, n := range nodes[1:] {
		mustTake(t, n.Registry, first)
	}
	var log []logged
	numbers := map[uint64]uint64{}
	for range 1500 {
		proposer := 1 + random.Uint64N(uint64(len(nodes)))
		numbers[proposer]++
		id := ChangeID{proposer, numbers[proposer]}
		c := randomChange(random).asChange(nodes[proposer-1].Registry)
		if random.IntN(12) == 0 {
			c = &Change{Kind: []Kind{CertificateAdded, CertificateRemoved}[random.IntN(2)], Key: fmt.Sprint("name", random.IntN(20)), Certificate: Fingerprint{byte(random.IntN(40))}}
		}
		if random.IntN(20) == 0 {
			c = &Change{Kind: PersonPut, Person: &room.KeptPerson{Account: fmt.Sprint("name", random.IntN(20)), Keeps: random.IntN(3) > 0, Name: "x"}, Rooms: []*room.KeptRoom{randomRoom(random)}}
		}
		log = append(log, logged{id: id, bytes: mustAppend(t, id, c)})
		for _, n := range nodes {
			n.catchUp(t, log, random.IntN(3))
		}
		if random.IntN(200) == 0 {
			one, other := nodes[random.IntN(len(nodes))], nodes[random.IntN(len(nodes))]
			if one.upTo < other.upTo {
				mustTake(t, one.Registry, mustSnapshot(t, other.Registry))
				one.upTo = max(0, one.upTo-random.IntN(80)) // some come once more
				one.repeat(t, log, other.upTo)
			}
		}
	}
	for i, n := range nodes {
		n.catchUp(t, log, len(log))
		before := mustSnapshot(t, n.Registry)
		if !bytes.Equal(before, mustSnapshot(t, nodes[0].Registry)) {
			t.Fatalf("node %d keeps other things than the first", i)
		}
		n.upTo = len(log) - 60
		n.repeat(t, log, len(log))
		if !bytes.Equal(before, mustSnapshot(t, n.Registry)) {
			t.Fatalf("node %d keeps other things when changes come again", i)
		}
	}
	opened := restarted(t, nodes[1].Registry, dirs[1])
	opened.carried = nodes[0].carried // which is the log's affair
	opened.leaving.replace(nodes[0].leaving.by)
	if !bytes.Equal(mustSnapshot(t, opened), mustSnapshot(t, nodes[0].Registry)) {
		t.Error("after a restart it keeps other things")
	}
}

// restarted is the registry of the same folder, opened anew.
func restarted(t *testing.T, r *Registry, dir string) *Registry {
	mustClose(t, r)
	return mustOpen(t, dir)
}

// catchUp carries out some of what is in the log.
func (n *node) catchUp(t *testing.T, log []logged, some int) {
	for ; some > 0 && n.upTo < len(log); some-- {
		l := &log[n.upTo]
		id, c, err := ReadChange(l.bytes)
		if err != nil {
			t.Fatal(err)
		}
		err = n.Carry(id, &c)
		if l.want == nil {
			l.want = errors.Join(errFirst, err)
		}
		if fmt.Sprint(errors.Join(errFirst, err)) != fmt.Sprint(l.want) {
			t.Fatalf("change %d of kind %d: %v, and %v at another node", n.upTo, c.Kind, err, l.want)
		}
		n.upTo++
	}
}

var errFirst = errors.New("carried out")

// repeat carries out what has been already.
func (n *node) repeat(t *testing.T, log []logged, upTo int) {
	for ; n.upTo < upTo; n.upTo++ {
		id, c, _ := ReadChange(log[n.upTo].bytes)
		if err := n.Carry(id, &c); err != nil {
			t.Fatalf("change %d once more: %v", n.upTo, err)
		}
	}
}

// TestTake: what a node takes is what the other one has, in memory at once and after a restart, and nothing else of its own; and it has the same cloaks.
func TestTake(t *testing.T) {
	from, dir := mustOpen(t, t.TempDir()), t.TempDir()
	to := mustOpen(t, dir)
	random := rand.New(rand.NewPCG(3, 3))
	m := newModel()
	for range 300 {
		c := randomChange(random)
		if _, err := c.apply(from); err == nil {
			m.apply(c)
		}
		randomChange(random).apply(to)
	}
	if err := from.Record(&room.Record{Mark: &room.KeptMark{Account: "name1", Key: "#room1", Shown: "#room1", Read: 7}}); err != nil {
		t.Fatal(err)
	}
	if err := from.Record(&room.Record{Key: &room.KeptKey{Account: "name1", Key: "url", Value: "here"}}); err != nil {
		t.Fatal(err)
	}
	copied := mustSnapshot(t, from)
	mustTake(t, to, copied)
	for _, r := range []*Registry{to, restarted(t, to, dir)} {
		if !m.is(r) || !bytes.Equal(r.CloakKey(), from.CloakKey()) {
			t.Error("the copy is another one")
		}
	}
	to = restarted(t, mustOpen(t, t.TempDir()), t.TempDir())
	mustTake(t, to, copied)
	if !bytes.Equal(mustSnapshot(t, to), copied) {
		t.Error("a copy of the copy is another one")
	}
	if past, err := to.Past("name1"); err != nil || len(past.Marks) != 1 || len(past.Metadata) != 1 {
		t.Errorf("the past of an account is %v, %v", past, err)
	}
	if _, err := os.Stat(filepath.Join(to.store.Dir(), spoolName)); !os.IsNotExist(err) {
		t.Errorf("the file in which it has waited: %v", err)
	}
}

// TestTakeRefuses: what is cut, or has one bit changed, changes nothing; nor does one whose reader fails.
func TestTakeRefuses(t *testing.T) {
	from, to := mustOpen(t, t.TempDir()), mustOpen(t, t.TempDir())
	mustPutName(t, from, Name{Key: "ana", Shown: "Ana", Hash: hash, Since: noon})
	mustPutBan(t, from, ban.Entry{Target: target(t, "10.0.0.1"), Since: noon, By: "ann"})
	mustPutName(t, to, Name{Key: "bob", Shown: "Bob", Hash: hash, Since: noon})
	copied, before := mustSnapshot(t, from), mustSnapshot(t, to)
	for at := range copied {
		other := bytes.Clone(copied)
		other[at] ^= 1 << (at % 8)
		if to.Take(bytes.NewReader(other)) == nil {
			t.Fatalf("it takes a copy with another bit at %d", at)
		}
		if to.Take(bytes.NewReader(copied[:at])) == nil {
			t.Fatalf("it takes %d of %d bytes", at, len(copied))
		}
	}
	if to.Take(bytes.NewReader(append(bytes.Clone(copied), 0))) == nil {
		t.Error("it takes a copy with something behind it")
	}
	broken := errors.New("broken")
	if err := to.Take(io.MultiReader(bytes.NewReader(copied[:50]), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("Take of a reader that fails = %v", err)
	}
	if !bytes.Equal(mustSnapshot(t, to), before) {
		t.Error("something has changed")
	}
}

// TestTakeWithoutFolder: bans and the key of cloaks go from one server without a folder to another, and names don't.
func TestTakeWithoutFolder(t *testing.T) {
	from, to := mustOpen(t, ""), mustOpen(t, "")
	if err := from.SetBan(ban.Entry{Target: target(t, "10.0.0.1"), Since: noon, By: "ann"}, noon); err != nil {
		t.Fatal(err)
	}
	mustTake(t, to, mustSnapshot(t, from))
	if to.Bans().Len() != 1 || !bytes.Equal(to.CloakKey(), from.CloakKey()) || !bytes.Equal(mustSnapshot(t, to), mustSnapshot(t, from)) {
		t.Error("the copy is another one")
	}
	kept := mustOpen(t, t.TempDir())
	mustTake(t, kept, mustSnapshot(t, from))
	if kept.Bans().Len() != 1 {
		t.Error("a server with a folder doesn't take it")
	}
	mustPutName(t, kept, Name{Key: "ana", Shown: "Ana", Hash: hash, Since: noon})
	if err := to.Take(bytes.NewReader(mustSnapshot(t, kept))); !errors.Is(err, errFolder) {
		t.Errorf("Take of names without a folder = %v", err)
	}
}

// FuzzTake: what is taken is written as the same.
func FuzzTake(f *testing.F) {
	r := mustOpen(f, "")
	if err := r.SetBan(ban.Entry{Target: target(f, "10.0.0.1"), Since: noon, By: "ann"}, noon); err != nil {
		f.Fatal(err)
	}
	r.Carry(ChangeID{7, 1}, &Change{Kind: BanLifted, Ban: ban.Entry{Target: target(f, "10.0.0.2")}})
	f.Add(mustSnapshot(f, r))
	f.Fuzz(func(t *testing.T, b []byte) {
		to := mustOpen(t, "")
		before := mustSnapshot(t, to)
		if to.Take(bytes.NewReader(b)) != nil && !bytes.Equal(mustSnapshot(t, to), before) {
			t.Error("something has changed although there is an error")
		}
	})
}
