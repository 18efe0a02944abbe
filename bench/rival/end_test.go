//go:build linux

package rival_test

import (
	"io"
	"os"
	"runtime"
	"testing"

	"looproom/bench/rival"
)

// TestEndGivesAllBack: after Serve, with clients of all kinds connected, there are as many goroutines and descriptors as before.
func TestEndGivesAllBack(t *testing.T) {
	for _, echo := range []bool{false, true} {
		each(t, func(m rival.Model) bool { return (echo && echoes(m)) || (!echo && !m.EchoOnly) }, func(t *testing.T, m rival.Model) {
			o := defaults()
			o.Echo = echo
			goroutines, descriptors := runtime.NumGoroutine(), countDescriptors(t)
			addr, stop := run(t, m, o)
			const clients = 8 // whose ends of the connections stay open
			for i := range clients {
				conn := dial(t, addr)
				if m.Name == "gnet-echo" {
					// gnet itself loses descriptors that are on the way from its acceptor to its loop when it stops.
					says(t, conn, "in")
				} else if _, err := io.WriteString(conn, []string{"", "hello\n", "END\n", "half"}[i%4]); err != nil {
					t.Fatal(err)
				}
			}
			stop()
			eventually(t, "all goroutines have ended", func() bool { return runtime.NumGoroutine() <= goroutines })
			eventually(t, "all descriptors are closed", func() bool { return countDescriptors(t) <= descriptors+clients })
		})
	}
}

func countDescriptors(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}
