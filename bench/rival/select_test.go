//go:build linux

package rival_test

import (
	"io"
	"testing"

	"golang.org/x/sys/unix"

	"looproom/bench/rival"
)

// TestSelectRefusesHighDescriptors: a client past the last descriptor is told so, and those that are there go on.
func TestSelectRefusesHighDescriptors(t *testing.T) {
	m, err := rival.Find("select")
	if err != nil {
		t.Fatal(err)
	}
	addr := serve(t, m, defaults())
	ann := enter(t, addr)
	free := occupyDescriptors(t, unix.FD_SETSIZE)
	late := dial(t, addr)
	const want = "! server-full select(2) takes descriptors up to 1023\n"
	if got, err := io.ReadAll(late); err != nil || string(got) != want {
		t.Errorf("the late client got %q, %v, want %q", got, err, want)
	}
	if _, err := io.WriteString(ann, "PING still here\n"); err != nil {
		t.Fatal(err)
	}
	ann.until(t, "PONG still here")
	free()
	enter(t, addr)
	ann.until(t, "> New user")
}

// occupyDescriptors takes all descriptors below limit.
func occupyDescriptors(t *testing.T, limit int) (free func()) {
	t.Helper()
	var rlimit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &rlimit); err != nil {
		t.Fatal(err)
	}
	if rlimit.Cur < uint64(limit)+64 {
		t.Skipf("only %d descriptors are allowed here, and %d are needed", rlimit.Cur, limit+64)
	}
	var taken []int
	free = func() {
		for _, fd := range taken {
			_ = unix.Close(fd)
		}
		taken = nil
	}
	t.Cleanup(func() { free() })
	for {
		fd, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, fd)
		if fd >= limit {
			return free
		}
	}
}
