//go:build linux

package abuse

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"looproom/bench"
	"looproom/bench/peer"
)

// built is the folder with looproom, once it was needed.
var built string

func TestMain(m *testing.M) {
	status := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(status)
}

var buildLooproom = sync.OnceValues(func() (program string, err error) {
	if built, err = os.MkdirTemp("", "looproom-abuse-"); err != nil {
		return "", err
	}
	program = filepath.Join(built, "looproom")
	if out, err := exec.Command("go", "build", "-o", program, "looproom/cmd/looproom").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build looproom: %w: %s", err, out)
	}
	return program, nil
})

// opponents are looproom and every peer that is here.
func opponents(t *testing.T) (all []Opponent) {
	program, err := buildLooproom()
	if err != nil {
		t.Fatal(err)
	}
	schemes, dialects := []string{"line://", "http://", "echo://"}, []string{"line", "ws", "echo"}
	all = append(all, Opponent{
		Subject: bench.Subject{Name: "looproom"}, Dialects: func(*Case) []string { return dialects },
		Start: func(_ context.Context, _ *Case, _ int) (*Server, error) {
			argv := []string{program, "--files", filepath.Join(t.TempDir(), "files"), "--state", filepath.Join(t.TempDir(), "state")}
			for _, scheme := range schemes {
				argv = append(argv, "--listen", scheme+"127.0.0.1:0")
			}
			r, err := peer.StartDoors(t.Context(), peer.StartOptions{}, "looproom", argv, schemes...)
			if err != nil {
				return nil, err
			}
			return server(t, r, r.Doors, dialects), nil
		},
	})
	for _, p := range peer.Peers() {
		all = append(all, Opponent{
			Subject: bench.Subject{Name: p.Name}, Dialects: func(*Case) []string { return []string{p.Dialect} },
			Start: func(_ context.Context, _ *Case, _ int) (*Server, error) {
				r, err := p.Start(t.Context(), peer.StartOptions{Dir: t.TempDir(), Usual: true})
				if err != nil {
					return nil, err
				}
				s := server(t, r, []string{r.Addr}, []string{p.Dialect})
				s.Burst = p.Burst
				return s, nil
			},
		})
	}
	return all
}

func server(t *testing.T, r *peer.Running, addresses, dialects []string) *Server {
	t.Helper()
	s := &Server{PID: r.PID, Stop: r.Stop}
	for i, name := range dialects {
		d, err := peer.FindDialect(name)
		if err != nil {
			t.Fatal(err)
		}
		s.Doors = append(s.Doors, Door{addresses[i], d})
	}
	return s
}

// missing skips the test where a program is missing, or fails it where all are required.
func missing(t *testing.T, why error) {
	t.Helper()
	if os.Getenv("LOOPROOM_REQUIRE_CLIENTS") == "1" {
		t.Fatalf("%v, and LOOPROOM_REQUIRE_CLIENTS is 1", why)
	}
	t.Skip(why)
}
