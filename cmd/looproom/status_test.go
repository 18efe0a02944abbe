//go:build linux

package main_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// outcome runs looproom to its end.
func outcome(t *testing.T, environment []string, arguments ...string) (status int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, binary, arguments...)
	command.Env = append(os.Environ(), environment...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestUsageErrors(t *testing.T) {
	rows := []struct {
		name      string
		arguments []string
		want      string // in the one line on stderr
	}{
		{"unknown flag", []string{"--bogus"}, "unknown flag --bogus"},
		{"unknown command", []string{"dance"}, "dance"},
		{"no number", []string{"--loops", "many"}, `--loops: expected a valid 64 bit int but got "many"`},
		{"negative number", []string{"--recent=-1"}, "--recent: -1 is less than 0"},
		{"negative duration", []string{"--drain=-1s"}, "--drain: -1s is less than 0"},
		{"duration without unit", []string{"--away-after", "90"}, "missing unit"},
		{"no size", []string{"--max-line", "long"}, `--max-line: "long" is not a size such as 8KiB, 64k or 8192`},
		{"line too short", []string{"--max-line", "8"}, "--max-line: 8 is not between 64 and 16MiB"},
		{"queue too short", []string{"--sendq", "1"}, "--sendq: 1 is not between 1KiB and 64MiB"},
		{"negative rate", []string{"--connect-rate=-1"}, "--connect-rate: -1 is not between 0 and 1e+09"},
		{"rate that is no number", []string{"--lines-per-second", "NaN"}, "--lines-per-second: NaN is not between 0 and 1e+09"},
		{"part of a second", []string{"--ping-timeout", "1500ms"}, "--ping-timeout: 1.5s is not a whole number of seconds"},
		{"negative limit", []string{"--max-rooms=-5"}, "--max-rooms: -5 is less than 0"},
		{"no level", []string{"--log-level", "loud"}, `--log-level must be one of`},
		{"no format", []string{"--log-format", "xml"}, `--log-format must be one of`},
		{"unknown door", []string{"--listen", "ftp://:21"}, "ftp://:21"},
		{"door without scheme", []string{"--listen", "7777"}, "7777"},
		{"door without port", []string{"--listen", "line://localhost"}, "line://localhost"},
		{"unknown option of a door", []string{"--listen", "line://:0?colour=red"}, "colour"},
		{"bad block size", []string{"--listen", "fixed://:0?size=none"}, "size"},
		{"server's name without a dot", []string{"--server-name", "irc"}, `--server-name: "irc" is no server's name`},
		{"server's name with a space", []string{"--server-name", "irc.example org"}, "such as irc.example.org"},
		{"network that begins with a space", []string{"--network", " net"}, "--network: a network's name neither begins nor ends with a space"},
		{"network without a name", []string{"--network="}, "--network: a network's name has 1 to 50 characters"},
		{"passwords without a character", []string{"--password-min", "0"}, "--password-min: 0 is not between 1 and 300"},
		{"no message of the day", []string{"--motd", "/nonexistent/motd"}, "--motd: stat /nonexistent/motd: no such file or directory (it names a file of text"},
		{"folder as message of the day", []string{"--motd", "/"}, "--motd: / is not a regular file (it names a file of text"},
		{"sts without TLS", []string{"--listen", "irc://:0?sts=1h"}, "sts needs an irc+tls door beside it"},
		{"bad pause", []string{"--listen", "chunk://:0?pause=none"}, "pause"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := outcome(t, nil, row.arguments...)
			expectFailure(t, status, 2, stdout, stderr, row.want)
		})
	}
	t.Run("in the environment", func(t *testing.T) {
		status, stdout, stderr := outcome(t, []string{"LOOPROOM_LOOPS=many"}, "serve")
		expectFailure(t, status, 2, stdout, stderr, "LOOPROOM_LOOPS")
	})
}

// expectFailure wants the exit status and one line that says why, besides what is logged.
func expectFailure(t *testing.T, status, wantStatus int, stdout, stderr, want string) {
	t.Helper()
	var said []string
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "{") {
			said = append(said, line)
		}
	}
	if status != wantStatus || stdout != "" || len(said) != 1 || !strings.HasPrefix(said[0], "looproom: ") || !strings.Contains(said[0], want) {
		t.Errorf("status %d, stdout %q, stderr %q; want status %d and one line with %q", status, stdout, stderr, wantStatus, want)
	}
}

func TestStartErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	port := "line://" + taken.Addr().String()
	rows := []struct {
		name      string
		arguments []string
		want      string
	}{
		{"port in use", []string{"--listen", port}, "listen " + port + ": address already in use (is another looproom running?)"},
		{"second door's port in use", []string{"--listen", "line://127.0.0.1:0", "--listen", port}, "address already in use"},
		{"address of another machine", []string{"--listen", "line://192.0.2.1:0"}, "listen line://192.0.2.1:0: "},
		{"socket in no folder", []string{"--listen", "line+unix:///nonexistent/door"}, "listen line+unix:///nonexistent/door: "},
		{"a file where the socket goes", []string{"--listen", "line+unix://" + file}, "listen line+unix://" + file + ": "},
		{"a file where the folder goes", []string{"--files", file}, "open file store " + file + ": "},
		{"a folder that can't be written", []string{"--files", "/proc/looproom"}, "open file store /proc/looproom: "},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			status, stdout, stderr := outcome(t, []string{"LOOPROOM_LISTEN=line://127.0.0.1:0"}, row.arguments...)
			expectFailure(t, status, 1, stdout, stderr, row.want)
		})
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "kept" {
		t.Errorf("the file that was in the way is %q, %v; want it as it was", text, err)
	}
}

func TestFolderOfAnotherServer(t *testing.T) {
	dir := t.TempDir()
	startServer(t, "--files", dir)
	status, stdout, stderr := outcome(t, nil, "--listen", "line://127.0.0.1:0", "--files", dir)
	expectFailure(t, status, 1, stdout, stderr, "open file store "+dir+": ")
}

func TestUnixSocketFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "door")
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	stale.Close()
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("no stale socket: %v", err)
	}

	s := startServer(t, "--listen", "line+unix://"+path)
	connect(t, s, 0, "guest")
	status, stdout, stderr := outcome(t, nil, "--listen", "line+unix://"+path)
	expectFailure(t, status, 1, stdout, stderr, "listen line+unix://"+path+": ")
	connect(t, s, 0, "second guest")

	s.stop()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the socket file after the end: %v, want it gone", err)
	}
}

func TestVersion(t *testing.T) {
	status, stdout, stderr := outcome(t, nil, "--version")
	if status != 0 || stderr != "" || !strings.HasPrefix(stdout, "looproom ") || !strings.Contains(stdout, "(go1.") {
		t.Errorf("--version: status %d, stdout %q, stderr %q", status, stdout, stderr)
	}
}

// TestHelp: each flag has a line of its own, and an example.
func TestHelp(t *testing.T) {
	names := []string{
		"config", "listen", "loops", "max-line", "away-after", "announce-max", "recent", "recent-bytes", "max-memory", "max-rooms", "max-rooms-per-user", "max-rooms-per-address",
		"max-clients", "max-per-address", "connect-rate", "connect-burst", "pending-per-address", "requests-per-second", "requests-burst", "recvq", "lines-per-second", "lines-burst",
		"sendq", "sendq-grace", "sign-in-timeout", "ping-every", "ping-timeout",
		"files", "max-file", "disk-reserve", "files-per-address", "file-bytes-per-address", "files-per-account", "file-bytes-per-account",
		"files-max", "files-bytes", "admin", "admin-pprof", "host", "status", "drain", "log-level", "log-format", "profile", "version",
	}
	status, stdout, stderr := outcome(t, nil, "--help")
	if status != 0 || stderr != "" {
		t.Errorf("--help: status %d, stderr %q", status, stderr)
	}
	for _, name := range names {
		if !strings.Contains(stdout, "\n  --"+name) || !strings.Contains(stdout, "looproom --"+name) {
			t.Errorf("--help has no line or no example for --%s:\n%s", name, stdout)
		}
	}
	if _, again, _ := outcome(t, nil, "serve", "--help"); again != stdout {
		t.Errorf("serve --help = %q, want what --help says", again)
	}
}

// TestEnvironment: every flag is a variable, too, and the command line wins.
func TestEnvironment(t *testing.T) {
	t.Setenv("LOOPROOM_MAX_LINE", "100")
	t.Setenv("LOOPROOM_LISTEN", "echo://127.0.0.1:0,line://127.0.0.1:0")
	s := startServer(t, "serve", "--listen", "line://127.0.0.1:0")
	if !strings.HasPrefix(s.doors[0], "line://") {
		t.Errorf("first door = %q, want the one of the command line", s.doors[0])
	}
	c := connect(t, s, 0, "guest")
	c.say(strings.Repeat("x", 200))
	c.until("! line-too-long ")
}
