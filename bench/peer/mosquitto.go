//go:build linux

package peer

import "fmt"

func mosquitto() Peer {
	return Peer{
		Name:        "mosquitto",
		Model:       "one event loop, MQTT",
		Dialect:     "mqtt",
		Package:     "mosquitto",
		Notes:       "a sender gets its messages back: one delivery more than counted",
		Burst:       100,
		tellVersion: []string{"-h"},
		config:      mosquittoConfig,
		arguments:   func(file string) []string { return []string{"-c", file} },
	}
}

// mosquittoConfig has 0 for no limit of what is queued. A client asks for its own keep-alive.
func mosquittoConfig(s settings) string {
	return fmt.Sprintf(`listener %d 127.0.0.1
max_connections %d
allow_anonymous true
persistence false
set_tcp_nodelay true
sys_interval 0
log_dest stderr
log_type error
log_type warning
connection_messages false
%s`, s.port, s.connections, s.unless("max_queued_messages 0\nmax_queued_bytes 0\nmax_inflight_messages 0\n"))
}
