package web

import (
	"fmt"

	"looproom/loop/web/asset"
)

// limits are what the page has to know of the server's settings, as the module of the page that it takes them from.
type limits struct {
	passwordMin int
	module      *asset.Asset
}

// file is what there is at a path, nil for nothing.
func (h *handler) file(path string) *asset.Asset {
	if path == "/limits.js" {
		return h.limitsNow()
	}
	return h.assets[path]
}

// limitsNow is the module of the limits of just now.
func (h *handler) limitsNow() *asset.Asset {
	least := h.options.PasswordMin()
	known := h.limits.Load()
	if known == nil || known.passwordMin != least {
		text := fmt.Appendf(nil, "// What the server's settings say. This module is made by the server.\n\nexport const passwordFrom = %d; // characters\n", least)
		known = &limits{least, asset.New(text, types[".js"])}
		h.limits.Store(known)
	}
	return known.module
}
