//go:build linux

package loop

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckServerName(t *testing.T) {
	longest := strings.Repeat("a", 31) + "." + strings.Repeat("b", 31)
	for name, fits := range map[string]bool{
		"irc.example.org": true, "a.b": true, "IRC-1.example": true, "10.0.0.1": true, longest: true,
		"": false, "irc": false, ".org": false, "irc.": false, "a..b": false, "-a.b": false, "a-.b": false, "a.b-": false, "a_b.c": false, "a b.c": false, "ä.b": false, "a.b\n": false, longest + "x": false,
	} {
		if err := CheckServerName(name); (err == nil) != fits {
			t.Errorf("CheckServerName(%q) = %v, want it to fit: %v", name, err, fits)
		}
	}
}

func TestCheckNetwork(t *testing.T) {
	for name, fits := range map[string]bool{
		"looproom": true, "Example Chat": true, "Русский чат": true, strings.Repeat("é", 50): true,
		"": false, strings.Repeat("é", 51): false, " a": false, "a ": false, "a\u00a0": false, "a\tb\n": false, "a\x1bb": false, "a\xff": false,
	} {
		if err := CheckNetwork(name); (err == nil) != fits {
			t.Errorf("CheckNetwork(%q) = %v, want it to fit: %v", name, err, fits)
		}
	}
}

// TestNamesByThemselves: where nobody says, the machine has a name that fits, or the usual one is taken.
func TestNamesByThemselves(t *testing.T) {
	for machine, want := range map[string]string{"chat.example.org": "chat.example.org", "chat": usualServerName, "my_host.example": usualServerName, "": usualServerName} {
		if got := nameOf(machine, nil); got != want {
			t.Errorf("the server on %q is called %q, want %q", machine, got, want)
		}
	}
	if got := nameOf("chat.example.org", errors.New("unknown")); got != usualServerName {
		t.Errorf("the server on a machine of unknown name is called %q, want %q", got, usualServerName)
	}
	var c Config
	if err := c.withDefaults(); err != nil || CheckServerName(c.ServerName) != nil || c.Network != usualNetwork {
		t.Errorf("by itself the server is %q in %q, %v; want names that fit", c.ServerName, c.Network, err)
	}
	for _, c := range []Config{{ServerName: "irc"}, {Network: " "}} {
		if err := c.withDefaults(); err == nil {
			t.Errorf("%+v is taken, want an error", c)
		}
	}
}
