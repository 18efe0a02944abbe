//go:build linux

package main_test

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

// proxied is a line door that believes 127.0.0.1.
const proxied = "line://127.0.0.1:0?proxy=10.0.0.0/8,127.0.0.1,::1"

// What a proxied door says to those that it refuses.
const (
	forProxiesOnly = "! not-a-proxy this door is for its proxies only"
	noProxyHeader  = "! not-a-proxy no valid PROXY header"
)

// proxyLine is a header of version 1 for a client.
func proxyLine(client string) string {
	at, family, here := netip.MustParseAddrPort(client), "TCP4", "192.0.2.1"
	if at.Addr().Is6() {
		family, here = "TCP6", "2001:db8::1"
	}
	return fmt.Sprintf("PROXY %s %s %s %d 7777\r\n", family, at.Addr(), here, at.Port())
}

// proxyBlock is a header of version 2 for a client, with something behind its addresses.
func proxyBlock(client string, behind string) string {
	at, family := netip.MustParseAddrPort(client), byte(0x11)
	if at.Addr().Is6() {
		family = 0x21
	}
	ip := at.Addr().AsSlice()
	return rawProxyBlock(0x21, family, string(ip)+string(ip)+bigEndian(int(at.Port()))+bigEndian(7777)+behind)
}

// rawProxyBlock is a header of version 2 with these bytes.
func rawProxyBlock(command, family byte, rest string) string {
	return "\r\n\r\n\x00\r\nQUIT\n" + string([]byte{command, family}) + bigEndian(len(rest)) + rest
}

func bigEndian(n int) string { return string([]byte{byte(n >> 8), byte(n)}) }

// connFrom connects from an address of this machine.
func connFrom(t *testing.T, from, address string) net.Conn {
	t.Helper()
	dialer := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// proxiedGuest comes by the n-th door with this header.
func proxiedGuest(t *testing.T, s *server, n int, header string) *talker {
	t.Helper()
	c := dial(t, s, n, fmt.Sprintf("%.20q", header))
	c.write(header)
	return greeted(c)
}

// TestProxiedGuests: whatever the header is like, the room and the log know the client by it.
func TestProxiedGuests(t *testing.T) {
	rows := []struct{ name, header, want string }{ // an empty want is the proxy's own address
		{"v1", proxyLine("192.0.2.7:1234"), "192.0.2.7:1234"},
		{"v1 IPv6", proxyLine("[2001:db8::7]:1234"), "[2001:db8::7]:1234"},
		{"v1 IPv4 within IPv6", "PROXY TCP6 ::ffff:192.0.2.8 ::ffff:192.0.2.1 1234 7777\r\n", "192.0.2.8:1234"},
		{"v2", proxyBlock("192.0.2.9:1234", ""), "192.0.2.9:1234"},
		{"v2 IPv6", proxyBlock("[2001:db8::9]:1234", ""), "[2001:db8::9]:1234"},
		{"v2 with TLVs", proxyBlock("192.0.2.10:1234", strings.Repeat("\x04\x00\x00", 1000)), "192.0.2.10:1234"},
		{"v1 unknown", "PROXY UNKNOWN\r\n", ""},
		{"v1 unknown with addresses", "PROXY UNKNOWN 192.0.2.1 192.0.2.2 1 2\r\n", ""},
		{"v2 local", rawProxyBlock(0x20, 0, ""), ""},
		{"v2 local with an address", rawProxyBlock(0x20, 0x11, "\x01\x02\x03\x04\x05\x06\x07\x08\x00\x01\x00\x02"), ""},
		{"v2 Unix socket", rawProxyBlock(0x21, 0x31, strings.Repeat("x", 216)), ""},
	}
	for _, listen := range []string{proxied, "line://:0?proxy=127.0.0.1,::1"} {
		s := startServer(t, "--listen", listen, "--log-format", "json")
		for _, row := range rows {
			t.Run(row.name+" "+listen, func(t *testing.T) {
				c := proxiedGuest(t, s, 0, row.header)
				want := row.want
				if want == "" {
					want = c.input.(net.Conn).LocalAddr().String()
				}
				c.say("WHO " + want)
				c.until("= WHO " + want + " since ")
				c.say("END")
				c.until("= END")
				c.expectEnd()
				waitFor(t, "the end of "+want+" in the log", func() bool {
					return strings.Contains(s.log.String(), `"client":"`+want+`","door":"`+s.doors[0]+`","reason":"left"`)
				})
			})
		}
	}
}

// TestProxiedDoors: a header goes before every framing, and what comes with it in one packet is not lost.
func TestProxiedDoors(t *testing.T) {
	const door = "://127.0.0.1:0?proxy=127.0.0.1"
	header := proxyLine("192.0.2.7:1234")
	s := startServer(t, "--listen", "line"+door, "--listen", "fixed"+door, "--listen", "chunk"+door, "--listen", "echo"+door)
	rows := []struct {
		name       string
		door       int
		sent, want string
	}{
		{"line", 0, "PING 1\n", "PONG 1"},
		{"fixed", 1, block("PING 1", 512), "PONG 1"},
		{"chunk", 2, "PING 1", "PONG 1"},
		{"echo", 3, "PING 1\n", "PING 1"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := dial(t, s, row.door, row.name)
			c.write(header + row.sent)
			c.closeInput()
			if err := c.source.SetReadDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(c.output)
			if err != nil || !strings.Contains(string(got), row.want) {
				t.Errorf("answer = %q, %v; want %q in it", got, err, row.want)
			}
		})
	}
}

// headed is a connection whose first write has a header before it, in one packet.
type headed struct {
	net.Conn
	header string
}

func (h *headed) Write(p []byte) (int, error) {
	header := h.header
	h.header = ""
	n, err := h.Conn.Write(append([]byte(header), p...))
	return n - len(header), err
}

// TestProxiedTLS: the header goes before TLS, and may come with the beginning of the handshake.
func TestProxiedTLS(t *testing.T) {
	c := newCertificate(t)
	s := startServer(t, "--listen", c.door("line", "proxy=127.0.0.1"))
	headers := map[string]string{"192.0.2.7:1": proxyLine("192.0.2.7:1"), "192.0.2.8:1": proxyBlock("192.0.2.8:1", "\x04\x00\x00")}
	for name, header := range headers {
		t.Run(name, func(t *testing.T) {
			conn := secured(t, &headed{s.dial(t, 0), header}, c.trust(t))
			ana := greeted(newTalker(t, name, conn, conn))
			ana.say("WHO " + name)
			ana.until("= WHO " + name + " since ")
		})
	}
	t.Run("no header", func(t *testing.T) {
		c := dial(t, s, 0, "no header")
		c.write("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
		c.expect(noProxyHeader)
		c.expectEnd()
	})
	t.Run("elsewhere", func(t *testing.T) {
		_, address := s.address(0)
		conn := connFrom(t, "127.0.0.2", address)
		c := newTalker(t, "elsewhere", conn, conn)
		c.expect(forProxiesOnly)
		c.expectEnd()
	})
}

// TestProxyHeaderInPieces cuts header and first lines at every byte. Another client's round trip has the server read each piece before
// the next one comes.
func TestProxyHeaderInPieces(t *testing.T) {
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", proxied)
	bob := connect(t, s, 0, "bob")
	for name, header := range map[string]string{"v1": proxyLine("192.0.2.7:1234"), "v2": proxyBlock("192.0.2.7:1234", "\x04\x00\x00")} {
		t.Run(name, func(t *testing.T) {
			for how, pieces := range cuts(header + "JOIN #room\nLIST\n") {
				c := dial(t, s, 1, how)
				for _, piece := range pieces {
					c.write(piece)
					bob.fence()
				}
				c.until("= JOIN #room 1")
				c.expect("= LIST 1 192.0.2.7:1234")
				c.say("END")
				c.until("= END")
				c.input.Close()
				bob.until("< The user ")
			}
		})
	}
}

// TestNotFromAProxy: nobody else is believed, or asked to begin with a header.
func TestNotFromAProxy(t *testing.T) {
	s := startServer(t, "--listen", proxied, "--admin", "127.0.0.1:0", "--log-format", "json")
	rows := []struct{ name, sent string }{
		{"a forged header", proxyLine("10.1.2.3:1234")},
		{"a forged header of version 2", proxyBlock("10.1.2.3:1234", "")},
		{"a line", "hello\n"},
		{"nothing", ""},
	}
	for i, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			from := fmt.Sprintf("127.0.0.%d", 2+i)
			_, address := s.address(0)
			conn := connFrom(t, from, address)
			c := newTalker(t, row.name, conn, conn)
			c.write(row.sent)
			c.expect(forProxiesOnly)
			c.expectEnd()
			s.awaitLog(`"client":"`+from+":", `"code":"not-a-proxy"`, `"message":"refused"`)
		})
	}
	if got := scrape(t, adminOf(t, s)).sum("looproom_refused_connections_total", "reason=not-a-proxy"); got != float64(len(rows)) {
		t.Errorf("refused with not-a-proxy = %v, want %d", got, len(rows))
	}
	if strings.Contains(s.log.String(), "10.1.2.3") {
		t.Errorf("the log has a forged address:\n%s", s.log.String())
	}
}

// brokenHeaders are refused as soon as they are known to be broken.
var brokenHeaders = []struct{ name, header string }{
	{"a line", "hello\n"},
	{"v1 garbage", "PROXY garbage\r\n"},
	{"v1 without CR", "PROXY TCP4 192.0.2.7 192.0.2.1 1234 7777\n"},
	{"v1 too long", "PROXY UNKNOWN " + strings.Repeat("x", 200) + "\r\n"},
	{"v1 without end", "PROXY " + strings.Repeat("x", 10_000)},
	{"v1 IPv6 as IPv4", "PROXY TCP4 2001:db8::7 192.0.2.1 1234 7777\r\n"},
	{"v1 IPv4 as IPv6", "PROXY TCP6 192.0.2.7 192.0.2.1 1234 7777\r\n"},
	{"v1 with a zone", "PROXY TCP6 fe80::1%lo 2001:db8::1 1234 7777\r\n"},
	{"v1 port", "PROXY TCP4 192.0.2.7 192.0.2.1 65536 7777\r\n"},
	{"v1 UDP", "PROXY UDP4 192.0.2.7 192.0.2.1 1234 7777\r\n"},
	{"v2 garbage", "\r\n\r\n\x00\r\nQUIT\n" + strings.Repeat("\xff", 16)},
	{"v2 too long", rawProxyBlock(0x21, 0x11, strings.Repeat("x", 65535))},
	{"v2 too short", rawProxyBlock(0x21, 0x11, "short")},
	{"v2 of nobody", rawProxyBlock(0x21, 0, "")},
	{"v2 family", rawProxyBlock(0x21, 0x51, strings.Repeat("x", 36))},
	{"v2 UDP", rawProxyBlock(0x21, 0x12, strings.Repeat("x", 12))},
	{"v2 version", rawProxyBlock(0x31, 0x11, strings.Repeat("x", 12))},
	{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"},
}

// TestBrokenProxyHeaders: what is no header is refused, with all that stands behind it.
func TestBrokenProxyHeaders(t *testing.T) {
	s := startServer(t, "--listen", proxied, "--admin", "127.0.0.1:0")
	for _, row := range brokenHeaders {
		t.Run(row.name, func(t *testing.T) {
			c := dial(t, s, 0, row.name)
			c.write(row.header + "ADD ana\n")
			c.expect(noProxyHeader)
			c.expectEnd()
		})
	}
	got := scrape(t, adminOf(t, s)).sum("looproom_refused_connections_total", "reason=not-a-proxy")
	if want := float64(len(brokenHeaders)); got != want {
		t.Errorf("refused with not-a-proxy = %v, want %v", got, want)
	}
}

// TestProxyHeaderThatEnds: a header that is over too soon is none, wherever it ends.
func TestProxyHeaderThatEnds(t *testing.T) {
	s := startServer(t, "--listen", proxied)
	for name, header := range map[string]string{"v1": proxyLine("192.0.2.7:1234"), "v2": proxyBlock("192.0.2.7:1234", "")} {
		t.Run(name, func(t *testing.T) {
			for at := range len(header) {
				c := dial(t, s, 0, fmt.Sprintf("cut at byte %d", at))
				c.write(header[:at])
				c.closeInput()
				c.expect(noProxyHeader)
				c.expectEnd()
			}
		})
	}
}

// TestProxyHeaderThatNeverComes: a proxy that says nothing, or stops within its header, has its slot for a few seconds only. Others come
// in meanwhile.
func TestProxyHeaderThatNeverComes(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--listen", proxied)
	header := proxyLine("192.0.2.7:1234")
	var slow []*talker
	for at := range 20 {
		c := dial(t, s, 0, fmt.Sprintf("stops at byte %d", at))
		c.write(header[:at])
		slow = append(slow, c)
	}
	proxiedGuest(t, s, 0, header).say("LIST")
	for _, c := range slow {
		c.expect(noProxyHeader)
		c.expectEnd()
	}
	s.awaitLog("not-a-proxy", "i/o timeout")
}

// TestEndDuringProxyHeader: the end of the server waits for no header.
func TestEndDuringProxyHeader(t *testing.T) {
	s := startServer(t, "--listen", proxied)
	c := dial(t, s, 0, "silent")
	proxiedGuest(t, s, 0, proxyLine("192.0.2.7:1234"))
	s.stop()
	c.expectEnd()
	if strings.Contains(s.log.String(), "not-a-proxy") {
		t.Errorf("the log blames the proxy:\n%s", s.log.String())
	}
}

// TestLimitsOfProxiedAddresses: what an address may have is what the client's may, and a refusal names both.
func TestLimitsOfProxiedAddresses(t *testing.T) {
	s := startServer(t, "--listen", proxied, "--max-per-address", "2", "--log-format", "json")
	header := func(host string, port int) string { return proxyLine(fmt.Sprintf("%s:%d", host, port)) }
	ana, _ := proxiedGuest(t, s, 0, header("192.0.2.7", 1)), proxiedGuest(t, s, 0, header("192.0.2.7", 2))
	third := dial(t, s, 0, "third")
	third.write(header("192.0.2.7", 3) + "hello\n")
	third.until("! too-many-connections your address has 2 connections")
	third.expectEnd()
	s.awaitLog(`"client":"192.0.2.7:3","proxy":"`+third.input.(net.Conn).LocalAddr().String()+`"`, `"code":"too-many-connections"`)
	for port := range 2 {
		proxiedGuest(t, s, 0, header("192.0.2.8", port))
	}
	ana.say("END")
	ana.until("= END")
	ana.input.Close()
	waitFor(t, "room for another client of that address", func() bool {
		c := dial(t, s, 0, "again")
		c.write(header("192.0.2.7", 4))
		return strings.HasPrefix(c.next(), "> Connected")
	})
}

// TestHeaderIsTextElsewhere: on a door without ?proxy= a header is something that someone says.
func TestHeaderIsTextElsewhere(t *testing.T) {
	s := startServer(t)
	bob := connect(t, s, 0, "bob")
	c := dial(t, s, 0, "ana")
	c.write(proxyLine("10.1.2.3:1234"))
	c.until("> Connected")
	bob.until("[" + c.input.(net.Conn).LocalAddr().String() + "] PROXY TCP4 10.1.2.3 192.0.2.1 1234 7777")
}

// TestTwoClientsOfOneName: two proxies can tell of the same address and port. Both clients are served, by different names.
func TestTwoClientsOfOneName(t *testing.T) {
	s := startServer(t, "--listen", proxied)
	header := proxyLine("192.0.2.7:1234")
	proxiedGuest(t, s, 0, header)
	c := proxiedGuest(t, s, 0, header)
	c.say("LIST")
	names := strings.Fields(c.next())[3:]
	if len(names) != 2 || !slices.Contains(names, "192.0.2.7:1234") || names[0] == names[1] {
		t.Errorf("LIST = %q, want two names, one of them 192.0.2.7:1234", names)
	}
}
