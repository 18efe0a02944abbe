package rival_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"looproom/bench/rival"
	"looproom/codec"
	"looproom/loop/dialect/dialogue"
)

func gorillaModel(t *testing.T) rival.Model {
	t.Helper()
	m, err := rival.Find("gorilla")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestGorillaHasNoEcho and says so.
func TestGorillaHasNoEcho(t *testing.T) {
	if err := gorillaModel(t).Serve(t.Context(), echoOptions()); err == nil || !strings.Contains(err.Error(), "no echo") {
		t.Errorf("Serve with Echo = %v, want that it has none", err)
	}
}

// TestGorillaTakesAnyMessage: a message may be in fragments, have several lines, or be longer than a line may be. A ping is answered.
func TestGorillaTakesAnyMessage(t *testing.T) {
	addr := serve(t, gorillaModel(t), defaults())
	ann, bob := enter(t, addr), enter(t, addr)
	socket := ann.Conn.(*dialogue.WebSocket)
	if _, err := io.WriteString(ann, "ADD ann\n"); err != nil {
		t.Fatal(err)
	}
	ann.until(t, "= ADD ann")
	for _, part := range []string{"fragments make\n", "one message\nof two lines"} {
		if err := socket.WriteFrame(codec.OpText, []byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"fragments make", "one message", "of two lines"} {
		bob.until(t, "[ann] "+want)
	}
	if err := socket.WriteFrame(codec.OpText, []byte(strings.Repeat("x", 300_000))); err != nil {
		t.Fatal(err)
	}
	ann.until(t, "! line-too-long")
	if err := socket.WriteFrame(codec.OpPing, []byte("well?")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(ann, "still here\nPING then\n"); err != nil {
		t.Fatal(err)
	}
	ann.until(t, "PONG then")
	bob.until(t, "[ann] still here")
}

// TestGorillaSaysGoodbye: who leaves is told so by a close of WebSocket.
func TestGorillaSaysGoodbye(t *testing.T) {
	ann := enter(t, serve(t, gorillaModel(t), defaults()))
	if _, err := io.WriteString(ann, "END\n"); err != nil {
		t.Fatal(err)
	}
	if last, err := ann.last(); err != nil || last != "= END" {
		t.Errorf("last line = %q, %v, want = END", last, err)
	}
	if code := ann.Conn.(*dialogue.WebSocket).Code; code != codec.CloseNormal {
		t.Errorf("the server closed with %d, want %d", code, codec.CloseNormal)
	}
}

// TestGorillaIsNoWebServer: what is no WebSocket is refused.
func TestGorillaIsNoWebServer(t *testing.T) {
	addr := serve(t, gorillaModel(t), defaults())
	for path, want := range map[string]int{"/ws": http.StatusBadRequest, "/": http.StatusNotFound} {
		response, err := http.Get(fmt.Sprintf("http://%s%s", addr, path))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("GET %s = %s, want %d", path, response.Status, want)
		}
	}
}
