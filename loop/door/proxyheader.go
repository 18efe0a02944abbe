//go:build linux

package door

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/pires/go-proxyproto"
)

// Sizes of PROXY headers in bytes, by https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt.
const (
	// maxProxyLine is the longest header of version 1, line end included.
	maxProxyLine = 107
	// proxyPrelude is what a header of version 2 has before its addresses: signature, version, family and the length of what follows.
	proxyPrelude = 16
	// maxProxyBlock is how much may follow: addresses of 216 bytes at most, and what proxies tell beside, of which a TLS client's
	// certificate is the largest.
	maxProxyBlock = 4 << 10
)

// usualProxyHeader is how much is read at first, in bytes: a header of HAProxy has 28 to 120.
const usualProxyHeader = 256

var (
	errNoProxyHeader     = errors.New("it begins with no PROXY header")
	errProxyHeaderLength = errors.New("the header is too long")
)

// nextProxyHeader reads a header of version 1 or 2 from c, however it is cut into packets, and with it at most the rest of a buffer of
// usualProxyHeader bytes, or of the header's size if that is more. rest is what stands behind the header. The error is that of c
// where it is one of reading.
func nextProxyHeader(c io.Reader) (header *proxyproto.Header, rest []byte, err error) {
	buf := make([]byte, 0, usualProxyHeader)
	for {
		size, err := proxyHeaderSize(buf)
		if err != nil {
			return nil, nil, err
		}
		if 0 < size && size <= len(buf) {
			header, err = parseProxyHeader(buf[:size])
			return header, buf[size:], err
		}
		most := max(size, usualProxyHeader)
		buf = slices.Grow(buf, most-len(buf))
		n, err := c.Read(buf[len(buf):most])
		buf = buf[:len(buf)+n]
		if err != nil && n == 0 {
			return nil, nil, fmt.Errorf("after %d bytes: %w", len(buf), err)
		}
	}
}

// proxyHeaderSize is how long the header is that buf begins with, which may be more than buf has. 0: that can't be told yet.
func proxyHeaderSize(buf []byte) (int, error) {
	switch {
	case begins(buf, proxyproto.SIGV2):
		return proxyBlockSize(buf)
	case begins(buf, proxyproto.SIGV1):
		return proxyLineSize(buf)
	default:
		return 0, errNoProxyHeader
	}
}

// begins says whether buf begins with the signature, as far as it goes.
func begins(buf, signature []byte) bool {
	n := min(len(buf), len(signature))
	return bytes.Equal(buf[:n], signature[:n])
}

func proxyLineSize(buf []byte) (int, error) {
	end := bytes.IndexByte(buf[:min(len(buf), maxProxyLine)], '\n')
	if end < 0 && len(buf) >= maxProxyLine {
		return 0, errProxyHeaderLength
	}
	return end + 1, nil
}

func proxyBlockSize(buf []byte) (int, error) {
	if len(buf) < proxyPrelude {
		return 0, nil
	}
	follows := int(binary.BigEndian.Uint16(buf[proxyPrelude-2:]))
	if follows > maxProxyBlock {
		return 0, errProxyHeaderLength
	}
	return proxyPrelude + follows, nil
}

// parseProxyHeader reads a whole header. It is read from memory, because the library takes one that comes in several packets for
// broken.
func parseProxyHeader(whole []byte) (*proxyproto.Header, error) {
	from := bytes.NewReader(whole)
	header, err := proxyproto.Read(bufio.NewReaderSize(from, len(whole)))
	if err != nil {
		return nil, err
	}
	return header, nil
}
