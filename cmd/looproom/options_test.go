//go:build linux

package main

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"looproom/loop"
	"looproom/loop/accounts"
)

// defaultFlags are those of a looproom that nobody has configured.
func defaultFlags(t *testing.T) flags {
	t.Helper()
	f, err := parse(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestDefaultLimits: the command line says what package loop says.
func TestDefaultLimits(t *testing.T) {
	f := defaultFlags(t)
	want := loop.DefaultLimits()
	want.MaxMemory = available() / 2
	if got := f.limits(); got != want {
		t.Errorf("limits without flags = %+v, want %+v", got, want)
	}
}

// TestEveryLimitHasItsFlag: none of loop.Limits or room.Config is left out, or mixed up with another.
func TestEveryLimitHasItsFlag(t *testing.T) {
	f, err := parse([]string{
		"--max-clients=1", "--max-per-address=2", "--connect-rate=3", "--connect-burst=4", "--recvq=5k", "--lines-per-second=6",
		"--lines-burst=7", "--sendq=8k", "--sendq-grace=9s", "--merge-wait=24ms", "--sign-in-timeout=10s", "--ping-every=11s", "--ping-timeout=12s",
		"--files-per-address=18", "--file-bytes-per-address=19", "--files-per-account=20", "--file-bytes-per-account=21",
		"--files-max=22", "--files-bytes=23", "--pending-per-address=25", "--requests-per-second=26", "--requests-burst=27",
		"--away-after=13s", "--announce-max=14", "--recent=15", "--max-rooms=16", "--max-rooms-per-user=17", "--max-rooms-per-address=24",
		"--recent-bytes=28", "--max-memory=64MiB", "--guests=read",
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := loop.Limits{
		MaxClients: 1, MaxPerAddress: 2, ConnectRate: 3, ConnectBurst: 4, RecvQ: 5 << 10, LinesPerSecond: 6,
		LinesBurst: 7, SendQ: 8 << 10, SendQGrace: 9 * time.Second, MergeWait: 24 * time.Millisecond, SignInTimeout: 10 * time.Second,
		FilesPerAddress: 18, FileBytesPerAddress: 19, FilesPerAccount: 20, FileBytesPerAccount: 21, FilesMax: 22, FilesBytes: 23,
		PendingPerAddress: 25, RequestsPerSecond: 26, RequestsBurst: 27, MaxMemory: 64 << 20,
		PingEvery: 11 * time.Second, PingTimeout: 12 * time.Second,
	}
	if got := f.limits(); got != want {
		t.Errorf("limits = %+v, want %+v", got, want)
	}
	rules := f.roomFlags.config()
	rules.NeedPassword, rules.Operators, rules.Page = true, []string{"of --password and --operator"}, 1 // how long a piece of an answer is, is the server's own affair
	for _, part := range []any{f.limits(), rules} {
		fields := reflect.ValueOf(part)
		for i := range fields.NumField() {
			if fields.Field(i).IsZero() {
				t.Errorf("%T.%s = 0, want what its flag says", part, fields.Type().Field(i).Name)
			}
		}
	}
}

// TestExampleFile: looproom.toml can be used as it is and with all of its lines taken in. It has every name, at its default, but for
// the addresses: it is made for servers on the open internet.
func TestExampleFile(t *testing.T) {
	text, err := os.ReadFile("looproom.toml")
	if err != nil {
		t.Fatal(err)
	}
	cloaked := map[string]string{"show-addresses": "cloak"}
	if words, err := readFile("looproom.toml"); err != nil || !maps.Equal(words, cloaked) {
		t.Errorf("looproom.toml sets %v, %v; want %v", words, err, cloaked)
	}
	whole := filepath.Join(t.TempDir(), "whole.toml")
	takenIn := regexp.MustCompile(`(?m)^#([a-z-]+ = )`).ReplaceAll(text, []byte("$1"))
	if err := os.WriteFile(whole, takenIn, 0o600); err != nil {
		t.Fatal(err)
	}
	words, err := readFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parse(nil, words)
	if err != nil {
		t.Fatal(err)
	}
	without := defaultFlags(t)
	without.ShowAddresses = accounts.CloakAddresses
	for _, c := range changes(&without, &file) {
		t.Errorf("looproom.toml has %s = %s, want the default %s", c.name, c.new, c.old)
	}
	expectLiveFirst(t, takenIn, words)
}

// expectLiveFirst wants all settings in the file, those that can be changed at any time before the heading of the others.
func expectLiveFirst(t *testing.T, text []byte, words map[string]string) {
	t.Helper()
	atAnyTime, _, _ := strings.Cut(string(text), "## After a restart")
	for _, flag := range settings(new(flags)) {
		if _, ok := words[flag.Name]; !ok {
			t.Errorf("looproom.toml has no line for %s", flag.Name)
		}
		if live := strings.Contains(atAnyTime, "\n"+flag.Name+" = "); live != flag.Tag.Has("live") {
			t.Errorf("looproom.toml has %s among those for any time: %v, want %v", flag.Name, live, !live)
		}
	}
}

// TestReadmeFlags: the README's table has every flag, and its default.
func TestReadmeFlags(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	inWords := []string{"", "0", "0s", "false"} // the table says in words what these mean
	for _, flag := range settings(new(flags)) {
		row := regexp.MustCompile("(?m)^\\| `--" + flag.Name + "[ `].*$").FindString(string(text))
		cells := strings.Split(row, " | ")
		if len(cells) < 3 {
			t.Errorf("README.md has no row for --%s with a default and words", flag.Name)
			continue
		}
		if got := strings.Trim(cells[1], "` "); got != flag.Default && !slices.Contains(inWords, flag.Default) {
			t.Errorf("README.md has the default %q for --%s, want %q", got, flag.Name, flag.Default)
		}
	}
}

// TestSplitDoors: commas stand between doors, and within the options of one.
func TestSplitDoors(t *testing.T) {
	tests := []struct {
		value string
		want  []string
	}{
		{"line://:1,echo://:2", []string{"line://:1", "echo://:2"}},
		{"line://:1?proxy=10.0.0.1,::1,echo://:2", []string{"line://:1?proxy=10.0.0.1,::1", "echo://:2"}},
		{"http://:1,http://:2", []string{"http://:1", "http://:2"}},
		{"http://:1?origins=https://a,http://b,line://:2", []string{"http://:1?origins=https://a,http://b", "line://:2"}},
		{"http://:1?slow=skip&origins=*,https://b", []string{"http://:1?slow=skip&origins=*,https://b"}},
		{"http://:1?origins=https://a&slow=skip,http://:2", []string{"http://:1?origins=https://a&slow=skip", "http://:2"}},
	}
	for _, test := range tests {
		if got := splitDoors(test.value); !slices.Equal(got, test.want) {
			t.Errorf("splitDoors(%q) = %q, want %q", test.value, got, test.want)
		}
	}
}
