//go:build linux

package door

import (
	"strings"
	"testing"
	"time"

	"looproom/loop/selfsigned"
)

func parseAll(t *testing.T, urls ...string) (all []URL) {
	t.Helper()
	for _, url := range urls {
		u, err := Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, u)
	}
	return all
}

func TestCheckTogether(t *testing.T) {
	const secure = "irc+tls://?cert=c.pem"
	for _, row := range []struct {
		urls []string
		err  string // "" for none
	}{
		{nil, ""},
		{[]string{"irc://", "line://:7777"}, ""},
		{[]string{"irc://?sts=1h", secure}, ""},
		{[]string{secure, "irc://:1?sts=1h", "irc://:2?sts=2h"}, ""},
		{[]string{"irc://?sts=1h"}, `door "irc://:6667?sts=1h": sts needs an irc+tls door beside it`},
		{[]string{"irc://?sts=1h", "line+tls://:1?cert=c.pem"}, "sts needs an irc+tls door"},
		{[]string{"irc://?sts=1h", secure + "&proxy=10.0.0.1"}, "sts needs an irc+tls door"},
	} {
		err := CheckTogether(parseAll(t, row.urls...))
		if row.err == "" && err != nil || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
			t.Errorf("CheckTogether(%q) = %v, want %q", row.urls, err, row.err)
		}
	}
}

// TestSTS: in clear clients are told where TLS is, and behind TLS for how long they are to come by it alone.
func TestSTS(t *testing.T) {
	const clear, says, takesBack, lines = "irc://127.0.0.1:0", "irc://127.0.0.1:0?sts=720h", "irc://127.0.0.1:0?sts=0s", "line://127.0.0.1:0"
	secure := "irc+tls://127.0.0.1:0?cert=" + selfsigned.Pair(t)
	for _, row := range []struct {
		urls  []string
		port  bool // is told, of the first door with TLS
		lasts time.Duration
		tell  []bool
	}{
		{[]string{clear, secure}, false, 0, []bool{false, true}},
		{[]string{says}, false, 720 * time.Hour, []bool{true}},
		{[]string{secure, says, clear, lines, secure}, true, 720 * time.Hour, []bool{true, true, false, false, true}},
		{[]string{takesBack, secure}, true, 0, []bool{false, true}},
	} {
		f := start(t, few)
		port := 0
		for _, url := range row.urls {
			if d := f.listen(url); d.Secure() && row.port && port == 0 {
				port = d.port()
			}
		}
		if got, lasts := f.doors.STS(); got != port || lasts != row.lasts {
			t.Errorf("%q: they tell of port %d for %v, want %d for %v", row.urls, got, lasts, port, row.lasts)
		}
		for i, d := range f.doors.All() {
			if got := d.TellsSTS(); got != row.tell[i] {
				t.Errorf("%q: %s tells so: %v, want %v", row.urls, d, got, row.tell[i])
			}
		}
	}
}
