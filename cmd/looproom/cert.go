//go:build linux

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"looproom/cmd/program"
)

const aboutCert = `Make a certificate that signs itself, for a first try of a TLS door: cert.pem, and its key key.pem. Who connects sees that it is
of nobody they know; give them cert.pem, or get a certificate from an authority for all the world.`

// certFlags is the command line of looproom cert.
type certFlags struct {
	Host  []string `placeholder:"NAME" default:"localhost,127.0.0.1,::1" help:"Names and addresses by which clients connect (${default}); may be repeated." example:"cert --host chat.example.org --host 192.0.2.7"`
	Dir   string   `placeholder:"DIR" default:"." help:"Folder for the two files (${default})." example:"cert --dir /etc/looproom"`
	Days  int      `placeholder:"N" default:"365" help:"How long it is valid (${default})." example:"cert --days 30"`
	Force bool     `help:"Replace files that are there." example:"cert --force"`
}

// makeCert is looproom cert.
func makeCert(arguments []string, _ io.Reader, out io.Writer) error {
	var flags certFlags
	if err := parseCert(&flags, arguments, out); err != nil {
		return err
	}
	if err := flags.check(); err != nil {
		return err
	}
	cert, key, err := selfSigned(flags.Host, time.Now(), flags.Days)
	if err != nil {
		return err
	}
	certPath, keyPath := flags.paths()
	// The key goes first: a certificate alone would look as if all had gone well.
	if err := writeWhole(keyPath, key, 0o600); err != nil {
		return err
	}
	if err := writeWhole(certPath, cert, 0o644); err != nil {
		return err
	}
	flags.explain(out)
	return nil
}

func parseCert(flags *certFlags, arguments []string, out io.Writer) error {
	parser, err := newTool(flags, "cert", aboutCert, out)
	if err != nil {
		return err
	}
	_, err = parser.Parse(arguments)
	return err
}

func describeCert() program.Command {
	return describeFlags(new(certFlags), "cert", aboutCert, "Make a self-signed certificate for a TLS door")
}

// maxCertDays is how long a certificate may be valid: 100 years, which is for ever.
const maxCertDays = 36525

func (f *certFlags) check() error {
	if f.Days < 1 || f.Days > maxCertDays {
		return fmt.Errorf("--days: %d is not between 1 and %d", f.Days, maxCertDays)
	}
	cert, key := f.paths()
	for _, path := range []string{cert, key} {
		if _, err := os.Lstat(path); !f.Force && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already; --force replaces it", path)
		}
	}
	return nil
}

func (f *certFlags) paths() (cert, key string) {
	dir, err := filepath.Abs(f.Dir)
	if err != nil {
		dir = f.Dir
	}
	return filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
}

// explain says what to do with the files.
func (f *certFlags) explain(out io.Writer) {
	cert, key := f.paths()
	fmt.Fprintf(out, `%s and %s are valid for %d days.

serve:    looproom --listen 'line+tls://:7778?cert=%s&key=%s'
connect:  ncat --ssl %s 7778
          openssl s_client -quiet -verify_return_error -CAfile %s -connect %s

Keep the key to yourself. After the files have been replaced, SIGHUP has looproom read them again.
`, cert, key, f.Days, cert, key, f.Host[0], cert, net.JoinHostPort(f.Host[0], "7778"))
}

// selfSigned returns a certificate for the hosts, which are names and addresses, and its key, in PEM.
func selfSigned(hosts []string, now time.Time, days int) (cert, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make a key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, fmt.Errorf("make a serial number: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: hosts[0]},
		NotBefore:             now.Add(-time.Hour), // clocks differ
		NotAfter:              now.AddDate(0, 0, days),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true, // so that clients can be told to trust it
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, nil, fmt.Errorf("make a certificate for %q: %w", hosts, err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, fmt.Errorf("write the key: %w", err)
	}
	return inPEM("CERTIFICATE", signed), inPEM("PRIVATE KEY", secret), nil
}

func inPEM(kind string, data []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data})
}

// writeWhole writes a file that is there whole or not at all.
func writeWhole(path string, data []byte, mode fs.FileMode) error {
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-") // with rights for its owner alone
	if err != nil {
		return err
	}
	_, err = part.Write(data)
	err = errors.Join(err, part.Chmod(mode), part.Sync(), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, errors.Join(err, os.Remove(part.Name())))
	}
	return nil
}
