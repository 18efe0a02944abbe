package registry

import (
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"looproom/loop/ban"
	"looproom/loop/room"
	"looproom/loop/secret"
)

// full fills each field that there is with something, so that one that is forgotten is missed.
func full(v reflect.Value, next *uint64) {
	*next++
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		full(v.Elem(), next)
	case reflect.Struct:
		for i := range v.NumField() {
			full(v.Field(i), next)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		full(v.Index(0), next)
		full(v.Index(1), next)
	case reflect.String:
		v.SetString(strings.Repeat("é", int(*next%5)) + "x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int64:
		v.SetInt(-int64(*next))
	case reflect.Uint8:
		v.SetUint(*next%4 + 1) // a kind of right that there is
	case reflect.Uint64:
		v.SetUint(1<<63 + *next)
	default:
		panic(v.Type())
	}
}

// someVerifier is one that can be read back.
var someVerifier = secret.Verifier{Salt: [secret.SaltSize]byte{1, 2}, Iterations: 4096, Stored: [32]byte{3}, Server: [32]byte{4}}

// someChanges are all kinds of changes, with all that they have.
func someChanges() []Change {
	var k, other *room.KeptRoom
	var p *room.KeptPerson
	n := uint64(0)
	full(reflect.ValueOf(&k).Elem(), &n)
	full(reflect.ValueOf(&other).Elem(), &n)
	full(reflect.ValueOf(&p).Elem(), &n)
	name := Name{Key: "ana", Shown: "Ana", Hash: hash, Since: noon, Verifier: someVerifier}
	account := Name{Key: "ana", Hash: hash}
	var all []Change
	for kind := Kind(1); kind < kinds; kind++ {
		c := Change{Kind: kind}
		switch kind {
		case NamePut:
			c.Name = name
		case VerifierKept:
			c.Name = Name{Key: "ana", Hash: hash, Verifier: someVerifier}
		case KeyTrusted, KeyUsed, KeyDistrusted:
			c.Name, c.Mark = account, markOf(account, "one")
		case CertificateAdded, CertificateRemoved:
			c.Key, c.Certificate = "ana", Fingerprint{7, 8, 31: 9}
		case BanSet:
			c.Ban, c.Now = ban.Entry{Target: ban.Target{Net: netip.MustParsePrefix("2001:db8::/32")}, Shun: true, Until: noon, Since: 5, By: "ann", Words: "spam"}, noon
		case BanLifted:
			c.Ban, c.Now = ban.Entry{Target: ban.Target{Name: "10.0.0.1"}}, noon
		case RoomPut:
			c.Room = k
		case PersonPut:
			c.Person, c.Rooms = p, []*room.KeptRoom{k, other}
		case PlaceErased, MessageErased:
			c.Place, c.Message = 1<<63+5, 77
		default:
			c.Key = "ana"
		}
		all = append(all, c)
	}
	return all
}

func mustAppend(t testing.TB, id ChangeID, c *Change) []byte {
	t.Helper()
	b, err := AppendChange(nil, id, c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestChangesAreReadAsTheyWereWritten: with each field, of rooms and persons all that there are, and cut off anywhere not at all.
func TestChangesAreReadAsTheyWereWritten(t *testing.T) {
	id := ChangeID{Proposer: 1<<63 + 3, Number: 300}
	for _, c := range someChanges() {
		b := mustAppend(t, id, &c)
		gotID, got, err := ReadChange(b)
		if err != nil || gotID != id || !reflect.DeepEqual(got, c) {
			t.Errorf("kind %d is read as %+v %+v, %v, want %+v", c.Kind, gotID, got, err, c)
		}
		for n := range len(b) {
			if _, _, err := ReadChange(b[:n]); err == nil {
				t.Errorf("kind %d is read from %d of %d bytes", c.Kind, n, len(b))
			}
		}
		if _, _, err := ReadChange(append(b, 0)); err == nil {
			t.Errorf("kind %d is read with something behind it", c.Kind)
		}
	}
	b := mustAppend(t, id, &Change{Kind: NameRemoved, Key: "ana"})
	b[0]++
	if _, _, err := ReadChange(b); err == nil || !strings.Contains(err.Error(), "a newer looproom") {
		t.Errorf("another version: %v", err)
	}
	long := &Change{Kind: RoomPut, Room: &room.KeptRoom{Topic: strings.Repeat("x", MaxChange)}}
	if _, err := AppendChange(nil, id, long); !errors.Is(err, ErrChangeTooLong) {
		t.Errorf("AppendChange of what is too long = %v", err)
	}
}

// TestChangesHaveNoPassword: what a change has of a client's key doesn't show it.
func TestChangesHaveNoPassword(t *testing.T) {
	for _, kind := range []Kind{KeyTrusted, KeyUsed, KeyDistrusted} {
		b := mustAppend(t, ChangeID{1, 1}, KeyChange(kind, Name{Key: "ana", Hash: hash}, "digest-of-a-key"))
		if strings.Contains(string(b), "digest-of-a-key") {
			t.Errorf("kind %d has the digest of the key", kind)
		}
	}
}

// FuzzReadChange: what is read and written is read as the same, and carrying it out breaks nothing.
func FuzzReadChange(f *testing.F) {
	for _, c := range someChanges() {
		f.Add(mustAppend(f, ChangeID{5, 1}, &c))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		id, c, err := ReadChange(b)
		if err != nil {
			return
		}
		againID, again, err := ReadChange(mustAppend(t, id, &c))
		if err != nil || againID != id || !reflect.DeepEqual(again, c) {
			t.Errorf("%q is read as %+v, and that as %+v, %v", b, c, again, err)
		}
		r, err := Open(nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Carry(id, &c)
	})
}

// TestTakeOnce: each number of each proposer counts once, in whichever order those come that are on their way at once.
func TestTakeOnce(t *testing.T) {
	var c carried
	for _, row := range []struct {
		id    ChangeID
		fresh bool
	}{
		{ChangeID{1, 1}, true}, {ChangeID{1, 1}, false}, {ChangeID{2, 1}, true}, {ChangeID{1, 3}, true}, {ChangeID{1, 2}, true}, {ChangeID{1, 2}, false}, {ChangeID{1, 3}, false},
		{ChangeID{1, 70}, true}, {ChangeID{1, 7}, true}, {ChangeID{1, 7}, false}, {ChangeID{1, 6}, false}, {ChangeID{1, 3}, false}, {ChangeID{1, 1000}, true}, {ChangeID{1, 999}, true},
		{ChangeID{1, 70}, false}, {ChangeID{2, 1}, false}, {ChangeID{2, 2}, true},
	} {
		if got := c.take(row.id); got != row.fresh {
			t.Errorf("take(%v) = %v, want %v", row.id, got, row.fresh)
		}
	}
	for i := range uint64(2 * maxProposers) {
		c.take(ChangeID{100 + i, 1})
	}
	if len(c.of) != maxProposers {
		t.Errorf("%d proposers are known, want %d", len(c.of), maxProposers)
	}
}
