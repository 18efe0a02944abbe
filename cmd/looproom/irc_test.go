//go:build linux

package main_test

import (
	"strings"
	"testing"
)

// TestOtherProtocolsAtIRCDoors: who speaks something else than IRC is told so, and nothing that has come is done.
func TestOtherProtocolsAtIRCDoors(t *testing.T) {
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", "irc://127.0.0.1:0", "--listen", "irc+unix://"+t.TempDir()+"/door")
	bob := signedIn(t, s, 0, "bob")
	for name, said := range map[string]string{
		"HTTP": "POST / HTTP/1.1\r\nHost: x\r\n\r\nNICK eve\r\n", "SSH": "SSH-2.0-OpenSSH_9.2\r\n", "TLS": "\x16\x03\x01\x00\xf4\x01\x00\x00\xf0\x03\x03\n",
	} {
		for n := 1; n <= 2; n++ {
			got := sendAndRead(t, s.dial(t, n), said)
			if last := got[strings.LastIndexByte(strings.TrimSuffix(got, "\r\n"), '\n')+1:]; !strings.Contains(last, "wrong-protocol") || !strings.HasSuffix(last, "\r\n") || strings.HasPrefix(last, "HTTP/1.1 400 ") != (name == "HTTP") {
				t.Errorf("%s at %s is told %q, want it to end with a line on its protocol", name, s.doors[n], got)
			}
		}
	}
	bob.say("PING a")
	if _, before := bob.until("PONG a"); strings.Contains(strings.Join(before, "\n"), "eve") {
		t.Errorf("bob reads %q, want nothing of who has spoken HTTP", before)
	}
}
