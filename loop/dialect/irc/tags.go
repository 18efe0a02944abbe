package irc

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxClientTags is how many of a line's client-only tags are relayed: the first ones.
const maxClientTags = 32

// tag returns the value of the tag, unescaped: of its last occurrence. One without a value has an empty one.
func (m *message) tag(name string) (value string, has bool) {
	for one, rest := nextTag(m.tags); one != nil; one, rest = nextTag(rest) {
		if key, escaped, _ := bytes.Cut(one, []byte{'='}); string(key) == name {
			value, has = unescapeTag(string(escaped)), true
		}
	}
	return value, has
}

// clientTags returns the client-only tags (+name) as they go on, with their values escaped, joined by ";": each once, with the value that came last. That is
// no longer than what came: at most maxTagPart less the @ and the space. A tag whose name can't be one, or whose value isn't UTF-8, is left out.
func (m *message) clientTags() string {
	var names, tags []string // at most maxClientTags
	for one, rest := nextTag(m.tags); one != nil; one, rest = nextTag(rest) {
		key, value, _ := bytes.Cut(one, []byte{'='})
		if len(key) == 0 || key[0] != '+' || !isTagName(key[1:]) || !utf8.Valid(value) {
			continue
		}
		name, whole := string(key), string(one)
		if len(value) == 0 {
			whole = name
		}
		if at := slices.Index(names, name); at >= 0 {
			tags[at] = whole
		} else if len(names) < maxClientTags {
			names, tags = append(names, name), append(tags, whole)
		}
	}
	return strings.Join(tags, ";")
}

// nextTag cuts the first tag off; nil is none.
func nextTag(tags []byte) (one, rest []byte) {
	if len(tags) == 0 {
		return nil, nil
	}
	one, rest, _ = bytes.Cut(tags, []byte{';'})
	return one[:len(one):len(one)], rest
}

// isTagName is true for [vendor/]name, with a host name as vendor and letters, digits and hyphens as name.
func isTagName(key []byte) bool {
	vendor, name, has := bytes.Cut(key, []byte{'/'})
	if !has {
		vendor, name = nil, key
	}
	return len(name) > 0 && !bytes.ContainsFunc(name, notInName) && (!has || len(vendor) > 0) && !bytes.ContainsFunc(vendor, notInVendor)
}

func notInName(r rune) bool {
	return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-'
}

func notInVendor(r rune) bool { return notInName(r) && r != '.' }

// appendEscaped appends the value of a tag as it travels. NUL can't, and is dropped.
func appendEscaped(dst []byte, value string) []byte {
	if !strings.ContainsAny(value, "\x00; \\\r\n") {
		return append(dst, value...)
	}
	for i := range len(value) {
		switch b := value[i]; b {
		case 0:
		case ';':
			dst = append(dst, `\:`...)
		case ' ':
			dst = append(dst, `\s`...)
		case '\\':
			dst = append(dst, `\\`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\n':
			dst = append(dst, `\n`...)
		default:
			dst = append(dst, b)
		}
	}
	return dst
}

// unescapeTag is the value that is meant. A backslash in front of what needs none, and one at the end, are dropped.
func unescapeTag(escaped string) string {
	if strings.IndexByte(escaped, '\\') < 0 {
		return escaped
	}
	value := make([]byte, 0, len(escaped))
	for i := 0; i < len(escaped); i++ {
		b := escaped[i]
		if b == '\\' {
			if i++; i == len(escaped) {
				break
			}
			b = unescaped(escaped[i])
		}
		value = append(value, b)
	}
	return string(value)
}

// unescaped is what a backslash and b stand for.
func unescaped(b byte) byte {
	switch b {
	case ':':
		return ';'
	case 's':
		return ' '
	case 'r':
		return '\r'
	case 'n':
		return '\n'
	}
	return b
}
