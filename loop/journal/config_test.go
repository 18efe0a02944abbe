package journal

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"strings"
	"testing"
	"time"
)

func TestOpenRefuses(t *testing.T) {
	here, there := "127.0.0.1:6222", "127.0.0.1:6223"
	whole := Config{Cluster: "c", Node: "n1", Dir: "d", Listen: here, Join: []string{here, there, "[::1]:6224"}}
	rows := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no name of a cluster", func(c *Config) { c.Cluster = "" }, `the name of the cluster is ""`},
		{"a name that is no subject", func(c *Config) { c.Node = "a.b" }, `the name of the node is "a.b": 1 to 32 letters`},
		{"nothing that keeps the log", func(c *Config) { c.Listen, c.Join = "", nil }, "nobody keeps the log: give an address"},
		{"both", func(c *Config) { c.URL = "nats://127.0.0.1" }, "not both"},
		{"no folder", func(c *Config) { c.Dir = "" }, "needs a folder"},
		{"two nodes", func(c *Config) { c.Join = []string{there} }, "2 nodes stands still"},
		{"two nodes expected", func(c *Config) { c.Expect = 2 }, "2 nodes stands still"},
		{"alone with others", func(c *Config) { c.Expect = 1 }, "joins nobody"},
		{"three without others", func(c *Config) { c.Join, c.Expect = nil, 3 }, "needs the addresses of the others"},
		{"strangers may come", func(c *Config) { c.Listen = "0.0.0.0:6222" }, "0.0.0.0:6222 can be reached by strangers"},
		{"any address", func(c *Config) { c.Listen = ":6222" }, ":6222 can be reached by strangers"},
		{"strangers may be there", func(c *Config) { c.Join = []string{there, "chat.example.org:6222"} }, "chat.example.org:6222 can be reached by strangers"},
		{"a short secret", func(c *Config) { c.Secret = "abc" }, "a secret of 3 bytes can be guessed"},
		{"no port", func(c *Config) { c.Listen = "127.0.0.1" }, "no host:port"},
		{"port 0", func(c *Config) { c.Listen = "127.0.0.1:0" }, "no port from 1 to 65535"},
		{"no certificate", func(c *Config) { c.TLS = &tls.Config{} }, "needs a certificate"},
		{"no authority", func(c *Config) { c.TLS = &tls.Config{Certificates: make([]tls.Certificate, 1)} }, "needs the authority"},
		{"certificates not looked at", func(c *Config) {
			c.TLS = &tls.Config{Certificates: make([]tls.Certificate, 1), RootCAs: x509.NewCertPool(), InsecureSkipVerify: true}
		}, "lets in anybody"},
		{"a log of nothing", func(c *Config) { c.MaxBytes = 1 }, "too short"},
		{"a log of a moment", func(c *Config) { c.MaxAge = time.Second }, "too short"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			cfg := whole
			row.change(&cfg)
			j, err := Open(context.Background(), cfg)
			if err == nil {
				j.Close()
			}
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("Open = %v, want an error with %q", err, row.want)
			}
		})
	}
	if err := whole.fill(); err != nil || whole.Expect != 3 || len(whole.Join) != 2 {
		t.Errorf("fill = %v, %d expected, joining %q; want three and the two others", err, whole.Expect, whole.Join)
	}
}

func TestOpenOfTakenPort(t *testing.T) {
	cfg := configsOf(t, 3)[0]
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := Open(context.Background(), cfg); err == nil || !strings.Contains(err.Error(), "listen "+cfg.Listen+": bind: address already in use (is another looproom running?)") {
		t.Errorf("Open = %v, want that the port is taken", err)
	}
}

// TestOpenAlone: a node alone needs nobody, and goes on with the same log. Its folder belongs to one process.
func TestOpenAlone(t *testing.T) {
	c := startCluster(t, 1)
	c.follow(0)
	c.nodes[0].write(t, 1, 20)
	if _, err := Open(context.Background(), c.configs[0]); err == nil || !strings.Contains(err.Error(), "is another looproom running?") {
		t.Errorf("Open of a folder in use = %v, want that it is", err)
	}
	epoch := c.nodes[0].Epoch()
	c.stop(0)
	again := c.restart(0, 2)
	again.follow(t, 1)
	again.write(t, 1, 1)
	c.inStep(21)
	if again.Epoch() != epoch {
		t.Errorf("epoch = %q after a restart, want %q", again.Epoch(), epoch)
	}
	if err := again.Remove("n2"); err == nil {
		t.Error("Remove in a node alone = nil, want an error")
	}
}

// TestOpenWithoutOthers: the error says who is missing.
func TestOpenWithoutOthers(t *testing.T) {
	cfg := configsOf(t, 3)[0]
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_, err := Open(ctx, cfg)
	if err == nil || !strings.Contains(err.Error(), "no log yet: 1 of 3 nodes are there, joining "+cfg.Join[1]) {
		t.Errorf("Open = %v, want that the others aren't there", err)
	}
}

// TestWrongSecret: who has another secret gets nothing of the log, and is told why.
func TestWrongSecret(t *testing.T) {
	configs := configsOf(t, 4)
	stranger := configs[3]
	for i := range configs[:3] {
		configs[i].Secret, configs[i].Expect = "the secret of the cluster", 3
		configs[i].Join = configs[i].Join[:3]
	}
	c := startWith(t, configs[:3])
	stranger.Secret = "no secret of the cluster"
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
	defer cancel()
	j, err := Open(ctx, stranger)
	if err == nil {
		j.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "refused the secret") {
		t.Errorf("Open with another secret = %v, want that it is refused", err)
	}
	for _, n := range c.nodes {
		if got := len(n.Members()); got != 3 {
			t.Errorf("%d members at %s, want the 3 with the secret", got, n.cfg.Node)
		}
	}
}
