//go:build linux

package peer

import "fmt"

func nodeWS() Peer {
	return Peer{
		Name:        "node-ws",
		Program:     "node",
		Model:       "one event loop, Node.js and ws, the short broadcast script of its guide with rooms",
		Dialect:     "ws-relay",
		Package:     "nodejs node-ws",
		Notes:       "sends each message by itself: its API has no way to merge",
		needs:       []string{nodeModule},
		tellVersion: []string{"-p", "process.versions.node + ' with ws ' + require('" + nodeModule + "/package.json').version"},
		config:      nodeWSScript,
		arguments:   func(file string) []string { return []string{file} },
	}
}

// nodeModule is where Debian has it. Its own Node.js looks there by itself, others don't.
const nodeModule = "/usr/share/nodejs/ws"

// nodeWSScript is ws's own example of a broadcast to all but the sender, with a room for each path. Messages are not copied for each client,
// and not compressed.
func nodeWSScript(s settings) string {
	return fmt.Sprintf(`'use strict';
const { WebSocket, WebSocketServer } = require('%s');

const rooms = new Map(); // by path, the clients
const server = new WebSocketServer({ host: '127.0.0.1', port: %d, backlog: 4096, perMessageDeflate: false });

server.on('connection', (client, request) => {
  const path = request.url;
  const room = rooms.get(path) ?? new Set();
  rooms.set(path, room.add(client));
  client.on('message', (data) => {
    for (const other of room) {
      if (other !== client && other.readyState === WebSocket.OPEN) other.send(data, { binary: false });
    }
  });
  client.on('close', () => {
    room.delete(client);
    if (room.size === 0) rooms.delete(path);
  });
  client.on('error', () => {}); // a close follows
});
process.on('SIGTERM', () => process.exit(0));
`, nodeModule, s.port)
}
