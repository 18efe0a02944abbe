package registry

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"looproom/loop/ban"
	"looproom/loop/room"
	"looproom/loop/store"
)

// hash is a valid one, which takes next to nothing to check.
const hash = "$argon2id$v=19$m=64,t=3,p=4$c2FsdHNhbHRzYWx0$iooY9xk0qZg+skmg1y1eX/YOWQabrMJ8"

// noon is a second of wall clock.
const noon = 1795262400

// openIn opens a registry with a store in dir, or with "" one without.
func openIn(dir string) (*Registry, error) {
	if dir == "" {
		return Open(nil)
	}
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return nil, err
	}
	r, err := Open(s)
	if err != nil {
		s.Close()
	}
	return r, err
}

func mustOpen(t testing.TB, dir string) *Registry {
	t.Helper()
	r, err := openIn(dir)
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	if r.store != nil {
		t.Cleanup(func() { r.store.Close() })
	}
	return r
}

func mustClose(t testing.TB, r *Registry) {
	t.Helper()
	if err := r.store.Close(); err != nil {
		t.Fatalf("Close = %v", err)
	}
}

func mustPutBan(t testing.TB, r *Registry, e ban.Entry) {
	t.Helper()
	if err := r.PutBan(e, noon); err != nil {
		t.Fatalf("PutBan(%s) = %v", e.Target, err)
	}
}

func mustPutName(t testing.TB, r *Registry, n Name) {
	t.Helper()
	if err := r.PutName(n); err != nil {
		t.Fatalf("PutName(%s) = %v", n.Key, err)
	}
}

// target is what an operator wrote, whose names are their own keys.
func target(t testing.TB, written string) ban.Target {
	t.Helper()
	made, err := ban.ParseTarget(written, written)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// someBans are of every sort, in order.
func someBans(t testing.TB) []ban.Entry {
	return []ban.Entry{
		{Target: target(t, "10.0.0.0/8"), Until: noon + 60, Since: noon, By: "ann", Words: "spam <b>&\u2028 \"it\"\n"},
		{Target: target(t, "10.0.0.0/8"), Shun: true, Since: noon, By: "ann"},
		{Target: target(t, "2001:db8::1"), Since: noon, By: "ann", Words: "¿qué?"},
		{Target: target(t, "ana"), Since: noon, By: "bob"},
	}
}

func someNames() []Name {
	return []Name{
		{Key: "ana", Shown: "Ana", Hash: hash, Since: noon},
		{Key: "<b>&amp;", Shown: "<b>&amp;", Hash: hash, Since: noon},
		{Key: "ñandú", Shown: "Ñandú", Hash: hash, Since: noon},
	}
}

// someRoom has every kind of right, and words of every sort.
func someRoom() *room.KeptRoom {
	return &room.KeptRoom{
		Key: "#go", Name: "#Go", Topic: "all about <b>Go</b>\u2028 \x1b[31m", TopicBy: "Ana", TopicAt: noon*1000 + 123,
		Rights: []room.Right{
			{Kind: room.RightFounder, Target: "Ana", By: "Ana", At: noon * 1000},
			{Kind: room.RightOperator, Target: "ñandú", By: "Ana", At: noon*1000 + 1},
			{Kind: room.RightVoice, Target: "bob", By: "ñandú", At: noon*1000 + 2},
			{Kind: room.RightBan, Target: "10.0.0.0/8", By: "Ana", At: noon*1000 + 3, Until: noon + 60, Text: "spam \"it\""},
			{Kind: room.RightBan, Target: "eve", By: "Ana", At: noon*1000 + 4},
			{Kind: room.RightInvite, Target: "dan", By: "Ana", At: noon*1000 + 5},
			{Kind: room.RightKept, By: "Ana", At: noon*1000 + 6},
			{Kind: room.RightMuted, By: "Ana", At: noon*1000 + 7},
			{Kind: room.RightLocked, By: "Ana", At: noon*1000 + 8},
			{Kind: room.RightKey, By: "Ana", At: noon*1000 + 9, Text: room.KeyDigest("words")},
			{Kind: room.RightTopic, By: "Ana", At: noon*1000 + 10},
		},
	}
}

func mustPutRoom(t testing.TB, r *Registry, k *room.KeptRoom) {
	t.Helper()
	if err := r.PutRoom(k); err != nil {
		t.Fatalf("PutRoom(%s) = %v", k.Key, err)
	}
}

// filled is a closed folder with someBans, someNames, a key that opens ana's account, and someRoom.
func filled(t testing.TB) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "state")
	r := mustOpen(t, dir)
	for _, e := range someBans(t) {
		mustPutBan(t, r, e)
	}
	for _, n := range someNames() {
		mustPutName(t, r, n)
	}
	if n, err := r.NextStart(100); n != 100 || err != nil {
		t.Fatalf("NextStart(100) = %d, %v", n, err)
	}
	mustTrust(t, r, "ana", "a key")
	mustPutRoom(t, r, someRoom())
	mustClose(t, r)
	return dir
}

func byKey(names []Name) []Name {
	slices.SortFunc(names, func(a, b Name) int { return strings.Compare(a.Key, b.Key) })
	return names
}

func TestReopen(t *testing.T) {
	dir := filled(t)
	r := mustOpen(t, dir)
	if got, want := r.Bans().Entries(noon), someBans(t); !slices.Equal(got, want) {
		t.Errorf("Entries after reopening = %v, want %v", got, want)
	}
	if got, want := r.Names(), byKey(someNames()); !slices.Equal(got, want) {
		t.Errorf("Names after reopening = %v, want %v", got, want)
	}
	if got, found := r.Name("ana"); !found || got != someNames()[0] {
		t.Errorf("Name(ana) = %v, %v, want %v", got, found, someNames()[0])
	}
	if !trusts(r, "ana", "a key") {
		t.Error("a key doesn't open ana's account any more")
	}
	if got, want := r.Rooms(), []*room.KeptRoom{someRoom()}; !reflect.DeepEqual(got, want) {
		t.Errorf("Rooms after reopening = %+v, want %+v", got, want)
	}
	if got, found := r.Name("Ana"); found {
		t.Errorf("Name(Ana), which isn't the key, = %v, want none", got)
	}
	if !r.Keeps() {
		t.Error("Keeps = false, want true")
	}
}

func TestCloakKey(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	first := r.CloakKey()
	if len(first) != 32 || bytes.Equal(first, make([]byte, 32)) {
		t.Fatalf("CloakKey = %x, want 32 random bytes", first)
	}
	r.CloakKey()[0]++
	mustClose(t, r)
	if got := mustOpen(t, dir).CloakKey(); !bytes.Equal(got, first) {
		t.Errorf("CloakKey after reopening = %x, want %x", got, first)
	}
	if other := mustOpen(t, t.TempDir()).CloakKey(); bytes.Equal(other, first) {
		t.Errorf("CloakKey of another folder is the same")
	}
}

func TestInMemory(t *testing.T) {
	r := mustOpen(t, "")
	if r.Keeps() || len(r.CloakKey()) != 32 || r.Bans() == nil {
		t.Errorf("Keeps = %v, CloakKey = %x, Bans = %v, want false, 32 bytes and a list", r.Keeps(), r.CloakKey(), r.Bans())
	}
	mustPutBan(t, r, someBans(t)[0])
	if got := r.Bans().Entries(noon); !slices.Equal(got, someBans(t)[:1]) {
		t.Errorf("Entries = %v, want %v", got, someBans(t)[:1])
	}
	if err := r.PutName(someNames()[0]); !errors.Is(err, ErrNoFolder) {
		t.Errorf("PutName without a folder = %v, want %v", err, ErrNoFolder)
	}
	if err := r.Trust("ana", "a key"); !errors.Is(err, ErrNoName) || trusts(r, "ana", "a key") {
		t.Errorf("Trust without a folder = %v, want %v", err, ErrNoName)
	}
	if had, err := r.LiftBan(someBans(t)[0].Target, noon); !had || err != nil {
		t.Errorf("LiftBan = %v, %v, want true", had, err)
	}
	if err := r.SetRoom(someRoom()); err != nil || len(r.Rooms()) != 0 {
		t.Errorf("SetRoom without a folder = %v with %d rooms, want that it does nothing", err, len(r.Rooms()))
	}
	if err := r.PutPerson(&room.KeptPerson{Account: "ana", Keeps: true}); !errors.Is(err, ErrNoFolder) {
		t.Errorf("PutPerson without a folder = %v, want %v", err, ErrNoFolder)
	}
	if past, err := r.Past("ana"); past.Marks != nil || past.Metadata != nil || err != nil {
		t.Errorf("Past without a folder = %v, %v, want none", past, err)
	}
}

// TestChangesAfterClose: what must be on the disk is refused, and changes nothing; bans hold all the same.
func TestChangesAfterClose(t *testing.T) {
	r := mustOpen(t, filled(t))
	mustClose(t, r)
	e := someBans(t)[0]
	e.Words = "more spam"
	if err := r.PutBan(e, noon); !errors.Is(err, store.ErrClosed) || !slices.Contains(r.Bans().Entries(noon), e) {
		t.Errorf("PutBan = %v with %v, want %v, and that it is in force", err, r.Bans().Entries(noon), store.ErrClosed)
	}
	if had, err := r.LiftBan(e.Target, noon); !had || !errors.Is(err, store.ErrClosed) {
		t.Errorf("LiftBan = %v, %v, want true and %v", had, err, store.ErrClosed)
	}
	if err := r.PutName(Name{Key: "new", Shown: "new", Hash: hash}); !errors.Is(err, store.ErrClosed) || r.CountNames() != 3 {
		t.Errorf("PutName = %v with %d names, want %v and 3", err, r.CountNames(), store.ErrClosed)
	}
	if had, err := r.RemoveName("ana"); !had || !errors.Is(err, store.ErrClosed) || !trusts(r, "ana", "a key") {
		t.Errorf("RemoveName = %v, %v, want true, %v and all as before", had, err, store.ErrClosed)
	}
}

func TestWhatIsRefused(t *testing.T) {
	r := mustOpen(t, filled(t))
	for _, n := range []Name{
		{Key: "", Shown: "x", Hash: hash},
		{Key: "x", Shown: "", Hash: hash},
		{Key: "x\xff", Shown: "x", Hash: hash},
		{Key: "x", Shown: "x", Hash: "password"},
	} {
		if err := r.PutName(n); err == nil || strings.Contains(err.Error(), "password\"") {
			t.Errorf("PutName(%v) = %v, want an error without the hash", n, err)
		}
	}
	for _, of := range []ban.Target{{}, {Name: "x\xff"}} {
		if err := r.PutBan(ban.Entry{Target: of}, noon); err == nil {
			t.Errorf("PutBan(%#v) = nil, want an error", of)
		}
	}
	if had, err := r.LiftBan(ban.Target{Name: "nobody"}, noon); had || err != nil {
		t.Errorf("LiftBan of nobody = %v, %v, want false", had, err)
	}
	if had, err := r.RemoveName("nobody"); had || err != nil {
		t.Errorf("RemoveName of nobody = %v, %v, want false", had, err)
	}
}

// Whatever an operator says, the file that it ends in must be one that the next Open reads.
func TestOddBansAreReadBack(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	odd := ban.Entry{Target: target(t, "10.0.0.1"), Until: 1 << 60, Since: 5, By: "a\xffb", Words: "\x00\x7f\u2029\xc3"}
	mustPutBan(t, r, odd)
	mustClose(t, r)
	want := ban.Entry{Target: odd.Target, Since: 5, By: "a\uFFFDb", Words: "\x00\x7f\u2029\uFFFD"}
	if got := mustOpen(t, dir).Bans().Entries(noon); !slices.Equal(got, []ban.Entry{want}) {
		t.Errorf("Entries after reopening = %+q, want %+q", fmt.Sprint(got), fmt.Sprint(want))
	}
}

func TestFull(t *testing.T) {
	r := mustOpen(t, t.TempDir())
	names := manyNames(MaxNames)
	r.names.hold(names)
	if err := r.PutName(Name{Key: "one more", Shown: "one more", Hash: hash}); !errors.Is(err, ErrFull) {
		t.Errorf("PutName = %v, want %v", err, ErrFull)
	}
	changed := names[5]
	changed.Since++
	mustPutName(t, r, changed)
	if had, err := r.RemoveName(names[7].Key); !had || err != nil {
		t.Errorf("RemoveName = %v, %v, want true", had, err)
	}
	mustPutName(t, r, Name{Key: "one more", Shown: "one more", Hash: hash})
}

// The registry is like a map, whenever it is closed and opened in between.
func TestRegistryIsLikeAMap(t *testing.T) {
	for seed := range uint64(5) {
		dir, random := t.TempDir(), rand.New(rand.NewPCG(seed, 6))
		r, want := mustOpen(t, dir), newModel()
		for range 100 {
			if random.IntN(10) == 0 {
				mustClose(t, r)
				r = mustOpen(t, dir)
			}
			c := randomChange(random)
			had, err := c.apply(r)
			if wantHad := want.apply(c); err != nil || had != wantHad {
				t.Fatalf("seed %d: %+v = %v, %v, want %v", seed, c, had, err, wantHad)
			}
			if !want.is(r) {
				t.Fatalf("seed %d: after %+v: %v and %v, want %v", seed, c, r.Bans().Entries(noon), r.Names(), want)
			}
		}
		mustClose(t, r)
	}
}
