//go:build linux

package peer

import "fmt"

func natsServer() Peer {
	return Peer{
		Name:        "nats-server",
		Model:       "two goroutines per client",
		Dialect:     "nats",
		Package:     "nats-server",
		tellVersion: []string{"--version"},
		config:      natsServerConfig,
		arguments:   func(file string) []string { return []string{"--config", file} },
	}
}

// natsServerConfig raises what a slow client may have waiting from 64 MiB and 10 s.
func natsServerConfig(s settings) string {
	return fmt.Sprintf(`listen: "127.0.0.1:%d"
max_connections: %d
ping_interval: "%s"
ping_max: 2
%s`, s.port, s.connections, s.ping, s.unless("max_pending: 1GB\nwrite_deadline: \"10m\"\n"))
}
