//go:build linux

package door

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"looproom/loop/folder"
)

// certificateFiles are those of a TLS door, by their paths.
type certificateFiles struct {
	cert, key string // key is cert where one file has both
	clientCA  string // of what clients show; "": none
	clients   string // a value of client-cert, "" until complete
}

// The values of client-cert: whether clients have to show a certificate.
const (
	certRequired = "required" // of the authority
	certOptional = "optional" // who has one of the authority shows it
	certAny      = "any"      // who has one shows it; whose it is, its fingerprint says
	certNone     = "none"     // nobody is asked for one
)

// maxCertificateFile is the longest file that is read, in bytes. All authorities that a browser knows take a quarter of that.
const maxCertificateFile = 1 << 20

// set takes an option of a door's URL; known says whether it is one of TLS.
func (f *certificateFiles) set(name, value string) (known bool, err error) {
	switch name {
	case "cert":
		f.cert = value
	case "key":
		f.key = value
	case "client-ca":
		f.clientCA = value
	case "client-cert":
		if !slices.Contains([]string{certRequired, certOptional, certAny, certNone}, value) {
			err = fmt.Errorf("client-cert=%s: a client's certificate is required, optional or any, or none is asked for", value)
		}
		f.clients = value
	default:
		return false, nil
	}
	return true, err
}

// complete looks whether the options of a door make sense together, where clients speak that dialect.
func (f *certificateFiles) complete(options url.Values, speaks Dialect) error {
	f.clients = cmp.Or(f.clients, usualClients(options.Has("client-ca"), speaks))
	byAuthority := f.clients == certRequired || f.clients == certOptional
	switch {
	case f.cert == "":
		return errors.New("TLS needs a certificate: ?cert=FILE&key=FILE (looproom cert makes a pair for a first try)")
	case f.clientCA == "" && (byAuthority || options.Has("client-ca")):
		return errors.New("client-cert needs client-ca=FILE, the authority that signs the clients' certificates")
	case f.clientCA != "" && !byAuthority:
		return fmt.Errorf("client-cert=%s looks at no authority: leave client-ca away", f.clients)
	}
	if f.key == "" {
		f.key = f.cert
	}
	return nil
}

// usualClients is client-cert where the URL doesn't say. IRC's clients know that they may be asked, and what for.
func usualClients(authority bool, speaks Dialect) string {
	switch {
	case authority:
		return certRequired
	case speaks == IRCDialect:
		return certAny
	}
	return certNone
}

// suites are those of TLS 1.2: what Go has by itself, less the ones with CBC, for which all clients that matter have something better. Those of TLS 1.3
// can't be chosen.
var suites = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

// load reads the files. The error names the one that is to blame, and what to do.
func (f *certificateFiles) load() (*tls.Config, error) {
	pair, err := f.loadPair()
	if err != nil {
		return nil, err
	}
	// Records of full size from the start: the small ones are for browsers that show a page while it comes.
	config := &tls.Config{
		Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, CipherSuites: suites, DynamicRecordSizingDisabled: true,
	}
	return config, f.addClients(config)
}

func (f *certificateFiles) loadPair() (tls.Certificate, error) {
	var none tls.Certificate
	cert, err := folder.ReadFile(f.cert, maxCertificateFile)
	if err != nil {
		return none, fmt.Errorf("certificate: %w (looproom cert makes one for a first try)", err)
	}
	key, err := folder.ReadFile(f.key, maxCertificateFile)
	if err != nil {
		return none, fmt.Errorf("key of the certificate: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return none, fmt.Errorf("certificate %s with key %s: %w (both in PEM, the key without a password and of the first certificate)", f.cert, f.key, err)
	}
	return pair, nil
}

// addClients has the clients show certificates, if they are to.
func (f *certificateFiles) addClients(config *tls.Config) error {
	switch f.clients {
	case certNone:
		return nil
	case certAny:
		config.ClientAuth = tls.RequestClientCert // TLS itself proves that the client has the key
		return nil
	}
	text, err := folder.ReadFile(f.clientCA, maxCertificateFile)
	if err != nil {
		return fmt.Errorf("client-ca: %w", err)
	}
	config.ClientCAs = x509.NewCertPool()
	if !config.ClientCAs.AppendCertsFromPEM(text) {
		return fmt.Errorf("client-ca: %s holds no certificate in PEM", f.clientCA)
	}
	config.ClientAuth = tls.RequireAndVerifyClientCert
	if f.clients == certOptional {
		config.ClientAuth = tls.VerifyClientCertIfGiven
	}
	return nil
}
