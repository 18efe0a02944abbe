//go:build linux

package main_test

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"testing"
)

// shown is what a client needs that believes the certificate of the server, and shows its own.
func (c certificate) shown(t *testing.T, own certificate) (config *tls.Config, fingerprint string) {
	t.Helper()
	pair := own.load(t)
	config = c.trust(t)
	config.Certificates = []tls.Certificate{*pair}
	sum := sha256.Sum256(pair.Certificate[0])
	return config, hex.EncodeToString(sum[:])
}

// TestCertificateOpensAnAccount: who has shown the certificate in the handshake logs in by it, also after a restart, and nobody else does.
func TestCertificateOpensAnAccount(t *testing.T) {
	of, hers := newCertificate(t), newClientCertificate(t)
	state := t.TempDir()
	start := func() *server {
		return startServer(t, "--loops", "2", "--state", state, "--listen", of.door("line", "client-ca="+hers.cert, "client-cert=optional"), "--listen", "line://127.0.0.1:0")
	}
	s := start()
	shown, fingerprint := of.shown(t, hers)
	ana := signedInSecure(t, s, 0, "Ana", shown)
	ana.say("LOGIN CERT")
	ana.until("! wrong-password ")
	ana.say("REGISTER " + operPassword)
	ana.until("= REGISTER Ana")
	ana.say("TRUST CERT")
	ana.until("= TRUST CERT " + fingerprint)
	ana.say("TRUST CERT LIST")
	ana.until("= CERTS 1")
	ana.expect("= CERT " + fingerprint + " this")

	s.stop()
	s = start()
	ana = greeted(dialSecure(t, s, 0, "ana", shown))
	ana.say("LOGIN CERT")
	ana.until("= LOGIN Ana")
	for name, c := range map[string]*talker{"with TLS": greeted(dialSecure(t, s, 0, "eve", of.trust(t))), "without": connect(t, s, 1, "eve")} {
		c.say("LOGIN CERT")
		if line, _ := c.until("! "); line[:len("! no-certificate")] != "! no-certificate" {
			t.Errorf("%s, who has shown none reads %q, want no-certificate", name, line)
		}
	}
	bare := connect(t, s, 1, "ana")
	bare.say("LOGIN Ana " + operPassword)
	bare.until("= LOGIN Ana")
	bare.say("TRUST CERT LIST")
	bare.until("= CERTS 1")
	bare.expect("= CERT " + fingerprint)
	bare.say("TRUST CERT OFF " + fingerprint)
	bare.until("= TRUST CERT OFF " + fingerprint)
	again := greeted(dialSecure(t, s, 0, "ana again", shown))
	again.say("LOGIN CERT")
	again.until("! wrong-password ")
}
