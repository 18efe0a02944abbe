package asset

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Asset is one file.
type Asset struct {
	kind   string
	plain  body
	zipped body // empty where it would be no shorter
}

// body is a file as it is sent, with the tag of just these bytes.
type body struct {
	bytes []byte
	tag   string
}

// New makes an asset of a file, which must not be changed any more, with its content type. It compresses the file, which takes milliseconds.
func New(content []byte, kind string) *Asset {
	sum := sha256.Sum256(content)
	tag := base64.RawURLEncoding.EncodeToString(sum[:16])
	a := &Asset{kind: kind, plain: body{content, `"` + tag + `"`}}
	if zipped := compress(content); len(zipped) < len(content) {
		a.zipped = body{zipped, `"` + tag + `-gzip"`}
	}
	return a
}

// compress returns content as gzip has it, always the same.
func compress(content []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // there is such a level
	}
	_, _ = w.Write(content) // a buffer takes it all
	_ = w.Close()
	return out.Bytes()
}

// Serve answers a GET or HEAD. A browser asks each time whether the file has changed: a server that was replaced has another one.
func (a *Asset) Serve(w http.ResponseWriter, r *http.Request) {
	header, sent := w.Header(), a.plain
	header.Set("Content-Type", a.kind)
	header.Set("Cache-Control", "no-cache")
	if len(a.zipped.bytes) > 0 {
		header.Add("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Values("Accept-Encoding")) {
			sent = a.zipped
			header.Set("Content-Encoding", "gzip")
			r.Header.Del("Range") // parts of it are of no use
		}
	}
	header.Set("ETag", sent.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(sent.bytes))
}

// takesGzip reads Accept-Encoding (RFC 9110 section 12.5.3): what is named counts before *.
func takesGzip(values []string) bool {
	all := false
	for word := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, weight, _ := strings.Cut(word, ";")
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return wanted(weight)
		case "*":
			all = wanted(weight)
		}
	}
	return all
}

// wanted says whether a weight, such as q=0.5, is not 0. None is 1.
func wanted(weight string) bool {
	value, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(weight)), "q=")
	if !ok {
		return true
	}
	q, err := strconv.ParseFloat(value, 64)
	return err == nil && q > 0
}
