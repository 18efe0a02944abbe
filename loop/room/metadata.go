package room

import (
	"slices"
	"strings"
)

// The bounds of metadata, which is keys with values that a user or a room has: how many of them, and how long each key and each value may be, in bytes. A line of IRC has room for the longest.
const (
	MaxMetadata = 16
	MaxKey      = 32
	MaxValue    = 300
)

// KeyValue is a key of metadata with its value, "" where it has none. It is valid UTF-8 without NUL, CR and LF, else as it was said.
type KeyValue struct{ Key, Value string }

// metadata is what somebody has set, in the order of the keys, each with a value. It is never changed: who sets a key makes another.
type metadata []KeyValue

// IsKey says whether a word may be a key of metadata: 1 to MaxKey of a-z, 0-9 and _ . / - (IRCv3 draft/metadata-2).
func IsKey(word string) bool {
	if word == "" || len(word) > MaxKey {
		return false
	}
	for i := range len(word) {
		if b := word[i]; (b < 'a' || b > 'z') && (b < '0' || b > '9') && !strings.ContainsRune("_./-", rune(b)) {
			return false
		}
	}
	return true
}

func byMetadataKey(a KeyValue, key string) int { return strings.Compare(a.Key, key) }

// find is the value of a key, "" if it has none.
func (m metadata) find(key string) string {
	if at, is := slices.BinarySearchFunc(m, key, byMetadataKey); is {
		return m[at].Value
	}
	return ""
}

// with is m with that value of a key, or without it, if it is "".
func (m metadata) with(key, value string) metadata {
	at, is := slices.BinarySearchFunc(m, key, byMetadataKey)
	made := make(metadata, 0, len(m)+1)
	if made = append(made, m[:at]...); value != "" {
		made = append(made, KeyValue{strings.Clone(key), strings.Clone(value)})
	}
	if is {
		at++
	}
	if made = append(made, m[at:]...); len(made) == 0 {
		return nil
	}
	return made
}

// over is m with what else other has, as far as there is room.
func (m metadata) over(other metadata) metadata {
	for _, k := range other {
		if len(m) < MaxMetadata && m.find(k.Key) == "" {
			m = m.with(k.Key, k.Value)
		}
	}
	return m
}

// within is what m has of these keys.
func (m metadata) within(keys []string) (some []KeyValue) {
	for _, k := range m {
		if slices.Contains(keys, k.Key) {
			some = append(some, k)
		}
	}
	return some
}

// changed is what other has otherwise than m, and with "" what it hasn't any more.
func (m metadata) changed(other metadata) (keys []KeyValue) {
	for _, k := range m {
		if other.find(k.Key) == "" {
			keys = append(keys, KeyValue{Key: k.Key})
		}
	}
	for _, k := range other {
		if m.find(k.Key) != k.Value {
			keys = append(keys, k)
		}
	}
	return keys
}

// metadataFrom is metadata as it has been kept, within its bounds.
func metadataFrom(kept []KeyValue) (m metadata) {
	for _, k := range kept {
		if IsKey(k.Key) && k.Value != "" && len(k.Value) <= MaxValue && (len(m) < MaxMetadata || m.find(k.Key) != "") {
			m = m.with(k.Key, k.Value)
		}
	}
	return m
}

// metadataOf is u's.
func metadataOf(u *user) metadata {
	if u.rare == nil || u.rare.metadata == nil {
		return nil
	}
	return *u.rare.metadata
}

// setMetadata gives u another one.
func setMetadata(u *user, m metadata) {
	u.more().metadata = nil
	if len(m) > 0 {
		u.rare.metadata = &m
	}
	u.tidy()
}

// keysOf is a row that tells these keys of a user or a room.
func keysOf(name string, keys []KeyValue) Row { return Row{Name: name, Of: &Portrait{Keys: keys}} }
