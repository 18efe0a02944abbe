//go:build linux

package peer

import (
	"fmt"
	"time"
)

func ngircd() Peer {
	return Peer{
		Name:        "ngircd",
		Model:       "one event loop, IRC",
		Dialect:     "irc",
		Package:     "ngircd",
		Burst:       10,
		Ways:        1, // it puts no tags before messages
		Notes:       "drops a client with more than 32 KiB waiting behind its full socket, which no option changes",
		tellVersion: []string{"--version"},
		config:      ngircdConfig,
		arguments:   func(file string) []string { return []string{"--nodaemon", "--config", file} },
	}
}

// ngircdConfig has no MaxConnections (0): the limit is that of descriptors.
func ngircdConfig(s settings) string {
	return fmt.Sprintf(`[Global]
	Name = bench.invalid
	Info = a server to be measured
	AdminInfo1 = a server to be measured
	Listen = 127.0.0.1
	Ports = %[1]d
	MotdPhrase = none
[Limits]
	MaxConnections = 0
	MaxConnectionsIP = 0
	MaxNickLength = 30
	PingTimeout = %[2]d
	PongTimeout = %[2]d
%[3]s[Options]
	DNS = no
	Ident = no
	PAM = no
`, s.port, int(s.ping/time.Second), s.unless("\tMaxJoins = 0\n\tMaxPenaltyTime = 0\n"))
}
