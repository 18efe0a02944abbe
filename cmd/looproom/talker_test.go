//go:build linux

package main_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// stream is where a talker's lines come from: a connection, or the output of a program.
type stream interface {
	io.Reader
	SetReadDeadline(time.Time) error
}

// patient is a stream that waits up to patience for each read, however many there are.
type patient struct{ stream }

func (p patient) Read(b []byte) (int, error) {
	if err := p.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return p.stream.Read(b)
}

// talker is someone who writes lines and reads lines: a connection of the test's own, or a real client.
type talker struct {
	t      *testing.T
	name   string
	input  io.WriteCloser
	source stream
	output *bufio.Reader
	fences int
}

func newTalker(t *testing.T, name string, input io.WriteCloser, source stream) *talker {
	return &talker{t: t, name: name, input: input, source: source, output: bufio.NewReaderSize(patient{source}, 64<<10)}
}

// connect dials the n-th door and waits for the greeting.
func connect(t *testing.T, s *server, n int, name string) *talker {
	t.Helper()
	return greeted(dial(t, s, n, name))
}

// dial dials the n-th door.
func dial(t *testing.T, s *server, n int, name string) *talker {
	t.Helper()
	conn := s.dial(t, n)
	return newTalker(t, name, conn, conn)
}

// greeted waits for the greeting, and takes the messages from before that follow it.
func greeted(c *talker) *talker {
	c.t.Helper()
	c.until("> Connected to the chat server (")
	c.fence()
	return c
}

// signedIn dials the n-th door and signs in.
func signedIn(t *testing.T, s *server, n int, name string) *talker {
	t.Helper()
	c := connect(t, s, n, name)
	c.say("ADD " + name)
	c.until("= ADD " + name)
	return c
}

// say writes a line.
func (c *talker) say(line string) {
	c.t.Helper()
	c.write(line + "\n")
}

func (c *talker) write(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.input, text); err != nil {
		c.t.Fatalf("%s: write %.60q: %v", c.name, text, err)
	}
}

// line returns the next line, or an error: io.EOF at the end of the stream.
func (c *talker) line() (string, error) {
	line, err := c.output.ReadString('\n')
	if err == io.EOF && line != "" {
		return line, nil
	}
	return strings.TrimSuffix(line, "\n"), err
}

func (c *talker) next() string {
	c.t.Helper()
	line, err := c.line()
	if err != nil {
		c.t.Fatalf("%s: next line %q: %v", c.name, line, err)
	}
	return line
}

// expect takes exactly these lines.
func (c *talker) expect(lines ...string) {
	c.t.Helper()
	for _, want := range lines {
		if got := c.next(); got != want {
			c.t.Fatalf("%s: next line = %q, want %q", c.name, got, want)
		}
	}
}

// until takes lines up to one that begins with prefix, and returns it and those before it.
func (c *talker) until(prefix string) (line string, before []string) {
	c.t.Helper()
	for {
		line, err := c.line()
		if err != nil {
			c.t.Fatalf("%s: no line that begins with %q: %v; lines before: %q", c.name, prefix, err, before)
		}
		if strings.HasPrefix(line, prefix) {
			return line, before
		}
		before = append(before, line)
	}
}

// fence returns all lines that were on their way.
func (c *talker) fence() []string {
	c.t.Helper()
	c.fences++
	token := "fence" + strconv.Itoa(c.fences)
	c.say("PING " + token)
	_, before := c.until("PONG " + token)
	return before
}

// expectOnly takes exactly these lines, and nothing else is on its way.
func (c *talker) expectOnly(lines ...string) {
	c.t.Helper()
	if got := c.fence(); !slices.Equal(got, lines) {
		c.t.Fatalf("%s: lines = %q, want %q", c.name, got, lines)
	}
}

// bytes takes the next n bytes.
func (c *talker) bytes(n int) []byte {
	c.t.Helper()
	data := make([]byte, n)
	if got, err := io.ReadFull(c.output, data); err != nil {
		c.t.Fatalf("%s: read %d of %d bytes: %v", c.name, got, n, err)
	}
	return data
}

// expectEnd waits for the end of the stream, and nothing comes before it.
func (c *talker) expectEnd() {
	c.t.Helper()
	if line, err := c.line(); !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
		c.t.Fatalf("%s: next line = %q, %v; want the end of the stream", c.name, line, err)
	}
}

// closeInput says that no more lines come.
func (c *talker) closeInput() {
	c.t.Helper()
	half, ok := c.input.(interface{ CloseWrite() error })
	closeInput := c.input.Close
	if ok {
		closeInput = half.CloseWrite
	}
	if err := closeInput(); err != nil {
		c.t.Fatalf("%s: close input: %v", c.name, err)
	}
}
