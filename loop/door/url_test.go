//go:build linux

package door

import (
	"strings"
	"testing"
	"time"

	"looproom/loop/session"
)

func TestParse(t *testing.T) {
	tests := []struct {
		url, address, hint string
		framing            session.Framing
	}{
		{"line://:7777", ":7777", "nc localhost 7777", session.Lines},
		{"line://0.0.0.0:7777", "0.0.0.0:7777", "nc localhost 7777", session.Lines},
		{"line://[::1]:0", "[::1]:0", "nc ::1 0", session.Lines},
		{"fixed://localhost:6543?size=256", "localhost:6543", "nc localhost 6543", session.Blocks},
		{"chunk://:9000?pause=50ms", ":9000", "nc localhost 9000", session.Bursts},
		{"echo://:7007", ":7007", "nc localhost 7007", session.Raw},
		{"http://:8080", ":8080", "http://localhost:8080/", session.Messages},
		{"http://[::1]:8080?origins=https://a.example,http://b.example:81&slow=skip", "[::1]:8080", "http://[::1]:8080/", session.Messages},
		{"http+tls://:8443?cert=c.pem&key=k.pem&proxy=::1&origins=*", ":8443", "https://localhost:8443/", session.Messages},
		{"line://:7777?proxy=10.0.0.0/8,127.0.0.1,::1", ":7777", "nc localhost 7777", session.Lines},
		{"line+tls://:7778?cert=c.pem&key=k.pem", ":7778", "ncat --ssl localhost 7778", session.Lines},
		{"echo+tls://:7778?cert=both.pem&client-ca=ca.pem&client-cert=optional", ":7778", "ncat --ssl localhost 7778", session.Raw},
		{"irc://:7000?slow=skip&proxy=::1", ":7000", "irc://localhost:7000", session.Plain},
		{"irc+tls://:6698?cert=c.pem", ":6698", "ircs://localhost:6698", session.Plain},
		{"irc+unix:///run/x.sock", "/run/x.sock", "nc -U /run/x.sock", session.Plain},
		{"line+unix:///run/x.sock", "/run/x.sock", "nc -U /run/x.sock", session.Lines},
		{"echo+unix:///run/x.sock", "/run/x.sock", "nc -U /run/x.sock", session.Raw},
	}
	for _, test := range tests {
		t.Run(test.url, func(t *testing.T) {
			d, err := Parse(test.url)
			if err != nil {
				t.Fatalf("Parse: %v", err)
			}
			if d.address != test.address || d.hint() != test.hint || d.Input(0).Framing != test.framing {
				t.Errorf("Parse = %+v with hint %q, want address %q, hint %q, framing %d", d, d.hint(), test.address, test.hint, test.framing)
			}
			if d.String() != test.url {
				t.Errorf("String() = %q, want %q", d.String(), test.url)
			}
		})
	}
	if d, err := Parse("unix:///run/x.sock"); err != nil || d.String() != "line+unix:///run/x.sock" {
		t.Errorf(`Parse("unix:///run/x.sock") = %v, %v; want the line door there`, d, err)
	}
	if d, _ := Parse("chunk://:1?pause=1s"); d.pause != time.Second {
		t.Errorf("pause = %v, want 1s", d.pause)
	}
}

// TestUsualPorts: IRC has ports that everybody knows.
func TestUsualPorts(t *testing.T) {
	for url, want := range map[string]string{
		"irc://": "irc://:6667", "irc://:": "irc://:6667", "irc://[::1]?slow=skip": "irc://[::1]:6667?slow=skip", "irc://:0": "irc://:0",
		"irc+tls://0.0.0.0?cert=c.pem": "irc+tls://0.0.0.0:6697?cert=c.pem",
	} {
		if d, err := Parse(url); err != nil || d.String() != want {
			t.Errorf("Parse(%q) = %v, %v; want %s", url, d, err, want)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	tests := []struct{ url, want string }{
		{"7777", "line://"},
		{"smtp://:25", "line://"},
		{"line://localhost", "needs a port"},
		{"line://:99999", "line://:7777"},
		{"irc://:99999", "irc://:6667"},
		{"ircs://:6697", "irc+tls://"},
		{"irc+tls://", "looproom cert"},
		{"irc://?greeting=no", `no option "greeting"`},
		{"irc+unix:///run/x.sock?proxy=127.0.0.1", `no option "proxy"`},
		{"line://:7777/path", "needs a port"},
		{"line+unix://x", "line+unix:///run"},
		{"line://:1?size=3", `no option "size"`},
		{"fixed://:1?size=3", "size=3"},
		{"fixed://:1?size=x", "size=x"},
		{"chunk://:1?pause=1", "pause=1"},
		{"chunk://:1?pause=1h", "pause=1h"},
		{"line://:1?proxy=proxy.example", `"proxy.example" is no network`},
		{"line://:1?proxy=", `"" is no network`},
		{"line+unix:///run/x.sock?proxy=127.0.0.1", `no option "proxy"`},
		{"line://me@:1", "no user"},
		{"line+tls://:1", "looproom cert"},
		{"line+tls://:1?key=k.pem", "looproom cert"},
		{"line+tls://:1?cert=c.pem&client-cert=optional", "client-cert needs client-ca"},
		{"irc+tls://?cert=c.pem&client-cert=required", "client-cert needs client-ca"},
		{"irc+tls://?cert=c.pem&client-cert=any&client-ca=ca.pem", "client-cert=any looks at no authority"},
		{"line+tls://:1?cert=c.pem&client-cert=none&client-ca=ca.pem", "client-cert=none looks at no authority"},
		{"irc://?client-cert=any", "irc+tls://"},
		{"irc://?sts=1y", "sts=1y: it is for how long"},
		{"irc://?sts=1500ms", "sts=1500ms: it is for how long"},
		{"irc://?sts=-1s", "sts=-1s: it is for how long"},
		{"irc://?sts=999999h", "sts=999999h: it is for how long"},
		{"irc+tls://?cert=c.pem&sts=1h", `no option "sts"`},
		{"irc+unix:///run/x.sock?sts=1h", `no option "sts"`},
		{"line://:1?sts=1h", `no option "sts"`},
		{"line+tls://:1?cert=c.pem&client-ca=ca.pem&client-cert=perhaps", "client-cert=perhaps"},
		{"line://:1?cert=c.pem", "line+tls://"},
		{"line+unix+tls:///run/x.sock?cert=c.pem", "Unix socket has no TLS"},
		{"line+tls+unix:///run/x.sock?cert=c.pem", "Unix socket has no TLS"},
		{"tls://:1?cert=c.pem", "+tls"},
		{"https://:1?cert=c.pem", "http+tls://"},
		{"http+unix:///run/x.sock", "no Unix sockets"},
		{"line://:1?forwarded=127.0.0.1", `no option "forwarded"`},
		{"http://:1?forwarded=proxy", "forwarded=proxy: \"proxy\" is no network"},
		{"http://:1?forwarded=::1&forwarded-header=x-real-ip", "it is X-Forwarded-For or Forwarded"},
		{"http://:1?forwarded-header=forwarded", `no option "forwarded-header"`},
		{"http://:1?hsts=1h", `no option "hsts"`},
		{"line+tls://:1?cert=c.pem&hsts=1h", `no option "hsts"`},
		{"http+tls://:1?cert=c.pem&hsts=1y", "hsts=1y: it is a time"},
		{"http://:1?origins=a.example", `"a.example" is no origin`},
		{"http://:1?origins=https://a.example/", "is no origin"},
		{"line://:1?origins=*", `no option "origins"`},
	}
	for _, test := range tests {
		if _, err := Parse(test.url); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.url) {
			t.Errorf("Parse(%q) = %v, want an error with %q", test.url, err, test.want)
		}
	}
}

// TestShown: paths of files are not for the log, where a door is named in each line.
func TestShown(t *testing.T) {
	d, err := Parse("fixed+tls://:1?cert=/etc/c.pem&key=/etc/k.pem&size=64&client-ca=/etc/ca.pem&client-cert=optional")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Shown(), "fixed+tls://:1?size=64"; got != want {
		t.Errorf("Shown() = %q, want %q", got, want)
	}
}
