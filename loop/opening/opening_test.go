package opening

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	rows := []struct {
		line string
		want Kind
	}{
		{"POST / HTTP/1.1", HTTP},
		{"POST / HTTP/1.1\r", HTTP},
		{"GET /a%20b?c=d HTTP/1.0\r", HTTP},
		{"OPTIONS * HTTP/1.1", HTTP},
		{"PRI * HTTP/2.0", HTTP},
		{"M-SEARCH * HTTP/1.1", HTTP},
		{"frobnicate /x HTTP/1.1", HTTP},
		{"GET http://a.example/ HTTP/1.1", HTTP},
		{"CONNECT a.example:443 HTTP/1.1", HTTP},
		{"GET / HTTP/3", HTTP},
		{"OPTIONS rtsp://a.example/ RTSP/1.0", HTTP},
		{"OPTIONS sip:nm SIP/2.0", HTTP},
		{"POST / HTTP/1.1\r\nHost: a\r\n\r\nADD eve", HTTP},
		{"SSH-2.0-OpenSSH_9.2p1 Debian-2", SSH},
		{"SSH-1.99-x\r", SSH},
		{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", Binary},
		{"\x00\x00\x00\x85\xffSMBr\x00\x00\x00\x00\x18\x53\xc8", Binary},
		{"\x03\x00\x00\x2f\x2a\xe0\x00\x00\x00\x00\x00Cookie: mstshash=nmap\r", Binary},
		{"l\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00", Binary},
		{"\x01\x02\x03\x04abc", Binary},
		{"\xff\xfe\xfd\xfcabc", Binary},
		{"\x1b\x00\x00", Text}, // NULs with nothing behind them are those of a C program
		{"hello", Text},
		{"hello\r\x00", Text},
		{"hi\x00", Text},
		{"hi\x00left over", Text},
		{"hello \xe9t\xe9", Text}, // Latin-1
		{"\x1b[A\x1b[Bhello", Text},
		{"hello\b\b\b\b\b\x7fhi", Text},
		{"日本語 और हिन्दी", Text},
		{"ADD ana", Text},
		{"GET /notes.txt", Text},
		{"GET a file HTTP/1.1", Text},
		{"I read HTTP/1.1", Text},
		{"is this HTTP/1.1", Text},
		{"see http://a.example/ HTTP/1.1?", Text},
		{"POST / HTTP/1.1 is what a browser says", Text},
		{"PROXY TCP4 10.1.2.3 192.0.2.1 1234 7777", Text},
		{"SSH-key, anyone?", Text},
		{"", Text},
	}
	for _, row := range rows {
		if got := Of([]byte(row.line), true); got != row.want {
			t.Errorf("Of(%q) = %d, want %d", row.line, got, row.want)
		}
	}
}

func TestOfPieces(t *testing.T) {
	rows := []struct {
		begin string
		want  Kind
		may   bool // it can still become a request
	}{
		{"POST /" + strings.Repeat("a", 500), HTTP, true},
		{"GET http://a.example/", HTTP, true},
		{"POST", Text, true},
		{"PO", Text, true},
		{"frobnicate /x HT", Text, true},
		{"ST / HTTP/1.1", HTTP, true},
		{"hello", Text, true},
		{"hello there", Text, true},
		{"hello there, ana", Text, false},
		{"TOPIC /x", Text, true},
		{"é", Text, false},
		{"[x] y", Text, false},
	}
	for _, row := range rows {
		if got, may := Of([]byte(row.begin), false), May([]byte(row.begin)); got != row.want || may != row.may {
			t.Errorf("Of(%.40q, not whole) = %d, May = %v; want %d, %v", row.begin, got, may, row.want, row.may)
		}
	}
}

func TestOfTooLong(t *testing.T) {
	long := strings.Repeat("a", 8<<10)
	for begin, want := range map[string]Kind{
		"POST /" + long: HTTP, "frobnicate /" + long: HTTP, "GET http://a/" + long: HTTP,
		long: Text, "hello " + long: Text, "hello, /" + long + " " + long: Text, "\x00\x00\x01" + long: Binary,
	} {
		if got := OfTooLong([]byte(begin)); got != want {
			t.Errorf("OfTooLong(%.20q...) = %d, want %d", begin, got, want)
		}
	}
}

// FuzzPieces: whatever is cut off a request line, what is left may become it, or is known to be one already.
func FuzzPieces(f *testing.F) {
	f.Add("POST", "/x", uint8(5))
	f.Add("frobnicate", "http://a.example/", uint8(12))
	f.Fuzz(func(t *testing.T, method, target string, cut uint8) {
		line := []byte(method + " " + target + " HTTP/1.1")
		if Of(line, true) != HTTP || len(line) != len(method)+len(target)+10 || int(cut) > len(line) || cut == 0 {
			return
		}
		if begin := line[:cut]; Of(begin, false) == Text && !May(begin) {
			t.Errorf("May(%q) = false, but it is the beginning of %q", begin, line)
		}
	})
}

func BenchmarkOf(b *testing.B) {
	line := []byte("hello, this is a line of the usual length that somebody says")
	for b.Loop() {
		Of(line, true)
	}
}
