package status

import (
	"embed"
	"net/http"
	"strconv"

	"looproom/loop/web/asset"
)

//go:embed status.html status.css status.js chart.js
var files embed.FS

// policy lets the page load what is beside it, and nothing else. Nobody can frame it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; " +
	"base-uri 'none'; form-action 'none'"

// Pages serves /status and what is below it: the page, and the samples at /status/data. GET and HEAD alone are served.
func (s *Sampler) Pages() http.Handler {
	pages := http.NewServeMux()
	pages.Handle("GET /status", file("status.html", "text/html; charset=utf-8"))
	pages.Handle("GET /status/status.css", file("status.css", "text/css; charset=utf-8"))
	pages.Handle("GET /status/status.js", file("status.js", "text/javascript; charset=utf-8"))
	pages.Handle("GET /status/chart.js", file("chart.js", "text/javascript; charset=utf-8"))
	pages.HandleFunc("GET /status/data", s.data)
	return pages
}

// file serves one of the files. A browser that has it already is told so.
func file(name, kind string) http.Handler {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is in the program
	}
	page := asset.New(text, kind)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		guarded(w, kind)
		page.Serve(w, r)
	})
}

// data answers with the samples after the one that the page has, of the server that began then: /status/data?after=17&of=1790000000000.
func (s *Sampler) data(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.ParseUint(r.FormValue("after"), 10, 64)
	if err != nil || r.FormValue("of") != strconv.FormatInt(s.began, 10) {
		after = 0
	}
	guarded(w, "application/json").Set("Cache-Control", "no-store")
	_, _ = w.Write(s.since(nil, after)) // who has gone needs no answer
}

// guarded sets the headers that each answer has.
func guarded(w http.ResponseWriter, kind string) http.Header {
	header := w.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	return header
}
