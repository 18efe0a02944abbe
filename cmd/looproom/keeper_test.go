//go:build linux

package main_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// keeper stands between pages and a server, and answers some of their lines in its place: so a page meets answers that the server gives only in trouble. All else goes through.
type keeper struct {
	address string
	door    string
	mu      sync.Mutex
	answer  func(line string) ([]string, bool)
	asked   []string // lines that it has answered
}

// newKeeper stands before the door. answer gives the lines that answer one of a page's, and false for those that are not its own.
func newKeeper(t *testing.T, door string, answer func(line string) ([]string, bool)) *keeper {
	t.Helper()
	k := &keeper{door: door, answer: answer}
	target := &url.URL{Scheme: "http", Host: door}
	page := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	mux := http.NewServeMux()
	mux.Handle("/", page)
	mux.HandleFunc("/ws", k.serve)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	k.address = s.Listener.Addr().String()
	return k
}

// answers changes what it answers.
func (k *keeper) answers(answer func(line string) ([]string, bool)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.answer = answer
}

// lines are those that it has answered.
func (k *keeper) lines() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]string(nil), k.asked...)
}

// reply is what it answers to a line itself, and whether it does.
func (k *keeper) reply(line string) ([]string, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	lines, own := k.answer(line)
	if own {
		k.asked = append(k.asked, line)
	}
	return lines, own
}

// serve carries the lines of one page. An answer of its own stands where the server's would: it waits for that of a PING.
func (k *keeper) serve(w http.ResponseWriter, r *http.Request) {
	client, _, _, err := ws.UpgradeHTTP(r, w)
	if err != nil {
		return
	}
	defer client.Close()
	server, early, _, err := ws.Dial(context.Background(), "ws://"+k.door+"/ws")
	if err != nil {
		return
	}
	defer server.Close()
	var heard io.ReadWriter = server
	if early != nil { // the server has spoken before the handshake was read
		heard = struct {
			io.Reader
			io.Writer
		}{early, server}
	}
	held := &heldAnswers{}
	go func() {
		defer server.Close()
		defer client.Close()
		for {
			data, op, err := wsutil.ReadClientData(client)
			if err != nil {
				return
			}
			if lines, own := k.reply(string(data)); own && op == ws.OpText {
				data = []byte("PING " + held.hold(lines))
			}
			if wsutil.WriteClientMessage(server, op, data) != nil {
				return
			}
		}
	}()
	for {
		data, op, err := wsutil.ReadServerData(heard)
		if err != nil {
			return
		}
		lines := []string{string(data)}
		if op == ws.OpText {
			lines = held.instead(lines[0])
		}
		for _, line := range lines {
			if wsutil.WriteServerMessage(client, op, []byte(line)) != nil {
				return
			}
		}
	}
}

// heldAnswers are those that wait for their place, by the tokens that stand for it.
type heldAnswers struct {
	mu    sync.Mutex
	count int
	lines map[string][]string
}

func (h *heldAnswers) hold(lines []string) (token string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count++
	token = fmt.Sprint("kept", h.count)
	if h.lines == nil {
		h.lines = map[string][]string{}
	}
	h.lines[token] = lines
	return token
}

// instead is what a page is told in the place of a line of the server's.
func (h *heldAnswers) instead(line string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	token, is := strings.CutPrefix(line, "PONG ")
	lines, held := h.lines[token]
	if !is || !held {
		return []string{line}
	}
	delete(h.lines, token)
	return lines
}
