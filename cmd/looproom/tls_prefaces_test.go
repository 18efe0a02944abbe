//go:build linux

package main_test

import "testing"

// TestTooManyHandshakesAtOnce: a quarter of the connections that there may be, but 64 in any case, can be in their handshake. Who is one too many is told so in
// clear or inside of TLS, and no memory stays counted for it.
func TestTooManyHandshakesAtOnce(t *testing.T) {
	c := newCertificate(t)
	s := startServer(t, "--max-clients", "256", "--admin", "127.0.0.1:0", "--listen", c.door("line"))
	admin := adminOf(t, s)
	var stuck []*talker
	for range 64 {
		stuck = append(stuck, dial(t, s, 0, "stuck"))
	}
	waitFor(t, "64 handshakes", func() bool { return scrape(t, admin).sum("looproom_prefaces") == 64 })
	for range 5 {
		more := dialSecure(t, s, 0, "one too many", c.trust(t))
		more.until("! server-full too many connections are just being made")
		more.expectEnd()
	}
	for _, c := range stuck {
		c.input.Close()
	}
	waitFor(t, "the memory of the handshakes to be given back", func() bool {
		return scrape(t, admin).sum("looproom_memory_bytes", "source=prefaces") == 0
	})
	signedInSecure(t, s, 0, "ana", c.trust(t))
}
