package store

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// fill stores one of each, and messages.
func fill(t testing.TB, s *Store) {
	t.Helper()
	fillWith(t, s, someContents())
	mustChange(t, s, PutKey(room.KeptKey{Account: "ana", Key: "url", Value: "https://ana.example"}))
}

func fillWith(t testing.TB, s *Store, c Contents) {
	t.Helper()
	mustChange(t, s, changesOf(c)...)
	mustChange(t, s, PutMark(room.KeptMark{Account: "ana", Key: "#go", Shown: "#Go", Read: 57024000<<34 + 41}))
	s.Say([]Message{
		{ID: 10, Place: room.LobbyPlace, Room: "#lobby", Who: "Ana", WhoKey: "ana", Account: "ana", Text: "hello <&> \u2028 \"", At: noon * 1000},
		{ID: 11, Place: 1<<63 + 7, Room: "#Go", Who: "bob", WhoKey: "bob", Text: "not text: \xff\x00", At: noon*1000 + 1, Action: true},
		{To: &room.Letter{ID: 12, At: noon*1000 + 2, Text: "psst", From: "Ana", FromKey: "ana", To: "bob", ToKey: "bob", FromAccount: "ana", ToAccount: "bob"}},
		{To: &room.Letter{ID: 13, At: noon*1000 + 3, Text: "what?", From: "guest", FromKey: "guest", To: "Ana", ToKey: "ana", ToAccount: "ana"}},
	})
	mustChange(t, s, Change{behind: true, key: "fence", do: nothing})
}

func nothing(*sqlite.Conn) error { return nil }

func mustExport(t testing.TB, s *Store) string {
	t.Helper()
	var out bytes.Buffer
	if err := s.Export(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestExportAndImport: what was exported and imported is exported as the same, byte for byte.
func TestExportAndImport(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fill(t, s)
	exported := mustExport(t, s)
	if n := strings.Count(exported, "\n"); n != 24 || !strings.HasPrefix(exported, `{"kind":"looproom","format":5}`+"\n") || !strings.HasSuffix(exported, `{"kind":"end","lines":23}`+"\n") {
		t.Errorf("%d lines, want 24 with a first and a last one:\n%s", n, exported)
	}
	for _, line := range []string{
		`{"kind":"names","key":"ana","shown":"Ana","hash":"$argon2id$ana","since":1795262400}`,
		`{"kind":"verifiers","account":"ana","verifier":"SCRAM-SHA-256$4096:AQD/AAAAAAAAAAAAAAAAAA==$AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`,
		`{"kind":"certificates","account":"bob","digests":"AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAP8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="}`,
		`{"kind":"opened","key":"#go","at":1795262400000}`,
		`{"kind":"metadata","account":"ana","key":"url","value":"https://ana.example"}`,
		`{"kind":"room_metadata","room":"#go","keys":"[{\"key\":\"avatar\",\"value\":\"a \\\" b\"},{\"key\":\"url\",\"value\":\"https://go.example\"}]"}`,
		`{"kind":"marks","account":"ana","key":"#go","shown":"#Go","read":"57024000-41"}`,
		`{"kind":"message","place":"536870912-7","room":"#Go","id":"0-11","at":1795262400001,"account":"","who":"bob","who_key":"bob","action":1,"text":{"base64":"bm90IHRleHQ6IP8A"}}`,
		`{"kind":"letter","owner":"ana","id":"0-12","at":1795262400002,"sent":1,"with":"bob","with_shown":"bob","account":"ana","who":"Ana","who_key":"ana","text":"psst"}`,
		`{"kind":"letter","owner":"bob","id":"0-12","at":1795262400002,"sent":0,"with":"ana","with_shown":"Ana","account":"ana","who":"Ana","who_key":"ana","text":"psst"}`,
	} {
		if !strings.Contains(exported, line+"\n") {
			t.Errorf("the export lacks %s:\n%s", line, exported)
		}
	}
	dir := t.TempDir()
	other := mustOpen(t, dir)
	if err := other.Import(t.Context(), strings.NewReader(exported)); err != nil {
		t.Fatal(err)
	}
	if err := other.Import(t.Context(), strings.NewReader(exported)); !errors.Is(err, errNotEmpty) {
		t.Errorf("second Import = %v, want %v", err, errNotEmpty)
	}
	mustClose(t, other)
	other = mustOpen(t, dir)
	if got := mustExport(t, other); got != exported {
		t.Errorf("exported again:\n%s\nwant\n%s", got, exported)
	}
	if got := mustContents(t, other); !reflect.DeepEqual(got, someContents()) {
		t.Errorf("Contents = %+v, want those that were exported", got)
	}
	if err := other.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestImportRefuses: what isn't an export, or not all of it, is refused, and a database with half of one isn't opened.
func TestImportRefuses(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fill(t, s)
	exported := mustExport(t, s)
	lines := strings.SplitAfter(exported, "\n")
	rows := []struct{ name, from, want string }{
		{"nothing", "", "line 0: the export ends in its middle"},
		{"no export", "hello\n", "line 1: it isn't a line"},
		{"no first line", exported[len(lines[0]):], "line 1: it isn't a line"},
		{"a later format", strings.Replace(exported, `"format":5`, `"format":6`, 1), "line 1: a newer looproom wrote it"},
		{"cut between lines", strings.Join(lines[:7], ""), "line 7: the export ends in its middle"},
		{"cut in a line", exported[:len(exported)-2], "line 23: the export ends in its middle"},
		{"without a line", strings.Replace(exported, lines[3], "", 1), "line 23: lines are missing"},
		{"more behind it", exported + "\n", "something stands behind its end"},
		{"an unknown kind", strings.Replace(exported, `"kind":"names"`, `"kind":"king"`, 1), "of kind \"king\""},
		{"an unknown field", strings.Replace(exported, `"shown":"Ana"`, `"colour":"Ana"`, 1), "it isn't a line as looproom state export writes it: shown"},
		{"a field more", strings.Replace(exported, `"shown":"Ana"`, `"shown":"Ana","colour":"red"`, 1), "it isn't a line"},
		{"no number", strings.Replace(exported, `"since":1795262400`, `"since":"noon"`, 1), "it isn't a line as looproom state export writes it: since"},
		{"no such ban", strings.Replace(exported, `"target":"unix:1000"`, `"target":"unix:bob"`, 1), "line 10: behind unix: stands the number"},
		{"no such right", strings.Replace(exported, `\"kept\"`, `\"king\"`, 1), "line 11: it isn't a record"},
		{"no verifier", strings.Replace(exported, "SCRAM-SHA-256$4096", "SCRAM-SHA-256$40", 1), "it isn't a record"},
		{"no certificate", strings.Replace(exported, `"digests":"AwAA`, `"digests":"`, 1), "it isn't a record"},
		{"no id", strings.Replace(exported, `"id":"0-12"`, `"id":"12"`, 1), "it isn't a line as looproom state export writes it: id"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			s := mustOpen(t, dir)
			if err := s.Import(t.Context(), strings.NewReader(row.from)); err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Import = %v, want %q in one line", err, row.want)
			}
			mustClose(t, s)
			if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), errImport.Error()) {
				t.Errorf("Open after it = %v, want %v", err, errImport)
			}
		})
	}
}

// TestExportOfADamagedDatabase: all that is as it was written is exported, and the rest is told of.
func TestExportOfADamagedDatabase(t *testing.T) {
	file, _ := written(t)
	at := bytes.Index(file, []byte("ZOE123"))
	file[at] = 'X'
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, FileName), file, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, Options{Damaged: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "zoe123") {
		t.Errorf("Check = %v, want that zoe123 is damaged", err)
	}
	var out bytes.Buffer
	err = s.Export(t.Context(), &out)
	if err == nil || !strings.Contains(err.Error(), `1 parts of it are damaged and left out, the first: table names: "zoe123"`) {
		t.Errorf("Export = %v, want that zoe123 is left out", err)
	}
	if n := strings.Count(out.String(), `"kind":"names"`); n != 301 || strings.Contains(out.String(), "zoe123") {
		t.Errorf("%d names are exported, want 301 of 302", n)
	}
	other := mustOpen(t, t.TempDir())
	if err := other.Import(t.Context(), &out); err != nil {
		t.Errorf("Import = %v", err)
	}
}

// TestBackup: a copy that is made while others write is the database as it was at one moment.
func TestBackup(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fill(t, s)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for n := 0; ; n += 100 {
			select {
			case <-stop:
				return
			default:
			}
			if err := s.Change(PutName(numbered(n)), PutName(numbered(n+1))); err != nil {
				t.Error(err)
				return
			}
			s.Say(messages(1000+n, 100, 100))
		}
	}()
	for range 5 {
		dir := t.TempDir()
		path := filepath.Join(dir, FileName)
		if err := s.Backup(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		if err := s.Backup(t.Context(), path); !errors.Is(err, os.ErrExist) {
			t.Errorf("Backup to a file that is there = %v, want %v", err, os.ErrExist)
		}
		copied := mustOpen(t, dir)
		if err := copied.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if got := mustContents(t, copied); len(got.Names)%2 != 0 || got.Start != someContents().Start {
			t.Errorf("%d names and start %d in the copy, want an even number and all that was there before", len(got.Names), got.Start)
		}
		mustClose(t, copied)
	}
	close(stop)
	<-stopped
}

// TestSendBackup: a second one is refused while one is sent, the first is whole, and neither it nor what a crash has left of one stays in the folder.
func TestSendBackup(t *testing.T) {
	state := t.TempDir()
	left := filepath.Join(state, copyName)
	for _, path := range []string{left, left + unfinished} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := mustOpen(t, state)
	fill(t, s)
	sent, w := io.Pipe()
	go func() { w.CloseWithError(s.SendBackup(t.Context(), w)) }()
	head := make([]byte, 16)
	if _, err := io.ReadFull(sent, head); err != nil {
		t.Fatal(err)
	}
	if err := s.SendBackup(t.Context(), io.Discard); !errors.Is(err, ErrCopying) {
		t.Errorf("SendBackup meanwhile = %v, want %v", err, ErrCopying)
	}
	dir := t.TempDir()
	if err := Place(dir, io.MultiReader(bytes.NewReader(head), sent)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{left, left + unfinished} {
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is there still: %v", path, err)
		}
	}
	copied := mustOpen(t, dir)
	if err := copied.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if got := mustContents(t, copied); got.Start != someContents().Start {
		t.Errorf("start %d in the copy, want %d", got.Start, someContents().Start)
	}
	if err := s.SendBackup(t.Context(), io.Discard); err != nil {
		t.Errorf("SendBackup once more = %v", err)
	}
}
