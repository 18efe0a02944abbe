package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// lobby is where most of these tests speak.
var lobby = []room.Seen{{Place: room.LobbyPlace, Room: "#lobby"}}

// line is a message in the lobby, said by ana, at the millisecond of its id.
func line(id room.MsgID, text string) Message {
	return Message{ID: id, Place: room.LobbyPlace, Room: "#lobby", Who: "ana", WhoKey: "ana", Account: "ana", Text: text, At: int64(id)}
}

// letter is a private message among accounts.
func letter(id room.MsgID, from, to, text string) Message {
	return Message{To: &room.Letter{ID: id, At: int64(id), Text: text, From: from, FromKey: from, FromAccount: from, To: to, ToKey: to, ToAccount: to}}
}

// lines are as many messages, with these ids.
func lines(from, to room.MsgID) (all []Message) {
	for id := from; id <= to; id++ {
		all = append(all, line(id, fmt.Sprintf("line %d of many", id)))
	}
	return all
}

func idsOf(rows []room.Row) (ids []room.MsgID) {
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

// wantFound asks and compares the ids of what is found.
func wantFound(t *testing.T, s *Store, l *room.Look, want ...room.MsgID) {
	t.Helper()
	found, err := ask(t, s, l)
	if got := idsOf(found.Rows); err != nil || !slices.Equal(got, want) {
		t.Fatalf("%+v: got %v, %v, want %v", l, got, err, want)
	}
}

// eventually waits for a condition of the writer's.
func eventually(t *testing.T, s *Store, what string, is func(*ledger) bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		done := false
		if fence(t, s, func(l *ledger) error { done = is(l); return nil }); done {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not in a minute: %s", what)
		}
	}
}

// rowsIn is how many rows a table of messages has.
func rowsIn(t *testing.T, l *ledger, table string) int64 {
	n, err := integer(l.conn, "SELECT count(*) FROM "+table)
	if err != nil {
		t.Error(err)
	}
	return n
}

// crash returns a folder that has what the disk has when the process ends without a word.
func crash(t *testing.T, dir string) string {
	t.Helper()
	after := t.TempDir()
	for _, name := range []string{FileName, FileName + "-wal"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(after, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return after
}

// TestIndexGoesOnAfterACrash has half of the messages indexed when the process ends: the others are, and none twice.
func TestIndexGoesOnAfterACrash(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	s.Say(lines(1, 100))
	s.Say([]Message{letter(101, "ana", "bob", "both sides")})
	fence(t, s, func(l *ledger) error { _, err := l.index(); return err })
	eventually(t, s, "all is indexed", func(l *ledger) bool { return l.follows && len(l.waiting) == 0 })
	s.Say(lines(102, 150))
	fence(t, s, nil)
	after := mustOpen(t, crash(t, dir))
	fence(t, after, func(l *ledger) error {
		piece, err := l.unindexed()
		if len(piece) > 0 && (len(piece) != 49 || piece[0].id != storedID(102)) {
			t.Errorf("%d messages from %d are read, want 49 from 102", len(piece), idOf(piece[0].id))
		}
		return err
	})
	eventually(t, after, "the rest is indexed", func(l *ledger) bool { return l.follows && len(l.waiting) == 0 })
	fence(t, after, func(l *ledger) error {
		if n := rowsIn(t, l, "search"); n != 150 {
			t.Errorf("the index has %d messages, want 150", n)
		}
		return nil
	})
	for _, id := range []room.MsgID{1, 100, 102, 150} {
		wantFound(t, after, &room.Look{Verb: room.Search, Words: fmt.Sprintf("%d", id), Places: lobby, N: 5}, id)
	}
	wantFound(t, after, &room.Look{Verb: room.Search, Words: "sides", Account: "bob", Letters: true, N: 5}, 101)
}

// TestMessagesComeOnce says messages again that are there, as one does who doesn't know whether they are.
func TestMessagesComeOnce(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.Say(lines(1, 20))
	fence(t, s, nil)
	s.Say(lines(11, 30))
	fence(t, s, func(l *ledger) error {
		if rows, err := integer(l.conn, "SELECT rows FROM places"); rows != 30 || err != nil {
			t.Errorf("the lobby has %d messages, %v, want 30", rows, err)
		}
		return nil
	})
	found, err := ask(t, s, &room.Look{Verb: room.History, Places: lobby, N: 100})
	if len(found.Rows) != 30 || !found.End || err != nil {
		t.Errorf("found %d messages, %v, %v, want 30 and no more", len(found.Rows), found.End, err)
	}
}

func TestRecentAndMail(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.Say(lines(1, 9))
	s.Say([]Message{letter(10, "bob", "ana", "one"), letter(11, "ana", "bob", "answer"), letter(12, "bob", "ana", "two"), letter(13, "cy", "ana", "three")})
	fence(t, s, nil)
	for _, c := range []struct {
		what string
		got  func() ([]room.Row, error)
		want []room.MsgID
	}{
		{"Recent 3", func() ([]room.Row, error) { return s.Recent(room.LobbyPlace, 3, 1000) }, []room.MsgID{7, 8, 9}},
		{"Recent of 40 bytes", func() ([]room.Row, error) { return s.Recent(room.LobbyPlace, 9, 40) }, []room.MsgID{8, 9}},
		{"Recent of nowhere", func() ([]room.Row, error) { return s.Recent(77, 3, 1000) }, nil},
		{"Mail", func() ([]room.Row, error) { return s.Mail("ana", 0, 9, 1000) }, []room.MsgID{10, 12, 13}},
		{"Mail behind 10", func() ([]room.Row, error) { return s.Mail("ana", 10, 9, 1000) }, []room.MsgID{12, 13}},
		{"Mail, one", func() ([]room.Row, error) { return s.Mail("ana", 0, 1, 1000) }, []room.MsgID{13}},
		{"Mail of nobody", func() ([]room.Row, error) { return s.Mail("eve", 0, 9, 1000) }, nil},
	} {
		if rows, err := c.got(); err != nil || !slices.Equal(idsOf(rows), c.want) {
			t.Errorf("%s: %v, %v, want %v", c.what, idsOf(rows), err, c.want)
		}
	}
	mustClose(t, s)
	if _, err := s.Recent(room.LobbyPlace, 3, 1000); !errors.Is(err, ErrClosed) {
		t.Errorf("Recent of a closed store: %v, want ErrClosed", err)
	}
}

// TestRetention keeps so many of each place, and none that are too old.
func TestRetention(t *testing.T) {
	for name, c := range map[string]struct {
		keep Keep
		want []room.MsgID
	}{
		"number": {Keep{PerRoom: 3}, []room.MsgID{1498, 1499, 1500}},
		"age":    {Keep{Age: 10 * time.Millisecond}, []room.MsgID{1490, 1491, 1492, 1493, 1494, 1495, 1496, 1497, 1498, 1499, 1500}},
		"both":   {Keep{PerRoom: 5, Age: 2 * time.Millisecond}, []room.MsgID{1498, 1499, 1500}},
		"none":   {Keep{Off: true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := mustOpen(t, dir)
			s.Say(lines(1, 1500))
			s.Say([]Message{letter(1501, "ana", "bob", "a letter")})
			mustClose(t, s)
			s, err := Open(dir, Options{Keep: c.keep, Wall: func() int64 { return 1500 }})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			eventually(t, s, "the old ones are gone", func(l *ledger) bool {
				n, _ := integer(l.conn, "SELECT count(*) FROM messages WHERE place = (SELECT number FROM places WHERE place IS NOT NULL)")
				return n == int64(len(c.want)) && n == roomRows(t, l)
			})
			wantFound(t, s, &room.Look{Verb: room.History, Places: lobby, N: 20}, c.want...)
			newest := slices.Clone(c.want)
			slices.Reverse(newest)
			wantFound(t, s, &room.Look{Verb: room.Search, Words: "many", Places: lobby, N: 20}, newest...)
		})
	}
}

// roomRows is how many messages are counted of rooms.
func roomRows(t *testing.T, l *ledger) int64 {
	n, err := integer(l.conn, "SELECT sum(rows) FROM places WHERE place IS NOT NULL")
	if err != nil {
		t.Error(err)
	}
	return n
}

// TestErasingGoesOnAfterACrash ends the process in the middle: nobody finds what is left, and it goes.
func TestErasingGoesOnAfterACrash(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	s.Say(lines(1, 3000))
	fence(t, s, nil)
	mustChange(t, s, ErasePlace(room.LobbyPlace))
	wantFound(t, s, &room.Look{Verb: room.History, Places: lobby, N: 20})
	wantFound(t, s, &room.Look{Verb: room.Search, Words: "many", Places: lobby, N: 20})
	after := mustOpen(t, crash(t, dir))
	wantFound(t, after, &room.Look{Verb: room.Search, Words: "many", Places: lobby, N: 20})
	eventually(t, after, "all is erased", func(l *ledger) bool {
		return rowsIn(t, l, "messages") == 0 && rowsIn(t, l, "search") == 0 && rowsIn(t, l, "places") == 0 && rowsIn(t, l, "speakers") == 0
	})
}

// TestPlacesOfRoomsThatWereNotKept are erased when the server starts again: nobody can be in them any more.
func TestPlacesOfRoomsThatWereNotKept(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	there := func(p room.PlaceID, id room.MsgID) Message {
		m := line(id, "hello")
		m.Place, m.Room = p, "#room"
		return m
	}
	s.Say([]Message{line(1, "hello"), there(50, 2), there(51, 3)})
	mustChange(t, s, PutRoom(&room.KeptRoom{Key: "#kept", Name: "#kept", Place: 50}))
	mustClose(t, s)
	s = mustOpen(t, dir)
	eventually(t, s, "the room that was not kept is erased", func(l *ledger) bool { return rowsIn(t, l, "messages") == 2 })
	wantFound(t, s, &room.Look{Verb: room.Search, Words: "hello", Places: []room.Seen{{Place: 1}, {Place: 50}, {Place: 51}}, N: 9}, 2, 1)
}

// TestForget finds nothing of what an account has said, by any look, and no word of it in any file, and all that others have said.
func TestForget(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	mustChange(t, s, PutName(Name{Key: "ana", Shown: "Ana", Hash: "hash"}), PutName(Name{Key: "bob", Shown: "Bob", Hash: "hash"}), PutMark(room.KeptMark{Account: "ana", Key: "#lobby", Read: 1}))
	var all []Message
	for id := room.MsgID(1); id <= 2000; id++ {
		m := line(id, fmt.Sprintf("xyzzy%d says plugh", id))
		switch id % 4 {
		case 0:
			m.Who, m.WhoKey, m.Account, m.Text = "bob", "bob", "bob", "something else"
		case 1:
			m = letter(id, "ana", "bob", fmt.Sprintf("xyzzy%d in private", id))
		case 2:
			m = letter(id, "bob", "ana", "from another")
		}
		all = append(all, m)
	}
	s.Say(all)
	n, err := s.Forget("ana")
	if want := int64(500 + 2*500 + 500); n != want || err != nil {
		t.Fatalf("Forget = %d, %v, want %d: in the lobby, of private messages both copies, and hers of what bob wrote", n, err, want)
	}
	wantFound(t, s, &room.Look{Verb: room.Search, Words: "xyzzy*", Account: "bob", Places: lobby, Letters: true, N: 9})
	wantFound(t, s, &room.Look{Verb: room.Export, Account: "ana", N: 9})
	wantFound(t, s, &room.Look{Verb: room.History, Account: "ana", With: "bob", N: 9})
	wantFound(t, s, &room.Look{Verb: room.History, Account: "bob", With: "ana", N: 2}, 1994, 1998)
	eventually(t, s, "nothing of it is in the file", func(l *ledger) bool { return rowsIn(t, l, "progress WHERE what IN ('rewrite', 'scrub')") == 0 })
	mustClose(t, s)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"xyzzy", "plugh", "in private"} {
			if at := bytes.Index(data, []byte(word)); at >= 0 {
				t.Errorf("%s has %q: ...%q...", filepath.Base(file), word, data[max(0, at-30):min(len(data), at+30)])
			}
		}
	}
	if c := mustContents(t, mustOpen(t, dir)); len(c.Names) != 1 || c.Names[0].Key != "bob" {
		t.Errorf("names are %v, want bob's alone", c.Names)
	}
}

// TestForgettingGoesOnAfterACrash ends the process when the account is noted and its messages are there.
func TestForgettingGoesOnAfterACrash(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	s.Say(lines(1, 2000))
	fence(t, s, nil)
	mustChange(t, s, s.Forgetting("ana")...)
	after := mustOpen(t, crash(t, dir))
	eventually(t, after, "all is forgotten", func(l *ledger) bool {
		return rowsIn(t, l, "messages") == 0 && rowsIn(t, l, "accounts") == 0 && rowsIn(t, l, "forgetting") == 0
	})
}

// TestWordsOfASearch looks for what was said, in and before the index, and for what means something to the index itself.
func TestWordsOfASearch(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.Say([]Message{line(1, "Cafe\u0301 CRÈME 404"), line(2, "it's a cafeteria"), line(3, "слово ЁЖ"), line(4, strings.Repeat("x", 200)+"a end"), line(5, "naïve\x00null"), line(6, "1w9 5wcafe")})
	fence(t, s, nil)
	for _, indexed := range []bool{false, true} {
		if indexed {
			eventually(t, s, "all is indexed", func(l *ledger) bool { more, err := l.index(); return !more && err == nil })
		}
		for words, want := range map[string][]room.MsgID{
			"cafe": {1}, "CAFÉ": {1}, "cafe*": {2, 1}, "creme café": {1}, "404": {1}, "40*": {1}, "it s": {2}, "it's": {2}, "слово": {3}, "еж": {3}, "сло*": {3},
			strings.Repeat("X", 200) + "b": {4}, strings.Repeat("x", 70) + "*": {4}, "naive": {5}, "null": {5}, "wcafe": nil, "5wcafe": {6}, "w": nil, "1wcafe": nil,
			`"cafe" OR "it"`: nil, "cafe NOT 404": nil, "NEAR(cafe 404)": nil, "words: cafe": nil, "^cafe": {1}, "cafe' --": {1}, "caf": nil,
		} {
			wantFound(t, s, &room.Look{Verb: room.Search, Words: words, Places: lobby, N: 9}, want...)
		}
	}
	for _, words := range []string{"", "*", "...", "❤", "\u0301", "\x00"} {
		if _, err := ask(t, s, &room.Look{Verb: room.Search, Words: words, Places: lobby, N: 9}); !errors.Is(err, ErrNoWord) {
			t.Errorf("search for %q: %v, want ErrNoWord", words, err)
		}
	}
}

// FuzzSearch says that whatever is looked for is found where it was said, and is never taken for a part of a query.
func FuzzSearch(f *testing.F) {
	s := mustOpen(f, f.TempDir())
	s.Say(lines(1, 50))
	if err := s.Change(Change{key: "fence", behind: true, do: func(*sqlite.Conn) error { _, err := s.ledger.index(); return err }}); err != nil {
		f.Fatal(err)
	}
	for _, words := range []string{"hello", `"a" OR "b`, "NEAR(a b, 3)", "a* - b", "x^2", "col:x", "\x00'\";--", "é*", "ﷺ*", strings.Repeat("a ", 300), "ＡＢ ǅ ß İ"} {
		f.Add(words, words)
	}
	conn, err := s.reader()
	if err != nil {
		f.Fatal(err)
	}
	r := reader{conn: conn}
	f.Cleanup(func() { conn.Close() })
	f.Fuzz(func(t *testing.T, words, text string) {
		all, err := terms(words)
		wrong := r.snapshot(func() error {
			_, byOne := r.answer(&room.Look{Verb: room.Search, Words: words, By: text, Places: lobby, N: 9})
			_, byAnyone := r.answer(&room.Look{Verb: room.Search, Words: words, Places: lobby, N: 9})
			return errors.Join(byOne, byAnyone)
		})
		if errors.Is(err, ErrNoWord) != errors.Is(wrong, ErrNoWord) || err == nil && wrong != nil {
			t.Fatalf("search for %q: %v, %v", words, wrong, err)
		}
		if err == nil && !isIn(words+" "+text, all) {
			t.Fatalf("%q isn't found in itself: %v", words, all)
		}
		tokens := appendTokens(nil, &entry{place: 7, text: text, whoKey: words})
		for _, token := range strings.Split(string(tokens), " ") {
			if !strings.HasPrefix(token, "7w") && !strings.HasPrefix(token, "7b") {
				t.Fatalf("a word of place 7 is indexed as %q: %q", token, tokens)
			}
		}
	})
}
