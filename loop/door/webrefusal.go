//go:build linux

package door

import (
	"fmt"
	"net/http"

	"looproom/loop/room"
)

// response is one of HTTP that holds a line.
func response(_ *Door, code room.Code, why []byte) []byte {
	status, line := refusalStatus(code), append([]byte(refused), why...)
	return fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"+
		"Content-Length: %d\r\nConnection: close\r\n\r\n%s\n", status, http.StatusText(status), len(line)+1, line)
}

func refusalStatus(code room.Code) int {
	switch code {
	case room.Banned, room.NotAProxy:
		return http.StatusForbidden
	case room.NeedTLS:
		return http.StatusBadRequest
	case room.TooManyConnections, room.ConnectingTooFast, room.TooManyRequests:
		return http.StatusTooManyRequests
	}
	return http.StatusServiceUnavailable
}
