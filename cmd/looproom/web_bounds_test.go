//go:build linux

package main_test

import (
	"bufio"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestWebRefusalIsWhole: the response to a client that isn't let in has exactly the bytes that it announces, and its line ends.
func TestWebRefusalIsWhole(t *testing.T) {
	s := startServer(t, "--max-clients", "1", "--listen", onWeb, "--listen", "line://127.0.0.1:0")
	connect(t, s, 1, "ana")
	conn := s.dial(t, 0)
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(strings.NewReader(string(got))), nil)
	if err != nil {
		t.Fatalf("%q: %v", got, err)
	}
	defer answer.Body.Close()
	_, body, _ := strings.Cut(string(got), "\r\n\r\n")
	if length := answer.Header.Get("Content-Length"); answer.StatusCode != http.StatusServiceUnavailable || length != strconv.Itoa(len(body)) ||
		!strings.HasPrefix(body, "! server-full ") || !strings.HasSuffix(body, "\n") {
		t.Errorf("status %d, Content-Length %s, body %q of %d bytes; want 503 and a whole line", answer.StatusCode, length, body, len(body))
	}
}

// TestWebRequestIsBounded: a request may have 4 KiB of header, and what net/http reads besides; one that is far longer is refused.
func TestWebRequestIsBounded(t *testing.T) {
	s := startServer(t, "--listen", onWeb)
	_, address := s.address(0)
	for size, want := range map[int]int{100: http.StatusOK, 7_000: http.StatusOK, 12_000: http.StatusRequestHeaderFieldsTooLarge} {
		request, err := http.NewRequest(http.MethodGet, "http://"+address+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Cookie", strings.Repeat("x", size))
		client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
		answer, err := client.Do(request)
		if err != nil {
			t.Fatalf("%d bytes of header: %v", size, err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%d bytes of header: status %d, want %d", size, answer.StatusCode, want)
		}
	}
}
