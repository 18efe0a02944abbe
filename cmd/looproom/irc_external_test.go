//go:build linux

package main_test

import (
	"crypto/tls"
	"strings"
	"testing"
)

// enrolled is a client of IRC by TLS who has logged in by PLAIN, and is in the chat.
func enrolled(t *testing.T, s *server, n int, nick, password string, shown *tls.Config) *talker {
	t.Helper()
	c := dialSecure(t, s, n, nick, shown)
	c.begins("PLAIN")
	c.authenticates("\x00" + nick + "\x00" + password)
	c.numeric("903")
	c.enters(nick)
	return c
}

// tries logs in by EXTERNAL, as that account, "" for whom the certificate opens, and returns the numeric that answers it, and what stands behind that.
func (c *talker) tries(account string) (code, rest string) {
	c.t.Helper()
	c.begins("EXTERNAL")
	c.authenticates(account)
	line, _ := c.until(":looproom.test 90")
	code, rest, _ = strings.Cut(strings.TrimSuffix(strings.TrimPrefix(line, ":looproom.test "), "\r"), " ")
	return code, rest
}

// TestIRCExternal: a client of IRC registers the certificate that it has shown, and logs in by it alone, also when the server has been killed; no other certificate does, and none for another account.
func TestIRCExternal(t *testing.T) {
	t.Parallel()
	of, hers, others := newCertificate(t), newClientCertificate(t), newClientCertificate(t)
	state := t.TempDir()
	start := func() *server {
		return startServer(t, "--loops", "2", "--state", state, "--server-name", "looproom.test", "--listen", "line://127.0.0.1:0",
			"--listen", of.door("irc", "client-ca="+hers.cert, "client-cert=optional"), "--listen", of.door("irc", "client-ca="+others.cert, "client-cert=optional"))
	}
	s := start()
	shown, fingerprint := of.shown(t, hers)
	wrong, wrongFingerprint := of.shown(t, others)
	for _, name := range []string{"ana", "bob"} {
		c := signedIn(t, s, 0, name)
		c.says("REGISTER "+operPassword, "= REGISTER "+name)
		c.says("END", "= END")
	}
	if code, _ := dialSecure(t, s, 1, "too early", shown).tries(""); code != "904" {
		t.Errorf("by a certificate that opens nothing yet one reads %s, want 904", code)
	}
	ana := enrolled(t, s, 1, "ana", operPassword, shown)
	ana.says("CERT LIST", ":looproom.test NOTICE ana :Certificates that open your account: 0")
	ana.says("CERT DEL "+fingerprint, ":looproom.test FAIL CERT NO_CERTIFICATE DEL :")
	ana.says("CERT ADD "+wrongFingerprint, ":looproom.test FAIL CERT NO_CERTIFICATE ADD :")
	ana.says("CERT ADD word", ":looproom.test FAIL CERT INVALID_FINGERPRINT ADD :")
	ana.says("CERT ADD", ":looproom.test NOTICE ana :The certificate "+fingerprint+" opens your account from now on")
	ana.says("CERT LIST", ":looproom.test NOTICE ana :Certificate "+fingerprint+" (that of this connection)")
	ana.until(":looproom.test NOTICE ana :Certificates that open your account: 1")
	bob := enrolled(t, s, 1, "bob", operPassword, shown)
	bob.says("CERT ADD", ":looproom.test FAIL CERT CERTIFICATE_TAKEN ADD :")

	if err := s.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.wait()
	s = start()
	c := dialSecure(t, s, 1, "ana", shown)
	c.say("CAP LS 302")
	if line, _ := c.until(":looproom.test CAP * LS "); !strings.Contains(line, "sasl=EXTERNAL,") {
		t.Errorf("who shows a certificate is offered %q, want EXTERNAL in front", line)
	}
	if code, rest := c.tries(""); code != "900" || !strings.HasSuffix(rest, " ana :You are now logged in as ana") {
		t.Errorf("by her certificate one reads %s %s, want 900 for ana", code, rest)
	}
	c.numeric("903")
	if welcome := c.enters("ana"); !strings.HasPrefix(welcome, "ana ") {
		t.Errorf("it is welcomed as %q, want ana", welcome)
	}
	c.says("WHOIS ana", ":looproom.test 671 ana ana :is using a secure connection")
	if code, _ := dialSecure(t, s, 1, "as ana", shown).tries("ana"); code != "900" {
		t.Errorf("by her certificate, as ana, one reads %s, want 900", code)
	}
	if code, _ := dialSecure(t, s, 1, "as bob", shown).tries("bob"); code != "904" {
		t.Errorf("by her certificate, as bob, one reads %s, want 904", code)
	}
	if code, _ := dialSecure(t, s, 2, "another's", wrong).tries("ana"); code != "904" {
		t.Errorf("by another's certificate, as ana, one reads %s, want 904", code)
	}
	none := dialSecure(t, s, 1, "none", of.trust(t))
	none.say("CAP REQ sasl")
	none.until(":looproom.test CAP * ACK :sasl")
	none.says("AUTHENTICATE EXTERNAL", ":looproom.test 908 * SCRAM-SHA-256,PLAIN :")
	none.numeric("904")

	c.says("CERT DEL", ":looproom.test NOTICE ana :The certificate "+fingerprint+" opens your account no longer")
	if code, _ := dialSecure(t, s, 1, "too late", shown).tries(""); code != "904" {
		t.Errorf("by a certificate that opens nothing any more one reads %s, want 904", code)
	}
}
