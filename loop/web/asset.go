package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed page
var page embed.FS

// types are the content types of the files that there are, by the end of their names. Others are not served.
var types = map[string]string{
	".html":        "text/html; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".webmanifest": "application/manifest+json",
}

// asset is one file of the page.
type asset struct {
	content []byte
	kind    string
	tag     string
}

// pageAssets returns the files of the page by their paths; the page itself is at "/". They are never changed.
var pageAssets = sync.OnceValue(func() map[string]*asset {
	assets := map[string]*asset{}
	// What is embedded can always be read.
	_ = fs.WalkDir(page, "page", func(name string, d fs.DirEntry, err error) error {
		if kind := types[path.Ext(name)]; err == nil && kind != "" && !d.IsDir() {
			content, _ := page.ReadFile(name)
			assets[strings.TrimPrefix(name, "page")] = newAsset(content, kind)
		}
		return err
	})
	if index, ok := assets["/index.html"]; ok {
		delete(assets, "/index.html")
		assets["/"] = index
	}
	return assets
})

func newAsset(content []byte, kind string) *asset {
	sum := sha256.Sum256(content)
	return &asset{content: content, kind: kind, tag: `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`}
}

// serve answers a GET or HEAD. A browser asks each time whether the file has changed: a server that was replaced has another one.
func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", a.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.content))
}
