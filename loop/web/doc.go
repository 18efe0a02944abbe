// Package web is what an http door shows: the page, the list of the nodes of a cluster, and the way from HTTP to WebSocket.
//
// It knows nothing of the reactor, of lines or of users. It runs on the goroutines of net/http; a connection that has become one of
// WebSocket leaves them for good.
package web
