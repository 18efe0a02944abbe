package store

import (
	"errors"
	"net/netip"
	"reflect"
	"testing"

	"github.com/rs/zerolog"

	"looproom/loop/ban"
	"looproom/loop/folder"
	"looproom/loop/room"
	"looproom/loop/secret"
)

// noon is a second of wall clock.
const noon = 1795262400

func mustOpen(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir, Options{Wall: func() int64 { return noon * 1000 }, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func mustClose(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustChange(t testing.TB, s *Store, changes ...Change) {
	t.Helper()
	if err := s.Change(changes...); err != nil {
		t.Fatal(err)
	}
}

func mustContents(t testing.TB, s *Store) Contents {
	t.Helper()
	c, err := s.Contents()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// someContents has one of each, and what is odd in it.
func someContents() Contents {
	return Contents{
		CloakKey: []byte("thirty-two bytes, a NUL \x00 among.."), Start: 57024000,
		Names: []Name{
			{Key: "ana", Shown: "Ana", Hash: "$argon2id$ana", Since: noon, Verifier: secret.Verifier{Salt: [secret.SaltSize]byte{1, 0, 255}, Iterations: 4096, Stored: [32]byte{2}, Server: [32]byte{3}}},
			{Key: "bob", Shown: "bob", Hash: "$argon2id$bob", Since: noon + 1},
		},
		Trusted:      map[string][][32]byte{"ana": {{1}, {2, 0, 255}}},
		Certificates: map[string][][32]byte{"bob": {{3}, {4, 0, 255}}},
		Bans: []ban.Entry{
			{Target: ban.Target{Net: netip.MustParsePrefix("10.0.0.0/8")}, Until: noon + 60, Since: noon, By: "ann", Words: "spam \xff"},
			{Target: ban.Target{Net: netip.MustParsePrefix("10.0.0.0/8")}, Shun: true, Since: noon},
			{Target: ban.Target{Name: "eve"}, Since: noon, By: "ann"},
			{Target: ban.Target{Unix: true, UID: 1000}, Since: noon},
		},
		Rooms: []*room.KeptRoom{{
			Key: "#go", Name: "#Go", Topic: "all about", TopicBy: "Ana", TopicAt: noon*1000 + 1, Created: noon * 1000, Place: 1<<63 + 7, Metadata: []room.KeyValue{{Key: "avatar", Value: "a \" b"}, {Key: "url", Value: "https://go.example"}},
			Rights: []room.Right{
				{Kind: room.RightFounder, Target: "Ana", By: "Ana", At: noon * 1000}, {Kind: room.RightBan, Target: "eve", By: "Ana", At: noon * 1000, Until: noon + 60, Text: "no"},
				{Kind: room.RightBan, Target: "*!*@spam.example", By: "Ana", At: noon * 1000, Stays: true}, {Kind: room.RightLimit, By: "Ana", At: noon * 1000, Text: "50"},
				{Kind: room.RightKept, By: "Ana", At: noon * 1000},
			},
		}},
		Persons: []*room.KeptPerson{{Account: "ana", Name: "Ana", Keeps: true, Rooms: []string{"#go", "#lobby"}, Took: 57024000<<34 + 42, Since: noon, IsAway: true, Away: "lunch"}},
	}
}

// changesOf are the changes that make all of that.
func changesOf(c Contents) (all []Change) {
	all = append(all, PutCloakKey(c.CloakKey), PutStart(c.Start))
	for _, n := range c.Names {
		all = append(all, PutName(n))
	}
	for account, digests := range c.Trusted {
		all = append(all, PutTrusted(account, digests))
	}
	for account, digests := range c.Certificates {
		all = append(all, PutCertificates(account, digests))
	}
	for _, e := range c.Bans {
		all = append(all, PutBan(e))
	}
	for _, k := range c.Rooms {
		all = append(all, PutRoom(k))
	}
	for _, p := range c.Persons {
		all = append(all, PutPerson(p))
	}
	return all
}

func TestContentsOutliveARestart(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	want := someContents()
	mustChange(t, s, changesOf(want)...)
	mark := room.KeptMark{Account: "ana", Key: "#go", Shown: "#Go", Read: 42}
	mustChange(t, s, PutMark(room.KeptMark{Account: "ana", Key: "#old", Read: 1}))
	s.Later(PutMark(mark), PutMark(room.KeptMark{Account: "ana", Key: "#old"}), PutMark(room.KeptMark{Account: "bob", Key: "#go", Read: 1}))
	mustChange(t, s, PutKey(room.KeptKey{Account: "ana", Key: "url", Value: "c"}), PutKey(room.KeptKey{Account: "bob", Key: "url", Value: "d"}), PutKey(room.KeptKey{Account: "ana", Key: "mood", Value: "e"}))
	s.Later(PutKey(room.KeptKey{Account: "ana", Key: "avatar", Value: "a"}), PutKey(room.KeptKey{Account: "ana", Key: "mood"}), PutKey(room.KeptKey{Account: "ana", Key: "avatar", Value: "b"}))
	mustClose(t, s)
	s = mustOpen(t, dir)
	if got := mustContents(t, s); !reflect.DeepEqual(got, want) {
		t.Errorf("Contents = %+v, want %+v", got, want)
	}
	if got, err := s.Metadata("ana"); err != nil || !reflect.DeepEqual(got, []room.KeyValue{{Key: "avatar", Value: "b"}, {Key: "url", Value: "c"}}) {
		t.Errorf("Metadata = %+v, %v, want avatar and url", got, err)
	}
	if got, err := s.Marks("ana"); err != nil || len(got) != 1 || got[0] != mark {
		t.Errorf("Marks = %+v, %v, want %+v", got, err, mark)
	}
	mustChange(t, s, RemoveMarks("ana"), RemoveKeys("ana"), RemoveName("ana"), PutTrusted("ana", nil), RemoveRoom("#go"), PutPerson(&room.KeptPerson{Account: "ana"}))
	for _, e := range want.Bans[1:] {
		mustChange(t, s, RemoveBan(e.Target, e.Shun))
	}
	if got, err := s.Marks("ana"); err != nil || len(got) != 0 {
		t.Errorf("Marks = %+v, %v after RemoveMarks, want none", got, err)
	}
	if got, err := s.Metadata("ana"); err != nil || len(got) != 0 {
		t.Errorf("Metadata = %+v, %v after RemoveKeys, want none", got, err)
	}
	want.Names, want.Trusted, want.Bans, want.Rooms, want.Persons = want.Names[1:], map[string][][32]byte{}, want.Bans[:1], nil, nil
	if got := mustContents(t, s); !reflect.DeepEqual(got, want) {
		t.Errorf("Contents = %+v, want %+v", got, want)
	}
}

// TestFolderByAnyPath: one below the working directory, one with letters that mean something in a URI.
func TestFolderByAnyPath(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"state", "./a/state", "a b?c#d%20", "x:y/state"} {
		s := mustOpen(t, dir)
		mustChange(t, s, PutStart(1))
		mustClose(t, s)
		if kept, err := mustOpen(t, dir).Contents(); err != nil || kept.Start != 1 {
			t.Errorf("in %q the start is %d, %v; want 1", dir, kept.Start, err)
		}
	}
}

func TestOneProcessHasTheFolder(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	if _, err := Open(dir, Options{}); !errors.Is(err, folder.ErrInUse) {
		t.Errorf("second Open = %v, want %v", err, folder.ErrInUse)
	}
	mustClose(t, s)
	mustClose(t, s)
	if err := s.Change(PutStart(1)); !errors.Is(err, ErrClosed) {
		t.Errorf("Change after Close = %v, want %v", err, ErrClosed)
	}
}

// TestTablesAreAsTheSchemaHasThem: each column that is written and read is there, and no other.
func TestTablesAreAsTheSchemaHasThem(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	conn, err := s.reader()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, table := range recordTables {
		if n, err := number(conn, "SELECT count(*) FROM pragma_table_info('"+table.name+"')"); int(n) != len(table.columns)+1 || err != nil {
			t.Errorf("table %s has %d columns, %v; want %d and a checksum", table.name, n, err, len(table.columns))
		}
		if err := table.all(conn, func(row) error { return nil }); err != nil {
			t.Error(err)
		}
	}
}
