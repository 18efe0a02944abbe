//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"looproom/loop/secret"
)

const rightPassword = "correct horse"

func TestPasswd(t *testing.T) {
	rows := []struct {
		name      string
		arguments []string
		input     string
		prefix    string // of the line that is printed
	}{
		{"a hash", nil, rightPassword + "\n", ""},
		{"an operator", []string{"ann"}, rightPassword + "\n", "ann:"},
		{"CRLF", nil, rightPassword + "\r\n", ""},
		{"no line end", nil, rightPassword, ""},
		{"one line of several", nil, rightPassword + "\nanother password\n", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			out, errs, status := passwd(row.input, row.arguments...)
			hash, found := strings.CutPrefix(strings.TrimSuffix(out, "\n"), row.prefix)
			if status != 0 || errs != "" || !found || !secret.Matches(hash, rightPassword) {
				t.Errorf("passwd = %d with %q and %q, want 0 with %q and a hash of the password", status, out, errs, row.prefix)
			}
		})
	}
}

func TestPasswdRefuses(t *testing.T) {
	rows := []struct {
		name      string
		arguments []string
		input     string
		want      string // a part of what is said
	}{
		{"nothing", nil, "", "8 characters or more"},
		{"an empty line", nil, "\n", "8 characters or more"},
		{"a short password", nil, "hunter2\n", "8 characters or more"},
		{"a long password", nil, strings.Repeat("hunter2", 1000) + "\n", "300 characters or fewer"},
		{"a control character", nil, "hunter2\x1b[A\n", "no control characters"},
		{"two names", []string{"ann", "bob"}, rightPassword, "one name at most"},
		{"a flag", []string{"--force"}, rightPassword, "one name at most"},
		{"no name", []string{""}, rightPassword, "no space and no colon"},
		{"a name with a colon", []string{"a:b"}, rightPassword, "no space and no colon"},
		{"a name with a space", []string{"a b"}, rightPassword, "no space and no colon"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			out, errs, status := passwd(row.input, row.arguments...)
			if status != 1 || out != "" || !strings.Contains(errs, row.want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("passwd = %d with %q and %q, want 1 and one line with %q", status, out, errs, row.want)
			}
			if strings.Contains(errs, "hunter2") || strings.Contains(errs, rightPassword) {
				t.Errorf("passwd says %q, which repeats the password", errs)
			}
		})
	}
}

func TestPasswdHelp(t *testing.T) {
	out, errs, status := passwd("", "--help")
	if status != 0 || errs != "" || !strings.HasPrefix(out, "Usage: looproom passwd [NAME]\n") {
		t.Errorf("passwd --help = %d with %q and %q, want 0 and its usage", status, out, errs)
	}
}

// passwd runs the tool with that on its standard input.
func passwd(input string, arguments ...string) (out, errs string, status int) {
	command := exec.Command(binary, append([]string{"passwd"}, arguments...)...)
	var stdout, stderr bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &stdout, &stderr
	if err := command.Run(); command.ProcessState == nil {
		return "", err.Error(), -1
	}
	return stdout.String(), stderr.String(), command.ProcessState.ExitCode()
}

func TestPasswdOnATerminal(t *testing.T) {
	rows := []struct {
		name  string
		types []string // after each prompt
		said  string   // on the terminal, prompts included; %s is where the error stands
		err   string
	}{
		{"twice the same", []string{rightPassword + "\n", rightPassword + "\n"}, "Password: \r\nAgain: \r\n", ""},
		{"another one", []string{rightPassword + "\n", "correct house\n"}, "Password: \r\nAgain: \r\n", "the two passwords differ"},
		{"a short one is not asked for twice", []string{"hunter2\n"}, "Password: \r\n", "8 characters or more"},
		{"Ctrl-C", []string{"\x03"}, "Password: ", "interrupted"},
		{"Ctrl-C in the middle", []string{rightPassword + "\n", "cor\x03"}, "Password: \r\nAgain: ", "interrupted"},
		{"Ctrl-D is no answer", []string{"\x04hunter2\n"}, "Password: \r\n", "8 characters or more"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := startPasswd(t)
			for i, typed := range row.types {
				p.answer(t, i+1, typed)
			}
			status := p.end(t)
			said := p.said()
			if !strings.HasPrefix(said, row.said) || strings.Contains(said, "horse") || strings.Contains(said, "hunter") {
				t.Errorf("the terminal shows %q, want %q first and no password", said, row.said)
			}
			if !p.echoes(t) {
				t.Error("the terminal no longer shows what is typed")
			}
			hash := strings.TrimSuffix(p.out.String(), "\n")
			if row.err != "" {
				if status != 1 || !strings.Contains(said, row.err) || hash != "" {
					t.Errorf("passwd = %d, says %q and prints %q, want 1, %q and nothing", status, said, hash, row.err)
				}
				return
			}
			if status != 0 || !secret.Matches(hash, rightPassword) {
				t.Errorf("passwd = %d and prints %q, want 0 and a hash of the password", status, hash)
			}
		})
	}
}

// terminal is a looproom passwd on a terminal of its own, whose standard output goes elsewhere.
type terminal struct {
	command *exec.Cmd
	person  *os.File // the side where somebody types and reads
	program *os.File // the side of the program
	out     bytes.Buffer

	mu    sync.Mutex
	shown []byte
}

func startPasswd(t *testing.T) *terminal {
	t.Helper()
	p := &terminal{}
	p.person, p.program = openTerminal(t)
	p.command = exec.Command(binary, "passwd")
	p.command.Stdin, p.command.Stderr, p.command.Stdout = p.program, p.program, &p.out
	p.command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.command.Process.Kill() })
	go p.show()
	return p
}

// openTerminal makes a pair of files, what is written to one of which the other reads as if it were typed.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("make a terminal: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

// show keeps what the terminal shows, until nobody has it open any more.
func (p *terminal) show() {
	for buffer := make([]byte, 1024); ; {
		n, err := p.person.Read(buffer)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.shown = append(p.shown, buffer[:n]...)
		p.mu.Unlock()
	}
}

func (p *terminal) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return string(p.shown)
}

// last is what the test shows on the terminal behind all that the program did.
const last = "that was all"

var prompts = regexp.MustCompile(`(Password|Again): `)

// answer types something once the program has asked for the nth time and shows no longer what is typed.
func (p *terminal) answer(t *testing.T, n int, typed string) {
	t.Helper()
	waitFor(t, fmt.Sprintf("prompt %d without echo", n), func() bool {
		return len(prompts.FindAllString(p.said(), -1)) == n && !p.echoes(t)
	})
	if _, err := io.WriteString(p.person, typed); err != nil {
		t.Fatal(err)
	}
}

func (p *terminal) echoes(t *testing.T) bool {
	t.Helper()
	settings, err := unix.IoctlGetTermios(int(p.program.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return settings.Lflag&unix.ECHO != 0
}

// end waits until the program has ended, and returns its exit status.
func (p *terminal) end(t *testing.T) int {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		p.command.Wait()
		close(ended)
	}()
	waitFor(t, "the end of looproom passwd", func() bool {
		select {
		case <-ended:
			return true
		default:
			return false
		}
	})
	// What is shown comes in order, so with this all that the program said has come.
	if _, err := io.WriteString(p.program, last); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the terminal", func() bool { return strings.HasSuffix(p.said(), last) })
	return p.command.ProcessState.ExitCode()
}
