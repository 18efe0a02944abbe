//go:build linux

package machine

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// asServer in the environment has the test program be the server that the tests watch.
const asServer = "LOOPROOM_MACHINE_TEST_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) == "" {
		os.Exit(m.Run())
	}
	for orders := bufio.NewScanner(os.Stdin); orders.Scan(); {
		follow(orders.Text())
		fmt.Println("done")
	}
}

// work is how long each order keeps a CPU busy.
const work = 60 * time.Millisecond

// held keeps what an order has allocated or started.
var held struct {
	memory [][]byte
	files  []*os.File
	server *server
}

func follow(order string) {
	switch order {
	case "work":
		burn()
	case "threads":
		burnOnThreads(3)
	case "children":
		for range 3 {
			withServer(func(s *server) { s.do("work") })
		}
	case "child":
		held.server, _ = newServer()
		held.server.do("work")
	case "sleep":
		for range 200 {
			unix.Nanosleep(&unix.Timespec{Nsec: 1000}, nil)
		}
	case "memory":
		block := make([]byte, 8<<20)
		for i := range block {
			block[i] = byte(i)
		}
		held.memory = append(held.memory, block)
	case "files":
		for range 10 {
			f, _ := os.Open(os.DevNull)
			held.files = append(held.files, f)
		}
	}
}

// burn is busy until this thread has had the CPU for the work's time.
func burn() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	clock := func() time.Duration {
		var t unix.Timespec
		unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
		return time.Duration(t.Nano())
	}
	for until := clock() + work; clock() < until; {
		for range 10000 {
		}
	}
}

// burnOnThreads has n threads work and end.
func burnOnThreads(n int) {
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			runtime.LockOSThread() // never unlocked, so that the thread ends with the goroutine
			burn()
		})
	}
	all.Wait()
}

// server is a process of this test program that follows orders.
type server struct {
	command *exec.Cmd
	orders  io.WriteCloser
	answers *bufio.Scanner
}

func newServer() (*server, error) {
	s := &server{command: exec.Command(os.Args[0])}
	return s, s.start(s.command.Start)
}

func (s *server) start(start func() error) error {
	s.command.Env = append(os.Environ(), asServer+"=1", "GORACE=atexit_sleep_ms=0")
	s.command.Stderr = os.Stderr
	orders, err := s.command.StdinPipe()
	if err != nil {
		return err
	}
	answers, err := s.command.StdoutPipe()
	if err != nil {
		return err
	}
	s.orders, s.answers = orders, bufio.NewScanner(answers)
	return start()
}

// do returns when the order is done.
func (s *server) do(order string) error {
	if _, err := io.WriteString(s.orders, order+"\n"); err != nil {
		return err
	}
	if !s.answers.Scan() || s.answers.Text() != "done" {
		return fmt.Errorf("order %q was answered %q, %v", order, s.answers.Text(), s.answers.Err())
	}
	return nil
}

// end closes the orders and waits for the process.
func (s *server) end() {
	s.orders.Close()
	_ = s.command.Wait()
}

func withServer(use func(*server)) {
	s, err := newServer()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	use(s)
	s.end()
}

func startServer(t *testing.T) *server {
	t.Helper()
	s, err := newServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.end)
	s.must(t, "nothing")
	return s
}

func (s *server) must(t *testing.T, order string) {
	t.Helper()
	if err := s.do(order); err != nil {
		t.Fatal(err)
	}
}

func (s *server) pid() int { return s.command.Process.Pid }
