//go:build linux

package loop

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestParseDoor(t *testing.T) {
	tests := []struct {
		url, address, hint string
		framing            framing
	}{
		{"line://:7777", ":7777", "nc localhost 7777", lines},
		{"line://0.0.0.0:7777", "0.0.0.0:7777", "nc localhost 7777", lines},
		{"line://[::1]:0", "[::1]:0", "nc ::1 0", lines},
		{"fixed://localhost:6543?size=256", "localhost:6543", "nc localhost 6543", blocks},
		{"chunk://:9000?pause=50ms", ":9000", "nc localhost 9000", bursts},
		{"echo://:7007", ":7007", "nc localhost 7007", raw},
		{"http://:8080", ":8080", "http://localhost:8080/", messages},
		{"http://[::1]:8080?origins=https://a.example,http://b.example:81&slow=skip", "[::1]:8080", "http://[::1]:8080/", messages},
		{"http+tls://:8443?cert=c.pem&key=k.pem&proxy=::1&origins=*", ":8443", "https://localhost:8443/", messages},
		{"line://:7777?proxy=10.0.0.0/8,127.0.0.1,::1", ":7777", "nc localhost 7777", lines},
		{"line+tls://:7778?cert=c.pem&key=k.pem", ":7778", "ncat --ssl localhost 7778", lines},
		{"echo+tls://:7778?cert=both.pem&client-ca=ca.pem&client-cert=optional", ":7778", "ncat --ssl localhost 7778", raw},
		{"line+unix:///run/x.sock", "/run/x.sock", "nc -U /run/x.sock", lines},
		{"echo+unix:///run/x.sock", "/run/x.sock", "nc -U /run/x.sock", raw},
	}
	for _, test := range tests {
		t.Run(test.url, func(t *testing.T) {
			d, err := ParseDoor(test.url)
			if err != nil {
				t.Fatalf("ParseDoor: %v", err)
			}
			if d.address != test.address || d.hint() != test.hint || d.framing != test.framing {
				t.Errorf("ParseDoor = %+v with hint %q, want address %q, hint %q, framing %d", d, d.hint(), test.address, test.hint, test.framing)
			}
			if d.String() != test.url {
				t.Errorf("String() = %q, want %q", d.String(), test.url)
			}
		})
	}
	if d, err := ParseDoor("unix:///run/x.sock"); err != nil || d.String() != "line+unix:///run/x.sock" {
		t.Errorf(`ParseDoor("unix:///run/x.sock") = %v, %v; want the line door there`, d, err)
	}
	if d, _ := ParseDoor("chunk://:1?pause=1s"); d.pause != time.Second {
		t.Errorf("pause = %v, want 1s", d.pause)
	}
}

func TestParseDoorSaysWhatIsWrong(t *testing.T) {
	tests := []struct{ url, want string }{
		{"7777", "line://"},
		{"smtp://:25", "line://"},
		{"line://localhost", "needs a port"},
		{"line://:99999", "line://:7777"},
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
		if _, err := ParseDoor(test.url); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.url) {
			t.Errorf("ParseDoor(%q) = %v, want an error with %q", test.url, err, test.want)
		}
	}
}

// TestShownDoor: paths of files are not for the log, where a door is named in each line.
func TestShownDoor(t *testing.T) {
	d, err := ParseDoor("fixed+tls://:1?cert=/etc/c.pem&key=/etc/k.pem&size=64&client-ca=/etc/ca.pem&client-cert=optional")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.shown(), "fixed+tls://:1?size=64"; got != want {
		t.Errorf("shown() = %q, want %q", got, want)
	}
}

// TestLoopsLookAtDoorsThatClose: an acceptor waits for its loop while the loop looks at the doors, as for STATS.
func TestLoopsLookAtDoorsThatClose(t *testing.T) {
	s, _ := start(t, testConfig(1))
	door, seen := s.doors.all()[0], make(chan error, 1)
	door.accepted.Go(func() { // an acceptor that has a connection for its loop
		for door.closing.Load() == nil {
			runtime.Gosched()
		}
		seen <- s.home().reactor.Call(func() { s.Stats() })
	})
	s.doors.close()
	if err := <-seen; err != nil {
		t.Errorf("a loop that looks at the doors while they close: %v", err)
	}
}
