package journal

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/rs/zerolog"
)

const (
	// MaxBody is the longest batch, in bytes.
	MaxBody = 256 << 10

	defaultMaxBytes = 256 << 20
	leastMaxBytes   = 4 << 20
	defaultMaxAge   = time.Hour
	leastMaxAge     = 10 * time.Second
	leastSecret     = 16 // bytes
)

// Config says where the log is and who takes part. It isn't changed by Open.
type Config struct {
	// Cluster and Node are names: 1 to 32 letters, digits, - and _. The node's is its own in the cluster and stays the same from start to start.
	Cluster, Node string

	// Dir is a folder of the node's own; the embedded server keeps its files in "journal" below it.
	Dir string

	// Listen is the address, host:port, for the other nodes; Join has theirs, at least one of which is there. Both are for an embedded server. A node alone needs neither, but Listen still
	// says that it is embedded.
	Listen string
	Join   []string

	// URL of NATS servers that are there already, and a file with credentials for them, or none. They take the place of Listen and Join.
	URL, Creds string

	// TLS is the certificate of the node and the authorities of the others; both sides of a route show theirs. With URL it is what the connection is made with.
	TLS *tls.Config

	// Secret is known to all nodes, at least 16 bytes. Without it and TLS only loopback addresses are taken.
	Secret string

	// Expect is how many nodes the cluster has when it starts for the first time, this one included: 1, or 3 and more. 0 counts Join.
	Expect int

	// MaxBytes and MaxAge bound the log. 0 stands for 256 MiB and an hour; the least are 4 MiB and 10 seconds.
	MaxBytes int64
	MaxAge   time.Duration

	// Sync forces each batch to the disk before it is acknowledged. Without it, machines that lose their power together lose up to two minutes of the log, and one alone may come back with
	// less than it acknowledged. It should be on wherever Expect isn't 1.
	Sync bool

	// Began is called by Open when the node's own server is there, and the log may not be: while Open waits, only Members, Voters, Remove and Rescue may be called. nil: nobody wants to know.
	Began func(*Journal)

	// Log gets what NATS has to say: its warnings and errors as warnings, the rest at debug level.
	Log zerolog.Logger
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// IsName says whether a node, a cluster or a kind can be called that.
func IsName(name string) bool { return nameForm.MatchString(name) }

// embedded is true if the node has a NATS server of its own.
func (c *Config) embedded() bool { return c.URL == "" }

// alone is true if no other node takes part.
func (c *Config) alone() bool { return c.Expect == 1 }

// fill puts what isn't given and refuses what can't be.
func (c *Config) fill() error {
	c.Join = slices.DeleteFunc(slices.Clone(c.Join), func(address string) bool { return address == c.Listen })
	if c.Expect == 0 {
		c.Expect = len(c.Join) + 1
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = defaultMaxBytes
	}
	if c.MaxAge == 0 {
		c.MaxAge = defaultMaxAge
	}
	for _, check := range []func() error{c.checkNames, c.checkBounds, c.checkPlace, c.checkStrangers} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) checkNames() error {
	for _, name := range []struct{ of, is string }{{"cluster", c.Cluster}, {"node", c.Node}} {
		if !IsName(name.is) {
			return fmt.Errorf("the name of the %s is %q: 1 to 32 letters, digits, - and _ are possible", name.of, name.is)
		}
	}
	return nil
}

func (c *Config) checkBounds() error {
	switch {
	case c.MaxBytes < leastMaxBytes:
		return fmt.Errorf("a log of %d bytes is too short: %d are the least", c.MaxBytes, leastMaxBytes)
	case c.MaxAge < leastMaxAge:
		return fmt.Errorf("a log of %v is too short: %v are the least", c.MaxAge, leastMaxAge)
	case c.Expect < 0:
		return fmt.Errorf("a cluster of %d nodes can't be", c.Expect)
	case c.Expect == 2 && c.embedded():
		return errors.New("a cluster of 2 nodes stands still as soon as one of them does: have 1, or 3 and more")
	}
	return nil
}

func (c *Config) checkPlace() error {
	if !c.embedded() {
		if c.Listen != "" || len(c.Join) > 0 {
			return errors.New("either the NATS servers that a URL names keep the log or the nodes do: not both a URL and addresses to listen at or to join")
		}
		return nil
	}
	switch {
	case c.Listen == "":
		return errors.New("nobody keeps the log: give an address to listen at for the other nodes, or the URL of NATS servers")
	case c.Dir == "":
		return errors.New("the log needs a folder")
	case !c.alone() && len(c.Join) == 0:
		return errors.New("a cluster of several nodes needs the addresses of the others to join")
	case c.alone() && len(c.Join) > 0:
		return errors.New("a node that is to be alone joins nobody: leave out the addresses or say how many nodes there are")
	}
	for _, address := range append([]string{c.Listen}, c.Join...) {
		if err := checkAddress(address); err != nil {
			return err
		}
	}
	return nil
}

func checkAddress(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q is no host:port: %w", address, err)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return fmt.Errorf("%q has no port from 1 to 65535", address)
	}
	return nil
}

func (c *Config) checkStrangers() error {
	if c.Secret != "" && len(c.Secret) < leastSecret {
		return fmt.Errorf("a secret of %d bytes can be guessed: %d are the least", len(c.Secret), leastSecret)
	}
	if !c.embedded() || c.alone() {
		return nil
	}
	if c.TLS != nil {
		return c.checkTLS()
	}
	if c.Secret != "" {
		return nil
	}
	for _, address := range append([]string{c.Listen}, c.Join...) {
		if !isLoopback(address) {
			return fmt.Errorf("%s can be reached by strangers, who would have the whole log: give each node a certificate, or all the same secret; without both only loopback addresses are possible", address)
		}
	}
	return nil
}

func (c *Config) checkTLS() error {
	switch {
	case len(c.TLS.Certificates) == 0 && c.TLS.GetCertificate == nil:
		return errors.New("TLS between nodes needs a certificate")
	case c.TLS.RootCAs == nil && c.TLS.ClientCAs == nil:
		return errors.New("TLS between nodes needs the authority that has signed the certificates of the others: that of the system would let in anybody who has a certificate")
	case c.TLS.InsecureSkipVerify:
		return errors.New("TLS between nodes that doesn't look at certificates lets in anybody")
	}
	return nil
}

// isLoopback is true for addresses of the machine itself.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
