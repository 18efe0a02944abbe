//go:build linux

package door

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"

	"github.com/pires/go-proxyproto"
)

// block is a header of version 2 with this version and command, this family, and these bytes behind.
func block(command, family byte, behind []byte) string {
	head := append(append([]byte(nil), proxyproto.SIGV2...), command, family)
	return string(append(binary.BigEndian.AppendUint16(head, uint16(len(behind))), behind...))
}

// The bytes of 10.1.2.3:51234 and of [2001:db8::1]:51234, each with a destination.
var (
	four = []byte{10, 1, 2, 3, 10, 0, 0, 1, 0xc8, 0x22, 0x1e, 0x61}
	six  = append(append(sixteen("2001:db8::1"), sixteen("2001:db8::2")...), 0xc8, 0x22, 0x1e, 0x61)
	// mapped is 10.1.2.3 as an address of IPv6.
	mapped = append(append(sixteen("::ffff:10.1.2.3"), sixteen("::ffff:10.0.0.1")...), 0xc8, 0x22, 0x1e, 0x61)
)

func sixteen(address string) []byte {
	bytes := netip.MustParseAddr(address).As16()
	return bytes[:]
}

// some is n bytes of TLVs, or of anything else.
func some(n int) []byte { return bytes.Repeat([]byte{4}, n) }

// proxyHeaders are headers with the address that they tell; "-" is the proxy's own, "" says that the header is refused.
var proxyHeaders = []struct{ name, header, want string }{
	{"v1 IPv4", "PROXY TCP4 10.1.2.3 10.0.0.1 51234 7777\r\n", "10.1.2.3:51234"},
	{"v1 IPv6", "PROXY TCP6 2001:db8::1 2001:db8::2 51234 7777\r\n", "[2001:db8::1]:51234"},
	{"v1 IPv4 within IPv6", "PROXY TCP6 ::ffff:10.1.2.3 ::ffff:10.0.0.1 51234 7777\r\n", "10.1.2.3:51234"},
	{"v1 unknown", "PROXY UNKNOWN\r\n", "-"},
	{"v1 unknown with words", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", "-"},
	{"v1 longest", "PROXY UNKNOWN " + strings.Repeat("f", 107-16) + "\r\n", "-"},
	{"v2 IPv4", block(0x21, 0x11, four), "10.1.2.3:51234"},
	{"v2 IPv6", block(0x21, 0x21, six), "[2001:db8::1]:51234"},
	{"v2 IPv4 within IPv6", block(0x21, 0x21, mapped), "10.1.2.3:51234"},
	{"v2 with TLVs", block(0x21, 0x11, append(append([]byte(nil), four...), some(300)...)), "10.1.2.3:51234"},
	{"v2 longest", block(0x21, 0x11, append(append([]byte(nil), four...), some(maxProxyBlock-len(four))...)), "10.1.2.3:51234"},
	{"v2 Unix socket", block(0x21, 0x31, some(216)), "-"},
	{"v2 local", block(0x20, 0x00, nil), "-"},
	{"v2 local with an address", block(0x20, 0x11, four), "-"},
	{"v2 local with anything", block(0x20, 0x00, some(100)), "-"},

	{"nothing", "", ""},
	{"a line", "hello\n", ""},
	{"a verb like it", "PROXYING is fun\r\n", ""},
	{"v1 lower case", "proxy TCP4 10.1.2.3 10.0.0.1 51234 7777\r\n", ""},
	{"v1 too long", "PROXY UNKNOWN " + strings.Repeat("f", 108-16) + "\r\n", ""},
	{"v1 without end", "PROXY " + strings.Repeat("x", 10_000), ""},
	{"v1 LF alone", "PROXY TCP4 10.1.2.3 10.0.0.1 51234 7777\n", ""},
	{"v1 empty", "PROXY\r\n", ""},
	{"v1 family alone", "PROXY TCP4\r\n", ""},
	{"v1 unknown family", "PROXY UDP4 10.1.2.3 10.0.0.1 51234 7777\r\n", ""},
	{"v1 IPv6 as IPv4", "PROXY TCP4 2001:db8::1 10.0.0.1 51234 7777\r\n", ""},
	{"v1 IPv4 as IPv6", "PROXY TCP6 10.1.2.3 10.0.0.1 51234 7777\r\n", ""},
	{"v1 zone", "PROXY TCP6 fe80::1%eth0 2001:db8::2 51234 7777\r\n", ""},
	{"v1 name", "PROXY TCP4 localhost 10.0.0.1 51234 7777\r\n", ""},
	{"v1 leading zeros", "PROXY TCP4 010.1.2.3 10.0.0.1 51234 7777\r\n", ""},
	{"v1 port too large", "PROXY TCP4 10.1.2.3 10.0.0.1 65536 7777\r\n", ""},
	{"v1 port below 0", "PROXY TCP4 10.1.2.3 10.0.0.1 -1 7777\r\n", ""},
	{"v1 no port", "PROXY TCP4 10.1.2.3 10.0.0.1\r\n", ""},
	{"v1 two spaces", "PROXY  TCP4 10.1.2.3 10.0.0.1 51234 7777\r\n", ""},
	{"v1 a word too many", "PROXY TCP4 10.1.2.3 10.0.0.1 51234 7777 x\r\n", ""},
	{"v1 NUL", "PROXY TCP4 10.1.2.3\x00 10.0.0.1 51234 7777\r\n", ""},
	{"v2 version 1", block(0x11, 0x11, four), ""},
	{"v2 version 3", block(0x31, 0x11, four), ""},
	{"v2 unknown command", block(0x22, 0x11, four), ""},
	{"v2 of nobody", block(0x21, 0x00, nil), ""},
	{"v2 unknown family", block(0x21, 0x41, four), ""},
	{"v2 unknown transport", block(0x21, 0x13, four), ""},
	{"v2 UDP", block(0x21, 0x12, four), ""},
	{"v2 UDP of IPv6", block(0x21, 0x22, six), ""},
	{"v2 Unix datagrams", block(0x21, 0x32, some(216)), ""},
	{"v2 IPv4 cut short", block(0x21, 0x11, four[:11]), ""},
	{"v2 IPv6 with an IPv4 address", block(0x21, 0x21, four), ""},
	{"v2 Unix socket cut short", block(0x21, 0x31, some(215)), ""},
	{"v2 too long", block(0x21, 0x11, some(maxProxyBlock+1)), ""},
	{"v2 as long as can be", block(0x21, 0x11, some(65535)), ""},
	{"v2 signature of Telnet", "\r\n\r\n\x00\r\nQUIX\n" + block(0x21, 0x11, four)[12:], ""},
}

// cutter is a stream that comes in pieces of n bytes. It counts what has been read of it.
type cutter struct {
	data  string
	size  int
	taken int
}

func (c *cutter) Read(p []byte) (int, error) {
	if c.taken == len(c.data) {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), c.size)], c.data[c.taken:])
	c.taken += n
	return n, nil
}

// hear reads a header from c as a door does. client is "-" where the proxy speaks for itself.
func hear(c io.Reader) (client, rest string, err error) {
	header, behind, err := nextProxyHeader(c)
	if err != nil {
		return "", "", err
	}
	address, err := proxied(header)
	switch {
	case err != nil:
		return "", "", err
	case !address.IsValid():
		return "-", string(behind), nil
	}
	return address.String(), string(behind), nil
}

// TestProxyHeaders reads each header with a line behind it, in packets of every size.
func TestProxyHeaders(t *testing.T) {
	const line = "hello\n"
	for _, row := range proxyHeaders {
		t.Run(row.name, func(t *testing.T) {
			for size := 1; size <= len(row.header)+len(line); size += 1 + size/50 {
				from := &cutter{data: row.header + line, size: size}
				client, rest, err := hear(from)
				if client != row.want || (err == nil) != (row.want != "") {
					t.Fatalf("in packets of %d bytes: client = %q, %v; want %q", size, client, err, row.want)
				}
				if unread := from.data[from.taken:]; err == nil && rest+unread != line {
					t.Fatalf("in packets of %d bytes: behind the header stands %q, want %q", size, rest+unread, line)
				}
			}
		})
	}
}

// TestProxyHeaderCut ends the stream at every byte of each header.
func TestProxyHeaderCut(t *testing.T) {
	for _, row := range proxyHeaders {
		if row.want == "" {
			continue
		}
		t.Run(row.name, func(t *testing.T) {
			for at := range len(row.header) {
				client, _, err := hear(&cutter{data: row.header[:at], size: at + 1})
				if !errors.Is(err, io.EOF) {
					t.Fatalf("cut at %d: client = %q, %v; want %v", at, client, err, io.EOF)
				}
			}
		})
	}
}

// FuzzProxyHeader: however the stream is cut, the answer is the same, and no more is read than a header may have.
func FuzzProxyHeader(f *testing.F) {
	for _, row := range proxyHeaders {
		f.Add([]byte(row.header+"hello\n"), uint16(3))
	}
	f.Fuzz(func(t *testing.T, data []byte, size uint16) {
		whole := &cutter{data: string(data), size: len(data) + 1}
		cut := &cutter{data: string(data), size: int(size%500) + 1}
		client, rest, err := hear(whole)
		cutClient, cutRest, cutErr := hear(cut)
		if client != cutClient || (err == nil) != (cutErr == nil) {
			t.Fatalf("client = %q, %v; in packets of %d bytes %q, %v", client, err, cut.size, cutClient, cutErr)
		}
		if err == nil && rest+whole.data[whole.taken:] != cutRest+cut.data[cut.taken:] {
			t.Fatalf("behind the header stands %q, in packets of %d bytes %q", rest, cut.size, cutRest)
		}
		if most := proxyPrelude + maxProxyBlock; whole.taken > most || cut.taken > most {
			t.Fatalf("%d and %d bytes were read, want at most %d", whole.taken, cut.taken, most)
		}
		if client != "" && client != "-" {
			at, err := netip.ParseAddrPort(client)
			if err != nil || at.Addr().Zone() != "" || at.Addr().Is4In6() {
				t.Fatalf("client = %q, want an address without zone, and IPv4 as such", client)
			}
		}
	})
}

func TestParseNetworks(t *testing.T) {
	rows := []struct{ name, option, has, hasNot string }{
		{"an address", "127.0.0.1", "127.0.0.1", "127.0.0.2"},
		{"a network", "10.0.0.0/8", "10.255.0.1", "11.0.0.0"},
		{"a network named by an address in it", "10.1.2.3/8", "10.255.0.1", "11.0.0.0"},
		{"IPv6", "2001:db8::/32", "2001:db8:1::1", "2001:db9::"},
		{"several", "10.0.0.0/8,127.0.0.1,::1", "::1", "::2"},
		{"all of IPv4", "0.0.0.0/0", "192.0.2.1", "::1"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			ps, err := parseNetworks("proxy", row.option)
			if err != nil {
				t.Fatalf("parseNetworks(%q): %v", row.option, err)
			}
			if !ps.have(netip.MustParseAddr(row.has)) || ps.have(netip.MustParseAddr(row.hasNot)) {
				t.Errorf("proxy=%s has %s: %v, has %s: %v; want only the first", row.option,
					row.has, ps.have(netip.MustParseAddr(row.has)), row.hasNot, ps.have(netip.MustParseAddr(row.hasNot)))
			}
		})
	}
	for _, option := range []string{"", ",", "10.0.0.1,", "10.0.0.0/33", "10.0.0", "proxy.example", "fe80::1%eth0", "::ffff:10.0.0.0/104", "10.0.0.1 "} {
		if ps, err := parseNetworks("proxy", option); err == nil {
			t.Errorf("parseNetworks(%q) = %v, want an error", option, ps)
		}
	}
}
