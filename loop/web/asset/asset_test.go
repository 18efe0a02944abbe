package asset

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

var long = []byte(strings.Repeat("the same again, ", 1000))

// get asks for a, with a header.
func get(a *Asset, name, value string) *http.Response {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	if name != "" {
		r.Header.Set(name, value)
	}
	a.Serve(w, r)
	return w.Result()
}

func TestServe(t *testing.T) {
	a := New(long, "text/plain")
	for accepted, want := range map[string]string{
		"": "", "gzip": "gzip", "GZIP": "gzip", "gzip, deflate, br": "gzip", "br;q=1.0, gzip;q=0.8, *;q=0.1": "gzip", "*": "gzip", "x-gzip": "gzip",
		"identity": "", "gzip;q=0": "", "gzip; q=0.000": "", "*;q=0": "", "br": "", "gzip;q=0, *": "", "gzip;q=nonsense": "",
	} {
		response := get(a, "Accept-Encoding", accepted)
		got, body := response.Header.Get("Content-Encoding"), io.Reader(response.Body)
		if got == "gzip" {
			unzipped, err := gzip.NewReader(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			body = unzipped
		}
		text, err := io.ReadAll(body)
		if got != want || err != nil || !bytes.Equal(text, long) || response.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Content-Encoding %q, Vary %q, %d bytes, %v; want %q and %d bytes", accepted, got, response.Header.Get("Vary"),
				len(text), err, want, len(long))
		}
		tag := response.Header.Get("ETag")
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", accepted)
		r.Header.Set("If-None-Match", tag)
		if a.Serve(w, r); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("Accept-Encoding %q: asked with its tag %s = %d, want 304", accepted, tag, w.Code)
		}
	}
}

// TestServeShort: what can't be made shorter is sent as it is.
func TestServeShort(t *testing.T) {
	response := get(New([]byte("x"), "text/plain"), "Accept-Encoding", "gzip")
	if got := response.Header.Get("Content-Encoding") + response.Header.Get("Vary"); got != "" {
		t.Errorf("Content-Encoding and Vary = %q, want none", got)
	}
}

// TestServeAgain: one file has one tag, and another one compressed.
func TestServeAgain(t *testing.T) {
	plain, zipped := get(New(long, "a"), "", ""), get(New(long, "a"), "Accept-Encoding", "gzip")
	if again := get(New(long, "a"), "", ""); again.Header.Get("ETag") != plain.Header.Get("ETag") || plain.Header.Get("ETag") == zipped.Header.Get("ETag") {
		t.Errorf("tags %s and %s, compressed %s", plain.Header.Get("ETag"), again.Header.Get("ETag"), zipped.Header.Get("ETag"))
	}
}
