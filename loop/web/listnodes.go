package web

import (
	"net/http"
	"slices"
	"strings"
)

// listNodes answers with the public URLs of the nodes that take part, as a list in JSON. Pages of the other nodes may read it: one whose own node is gone asks the one where it is now.
func (h *handler) listNodes(w http.ResponseWriter, r *http.Request) {
	view, header := h.options.Nodes(), w.Header()
	header.Set("Content-Type", types[".json"])
	header.Set("Cache-Control", "no-store")
	header.Set("Vary", "Origin")
	if origin := strings.ToLower(r.Header.Get("Origin")); origin != "" && slices.Contains(view.Origins, origin) {
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Expose-Headers", "Date") // by which pages compare clocks
		header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	_, _ = w.Write(view.JSON) // the client is gone if it fails
}
