package room

import (
	"slices"
	"strings"
)

// MaxSubscriptions is how many keys of metadata a session subscribes to at most.
const MaxSubscriptions = 32

// subscriptions are the keys of metadata of which sessions are told, of each in the order in which it has subscribed.
type subscriptions map[ClientID][]string

// add subscribes a session to a key, and says whether it has been room for it.
func (s subscriptions) add(id ClientID, key string) bool {
	switch keys := s[id]; {
	case len(keys) >= MaxSubscriptions:
		return false
	case !slices.Contains(keys, key):
		s[id] = append(keys, strings.Clone(key))
	}
	return true
}

// drop has a session subscribe to a key no longer.
func (s subscriptions) drop(id ClientID, key string) {
	keys := slices.DeleteFunc(s[id], func(one string) bool { return one == key })
	if s[id] = keys; len(keys) == 0 {
		delete(s, id)
	}
}

// wants says whether a session subscribes to any of the keys.
func (s subscriptions) wants(id ClientID, keys []KeyValue) bool {
	mine := s[id]
	return len(mine) > 0 && slices.ContainsFunc(keys, func(k KeyValue) bool { return slices.Contains(mine, k.Key) })
}

// codeSubscriptions is those of a session.
func codeSubscriptions(c *coder, id ClientID) {
	if !c.since(2) {
		return
	}
	keys := series(c, c.state.subscribed[id], c.repeated)
	switch {
	case !c.reads() || len(keys) == 0:
	case len(keys) > MaxSubscriptions || slices.ContainsFunc(keys, func(key string) bool { return !IsKey(key) }):
		c.fail("these keys can't be subscribed to: %q", keys)
	default:
		c.state.subscribed[id] = keys
	}
}

// codeMetadata is a field with some.
func codeMetadata(c *coder, m *metadata) {
	if !c.since(2) {
		return
	}
	all := codeKeys(c, *m)
	if !c.reads() {
		return
	}
	if *m = metadataFrom(all); len(*m) != len(all) {
		c.fail("%d keys of metadata can't be", len(all))
	}
}

// codeKeys is a field with keys, each with its value.
func codeKeys(c *coder, keys []KeyValue) []KeyValue {
	return series(c, keys, func(k *KeyValue) {
		c.repeated(&k.Key)
		c.text(&k.Value)
	})
}
