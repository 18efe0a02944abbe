//go:build linux

package rival

import (
	"context"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// crew is the threads that serve the clients of a blocking server, each client with one or two of its own.
type crew struct {
	most    int // clients; the machine has no threads for more
	talk    func(c *blockingConn)
	running sync.WaitGroup

	mu      sync.Mutex
	clients map[*blockingConn]struct{}
}

// newCrew returns a crew whose clients are served by talk, on a thread of its own for each, which closes nothing. perClient is how many threads
// a client has.
func newCrew(perClient int, talk func(c *blockingConn)) *crew {
	threads := threadLimit()
	// Go's own limit is there to catch mistakes. It stays raised: to lower it below what is running would end the process.
	debug.SetMaxThreads(max(threads, 10_000))
	return &crew{most: threads / perClient, talk: talk, clients: map[*blockingConn]struct{}{}}
}

// serve accepts clients until ctx is done, and then ends all. The thread of the calling goroutine waits in accept.
func (w *crew) serve(ctx context.Context, l *listener) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := l.acceptAll(ctx, w.add)
	w.end()
	return err
}

// add begins to serve a client.
func (w *crew) add(fd int, name string) {
	c := newBlockingConn(fd, name)
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.clients) >= w.most {
		_, _ = c.write([]byte("! server-full this machine has no threads for more clients\n"))
		c.close()
		return
	}
	w.clients[c] = struct{}{}
	w.start(func() {
		defer w.remove(c)
		w.talk(c)
	})
}

// start runs f on a thread of its own, which ends with it.
func (w *crew) start(f func()) {
	w.running.Go(func() {
		// Never unlocked: the runtime ends the thread with the goroutine instead of keeping it for others.
		runtime.LockOSThread()
		f()
	})
}

func (w *crew) remove(c *blockingConn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.clients, c)
	c.close()
}

// end hangs up on all clients and waits for their threads.
func (w *crew) end() {
	w.mu.Lock()
	for c := range w.clients {
		c.hangUp()
	}
	w.mu.Unlock()
	w.running.Wait()
}

// threadReserve is how many threads are left to the rest of the machine, and to Go's runtime.
const threadReserve = 500

// threadLimit is how many threads this process can count on. Go ends the process when the system refuses it one.
func threadLimit() int {
	most := math.MaxInt32
	for _, file := range []string{
		"/proc/sys/kernel/threads-max", "/proc/sys/kernel/pid_max", "/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max",
	} {
		if text, err := os.ReadFile(file); err == nil {
			if n, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil { // "max" is no limit
				most = min(most, n)
			}
		}
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NPROC, &limit); err == nil && limit.Cur < uint64(most) {
		most = int(limit.Cur)
	}
	return max(most-threadReserve, most/2, 1)
}
