//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"looproom/loop/logtext"
)

// piped runs loopchat as a filter to its end.
func piped(t *testing.T, input io.Reader, arguments ...string) (status int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command := exec.Command(loopchat, arguments...)
	command.Stdin, command.Stdout, command.Stderr = input, &stdout, &stderr
	err := command.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

func TestFilterStatus(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.join("taken")
	rows := []struct {
		name, input string
		arguments   []string
		status      int
		says        string // on standard error
	}{
		{"a line", "hello\n", []string{s.address()}, 0, ""},
		{"without a line end", "hello", []string{s.address()}, 0, ""},
		{"nothing", "", []string{s.address()}, 0, ""},
		{"END", "hello\nEND\nnot this\n", []string{s.address()}, 0, ""},
		{"nobody listens", "hello\n", []string{"127.0.0.1:1"}, 1, "connect to 127.0.0.1:1: "},
		{"no address", "", nil, 2, "<host:port>"},
		{"an address that is none", "", []string{"http://x"}, 2, "want HOST:PORT or unix:///PATH"},
		{"no such flag", "", []string{"--nope", s.address()}, 2, "unknown flag --nope"},
		{"no such file of authorities", "", []string{"--ca", "/nowhere", s.address()}, 2, "--ca: open /nowhere"},
		{"a password of nobody", "", []string{"--password-file", "/nowhere", s.address()}, 2, "--name is missing"},
		{"a name with a space", "", []string{"--name", "a b", s.address()}, 2, "has a space"},
		{"a name that is taken", "not said\n", []string{"--name", "taken", s.address()}, 3, "! name-taken"},
		{"a command that is none", "/nope\n", []string{s.address()}, 3, "! unknown-command"},
		{"files that are off", "GET x\n", []string{s.address()}, 3, "! files-off"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			status, out, errs := piped(t, strings.NewReader(row.input), row.arguments...)
			if status != row.status || !strings.Contains(errs, row.says) {
				t.Errorf("exit status %d, standard error %q; want %d and %q (standard output: %q)", status, errs, row.status, row.says, out)
			}
			if row.status == 0 && errs != "" {
				t.Errorf("standard error = %q, want nothing", errs)
			}
		})
	}
}

func TestFilterSays(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	bob.say("JOIN #go")
	status, out, errs := piped(t, strings.NewReader("hello\nLIST\n"), "--name", "pipe", "--room", "go", s.address())
	want := "> Connected to the chat server (2 users online)\n= ADD pipe\n= JOIN #go 2\n= LIST 2 bob pipe\n"
	if status != 0 || out != want || errs != "" {
		t.Errorf("exit status %d, output %q, errors %q; want 0, %q and none", status, out, errs, want)
	}
	bob.until("[pipe] hello")
}

// TestFilterManyLines: what comes faster than the server takes it waits, and nothing is lost.
func TestFilterManyLines(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--lines-per-second", "400", "--lines-burst", "100")
	bob := s.join("bob")
	var input strings.Builder
	const count = 2000
	for i := range count {
		fmt.Fprintf(&input, "line %d %s\n", i, strings.Repeat("x", 100))
	}
	status, _, errs := piped(t, strings.NewReader(input.String()), "--name", "pipe", s.address())
	if status != 0 || errs != "" {
		t.Errorf("exit status %d, errors %q; want 0 and none", status, errs)
	}
	for i := range count {
		bob.until(fmt.Sprintf("[pipe] line %d %s", i, strings.Repeat("x", 100)))
	}
}

func TestFilterFiles(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--files", filepath.Join(t.TempDir(), "kept"))
	data := "a\n\x00\xff\nPING x\n"
	status, out, errs := piped(t, strings.NewReader(fmt.Sprintf("SEND %d my file\n%sGET my file\nsaid\n", len(data), data)), s.address())
	if status != 0 || !strings.Contains(out, data) || errs != "" {
		t.Errorf("exit status %d, output %q, errors %q; want 0, the file and none", status, out, errs)
	}
	if status, _, errs := piped(t, strings.NewReader("SEND 1000 short\nonly this"), s.address()); status != 1 {
		t.Errorf("a file that is too short: exit status %d, errors %q; want 1", status, errs)
	}
}

// TestFilterStreams: lines go out as they come, and what is heard comes out as it comes.
func TestFilterStreams(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	command := exec.Command(loopchat, "--name", "log", s.address())
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out, errs logtext.Text
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		fmt.Fprintf(input, "line %d\n", i)
		bob.until(fmt.Sprintf("[log] line %d", i))
		bob.say(fmt.Sprintf("heard %d", i))
		waitFor(t, "what bob said", out.String, func() bool { return strings.Contains(out.String(), fmt.Sprintf("[bob] heard %d\n", i)) })
	}
	s.kill()
	if err := command.Wait(); command.ProcessState.ExitCode() != 1 {
		t.Errorf("after the server's end: %v, errors %q; want exit status 1", err, errs.String())
	}
	if !strings.Contains(errs.String(), "the connection was lost before all was said") {
		t.Errorf("errors = %q, want the reason", errs.String())
	}
}

// TestFilterSignal: a filter that is told to end leaves in order.
func TestFilterSignal(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	command := exec.Command(loopchat, "--name", "log", s.address())
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(input, "a line")
	bob.until("[log] a line")
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("after SIGINT: %v, want exit status 0", err)
	}
	bob.until("< The user log left (1 user online)")
}

// TestFilterBrokenPipe: nobody reads what is heard, and what is to be said is said all the same.
func TestFilterBrokenPipe(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	script := fmt.Sprintf("echo hello | %s --name pipe %s | true", loopchat, s.address())
	if out, err := exec.Command("sh", "-c", script).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%s: %v, %q; want success and no words", script, err, out)
	}
	bob.until("[pipe] hello")
	bob.until("< The user pipe left (1 user online)")
}

// TestFilterUnread: a filter whose input goes on ends soon when nobody reads it any more.
func TestFilterUnread(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	input, feed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Close()
	read, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(loopchat, "--name", "pipe", s.address())
	command.Stdin, command.Stdout = input, out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	input.Close()
	fmt.Fprintln(feed, "hello")
	bob.until("[pipe] hello")
	read.Close()
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for again := time.NewTicker(time.Second / 4); ; <-again.C { // a child of another test may have the pipe for a moment
		bob.say("is anybody there?")
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the filter ended with %v, want exit status 0", err)
			}
			return
		default:
		}
	}
}

func TestFilterHostileServer(t *testing.T) {
	t.Parallel()
	f := startFake(t, greeting, "[eve] \x1b[31mred\x1b]0;title\x07")
	status, out, _ := piped(t, strings.NewReader("hello\n"), f.address())
	if want := greeting + "\n[eve] [31mred]0;title\n"; status != 0 || out != want {
		t.Errorf("exit status %d, output %q; want 0 and %q", status, out, want)
	}
}

func TestFilterRefusedAtTheDoor(t *testing.T) {
	t.Parallel()
	f := startFake(t)
	go func() {
		waitFor(t, "a client", func() string { return "" }, func() bool { f.mu.Lock(); defer f.mu.Unlock(); return f.conn != nil })
		f.say("! server-full no room for another\n")
		f.drop()
	}()
	status, _, errs := piped(t, strings.NewReader("hello\n"), f.address())
	if status != 3 || !strings.Contains(errs, "! server-full") {
		t.Errorf("exit status %d, errors %q; want 3 and the reason", status, errs)
	}
}

func TestFilterUnixSocket(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "door")
	startServer(t, "--listen", "line+unix://"+path)
	if status, out, errs := piped(t, strings.NewReader("LIST\n"), "unix://"+path); status != 0 || !strings.Contains(out, "= LIST 1 local:") {
		t.Errorf("exit status %d, output %q, errors %q; want 0 and the list", status, out, errs)
	}
}

func TestFilterPasswords(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--state", t.TempDir())
	dir := t.TempDir()
	right, wrong := filepath.Join(dir, "right"), filepath.Join(dir, "wrong")
	for path, text := range map[string]string{right: "correct horse\n", wrong: "battery staple\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if status, _, errs := piped(t, strings.NewReader("REGISTER correct horse\n"), "--name", "ana", s.address()); status != 0 {
		t.Fatalf("REGISTER: exit status %d, errors %q", status, errs)
	}
	bob := s.join("bob")
	if status, _, errs := piped(t, strings.NewReader("hello\n"), "--name", "ana", "--password-file", right, s.address()); status != 0 {
		t.Errorf("right password: exit status %d, errors %q; want 0", status, errs)
	}
	bob.until("[ana] hello")
	if status, _, errs := piped(t, strings.NewReader("hello\n"), "--name", "ana", "--password-file", wrong, s.address()); status != 3 || !strings.Contains(errs, "! wrong-password") {
		t.Errorf("wrong password: exit status %d, errors %q; want 3", status, errs)
	}
}

// TestFilterOfPerson: a filter of a person who is elsewhere as well talks in the lobby, and prints nothing of the person's rooms that it wasn't asked for.
func TestFilterOfPerson(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--state", t.TempDir(), "--recent", "5")
	s.register("ana")
	bob := s.join("bob")
	bob.say("JOIN #go")
	bob.say("TOPIC all about Go")
	bob.say("said before")
	ana := s.join("guest")
	ana.say("LOGIN ana correct horse")
	ana.until("= LOGIN ana")
	ana.say("JOIN #go")
	ana.say("PART #lobby")
	ana.until("= PART #lobby")
	bob.say("JOIN #lobby")
	status, out, errs := piped(t, strings.NewReader("hello\n"), "--name", "ana", "--password-file", passwordFile(t), s.address())
	want := "> Connected to the chat server (2 users online)\n= LOGIN ana\n= JOIN #lobby 2\n"
	if status != 0 || out != want || errs != "" {
		t.Errorf("exit status %d, output %q, errors %q; want 0, %q and none", status, out, errs, want)
	}
	bob.until("[ana] hello")
	status, out, errs = piped(t, strings.NewReader("in go\n"), "--name", "ana", "--password-file", passwordFile(t), "--room", "go", s.address())
	want = "> Connected to the chat server (3 users online)\n= RECENT 1 #lobby\n"
	if status != 0 || !strings.HasPrefix(out, want) || !strings.HasSuffix(out, " [ana] hello\n= LOGIN ana\n= JOIN #go 2\n= TOPIC #go all about Go\n") || errs != "" {
		t.Errorf("exit status %d, output %q, errors %q; want 0, %q first, then one message, LOGIN, JOIN #go, its topic, and no errors", status, out, errs, want)
	}
	bob.until("#go [ana] in go")
}
