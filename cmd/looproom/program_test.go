//go:build linux

package main_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// need skips the test where a program is missing, or fails it where all clients are required.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		missing(t, program)
	}
}

// needOpenBSD is need for nc: other programs of that name have no -N and no -U.
func needOpenBSD(t *testing.T) {
	t.Helper()
	need(t, "nc")
	help, _ := exec.Command("nc", "-h").CombinedOutput()
	if !strings.Contains(string(help), "OpenBSD") && !strings.Contains(string(help), "-46C") {
		missing(t, "nc from OpenBSD")
	}
}

func missing(t *testing.T, program string) {
	t.Helper()
	if os.Getenv("LOOPROOM_REQUIRE_CLIENTS") == "1" {
		t.Fatalf("%s is missing, and LOOPROOM_REQUIRE_CLIENTS is 1", program)
	}
	t.Skipf("%s is missing", program)
}

// startProgram starts a client program whose standard input and output the talker has.
func startProgram(t *testing.T, name string, arguments ...string) *talker {
	t.Helper()
	return startTalking(t, name, exec.Command(name, arguments...))
}

// startTalking is startProgram for a command of the test's own.
func startTalking(t *testing.T, name string, command *exec.Cmd) *talker {
	t.Helper()
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { endProgram(t, name, command) })
	return newTalker(t, name, input, output.(stream))
}

// endProgram ends a client that the test has left running.
func endProgram(t *testing.T, name string, command *exec.Cmd) {
	_ = command.Process.Kill()
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Errorf("%s can't be ended", name)
	}
}
