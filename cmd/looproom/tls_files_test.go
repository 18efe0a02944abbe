//go:build linux

package main_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestTLSUpload: files with lines between them go up at one go, and all answers come in order, and then the files come down.
func TestTLSUpload(t *testing.T) {
	for name, version := range versions {
		for _, loops := range []string{"1", "2"} {
			t.Run(name+"/loops="+loops, func(t *testing.T) {
				t.Parallel()
				s, config := startSecure(t, "--loops", loops, "--files", t.TempDir())
				c := signedInSecure(t, s, 0, "ana", only(config, version))
				big, small := randomBytes(1, 5<<20), randomBytes(2, 20_000)
				sent := fmt.Sprintf("PING before\nSEND %d big\n%sPING between\nSEND %d small\n%sSEND 0 empty\nPING behind\n", len(big), big, len(small), small)
				go func() { _, _ = io.WriteString(c.input, sent) }() // if it fails, the answers don't come
				c.expect("PONG before",
					fmt.Sprintf("= SENT %d big %x", len(big), sha256.Sum256(big)),
					"PONG between",
					fmt.Sprintf("= SENT %d small %x", len(small), sha256.Sum256(small)),
					fmt.Sprintf("= SENT 0 empty %x", sha256.Sum256(nil)),
					"PONG behind")
				c.write("GET big\nGET small\nPING all\n")
				c.expect(fmt.Sprintf("= FILE %d big", len(big)))
				if !bytes.Equal(c.bytes(len(big)), big) {
					t.Error("GET brought other bytes")
				}
				c.expect(fmt.Sprintf("= FILE %d small", len(small)))
				if !bytes.Equal(c.bytes(len(small)), small) {
					t.Error("GET brought other bytes")
				}
				c.expect("PONG all")
			})
		}
	}
}

// TestTLSUploadAndHalfClose: a client ends what it sends right behind its file.
func TestTLSUploadAndHalfClose(t *testing.T) {
	for _, size := range []int{10_000, 3 << 20} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			s, config := startSecure(t, "--files", t.TempDir())
			c := greeted(dialSecure(t, s, 0, "half", config))
			data := randomBytes(3, size)
			go func() {
				c.write(fmt.Sprintf("SEND %d file\n%sPING behind\n", size, data))
				c.closeInput()
			}()
			c.expect(fmt.Sprintf("= SENT %d file %x", size, sha256.Sum256(data)), "PONG behind")
			c.expectEnd()
		})
	}
}

// TestTLSChatDuringUpload: who uploads is told meanwhile what the others say.
func TestTLSChatDuringUpload(t *testing.T) {
	s, config := startSecure(t, "--files", t.TempDir())
	ana, bob := signedInSecure(t, s, 0, "ana", config), signedIn(t, s, 1, "bob")
	ana.until("> 127.0.0.1")
	data := string(randomBytes(4, 2<<20))
	ana.write(fmt.Sprintf("SEND %d file\n", len(data)))
	step := len(data) / 64
	for n := range 64 {
		ana.write(data[n*step : (n+1)*step])
		line := fmt.Sprintf("%d %s", n, strings.Repeat("words ", n*10))
		bob.say(line)
		ana.expect("[bob] " + line)
	}
	ana.expect(fmt.Sprintf("= SENT %d file %x", len(data), sha256.Sum256([]byte(data))))
	ana.say("done")
	bob.until("[ana] done")
}

// TestTLSKeyUpdateDuringUpload: TLS has something to say while a goroutine reads the upload and the loop writes. openssl sends a line
// that begins with K as a change of keys.
func TestTLSKeyUpdateDuringUpload(t *testing.T) {
	need(t, "openssl")
	s, _ := startSecure(t, "--files", t.TempDir())
	host, port := s.hostPort(0)
	c := startProgram(t, "openssl", "s_client", "-tls1_3", "-msg", "-connect", host+":"+port)
	c.until("> Connected")
	bob := signedIn(t, s, 1, "bob")
	const lines, sent = 20, ">>> TLS 1.2, RecordHeader"
	c.say(fmt.Sprintf("SEND %d file", lines*len("line 00\n")))
	c.until(sent) // else openssl might read the next line with it
	for n := range lines {
		line := fmt.Sprintf("line %02d", n)
		c.say(line)
		c.until(sent)
		bob.say(line)
		c.until("[bob] " + line)
		if n < lines-1 {
			c.say("K")
			c.until("<<< TLS 1.3, Handshake [length 0005], KeyUpdate")
		}
	}
	c.until(fmt.Sprintf("= SENT %d file ", lines*len("line 00\n")))
}
