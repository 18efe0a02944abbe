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
	const clear, says, takesBack = "irc://127.0.0.1:0", "irc://127.0.0.1:0?sts=720h", "irc://127.0.0.1:0?sts=0s"
	secure := "irc+tls://127.0.0.1:0?cert=" + selfsigned.Pair(t)
	type told struct {
		port  bool // that of the door with TLS
		lasts time.Duration
		ok    bool
	}
	nothing := told{}
	for _, row := range []struct {
		urls []string
		want []told
	}{
		{[]string{clear, secure}, []told{nothing, nothing}},
		{[]string{says}, []told{nothing}},
		{[]string{secure, says, clear, "line://127.0.0.1:0"}, []told{{false, 720 * time.Hour, true}, {true, 0, true}, nothing, nothing}},
		{[]string{takesBack, secure}, []told{nothing, {false, 0, true}}},
	} {
		f := start(t, few)
		port := 0
		for _, url := range row.urls {
			if d := f.listen(url); d.Secure() {
				port = d.port()
			}
		}
		for i, d := range f.doors.All() {
			got, lasts, ok := f.doors.STS(d)
			want := row.want[i]
			if ok != want.ok || lasts != want.lasts || (got != 0) != want.port || want.port && got != port {
				t.Errorf("%q: %s tells of port %d for %v, %v; want %+v with port %d", row.urls, d, got, lasts, ok, want, port)
			}
		}
	}
}
