package web

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"sync"

	"looproom/loop/web/asset"
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

// pageAssets returns the files of the page by their paths; the page itself is at "/". They are never changed.
var pageAssets = sync.OnceValue(func() map[string]*asset.Asset {
	assets := map[string]*asset.Asset{}
	// What is embedded can always be read.
	_ = fs.WalkDir(page, "page", func(name string, d fs.DirEntry, err error) error {
		if kind := types[path.Ext(name)]; err == nil && kind != "" && !d.IsDir() {
			content, _ := page.ReadFile(name)
			assets[strings.TrimPrefix(name, "page")] = asset.New(content, kind)
		}
		return err
	})
	if index, ok := assets["/index.html"]; ok {
		delete(assets, "/index.html")
		assets["/"] = index
	}
	return assets
})
