//go:build linux

package main_test

import (
	"testing"
)

// TestTLSPrograms lets each of the programs that people have at hand talk TLS with a client in clear.
func TestTLSPrograms(t *testing.T) {
	rows := []struct {
		name    string
		command func(c certificate, host, port string) []string
	}{
		{"openssl 1.2", func(c certificate, host, port string) []string {
			return []string{"openssl", "s_client", "-quiet", "-tls1_2", "-verify_return_error", "-CAfile", c.cert, "-connect", host + ":" + port}
		}},
		{"openssl 1.3", func(c certificate, host, port string) []string {
			return []string{"openssl", "s_client", "-quiet", "-tls1_3", "-verify_return_error", "-CAfile", c.cert, "-connect", host + ":" + port}
		}},
		{"ncat, verifying", func(c certificate, _, port string) []string {
			return []string{"ncat", "--ssl-verify", "--ssl-trustfile", c.cert, "localhost", port}
		}},
		{"ncat", func(_ certificate, host, port string) []string {
			return []string{"ncat", "--ssl", host, port}
		}},
		{"socat", func(c certificate, host, port string) []string {
			return []string{"socat", "-", "OPENSSL:" + host + ":" + port + ",cafile=" + c.cert}
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := newCertificate(t)
			command := row.command(c, "127.0.0.1", "0")
			need(t, command[0])
			t.Parallel()
			s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", c.door("line"))
			host, port := s.hostPort(1)
			command = row.command(c, host, port)
			talk(t, s, startProgram(t, command[0], command[1:]...))
		})
	}
}

// TestTLSKeyUpdate: a client of TLS 1.3 may change keys at any time, and have the server change its own. openssl does at a line K.
func TestTLSKeyUpdate(t *testing.T) {
	need(t, "openssl")
	s, _ := startSecure(t)
	host, port := s.hostPort(0)
	c := startProgram(t, "openssl", "s_client", "-tls1_3", "-msg", "-connect", host+":"+port)
	c.until("> Connected")
	for range 3 {
		c.say("K")
		c.until("<<< TLS 1.3, Handshake [length 0005], KeyUpdate")
		c.say("PING with new keys")
		c.until("PONG with new keys")
	}
}

// TestTLSPipe: `printf ... | socat` gets every reply.
func TestTLSPipe(t *testing.T) {
	need(t, "socat")
	s, _ := startSecure(t)
	host, port := s.hostPort(0)
	c := startProgram(t, "socat", "-t", "30", "-", "OPENSSL:"+host+":"+port+",verify=0")
	c.write("ADD ana\nPING one\nLIST")
	c.closeInput()
	c.expect("> Connected to the chat server (1 user online)", "= ADD ana", "PONG one", "= LIST 1 ana")
	c.expectEnd()
}
