//go:build linux

package main_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// TestPipedCommands: `printf ... | nc -N` gets every reply, for a client that has ended its input is served to the end.
func TestPipedCommands(t *testing.T) {
	needOpenBSD(t)
	rows := []struct {
		name, commands string
		want           []string
	}{
		{"with END", "ADD ana\nLIST\nPING one\nEND\n", []string{"= ADD ana", "= LIST 1 ana", "PONG one", "= END"}},
		{"without END", "ADD ana\nLIST\nPING one\n", []string{"= ADD ana", "= LIST 1 ana", "PONG one"}},
		{"unfinished last line", "ADD ana\nPING one", []string{"= ADD ana", "PONG one"}},
		{"CRLF", "ADD ana\r\nPING one\r\n", []string{"= ADD ana", "PONG one"}},
		{"many", "ADD ana\n" + strings.Repeat("PING one\n", 5000), append([]string{"= ADD ana"}, strings.Split(strings.Repeat("PONG one,", 4999)+"PONG one", ",")...)},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t)
			want := "> Connected to the chat server (1 user online)\n" + strings.Join(row.want, "\n") + "\n"
			if got := pipe(t, s, row.commands); got != want {
				t.Errorf("printf %.60q | nc -N = %.300q, want %.300q", row.commands, got, want)
			}
		})
	}
}

// pipe returns what nc -N prints when the commands are its input.
func pipe(t *testing.T, s *server, commands string) string {
	t.Helper()
	host, port := s.hostPort(0)
	nc := exec.Command("nc", "-N", host, port)
	nc.Stdin = strings.NewReader(commands)
	out, err := nc.Output()
	if err != nil {
		t.Fatalf("nc -N: %v", err)
	}
	return string(out)
}

func TestPipedHello(t *testing.T) {
	needOpenBSD(t)
	s := startServer(t)
	bob := signedIn(t, s, 0, "bob")
	pipe(t, s, "hello")
	line, _ := bob.until("[127.0.0.1:")
	if !strings.HasSuffix(line, "] hello") {
		t.Errorf("bob's line = %q, want [ADDRESS] hello", line)
	}
}

// TestPipedDownload: 8 MiB behind other commands and before another, all of it.
func TestPipedDownload(t *testing.T) {
	needOpenBSD(t)
	s := startServer(t, "--files", t.TempDir())
	data := randomBytes(1, 8<<20)
	sum := upload(t, s, "big.bin", data)

	got := pipe(t, s, "ADD ana\nGET big.bin\nPING one\nEND\n")
	head := fmt.Sprintf("> Connected to the chat server (2 users online)\n= ADD ana\n= FILE %d big.bin\n", len(data))
	want := head + string(data) + "PONG one\n= END\n"
	if got != want {
		t.Errorf("GET of %d bytes with SHA-256 %s brought %d bytes of output, want %d; it begins with %.200q", len(data), sum, len(got), len(want), got)
	}
}

// upload sends a file by a connection that stays, and returns its SHA-256.
func upload(t *testing.T, s *server, name string, data []byte) string {
	t.Helper()
	c := connect(t, s, 0, "uploader")
	sum := fmt.Sprintf("%x", sha256.Sum256(data))
	c.write(fmt.Sprintf("SEND %d %s\n", len(data), name))
	c.write(string(data))
	c.expect(fmt.Sprintf("= SENT %d %s %s", len(data), name, sum))
	return sum
}

// randomBytes returns the same bytes for the same seed.
func randomBytes(seed uint64, n int) []byte {
	var key [32]byte
	key[0] = byte(seed)
	data := make([]byte, n)
	_, _ = rand.NewChaCha8(key).Read(data) // never fails
	return data
}

// TestHalfClose: a client of the test's own that closes its sending side gets every reply before the end.
func TestHalfClose(t *testing.T) {
	s := startServer(t)
	conn := s.dial(t, 0)
	c := newTalker(t, "half", conn, conn)
	commands := bytes.Repeat([]byte("PING x\n"), 1000)
	if _, err := conn.Write(commands); err != nil {
		t.Fatal(err)
	}
	c.closeInput()
	rest, err := io.ReadAll(c.output)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(rest), "PONG x\n"); got != 1000 {
		t.Errorf("%d replies to 1000 commands before a half-close", got)
	}
}
