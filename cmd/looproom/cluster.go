//go:build linux

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop"
	"looproom/loop/catchup"
	"looproom/loop/journal"
	"looproom/loop/store"
	"looproom/loop/web/nodes"
)

// clusterFlags make the server one of several that are one chat.
type clusterFlags struct {
	Cluster         string        `placeholder:"NAME" help:"Be one of several servers that are one chat, which has that name; see README, Several machines." example:"--cluster chat --node n1 --cluster-listen 10.0.0.1:6222 --cluster-join 10.0.0.2:6222,10.0.0.3:6222 --state DIR"`
	Node            string        `placeholder:"NAME" help:"This server's name in the cluster: its own, and the same at each start." example:"--cluster chat --node n1 --cluster-listen 10.0.0.1:6222 --cluster-join 10.0.0.2:6222,10.0.0.3:6222 --state DIR"`
	ClusterListen   string        `placeholder:"HOST:PORT" help:"Where the other nodes reach this one." example:"--cluster chat --node n1 --cluster-listen 10.0.0.1:6222 --cluster-join 10.0.0.2:6222,10.0.0.3:6222 --state DIR"`
	ClusterJoin     []string      `placeholder:"HOST:PORT" help:"Where the other nodes are, with commas between; one that answers is enough." example:"--cluster chat --node n1 --cluster-listen 10.0.0.1:6222 --cluster-join 10.0.0.2:6222,10.0.0.3:6222 --state DIR"`
	ClusterNodes    int           `placeholder:"N" help:"Nodes that the cluster has when it begins; 0: those of --cluster-join and this one." example:"--cluster-nodes 3 --cluster chat --node n1 --cluster-listen 10.0.0.1:6222 --cluster-join 10.0.0.2:6222 --state DIR"`
	ClusterNats     string        `placeholder:"URL" help:"NATS servers with JetStream that are there already, in the place of --cluster-listen and --cluster-join." example:"--cluster chat --node n1 --cluster-nats nats://10.0.0.9:4222 --state DIR"`
	ClusterCreds    string        `placeholder:"FILE" help:"Credentials for --cluster-nats." example:"--cluster chat --node n1 --cluster-nats nats://10.0.0.9:4222 --cluster-creds looproom.creds --state DIR"`
	ClusterSecret   string        `placeholder:"FILE" help:"File with a secret of at least 16 bytes that all nodes have. It keeps strangers out, and nobody from reading along." example:"--cluster-secret /etc/looproom.secret --cluster chat --node n1 --cluster-listen 10.0.0.1:6222 --cluster-join 10.0.0.2:6222,10.0.0.3:6222 --state DIR"`
	ClusterTLSCert  string        `name:"cluster-tls-cert" placeholder:"FILE" help:"This node's certificate for the others, who must have theirs from --cluster-tls-ca." example:"--cluster-tls-cert n1.pem --cluster-tls-key n1-key.pem --cluster-tls-ca ca.pem --cluster chat --node n1 --cluster-listen 10.0.0.1:6222 --cluster-join 10.0.0.2:6222,10.0.0.3:6222 --state DIR"`
	ClusterTLSKey   string        `name:"cluster-tls-key" placeholder:"FILE" help:"Its key." example:"--cluster-tls-cert n1.pem --cluster-tls-key n1-key.pem --cluster-tls-ca ca.pem --cluster chat --node n1 --cluster-listen 10.0.0.1:6222 --cluster-join 10.0.0.2:6222,10.0.0.3:6222 --state DIR"`
	ClusterTLSCA    string        `name:"cluster-tls-ca" placeholder:"FILE" help:"The authority of the certificates of all nodes." example:"--cluster-tls-cert n1.pem --cluster-tls-key n1-key.pem --cluster-tls-ca ca.pem --cluster chat --node n1 --cluster-listen 10.0.0.1:6222 --cluster-join 10.0.0.2:6222,10.0.0.3:6222 --state DIR"`
	PublicURL       string        `name:"public-url" placeholder:"URL" help:"Where browsers reach this node: pages of the other nodes come here when theirs is gone. Without it they don't." example:"--public-url https://n1.chat.example --cluster chat --node n1 --cluster-listen 10.0.0.1:6222 --cluster-join 10.0.0.2:6222,10.0.0.3:6222 --state DIR"`
	ClusterPatience time.Duration `placeholder:"DURATION" help:"How long the log of the cluster may not answer before what clients say is refused (${default})." example:"--cluster-patience 60s --cluster chat --node n1 --cluster-nats nats://10.0.0.9:4222 --state DIR"`
}

// checkCluster refuses what says how a cluster is where there is none, and a node without what it needs.
func (f *flags) checkCluster() error {
	c := &f.clusterFlags
	switch {
	case c.Cluster == "" && (c.Node != "" || c.ClusterListen != "" || len(c.ClusterJoin) > 0 || c.ClusterNats != "" || c.ClusterSecret != "" || c.ClusterTLSCert != "" || c.ClusterTLSCA != "" || c.PublicURL != ""):
		return errors.New("--cluster NAME is missing: without it the server is alone, and has no --node, no --public-url and no --cluster- flags")
	case c.Cluster == "":
		return nil
	case c.Node == "":
		return errors.New("--cluster: --node NAME is missing, this server's name in it")
	case f.State == "":
		return errors.New("--cluster: --state DIR is missing: the log of the cluster needs a folder, and so does what the nodes keep")
	case (c.ClusterTLSCert == "") != (c.ClusterTLSKey == ""), (c.ClusterTLSCert == "") != (c.ClusterTLSCA == ""):
		return errors.New("--cluster-tls-cert, --cluster-tls-key and --cluster-tls-ca belong together")
	}
	if _, err := nodes.Check(c.PublicURL); c.PublicURL != "" && err != nil {
		return fmt.Errorf("--public-url: %w", err)
	}
	return nil
}

// journal is how the flags have the log of the cluster.
func (f *flags) journal(log zerolog.Logger) (journal.Config, error) {
	c := &f.clusterFlags
	cfg := journal.Config{
		Cluster: c.Cluster, Node: c.Node, Dir: f.State, Listen: c.ClusterListen, Join: c.ClusterJoin, URL: c.ClusterNats, Creds: c.ClusterCreds,
		Expect: c.ClusterNodes, Sync: true, Log: log,
	}
	if c.ClusterSecret != "" {
		secret, err := os.ReadFile(c.ClusterSecret)
		if err != nil {
			return cfg, fmt.Errorf("--cluster-secret: %w", err)
		}
		cfg.Secret = strings.TrimSpace(string(secret))
	}
	if c.ClusterTLSCert != "" {
		secure, err := c.secure()
		if err != nil {
			return cfg, err
		}
		cfg.TLS = secure
	}
	return cfg, nil
}

// secure is how nodes know each other by certificates.
func (c *clusterFlags) secure() (*tls.Config, error) {
	own, err := tls.LoadX509KeyPair(c.ClusterTLSCert, c.ClusterTLSKey)
	if err != nil {
		return nil, fmt.Errorf("--cluster-tls-cert: %w", err)
	}
	pem, err := os.ReadFile(c.ClusterTLSCA)
	if err != nil {
		return nil, fmt.Errorf("--cluster-tls-ca: %w", err)
	}
	authority := x509.NewCertPool()
	if !authority.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("--cluster-tls-ca: %s has no certificate", c.ClusterTLSCA)
	}
	return &tls.Config{Certificates: []tls.Certificate{own}, RootCAs: authority, ClientCAs: authority, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS13}, nil
}

// openCluster opens the log of the cluster, nil where the server is alone. It waits for the others.
func openCluster(ctx context.Context, f *flags, begins *beginning, log zerolog.Logger) (*journal.Journal, error) {
	if f.Cluster == "" {
		return nil, noteAlone(f)
	}
	cfg, err := f.journal(log)
	if err != nil {
		return nil, err
	}
	cfg.Began = begins.journal.Store
	log.Info().Str("cluster", f.Cluster).Str("node", f.Node).Msg("joining")
	opened, err := journal.Open(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("join the cluster %s: %w", f.Cluster, err)
	}
	begins.journal.Store(opened)
	return opened, nil
}

// beginWithCopy has a node that keeps nothing yet begin with a copy of what another one keeps, if there is one. For that it listens for --admin and opens the log earlier than others do.
func beginWithCopy(s *service, log zerolog.Logger) (err error) {
	f := &s.options.flags
	if f.Cluster == "" {
		return nil
	}
	isNew, err := store.IsNew(f.State)
	if err != nil || !isNew {
		return nil // who opens the folder says what is wrong with it
	}
	if s.admin, err = startAdmin(*f, &s.begins, log); err != nil {
		return err
	}
	if s.journal, err = openCluster(s.joining, f, &s.begins, log); err != nil {
		return err
	}
	if err := catchup.Copy(s.joining, s.journal, f.State, log); err != nil {
		log.Warn().Err(err).Msg("this node begins with nothing, and is told all that was said")
	}
	return nil
}

// noteAlone is for a server by itself: what it keeps is its own from now on.
func noteAlone(f *flags) error {
	if f.State == "" {
		return nil
	}
	return loop.NoteAlone(f.State)
}

// clusterConfig is how the server is one of several, nil where it is alone.
func clusterConfig(s *service) *loop.Cluster {
	f := &s.options.flags
	if s.journal == nil {
		return nil
	}
	return &loop.Cluster{Node: f.Node, Expect: s.journal.Expect(), PublicURL: f.PublicURL, Journal: s.journal, Folder: f.State, Patience: f.ClusterPatience, Join: s.joining, OnWait: s.begins.waits, OnParted: func(err error) { endParted(s, err) }}
}

// leavePatience is how long it may take to hand over the log: longer where no other node is there to take it.
const leavePatience = 5 * time.Second

// leaveJournal ends this node's part of the log, and waits for that for as long as leavePatience.
func leaveJournal(j *journal.Journal) error {
	left := make(chan error, 1)
	go func() { left <- j.Close() }()
	select {
	case err := <-left:
		return err
	case <-time.After(leavePatience):
		return fmt.Errorf("leave the cluster: not done after %v", leavePatience)
	}
}

// endParted ends the process when it can't go on as a node: what starts it again has it begin with the state of the others. If it leads the log, another one does first, so that they don't wait.
func endParted(s *service, why error) {
	if errors.Is(why, loop.ErrDiffers) {
		_ = os.WriteFile(filepath.Join(s.options.State, differsMark), nil, 0o600) // without it the database stays, and its messages may be others than those of the other nodes
	}
	_ = leaveJournal(s.journal) // the error that it ends with has been logged
	s.logged.close(logPatience)
	os.Exit(statusFailed)
}

const (
	// differsMark is in the folder of a node whose database is not to be used any more, as its state was another one than that of the others; differsFile is what that is called afterwards.
	differsMark = "differs"
	differsFile = "differs.db"
)

// putAside has a node that has found out that it differs begin without what it has kept, which stays for whoever looks into it. What the others keep takes its place.
func putAside(dir string) error {
	mark := filepath.Join(dir, differsMark)
	if _, err := os.Stat(mark); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	from, to := filepath.Join(dir, store.FileName), filepath.Join(dir, differsFile)
	parts := []string{"", "-wal", "-shm"}
	if _, err := os.Stat(from); err == nil {
		for _, part := range parts {
			if err := os.Remove(to + part); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	for _, part := range parts {
		if err := os.Rename(from+part, to+part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.Remove(mark)
}
