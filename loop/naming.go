//go:build linux

package loop

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"looproom/codec/plain"
)

// What a server and its network are called where nobody says.
const (
	usualServerName = "looproom.local"
	usualNetwork    = "looproom"
)

// maxServerName is how many bytes the name of a server has at most, by RFC 2812 section 2.3.1; maxNetwork how many characters that of a network.
const (
	maxServerName = 63
	maxNetwork    = 50
)

// serverName is what a server's name looks like: that of a machine (RFC 952, 1123). Without the dot clients would take it for a nick.
var serverName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$`)

// CheckServerName says whether a server can be called so.
func CheckServerName(name string) error {
	if len(name) > maxServerName || !serverName.MatchString(name) {
		return fmt.Errorf("%q is no server's name: it has letters, digits and -, at least one dot, and at most %d bytes, such as irc.example.org", name, maxServerName)
	}
	return nil
}

// CheckNetwork says whether a network can be called so.
func CheckNetwork(name string) error {
	switch {
	case name == "" || utf8.RuneCountInString(name) > maxNetwork:
		return fmt.Errorf("a network's name has 1 to %d characters", maxNetwork)
	case !utf8.ValidString(name) || plain.CleanString(name) != name:
		return errors.New("a network's name has letters, digits, punctuation and spaces")
	case strings.TrimSpace(name) != name:
		return errors.New("a network's name neither begins nor ends with a space")
	}
	return nil
}

// nameServer gives the server and the network names, if they have none.
func (c *Config) nameServer() error {
	if c.ServerName == "" {
		c.ServerName = nameOf(os.Hostname())
	}
	if err := CheckServerName(c.ServerName); err != nil {
		return fmt.Errorf("server name: %w", err)
	}
	c.Network = cmp.Or(c.Network, usualNetwork)
	if err := CheckNetwork(c.Network); err != nil {
		return fmt.Errorf("network: %w", err)
	}
	return nil
}

// nameOf is the name of a server on a machine of that name.
func nameOf(machine string, err error) string {
	if err != nil || CheckServerName(machine) != nil {
		return usualServerName
	}
	return machine
}
