//go:build linux

package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// configFile writes a config file and returns its path.
func configFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "looproom.toml")
	rewrite(t, path, text)
	return path
}

// rewrite replaces a file as a whole, so that nobody reads half of it.
func rewrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// startConfigured starts looproom with this environment, and no other settings than those given. It has that many doors.
func startConfigured(t *testing.T, doors int, environment []string, arguments ...string) *server {
	t.Helper()
	command := exec.Command(binary, arguments...)
	command.Env = append(os.Environ(), environment...)
	return startCommand(t, command, doors)
}

// TestPrecedence: the command line goes before the environment, that before the file, that before the default.
func TestPrecedence(t *testing.T) {
	path := configFile(t, "listen = [\"line://127.0.0.1:0\"]\nmax-line = 300\n")
	withoutLine := configFile(t, "listen = [\"line://127.0.0.1:0\"]\n")
	rows := []struct {
		name        string
		environment []string
		arguments   []string
		want        int // of the lines of 150, 250 and 350 bytes are too long
	}{
		{"default", nil, []string{"--config", withoutLine}, 0},
		{"file", nil, []string{"--config", path}, 1},
		{"file named by the environment", []string{"LOOPROOM_CONFIG=" + path}, nil, 1},
		{"file of the command line before that of the environment", []string{"LOOPROOM_CONFIG=" + path}, []string{"--config", withoutLine}, 0},
		{"environment before file", []string{"LOOPROOM_MAX_LINE=200"}, []string{"--config", path}, 2},
		{"command line before file", nil, []string{"--config", path, "--max-line", "100"}, 3},
		{"command line before environment and file", []string{"LOOPROOM_MAX_LINE=200"}, []string{"serve", "--config", path, "--max-line=100"}, 3},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c := connect(t, startConfigured(t, 1, row.environment, row.arguments...), 0, "guest")
			for _, length := range []int{150, 250, 350} {
				c.say(strings.Repeat("x", length-1))
			}
			if got := len(c.fence()); got != row.want {
				t.Errorf("%d lines were too long, want %d", got, row.want)
			}
		})
	}
}

// TestDoorsOfFile: all doors of the list are opened, unless others are asked for.
func TestDoorsOfFile(t *testing.T) {
	path := configFile(t, "listen = [\n  \"line://127.0.0.1:0\",\n  \"fixed://127.0.0.1:0?size=64\",\n]\n")
	s := startConfigured(t, 2, nil, "--config", path)
	if !strings.HasPrefix(s.doors[0], "line://") || !strings.HasPrefix(s.doors[1], "fixed://") {
		t.Errorf("doors = %q, want those of the file in its order", s.doors)
	}
	s = startConfigured(t, 1, nil, "--config", path, "--listen", "echo://127.0.0.1:0")
	if !strings.HasPrefix(s.doors[0], "echo://") {
		t.Errorf("doors = %q, want that of the command line", s.doors)
	}
}

// TestBrokenFiles: each is refused with its line, and nothing is started.
func TestBrokenFiles(t *testing.T) {
	rows := []struct{ name, text, want string }{
		{"unknown name", "loops = 1\n\ncolour = \"red\"\n", ":3: colour: no such setting"},
		{"name with underscores", "max_line = \"8KiB\"\n", ":1: max_line: write max-line"},
		{"name with dashes before it", "\"--loops\" = 1\n", ":1: --loops: no such setting"},
		{"a table", "# limits\n[limits]\nmax-clients = 5\n", ":2: limits: no such setting"},
		{"a table named as a flag", "[recent]\nx = 5\n", ":1: recent: a table is not a whole number such as 100"},
		{"name in a table", "limits.max-clients = 5\n", ":1: limits.max-clients: no such setting"},
		{"version", "version = true\n", ":1: version: no such setting"},
		{"config in a config", "config = \"other.toml\"\n", ":1: config: no such setting"},
		{"name twice", "loops = 1\nrecent = 5\nloops = 2\n", ":3: key loops is already defined"},
		{"no value", "loops = 1\nrecent =\n", ":2: "},
		{"no quotes", "files = /var/lib/looproom\n", ":1: "},
		{"quotes that don't end", "\n\n\nfiles = \"/var\n", ":4: "},
		{"no TOML at all", "max-line 8KiB\n", ":1: "},
		{"not UTF-8", "# \xff\nloops = 1\n", ":1: "},
		{"words for a number", "loops = \"1\"\n", `:1: loops: "1" is not a whole number such as 100`},
		{"a fraction for a whole number", "recent = 1.5\n", ":1: recent: 1.5 is not a whole number such as 100"},
		{"words for a rate", "connect-rate = \"many\"\n", `:1: connect-rate: "many" is not a number such as 0.5`},
		{"infinite rate", "lines-per-second = inf\n", ":1: lines-per-second: +Inf is not between 0 and 1e+09"},
		{"rate that is no number", "lines-per-second = nan\n", ":1: lines-per-second: NaN is not between 0 and 1e+09"},
		{"number for a duration", "drain = 5\n", `:1: drain: 5 is not a duration such as "90s"`},
		{"time of day for a duration", "drain = 05:00:00\n", ":1: drain: "},
		{"duration without unit", "drain = \"5\"\n", ":1: drain: "},
		{"part of a second", "ping-every = \"1500ms\"\n", ":1: ping-every: 1.5s is not a whole number of seconds"},
		{"no time for an answer", "ping-timeout = \"0s\"\n", ":1: ping-timeout: 0s is not a whole number of seconds from 1s to "},
		{"number for words", "log-level = 3\n", ":1: log-level: 3 is not words in quotes"},
		{"words for true or false", "admin-pprof = \"yes\"\n", `:1: admin-pprof: "yes" is not true or false`},
		{"no size", "# 1\n# 2\n# 3\n# 4\n# 5\n# 6\nmax-line = \"8KXB\"\n", `:7: max-line: "8KXB" is not a size such as 8KiB`},
		{"true for a size", "max-file = true\n", `:1: max-file: true is not a size such as "8KiB" or 8192`},
		{"negative size", "max-file = -5\n", `:1: max-file: "-5" is not a size`},
		{"negative number", "loops = 1\nrecent = -1\n", ":2: recent: -1 is less than 0"},
		{"number that is too large", "recent = 99999999999999999999\n", ":1: "},
		{"line too short", "max-line = 8\n", ":1: max-line: 8 is not between 64 and 16MiB"},
		{"queue too short", "sendq = 1\n", ":1: sendq: 1 is not between 1KiB and 64MiB"},
		{"unknown level", "log-level = \"loud\"\n", ":1: log-level: must be one of"},
		{"door without list", "listen = \"line://:0\"\n", `:1: listen: "line://:0" is not a list of URLs such as ["line://:7777"]`},
		{"no doors", "listen = []\n", ":1: listen: [] is not a list of URLs"},
		{"a number among the doors", "listen = [\"line://:0\", 7777]\n", ":1: listen: "},
		{"bad door", "recent = 1\nlisten = [\n  \"line://:0\",\n  \"ftp://:21\",\n]\n", ":2: listen: "},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			path := configFile(t, row.text)
			status, stdout, stderr := outcome(t, []string{"LOOPROOM_LISTEN=line://127.0.0.1:0"}, "--config", path)
			expectFailure(t, status, 2, stdout, stderr, path+row.want)
		})
	}
}

// TestOverriddenFileIsChecked: a value that can't be used is refused, also where the command line says otherwise.
func TestOverriddenFileIsChecked(t *testing.T) {
	path := configFile(t, "loops = -1\n")
	status, stdout, stderr := outcome(t, nil, "--config", path, "--loops", "1", "--listen", "line://127.0.0.1:0")
	expectFailure(t, status, 2, stdout, stderr, path+":1: loops: -1 is less than 0")
}

func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "missing.toml")
	large := configFile(t, strings.Repeat("# nothing\n", 200_000))
	rows := []struct{ name, path, want string }{
		{"no such file", missing, missing + ": no such file or directory"},
		{"a folder", dir, dir + " is not a regular file"},
		{"a pipe that nobody writes to", pipe, pipe + " is not a regular file"},
		{"far too long", large, large + " has more than 1MiB"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			status, stdout, stderr := outcome(t, []string{"LOOPROOM_CONFIG=" + row.path}, "--listen", "line://127.0.0.1:0")
			expectFailure(t, status, 2, stdout, stderr, row.want)
		})
	}
}

// TestOddFiles: what is unusual but TOML is taken.
func TestOddFiles(t *testing.T) {
	rows := []struct{ name, text string }{
		{"empty", ""},
		{"comments alone", "# one\n\n   # two"},
		{"CRLF", "loops = 1\r\nmax-line = \"100\"\r\n"},
		{"a quoted name and an octal number", "\"max-line\" = 0o144\n"},
		{"a dollar and a comma", "files = '/nonexistent/$HOME${x},y'\n"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startConfigured(t, 1, []string{"LOOPROOM_FILES=", "LOOPROOM_LISTEN=line://127.0.0.1:0"}, "--config", configFile(t, row.text))
			c := connect(t, s, 0, "guest")
			c.say(strings.Repeat("x", 200))
			if got, want := len(c.fence()) == 1, strings.Contains(row.text, "max-line"); got != want {
				t.Errorf("a line of 200 bytes was refused: %v, want %v", got, want)
			}
		})
	}
}
