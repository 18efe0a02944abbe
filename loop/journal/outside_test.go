package journal

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// TestServersThatAreThere: two nodes at a NATS server of somebody else, which has one copy as it is one server.
func TestServersThatAreThere(t *testing.T) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true, JetStream: true, StoreDir: shortDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(patience) {
		t.Fatal("the NATS server doesn't start")
	}
	configs := []Config{{Cluster: "test", Node: "n1", URL: s.ClientURL()}, {Cluster: "test", Node: "n2", URL: s.ClientURL()}}
	c := startWith(t, configs)
	c.follow(0)
	c.writeAll([]int{0, 1}, 1, 50)
	c.inStep(100)
	heard := map[string]bool{}
	offer(t, c.nodes[0], "name", func(context.Context, []byte, io.Writer) error { return nil })
	offer(t, c.nodes[1], "name", func(context.Context, []byte, io.Writer) error { return nil })
	ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
	defer cancel()
	if err := c.nodes[0].Everyone(ctx, "name", nil, func(node string, _ []byte) { heard[node] = true }); err != nil || len(heard) != 2 {
		t.Errorf("Everyone = %v, %v; want both nodes", err, heard)
	}
	if err := c.nodes[0].Remove("n2"); err == nil {
		t.Error("Remove at servers of somebody else = nil, want an error")
	}
}

func TestServersThatAreNotThere(t *testing.T) {
	url := "nats://" + freeAddresses(t, 1)[0]
	ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
	defer cancel()
	if _, err := Open(ctx, Config{Cluster: "test", Node: "n1", URL: url}); err == nil || !strings.Contains(err.Error(), "connect to NATS at "+url) {
		t.Errorf("Open = %v, want that nobody is at %s", err, url)
	}
}

// authority signs certificates of loopback addresses.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.key = a.newKey()
	a.cert = a.sign(template, template, a.key, a.key)
	return a
}

func (a *authority) newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	return key
}

func (a *authority) sign(template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert
}

// config is that of a node with a certificate of this authority.
func (a *authority) config() *tls.Config {
	key := a.newKey()
	cert := a.sign(&x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "node"}, NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, a.cert, key, a.key)
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}}, RootCAs: roots}
}

// TestCertificates: nodes with certificates of one authority are a cluster, and one with another's gets nothing.
func TestCertificates(t *testing.T) {
	ours := newAuthority(t)
	configs := configsOf(t, 4)
	stranger := configs[3]
	for i := range configs[:3] {
		configs[i].TLS, configs[i].Expect, configs[i].Join = ours.config(), 3, configs[i].Join[:3]
	}
	c := startWith(t, configs[:3])
	c.follow(0)
	c.writeAll([]int{0, 1, 2}, 1, 10)
	c.inStep(30)
	for _, row := range []struct {
		name string
		tls  *tls.Config
	}{{"another authority", newAuthority(t).config()}, {"no certificate", nil}} {
		t.Run(row.name, func(t *testing.T) {
			stranger.TLS = row.tls
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			j, err := Open(ctx, stranger)
			if err == nil {
				j.Close()
				t.Fatal("Open of a stranger = nil, want an error")
			}
			t.Log(err)
			if got := len(c.nodes[0].Members()); got != 3 {
				t.Errorf("%d members, want 3", got)
			}
		})
	}
}

// TestRescue: most of the nodes are gone for good. Those that are left go on alone once somebody has said so.
func TestRescue(t *testing.T) {
	for _, row := range []struct{ nodes, gone int }{{3, 2}, {5, 3}} {
		t.Run(fmt.Sprintf("%d of %d are gone", row.gone, row.nodes), func(t *testing.T) { rescue(t, row.nodes, row.gone) })
	}
}

func rescue(t *testing.T, nodes, gone int) {
	c := startCluster(t, nodes)
	c.follow(0)
	all := []int{0, 1, 2, 3, 4}[:nodes]
	c.writeAll(all, 1, 5)
	c.inStep(5 * nodes)
	c.hasCopies(copiesOf(nodes))
	left := c.nodes[0]
	if _, err := left.Rescue(t.Context()); !errors.Is(err, errMost) {
		t.Errorf("Rescue of a cluster that is well = %v, want %v", err, errMost)
	}
	var want []string
	for _, i := range all[nodes-gone:] {
		_ = c.nodes[i].Close() // with so few left there may be nobody to hand the log to
		want = append(want, c.configs[i].Node)
	}
	out, err := left.Rescue(t.Context())
	for end := time.Now().Add(patience); errors.Is(err, errMost) && time.Now().Before(end); { // it has not noticed yet
		out, err = left.Rescue(t.Context())
	}
	if err != nil || !slices.Equal(out, want) {
		t.Fatalf("Rescue = %q, %v, want that %q are out", out, err, want)
	}
	var voters []Voter
	for _, i := range all[:nodes-gone] {
		voters = append(voters, Voter{Name: c.configs[i].Node, Here: true, id: voterID(c.configs[i].Node)})
	}
	if got := left.Voters(); !slices.Equal(got, voters) {
		t.Errorf("Voters = %v, want %v", got, voters)
	}
	left.write(t, 6, 20)
	if got, want := len(left.accepts()), 5*nodes+15; got != want {
		t.Errorf("%d batches accepted, want %d: those of before and 15 more", got, want)
	}
}
