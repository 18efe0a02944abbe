//go:build linux

package peer

import (
	"fmt"
	"strings"
)

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

// natsCluster is three of them with routes between each two.
func natsCluster() Peer {
	p := natsServer()
	p.Name, p.Program, p.Nodes = "nats-cluster", p.Name, 3
	p.Model = "three nats-servers with routes between them"
	p.Notes = "what is published goes straight to the others: it is not kept, and has no order among nodes"
	p.config = func(s settings) string { return natsServerConfig(s) + natsRoutes(s) }
	return p
}

func natsRoutes(s settings) string {
	var routes []string
	for _, port := range s.links {
		routes = append(routes, fmt.Sprintf("\"nats-route://127.0.0.1:%d\"", port))
	}
	return fmt.Sprintf("server_name: n%d\ncluster { name: bench, listen: \"127.0.0.1:%d\", routes: [%s] }\n", s.node+1, s.links[s.node], strings.Join(routes, ", "))
}

// natsServerConfig raises what a slow client may have waiting from 64 MiB and 10 s.
func natsServerConfig(s settings) string {
	return fmt.Sprintf(`listen: "127.0.0.1:%d"
max_connections: %d
ping_interval: "%s"
ping_max: 2
%s`, s.port, s.connections, s.ping, s.unless("max_pending: 1GB\nwrite_deadline: \"10m\"\n"))
}
