//go:build linux

package peer

import "fmt"

func redisServer() Peer {
	return Peer{
		Name:        "redis-server",
		Model:       "one event loop, publish and subscribe",
		Dialect:     "redis",
		Package:     "redis-server",
		Notes:       "a sender gets its messages back and a reply to each: one delivery more than counted",
		tellVersion: []string{"--version"},
		config:      redisServerConfig,
		arguments:   func(file string) []string { return []string{file} },
	}
}

// redisServerConfig keeps nothing on disk, and has no limit on what waits for a subscriber. Redis pings nobody. In protected mode it
// serves 127.0.0.1 alone, and no other address of this machine.
func redisServerConfig(s settings) string {
	return fmt.Sprintf(`bind 127.0.0.1
port %d
daemonize no
dir "%s"
maxclients %d
tcp-backlog 4096
tcp-keepalive 0
timeout 0
protected-mode no
save ""
appendonly no
loglevel warning
%s`, s.port, s.folder, s.connections, s.unless("client-output-buffer-limit pubsub 0 0 0\n"))
}
