package forwarded

import (
	"net/http"
	"net/netip"
	"testing"
)

func TestClient(t *testing.T) {
	inside := netip.MustParsePrefix("10.0.0.0/8")
	rows := []struct {
		name   string
		header string
		lines  []string
		want   string
	}{
		{"missing", XForwardedFor, nil, "10.0.0.1"},
		{"empty", XForwardedFor, []string{""}, "10.0.0.1"},
		{"one", XForwardedFor, []string{"192.0.2.7"}, "192.0.2.7"},
		{"with a port", XForwardedFor, []string{"192.0.2.7:1234"}, "192.0.2.7"},
		{"IPv6", XForwardedFor, []string{"2001:db8::7"}, "2001:db8::7"},
		{"IPv6 in brackets", XForwardedFor, []string{"[2001:db8::7]"}, "2001:db8::7"},
		{"IPv6 with a port", XForwardedFor, []string{"[2001:db8::7]:1234"}, "2001:db8::7"},
		{"IPv4 within IPv6", XForwardedFor, []string{"::ffff:192.0.2.7"}, "192.0.2.7"},
		{"forged by the client", XForwardedFor, []string{"198.51.100.1, 192.0.2.7"}, "192.0.2.7"},
		{"forged as a proxy's", XForwardedFor, []string{"10.9.9.9, 192.0.2.7"}, "192.0.2.7"},
		{"through two proxies", XForwardedFor, []string{"198.51.100.1, 192.0.2.7,10.0.0.2"}, "192.0.2.7"},
		{"in several lines", XForwardedFor, []string{"198.51.100.1", "192.0.2.7", "10.0.0.2"}, "192.0.2.7"},
		{"a client inside", XForwardedFor, []string{"10.0.0.9, 10.0.0.2"}, "10.0.0.9"},
		{"nonsense", XForwardedFor, []string{"nonsense"}, "10.0.0.1"},
		{"nonsense behind", XForwardedFor, []string{"192.0.2.7, nonsense"}, "10.0.0.1"},
		{"nonsense before a proxy", XForwardedFor, []string{"nonsense, 10.0.0.2"}, "10.0.0.2"},
		{"nonsense before the client", XForwardedFor, []string{"nonsense, 192.0.2.7"}, "192.0.2.7"},
		{"a zone", XForwardedFor, []string{"fe80::1%eth0"}, "10.0.0.1"},
		{"an empty element", XForwardedFor, []string{"192.0.2.7,"}, "10.0.0.1"},
		{"Forwarded", Forwarded, []string{"for=192.0.2.7"}, "192.0.2.7"},
		{"Forwarded with more", Forwarded, []string{`proto=https; For="192.0.2.7:1234" ;by=10.0.0.1`}, "192.0.2.7"},
		{"Forwarded IPv6", Forwarded, []string{`for="[2001:db8::7]:1234"`}, "2001:db8::7"},
		{"Forwarded through two", Forwarded, []string{`for=198.51.100.1, for="192.0.2.7", for=10.0.0.2`}, "192.0.2.7"},
		{"Forwarded of someone unknown", Forwarded, []string{"for=192.0.2.7, for=unknown"}, "10.0.0.1"},
		{"Forwarded of someone hidden", Forwarded, []string{"for=_x7, for=10.0.0.2"}, "10.0.0.2"},
		{"Forwarded without for", Forwarded, []string{"by=192.0.2.7"}, "10.0.0.1"},
		{"Forwarded with a comma in quotes", Forwarded, []string{`for=192.0.2.7;host="a,for=198.51.100.1"`}, "192.0.2.7"},
		{"Forwarded with a quote too many", Forwarded, []string{`for="192.0.2.7`}, "10.0.0.1"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			header := http.Header{row.header: row.lines, "X-Real-Ip": {"203.0.113.1"}}
			other := map[string]string{XForwardedFor: Forwarded, Forwarded: XForwardedFor}[row.header]
			header[other] = []string{"203.0.113.2"}
			if got := Client(header, row.header, netip.MustParseAddr("10.0.0.1"), inside.Contains); got.String() != row.want {
				t.Errorf("Client of %s %q = %v, want %s", row.header, row.lines, got, row.want)
			}
		})
	}
}

// TestClientOfAStranger: who is not trusted is believed nothing.
func TestClientOfAStranger(t *testing.T) {
	header := http.Header{XForwardedFor: {"198.51.100.1"}}
	stranger := netip.MustParseAddr("192.0.2.7")
	if got := Client(header, XForwardedFor, stranger, netip.MustParsePrefix("10.0.0.0/8").Contains); got != stranger {
		t.Errorf("Client = %v, want %v itself", got, stranger)
	}
}

// FuzzClient: who is behind a proxy can't make itself anybody else, whatever it writes before what the proxy appends.
func FuzzClient(f *testing.F) {
	f.Add("198.51.100.1")
	f.Add(`for="`)
	f.Add(`",x`)
	f.Fuzz(func(t *testing.T, forged string) {
		header, trusted := http.Header{XForwardedFor: {forged + ", 192.0.2.7"}}, netip.MustParsePrefix("10.0.0.0/8").Contains
		if got := Client(header, XForwardedFor, netip.MustParseAddr("10.0.0.1"), trusted); got.String() != "192.0.2.7" {
			t.Errorf("Client of %q = %v, want 192.0.2.7", header, got)
		}
		header = http.Header{Forwarded: {forged, "for=192.0.2.7"}}
		if got := Client(header, Forwarded, netip.MustParseAddr("10.0.0.1"), trusted); got.String() != "192.0.2.7" {
			t.Errorf("Client of %q = %v, want 192.0.2.7", header, got)
		}
	})
}
