//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/door"
	"looproom/loop/web/hosts"
)

// admin tells operators and their programs by HTTP how the server is. It has no password: it belongs on an address that strangers
// don't reach.
type admin struct {
	begins   *beginning
	http     http.Server
	draining atomic.Bool
	served   chan struct{} // closed when it serves no more
}

// The bounds of a request. What takes long by its nature, such as a CPU profile, sets a later end for itself.
const (
	adminRead  = 10 * time.Second
	adminWrite = 30 * time.Second
	adminIdle  = time.Minute
	// healthPatience is how long the event loops have to answer.
	healthPatience = time.Second
	// adminEnd is how long the end waits for requests that are being answered.
	adminEnd = time.Second
)

// startAdmin listens at once and serves until stop, also while the server begins. It returns nil where there is no --admin.
func startAdmin(f flags, begins *beginning, log zerolog.Logger) (*admin, error) {
	if f.Admin == "" {
		return nil, nil
	}
	names, err := adminNames(f)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", f.Admin)
	if err != nil {
		return nil, fmt.Errorf("listen for --admin at %s: %w", f.Admin, door.Plain(err))
	}
	a := &admin{begins: begins, served: make(chan struct{})}
	a.http = http.Server{
		Handler:           names.Guard(nil, a.pages(f.AdminPprof)),
		ReadHeaderTimeout: adminRead,
		ReadTimeout:       adminRead,
		WriteTimeout:      adminWrite,
		IdleTimeout:       adminIdle,
		MaxHeaderBytes:    16 << 10,
	}
	log.Info().Stringer("admin", listener.Addr()).Bool("pprof", f.AdminPprof).Msg("listening")
	go a.serve(listener, log)
	return a, nil
}

// adminNames are those by which it may be asked for: who runs it, and not every page that somebody looks at, is to see it.
func adminNames(f flags) (*hosts.Names, error) {
	names, err := hosts.New(f.Host...)
	if err != nil {
		return nil, fmt.Errorf("--host: %w", err)
	}
	if host, _, err := net.SplitHostPort(f.Admin); err == nil && host != "" {
		names = names.And(host)
	}
	return names, nil
}

func (a *admin) serve(listener net.Listener, log zerolog.Logger) {
	defer close(a.served)
	if err := a.http.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
		log.Error().Err(err).Msg("the admin address is served no more")
	}
}

// pages are what there is to ask for.
func (a *admin) pages(profiles bool) http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /healthz", a.health)
	pages.HandleFunc("GET /readyz", a.ready)
	pages.Handle("GET /metrics", metricsPage(a.begins))
	if profiles {
		pages.HandleFunc("/debug/pprof/", pprof.Index)
		pages.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
		pages.HandleFunc("/debug/pprof/profile", pprof.Profile)
		pages.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
		pages.HandleFunc("/debug/pprof/trace", pprof.Trace)
	}
	return pages
}

// health says whether the event loops answer. It waits for them, but not long, and however many ask it costs a loop one answer.
func (a *admin) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), healthPatience)
	defer cancel()
	if server := a.begins.server.Load(); server != nil {
		if err := server.Alive(ctx); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
	}
	fmt.Fprintln(w, "ok")
}

// ready says whether new clients are welcome.
func (a *admin) ready(w http.ResponseWriter, _ *http.Request) {
	if a.draining.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	if err := a.begins.ready(); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// drain says that the end has begun.
func (a *admin) drain() {
	if a != nil {
		a.draining.Store(true)
	}
}

// stop comes last, so that the end can be watched.
func (a *admin) stop() error {
	if a == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), adminEnd)
	defer cancel()
	err := a.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = a.http.Close()
	}
	<-a.served
	return err
}
