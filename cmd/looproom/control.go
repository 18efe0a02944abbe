//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"looproom/loop/store"
)

// control answers looproom state while the server runs: nobody else can read the database then. It listens on a Unix socket in the folder of the state, which only its owner can reach.
type control struct {
	store  *store.Store
	nodes  *clusterControl
	folder *os.File // by which the socket is named: its path may be longer than that of a socket can be
	http   http.Server
	served chan struct{} // closed when it serves no more
	one    sync.Mutex    // held while something is answered: one at a time, which may take long
}

const (
	// controlName is the name of the socket in its folder.
	controlName = "looproom.sock"
	// controlError is the trailer that says why an answer is not whole.
	controlError = "Looproom-Error"
)

// controlPath is the socket in a folder that is open.
func controlPath(folder *os.File) string {
	return fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), controlName)
}

// startControl listens until stop. Without a store it returns nil. Where no socket can be made the server does without.
func startControl(s *store.Store, nodes *clusterControl, log zerolog.Logger) *control {
	if s == nil {
		return nil
	}
	c := &control{store: s, nodes: nodes, served: make(chan struct{})}
	listener, err := c.listen()
	if err != nil {
		log.Warn().Err(err).Msg("looproom state can't ask this server")
		return nil
	}
	c.http = http.Server{Handler: c.pages(), ReadHeaderTimeout: adminRead, MaxHeaderBytes: 16 << 10}
	go func() {
		defer close(c.served)
		_ = c.http.Serve(listener) // it ends when it is closed
	}()
	return c
}

// listen makes the socket, and removes the one that a crash has left. The folder is locked, so that it is nobody else's.
func (c *control) listen() (net.Listener, error) {
	var err error
	if c.folder, err = os.Open(c.store.Dir()); err != nil {
		return nil, err
	}
	_ = os.Remove(filepath.Join(c.store.Dir(), controlName))
	listener, err := net.Listen("unix", controlPath(c.folder))
	if err != nil {
		c.folder.Close()
	}
	return listener, err
}

// stop breaks off what is being answered, and returns when nothing of it reads the database any more.
func (c *control) stop() {
	if c == nil {
		return
	}
	c.http.Close()
	<-c.served
	c.one.Lock() // whoever has it sees that nobody listens
	defer c.one.Unlock()
	c.folder.Close()
}

func (c *control) pages() http.Handler {
	pages := http.NewServeMux()
	for path, answer := range map[string]func(context.Context, io.Writer) error{"/check": c.check, "/export": c.store.Export, "/backup": c.store.SendBackup} {
		pages.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Trailer", controlError)
			w.WriteHeader(http.StatusOK)
			if !c.one.TryLock() {
				w.Header().Set(controlError, "somebody else has asked for a check, an export or a backup, which takes its time; try again")
				return
			}
			defer c.one.Unlock()
			if err := answer(r.Context(), patient{w, http.NewResponseController(w)}); err != nil {
				w.Header().Set(controlError, err.Error())
			}
		})
	}
	c.nodes.addTo(pages)
	return pages
}

// controlPatience is how long somebody may take nothing of an answer: meanwhile the write-ahead log can't be brought over.
const controlPatience = time.Minute

// patient writes an answer, to somebody who takes it.
type patient struct {
	io.Writer
	deadline *http.ResponseController
}

func (p patient) Write(part []byte) (int, error) {
	if err := p.deadline.SetWriteDeadline(time.Now().Add(controlPatience)); err != nil {
		return 0, err
	}
	return p.Writer.Write(part)
}

func (c *control) check(ctx context.Context, to io.Writer) error { return checkStore(ctx, c.store, to) }

// errNoServer is that no server has the folder, as far as anybody answers there.
var errNoServer = errors.New("no server answers")

// askControl asks the server that has the folder, and writes its answer.
func askControl(ctx context.Context, dir, what string, to io.Writer) error {
	return tellControl(ctx, http.MethodGet, dir, what, to)
}

// tellControl is askControl with another method.
func tellControl(ctx context.Context, method, dir, what string, to io.Writer) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", controlPath(folder))
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://state/"+what, nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Transport{DialContext: dial, DisableKeepAlives: true}).RoundTrip(request)
	if errors.Is(err, unix.ECONNREFUSED) || errors.Is(err, unix.ENOENT) {
		return errNoServer
	}
	if err != nil {
		return fmt.Errorf("ask the server that has %s: %w", dir, err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(to, answer.Body); err != nil {
		return fmt.Errorf("take the answer of the server that has %s: %w", dir, err)
	}
	if said := answer.Trailer.Get(controlError); said != "" {
		return errors.New(said)
	}
	return nil
}
