package journal

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"looproom/loop/folder"
)

const (
	systemAccount = "$SYS"
	routeUser     = "looproom"
)

// embeddedServer is the NATS server of the node. Its clients come from within the process, with keys that are made at the start. It has a port for clients on a loopback address, too, since
// its routes wait for one, and lets nobody in there.
type embeddedServer struct {
	*server.Server
	log    *serverLog
	lock   *os.File
	user   nkeys.KeyPair
	system nkeys.KeyPair
}

// embed starts a server and waits until it takes clients. Its routes may not be there yet.
func embed(ctx context.Context, cfg Config) (*embeddedServer, error) {
	dir := filepath.Join(cfg.Dir, "journal")
	lock, err := folder.Lock(dir, 0o700)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	e := &embeddedServer{log: &serverLog{log: cfg.Log}, lock: lock}
	if err := e.start(ctx, cfg, dir); err != nil {
		e.stop()
		return nil, err
	}
	return e, nil
}

func (e *embeddedServer) start(ctx context.Context, cfg Config, dir string) error {
	err := checkFree(cfg)
	if err != nil {
		return err
	}
	if e.user, err = nkeys.CreateUser(); err != nil {
		return err
	}
	if e.system, err = nkeys.CreateUser(); err != nil {
		return err
	}
	options, err := e.options(cfg, dir)
	if err != nil {
		return err
	}
	if e.Server, err = server.NewServer(options); err != nil {
		return fmt.Errorf("start the log's server: %w", err)
	}
	e.SetLoggerV2(e.log, cfg.Log.Debug().Enabled(), false, false)
	go e.Start()
	for !e.ReadyForConnections(100 * time.Millisecond) {
		if err := e.log.failed(); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("start the log's server: %w", err)
		}
	}
	return e.log.failed()
}

// checkFree gives a port that is taken its error: the server would only log it.
func checkFree(cfg Config) error {
	if cfg.alone() {
		return nil
	}
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		var broken *net.OpError
		if errors.As(err, &broken) {
			err = broken.Err
		}
		return fmt.Errorf("listen %s: %w (is another looproom running?)", cfg.Listen, err)
	}
	return l.Close()
}

func (e *embeddedServer) options(cfg Config, dir string) (*server.Options, error) {
	user, err := e.user.PublicKey()
	if err != nil {
		return nil, err
	}
	system, err := e.system.PublicKey()
	if err != nil {
		return nil, err
	}
	account := server.NewAccount(systemAccount)
	o := &server.Options{
		ServerName:             cfg.Node,
		Host:                   "127.0.0.1",
		Port:                   server.RANDOM_PORT,
		NoSigs:                 true,
		JetStream:              true,
		DisableJetStreamBanner: true,
		JetStreamMaxMemory:     16 << 20,
		JetStreamMaxStore:      2 * cfg.MaxBytes,
		SyncAlways:             cfg.Sync,
		Accounts:               []*server.Account{account},
		SystemAccount:          systemAccount,
		Nkeys:                  []*server.NkeyUser{{Nkey: user}, {Nkey: system, Account: account}},
	}
	// A folder of a server that was alone loses its stream when a cluster opens it, so each has its own.
	if cfg.alone() {
		o.StoreDir = filepath.Join(dir, "alone")
		return o, nil
	}
	o.StoreDir = filepath.Join(dir, "shared")
	return o, shareRoutes(o, cfg)
}

// shareRoutes has the server find the others and be found.
func shareRoutes(o *server.Options, cfg Config) error {
	host, port, err := net.SplitHostPort(cfg.Listen)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	o.Cluster = server.ClusterOpts{Name: cfg.Cluster, Host: host, Port: number, NoAdvertise: true, PingInterval: time.Second, MaxPingsOut: 2}
	scheme := "nats"
	if cfg.TLS != nil {
		o.Cluster.TLSConfig, o.Cluster.TLSTimeout = mutual(cfg.TLS), 5
		scheme = "tls"
	}
	for _, address := range cfg.Join {
		o.Routes = append(o.Routes, &url.URL{Scheme: scheme, Host: address})
	}
	if cfg.Secret == "" {
		return nil
	}
	o.Cluster.Username, o.Cluster.Password = routeUser, cfg.Secret
	for _, route := range o.Routes {
		route.User = url.UserPassword(routeUser, cfg.Secret)
	}
	return nil
}

// mutual has both sides of a route show a certificate of an authority that the config names.
func mutual(given *tls.Config) *tls.Config {
	c := given.Clone()
	c.ClientAuth = tls.RequireAndVerifyClientCert
	c.MinVersion = max(c.MinVersion, tls.VersionTLS12)
	if c.ClientCAs == nil {
		c.ClientCAs = c.RootCAs
	}
	if c.RootCAs == nil {
		c.RootCAs = c.ClientCAs
	}
	return c
}

// connect is a connection to the server within the process, with one of its two keys.
func (e *embeddedServer) connect(key nkeys.KeyPair, more ...nats.Option) (*nats.Conn, error) {
	public, err := key.PublicKey()
	if err != nil {
		return nil, err
	}
	return nats.Connect("", append(more, nats.InProcessServer(e.Server), nats.Nkey(public, key.Sign))...)
}

// others are the names of the nodes that there is a route to, sorted.
func (e *embeddedServer) others() (found []string) {
	routes, err := e.Routez(nil)
	if err != nil {
		return nil
	}
	for _, route := range routes.Routes {
		found = append(found, route.RemoteName)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// stop ends the server, whose leaderships go to others first, and gives its folder free.
func (e *embeddedServer) stop() {
	if e.Server != nil {
		e.Shutdown()
		e.WaitForShutdown()
	}
	e.lock.Close()
}
