package textfiles

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"looproom/loop/ban"
	"looproom/loop/room"
	"looproom/loop/store"
)

// hash is that of the names in testdata.
const hash = "$argon2id$v=19$m=64,t=3,p=4$c2FsdHNhbHRzYWx0$iooY9xk0qZg+skmg1y1eX/YOWQabrMJ8"

// noon is a second of wall clock.
const noon = 1795262400

// golden is a folder as the last looproom left it that kept its state in text files, with something of every sort.
func golden(t testing.TB) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "state")
	if err := os.CopyFS(dir, os.DirFS("testdata")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// inGolden is what the folder has.
func inGolden(t testing.TB) store.Contents {
	t.Helper()
	target := func(written string) ban.Target {
		made, err := ban.ParseTarget(written, written)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	return store.Contents{
		Start: 100,
		Bans: []ban.Entry{
			{Target: target("10.0.0.0/8"), Until: noon + 60, Since: noon, By: "ann", Words: "spam <b>&\u2028 \"it\"\n"},
			{Target: target("10.0.0.0/8"), Shun: true, Since: noon, By: "ann"},
			{Target: target("2001:db8::1"), Since: noon, By: "ann", Words: "¿qué?"},
			{Target: target("ana"), Since: noon, By: "bob"},
		},
		Names: []store.Name{
			{Key: "<b>&amp;", Shown: "<b>&amp;", Hash: hash, Since: noon},
			{Key: "ana", Shown: "Ana", Hash: hash, Since: noon},
			{Key: "ñandú", Shown: "Ñandú", Hash: hash, Since: noon},
		},
		Rooms: []*room.KeptRoom{{
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
		}},
	}
}

func TestRead(t *testing.T) {
	dir := golden(t)
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.CloakKey) != cloakBytes || len(got.Trusted) != 1 || len(got.Trusted["ana"]) != 1 {
		t.Errorf("Read = a key of %d bytes and keys of clients %v, want 32 and one of ana's", len(got.CloakKey), got.Trusted)
	}
	got.CloakKey, got.Trusted = nil, nil
	if want := inGolden(t); !reflect.DeepEqual(got, want) {
		t.Errorf("Read = %+v, want %+v", got, want)
	}
}

// Nothing is an empty folder, and what isn't looproom's is nobody's business.
func TestReadNothing(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "notes"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Read(dir)
	if err == nil {
		err = Retire(dir)
	}
	if err != nil || len(got.Trusted) != 0 || got.CloakKey != nil || got.Start != 0 || len(got.Names)+len(got.Bans)+len(got.Rooms) != 0 {
		t.Errorf("Read of an empty folder = %+v, %v, want nothing", got, err)
	}
	if after := contents(t, dir); after != "notes: mine\n" {
		t.Errorf("the folder has %q, want it as it was", after)
	}
}

func TestEachFileMayBeMovedAway(t *testing.T) {
	for _, k := range kinds {
		dir := golden(t)
		if err := os.Remove(filepath.Join(dir, k.name)); err != nil {
			t.Fatal(err)
		}
		got, err := Read(dir)
		if err != nil {
			t.Fatalf("without %s: %v", k.name, err)
		}
		for name, missing := range map[string]bool{
			"bans": len(got.Bans) == 0, "names": len(got.Names) == 0, "rooms": len(got.Rooms) == 0, "cloak.key": got.CloakKey == nil, "start": got.Start == 0,
			"trusted": len(got.Trusted) == 0,
		} {
			if want := name == k.name || name == "trusted" && k.name == "names"; missing != want {
				t.Errorf("without %s: %s is missing: %v, want %v", k.name, name, missing, want)
			}
		}
	}
}

func TestReadSaysWhatItCannotUse(t *testing.T) {
	dir := golden(t)
	if err := os.Remove(filepath.Join(dir, "bans")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bans"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "bans")) {
		t.Errorf("Read of a folder = %v, want an error that names it", err)
	}
}

// TestKeysOfNobodyAreForgotten: what a crash has left of a name that was given up is not read.
func TestKeysOfNobodyAreForgotten(t *testing.T) {
	dir := golden(t)
	line := func(name string) string { return string(encode(trustLine{name, [][]byte{make([]byte, 32)}})) }
	if err := os.WriteFile(filepath.Join(dir, "trusted"), []byte(sealed("trusted", line("ana")+line("gone"))), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Read(dir)
	if err != nil || len(got.Trusted) != 1 || len(got.Trusted["ana"]) != 1 {
		t.Errorf("Read = keys %v, %v; want one of ana's alone", got.Trusted, err)
	}
}

// namesIn are the names of the files in the folder.
func namesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		names = append(names, file.Name())
	}
	return names
}

// TestRetire: each file has its other name, whatever a crash has left to do, and what was half written is gone.
func TestRetire(t *testing.T) {
	want := []string{"bans.before-db", "cloak.key.before-db", "names.before-db", "rooms.before-db", "start.before-db", "trusted.before-db"}
	for done := range len(kinds) + 1 {
		dir := golden(t)
		for _, k := range kinds[:done] {
			if err := os.Rename(filepath.Join(dir, k.name), filepath.Join(dir, k.name+Retired)); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "rooms.unfinished"), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := Retire(dir); err != nil {
				t.Fatalf("Retire after %d of them: %v", done, err)
			}
		}
		if got := namesIn(t, dir); !slices.Equal(got, want) {
			t.Errorf("Retire after %d of them leaves %q, want %q", done, got, want)
		}
	}
}

// TestRetireTwice: a file that has come back beside the one that was taken over is named, and neither is touched.
func TestRetireTwice(t *testing.T) {
	dir := golden(t)
	if err := os.WriteFile(filepath.Join(dir, "names"+Retired), []byte("older"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := Retire(dir)
	if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "names")+": ") || !strings.Contains(err.Error(), "move this one away") {
		t.Errorf("Retire = %v, want an error that names the file and says what to do", err)
	}
	if older, err := os.ReadFile(filepath.Join(dir, "names"+Retired)); err != nil || string(older) != "older" {
		t.Errorf("names.before-db = %q, %v, want it as it was", older, err)
	}
}

// TestEveryKindOfRightHasAWord: else a room with it could not be read.
func TestEveryKindOfRightHasAWord(t *testing.T) {
	for kind := range room.RightKinds {
		if int(kind) >= len(kindWords) || kindWords[kind] == "" {
			t.Errorf("kind %d has no word in the file", kind)
		}
	}
}
