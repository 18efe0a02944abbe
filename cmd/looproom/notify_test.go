//go:build linux

package main_test

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// manager is what a service manager has at its end of NOTIFY_SOCKET.
type manager struct {
	t      *testing.T
	socket *net.UnixConn
	path   string
}

func startManager(t *testing.T) *manager {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	return &manager{t, socket, path}
}

// start starts a server that tells the manager how it is. more is further environment.
func (m *manager) start(program string, more []string, arguments ...string) *server {
	m.t.Helper()
	command := exec.Command(program, append(arguments, "--listen", "line://127.0.0.1:0")...)
	command.Env = append(append(os.Environ(), "NOTIFY_SOCKET="+m.path), more...)
	return startCommand(m.t, command, 1)
}

// told returns what is told next, or "" if nothing is for so long.
func (m *manager) told(within time.Duration) string {
	m.t.Helper()
	if err := m.socket.SetReadDeadline(time.Now().Add(within)); err != nil {
		m.t.Fatal(err)
	}
	message := make([]byte, 1024)
	n, err := m.socket.Read(message)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return ""
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return string(message[:n])
}

// expect takes what is told, but for signs of life, and wants it to be these messages, of which the first lines count.
func (m *manager) expect(messages ...string) {
	m.t.Helper()
	for _, want := range messages {
		got := m.told(patience)
		for got == "WATCHDOG=1" {
			got = m.told(patience)
		}
		if first, _, _ := strings.Cut(got, "\n"); first != want {
			m.t.Fatalf("the service manager is told %q, want %q", got, want)
		}
	}
}

// TestServiceManager: it is told when the doors are open, when settings are read again and when that is over, and when the end begins.
func TestServiceManager(t *testing.T) {
	m := startManager(t)
	s := m.start(binary, nil, "--config", configFile(t, "recent = 7\n"))
	m.expect("READY=1")
	connect(t, s, 0, "guest")
	for range 2 {
		s.signal(syscall.SIGHUP)
		m.expect("RELOADING=1", "READY=1")
	}
	s.signal(syscall.SIGTERM)
	m.expect("STOPPING=1")
	if status := s.wait(); status != 0 {
		t.Errorf("exit status = %d, want 0", status)
	}
}

// TestServiceManagerReadyWithDoors: who cannot open its doors is never ready.
func TestServiceManagerReadyWithDoors(t *testing.T) {
	m := startManager(t)
	status, stdout, stderr := outcome(t, []string{"NOTIFY_SOCKET=" + m.path}, "--listen", "line://192.0.2.1:0")
	expectFailure(t, status, 1, stdout, stderr, "listen line://192.0.2.1:0")
	if got := m.told(10 * time.Millisecond); got != "" { // the process has ended: what it has told is here
		t.Errorf("the service manager is told %q, want nothing", got)
	}
}

// TestWatchdog: signs of life come while all event loops turn, and none when one of them hangs, whichever.
func TestWatchdog(t *testing.T) {
	planted := buildPlanted(t)
	const within = 300 * time.Millisecond
	for _, hanging := range []string{"home", "other"} {
		t.Run(hanging, func(t *testing.T) {
			m := startManager(t)
			s := m.start(planted, []string{"WATCHDOG_USEC=300000"}, "--loops", "2", "--drain", "0s")
			s.over = true // it can't end well
			defer s.command.Process.Kill()
			m.expect("READY=1")
			for range 5 {
				if got := m.told(patience); got != "WATCHDOG=1" {
					t.Fatalf("the service manager is told %q, want WATCHDOG=1", got)
				}
			}
			victims := []*talker{connect(t, s, 0, "first"), connect(t, s, 0, "second")} // one on each loop
			if hanging == "home" {
				victims[0].say("/plant-hang")
			} else {
				victims[1].say("/plant-hang")
			}
			deadline := time.Now().Add(patience)
			for m.told(4*within) != "" {
				if time.Now().After(deadline) {
					t.Fatal("the service manager is still told that a server is alive of which a loop hangs")
				}
			}
		})
	}
}

// TestWatchdogOfAnother: signs of life are for the process that the service manager means.
func TestWatchdogOfAnother(t *testing.T) {
	m := startManager(t)
	s := m.start(binary, []string{"WATCHDOG_USEC=1000", "WATCHDOG_PID=1"})
	if got := m.told(patience); got != "READY=1" {
		t.Errorf("the service manager is told %q, want READY=1", got)
	}
	connect(t, s, 0, "guest")
	s.signal(syscall.SIGTERM)
	if got := m.told(patience); got != "STOPPING=1" {
		t.Errorf("the service manager is told %q, want STOPPING=1", got)
	}
	s.wait()
}
