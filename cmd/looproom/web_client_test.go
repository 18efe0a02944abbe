//go:build linux

package main_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"looproom/codec"
	"looproom/loop/dialect/dialogue"
)

// onWeb is an http door.
const onWeb = "http://127.0.0.1:0"

// webTalker is a talker who talks by WebSocket.
type webTalker struct {
	*talker
	socket *dialogue.WebSocket
}

// overWeb makes a connection one of WebSocket, with lines of header besides.
func overWeb(t *testing.T, conn net.Conn, name, header string) *webTalker {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	socket, err := dialogue.OpenWebSocket(conn, header)
	if err != nil {
		t.Fatalf("%s: WebSocket: %v", name, err)
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	return &webTalker{newTalker(t, name, socket, socket), socket}
}

// browse comes by the n-th door, an http door, and signs in.
func browse(t *testing.T, s *server, n int, name string) *webTalker {
	t.Helper()
	c := overWeb(t, s.dial(t, n), name, "")
	greeted(c.talker)
	c.say("ADD " + name)
	c.expect("= ADD " + name)
	return c
}

// sendFrame sends one frame.
func (c *webTalker) sendFrame(op codec.Opcode, payload []byte) {
	c.t.Helper()
	if err := c.socket.WriteFrame(op, payload); err != nil {
		c.t.Fatalf("%s: write a frame: %v", c.name, err)
	}
}

// expectClose waits for the end of the stream by that code; nothing else comes before it.
func (c *webTalker) expectClose(code uint16) {
	c.t.Helper()
	c.expectEnd()
	if c.socket.Code != code {
		c.t.Fatalf("%s: closed with code %d %q, want %d", c.name, c.socket.Code, c.socket.Reason, code)
	}
}

// request sends a request as it stands to the n-th door, and returns the response with its body. The server closes the connection.
func request(t *testing.T, conn net.Conn, text string) (*http.Response, string) {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatalf("request %.60q: %v", text, err)
	}
	method, _, _ := strings.Cut(text, " ")
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("response to %.60q: %v", text, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("response to %.60q: %v", text, err)
	}
	return response, string(body)
}

// getRequest is a request without anything that it needn't have.
func getRequest(path string, header ...string) string {
	return fmt.Sprintf("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", path, strings.Join(append(header, ""), "\r\n"))
}

// upgradeRequest is one for WebSocket, with lines of header besides.
func upgradeRequest(header ...string) string {
	return fmt.Sprintf("GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n", strings.Join(append(header, ""), "\r\n"))
}
