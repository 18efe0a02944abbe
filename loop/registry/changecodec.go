package registry

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"

	"looproom/loop/ban"
	"looproom/loop/room"
	"looproom/loop/secret"
)

// MaxChange is how many bytes a change has at most: one of a room with all rights that it may have, with words as long as a line.
const MaxChange = 4 << 20

// changeVersion is the first byte of a change.
const changeVersion = 1

var (
	// ErrChangeTooLong is the error of AppendChange for what is longer than MaxChange.
	ErrChangeTooLong = fmt.Errorf("what is to be kept has more than %d MiB", MaxChange>>20)

	errChange = errors.New("it isn't a change as looproom writes it")
)

// AppendChange appends a change for a log: its version, who has proposed it with which number, its kind and the fields of that kind. The error is ErrChangeTooLong.
func AppendChange(dst []byte, id ChangeID, c *Change) ([]byte, error) {
	w := writer{append(dst, changeVersion)}
	w.b = binary.LittleEndian.AppendUint64(w.b, id.Proposer)
	w.number(&id.Number)
	w.b = append(w.b, byte(c.Kind))
	changed(&w, c)
	if len(w.b)-len(dst) > MaxChange {
		return dst, ErrChangeTooLong
	}
	return w.b, nil
}

// ReadChange reads what AppendChange has made, to its last byte. b is borrowed. The error says that it isn't such, or of a newer looproom.
func ReadChange(b []byte) (id ChangeID, c Change, err error) {
	const head = 1 + 8
	if len(b) < head || len(b) > MaxChange {
		return id, c, errChange
	}
	if b[0] != changeVersion {
		return id, c, fmt.Errorf("a newer looproom has proposed a change: its version is %d, and this one reads %d", b[0], changeVersion)
	}
	r := &reader{b: b[head:]}
	id.Proposer = binary.LittleEndian.Uint64(b[1:])
	r.number(&id.Number)
	kind := r.take(1)
	if r.failed {
		return id, c, errChange
	}
	if c.Kind = Kind(kind[0]); c.Kind == 0 || c.Kind >= kinds {
		return id, c, fmt.Errorf("a newer looproom has proposed a change: nobody knows its kind %d", c.Kind)
	}
	changed(r, &c)
	if r.failed || len(r.b) > 0 {
		return id, Change{}, errChange
	}
	return id, c, nil
}

// codec writes fields, or reads them.
type codec interface {
	text(*string)
	number(*uint64)
	signed(*int64)
	truth(*bool)
	bytes([]byte)
	// more says whether a list, which has so many in all and of which i have been gone through, goes on.
	more(all, i int) bool
	verifier(*secret.Verifier)
	target(*ban.Target)
	room(**room.KeptRoom)
	person(**room.KeptPerson)
}

// changed goes through the fields of a change's kind.
func changed(f codec, c *Change) {
	switch c.Kind {
	case NamePut:
		f.text(&c.Name.Key)
		f.text(&c.Name.Shown)
		f.text(&c.Name.Hash)
		f.signed(&c.Name.Since)
		f.verifier(&c.Name.Verifier)
	case VerifierKept:
		f.text(&c.Name.Key)
		f.text(&c.Name.Hash)
		f.verifier(&c.Name.Verifier)
	case NameRemoved, RoomRemoved, AccountForgotten, AccountGone:
		f.text(&c.Key)
	case KeyTrusted, KeyUsed, KeyDistrusted:
		f.text(&c.Name.Key)
		f.text(&c.Name.Hash)
		f.bytes(c.Mark[:])
	case CertificateAdded, CertificateRemoved:
		f.text(&c.Key)
		f.bytes(c.Certificate[:])
	case BanSet, BanLifted:
		banOf(f, &c.Ban)
		f.signed(&c.Now)
	case RoomPut:
		f.room(&c.Room)
	case PersonPut:
		f.person(&c.Person)
		many(f, &c.Rooms, codec.room)
	case PlaceErased, MessageErased:
		f.number((*uint64)(&c.Place))
		f.number((*uint64)(&c.Message))
	}
}

func banOf(f codec, e *ban.Entry) {
	f.target(&e.Target)
	f.truth(&e.Shun)
	f.signed(&e.Until)
	f.signed(&e.Since)
	f.text(&e.By)
	f.text(&e.Words)
}

// many goes through a list.
func many[T any](f codec, all *[]T, one func(codec, *T)) {
	for i := 0; f.more(len(*all), i); i++ {
		if i == len(*all) {
			*all = append(*all, *new(T))
		}
		one(f, &(*all)[i])
	}
}

// writer is a codec that appends.
type writer struct{ b []byte }

func (w *writer) text(s *string)   { w.b = append(binary.AppendUvarint(w.b, uint64(len(*s))), *s...) }
func (w *writer) number(n *uint64) { w.b = binary.AppendUvarint(w.b, *n) }
func (w *writer) signed(n *int64)  { w.b = binary.AppendVarint(w.b, *n) }
func (w *writer) bytes(b []byte)   { w.b = append(w.b, b...) }

func (w *writer) truth(is *bool) {
	if *is {
		w.b = append(w.b, 1)
	} else {
		w.b = append(w.b, 0)
	}
}

// more writes in front of each of a list that it goes on, and behind the last that it doesn't.
func (w *writer) more(all, i int) bool {
	more := i < all
	w.truth(&more)
	return more
}

func (w *writer) verifier(v *secret.Verifier) {
	words := v.String()
	w.text(&words)
}

func (w *writer) target(t *ban.Target) {
	named, words := t.Name != "", t.String()
	w.truth(&named)
	w.text(&words)
}

func (w *writer) room(k **room.KeptRoom) {
	w.b = room.AppendKeptRoom(w.b, cmp.Or(*k, &room.KeptRoom{}))
}

func (w *writer) person(k **room.KeptPerson) {
	w.b = room.AppendKeptPerson(w.b, cmp.Or(*k, &room.KeptPerson{}))
}

// reader is a codec that reads. Once it has failed it reads nothing more, and what it reads means nothing.
type reader struct {
	b      []byte
	failed bool
}

// take returns the next n bytes, borrowed; none if there are fewer.
func (r *reader) take(n uint64) []byte {
	if r.failed || n > uint64(len(r.b)) {
		r.failed, r.b = true, nil
		return nil
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}

func (r *reader) text(s *string) {
	var n uint64
	r.number(&n)
	*s = string(r.take(n))
}

func (r *reader) number(to *uint64) {
	n, length := binary.Uvarint(r.b)
	if r.take(uint64(max(length, 1))); length <= 0 {
		r.failed, r.b = true, nil
		return
	}
	*to = n
}

func (r *reader) signed(to *int64) {
	n, length := binary.Varint(r.b)
	if r.take(uint64(max(length, 1))); length <= 0 {
		r.failed, r.b = true, nil
		return
	}
	*to = n
}

func (r *reader) truth(to *bool) {
	one := r.take(1)
	*to = len(one) == 1 && one[0] == 1
	r.failed = r.failed || one[0] > 1
}

func (r *reader) bytes(b []byte) { copy(b, r.take(uint64(len(b)))) }

func (r *reader) more(_, _ int) (more bool) {
	r.truth(&more)
	return more && !r.failed
}

func (r *reader) verifier(v *secret.Verifier) {
	var words string
	if r.text(&words); words == "" {
		return
	}
	var err error
	*v, err = secret.ParseVerifier(words)
	r.failed = r.failed || err != nil
}

func (r *reader) target(t *ban.Target) {
	var named bool
	var words string
	r.truth(&named)
	if r.text(&words); named {
		t.Name = words
		return
	}
	var err error
	*t, err = ban.ParseKept(words)
	r.failed = r.failed || err != nil
}

func (r *reader) room(k **room.KeptRoom) { part(r, k, room.ReadKeptRoom) }

func (r *reader) person(k **room.KeptPerson) { part(r, k, room.ReadKeptPerson) }

// part reads what another package describes.
func part[T any](r *reader, to **T, read func([]byte) (*T, []byte, error)) {
	if r.failed {
		return
	}
	var err error
	*to, r.b, err = read(r.b)
	r.failed = err != nil
}
