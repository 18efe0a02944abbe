package store

import (
	"errors"
	"slices"
	"testing"

	"looproom/loop/room"
)

// recordsOf are all records of a store, each as a table's name and its row.
func recordsOf(t *testing.T, s *Store) (all []string) {
	t.Helper()
	r, err := s.Records()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Each(func(table string, row []byte) error { all = append(all, table+"\n"+string(row)); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// pull returns what Replace asks for.
func pull(t *testing.T, all []string, last error) func() (Record, bool, error) {
	return func() (Record, bool, error) {
		if len(all) == 0 {
			return Record{}, false, last
		}
		var table string
		var row []byte
		for i := range all[0] {
			if all[0][i] == '\n' {
				table, row = all[0][:i], []byte(all[0][i+1:])
				break
			}
		}
		all = all[1:]
		r, err := ReadRecord(table, row)
		if err != nil {
			t.Error(err)
		}
		return r, true, nil
	}
}

// TestReplace has a store keep what another one does: all of it after a restart too, and nothing of what it had but messages; and with an error, all as it was.
func TestReplace(t *testing.T) {
	from, dir := mustOpen(t, t.TempDir()), t.TempDir()
	fill(t, from)
	mustChange(t, from, PutMark(room.KeptMark{Account: "ana", Key: "#lobby", Shown: "#lobby", Read: 1 << 63}))
	want := recordsOf(t, from)
	to := mustOpen(t, dir)
	mustChange(t, to, PutName(Name{Key: "zoe", Shown: "Zoe", Hash: "hash"}), PutCloakKey(make([]byte, 32)), PutMark(room.KeptMark{Account: "zoe", Key: "#lobby", Read: 7}))
	to.Say(lines(1, 3))
	before := recordsOf(t, to)
	broken := errors.New("it breaks off")
	if err := to.Replace(pull(t, want, broken)); !errors.Is(err, broken) {
		t.Errorf("Replace by what breaks off = %v", err)
	}
	if err := to.Replace(pull(t, append(slices.Clone(want), want[0]), nil)); err == nil {
		t.Error("Replace took a key twice")
	}
	if got := recordsOf(t, to); !slices.Equal(got, before) {
		t.Errorf("behind an error it has %q, want %q", got, before)
	}
	if err := to.Replace(pull(t, want, nil)); err != nil {
		t.Fatal(err)
	}
	mustClose(t, to)
	to = mustOpen(t, dir)
	if got := recordsOf(t, to); !slices.Equal(got, want) {
		t.Errorf("it has %q, want %q", got, want)
	}
	wantFound(t, to, &room.Look{Verb: room.History, Places: lobby[:1], N: 9}, 1, 2, 3)
}

// FuzzReadRecord: what is read is written as it was.
func FuzzReadRecord(f *testing.F) {
	f.Add("names", namesTable.append(nil, Name{Key: "ana", Shown: "Ana", Hash: "hash", Since: -1}.row()))
	f.Add("marks", marksTable.append(nil, markRow(room.KeptMark{Account: "ana", Key: "#lobby", Read: 7})))
	f.Add("names", []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, table string, b []byte) {
		r, err := ReadRecord(table, b)
		if err != nil {
			return
		}
		again, err := ReadRecord(table, r.of.append(nil, r.row))
		if err != nil || !slices.Equal(again.row, r.row) {
			t.Errorf("%q is read as %v, and that as %v, %v", b, r.row, again.row, err)
		}
		c := NewContents()
		_ = c.Take(r)
	})
}
