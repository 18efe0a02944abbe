package irc

import (
	"fmt"
	"slices"
	"strings"

	"looproom/loop/room"
)

// Keys with values of users and rooms, and who wants to be told of them (IRCv3 draft/metadata-2).

// metadataLimits is what the capability tells: keys may be set and subscribed to before one is a user, and how many of each there may be.
func metadataLimits(*Server, bool) (string, bool) {
	return fmt.Sprintf("before-connect,max-subs=%d,max-keys=%d,max-value-bytes=%d", room.MaxSubscriptions, room.MaxMetadata, room.MaxValue), true
}

// metadataBatch is the type of batches of metadata.
const metadataBatch = "metadata"

// metadataVerb is a subcommand of METADATA.
type metadataVerb struct {
	verb  room.Verb
	needs int  // how many parameters stand behind it at least
	own   bool // its target is the client itself, in any case
	// text is what the room is given of the parameters behind it.
	text func(params []string) string
}

var metadataVerbs = map[string]metadataVerb{
	"GET":   {verb: room.MetadataGet, needs: 1, text: allWords},
	"LIST":  {verb: room.MetadataGet, text: noWords},
	"SET":   {verb: room.MetadataSet, needs: 1, text: keyAndValue},
	"CLEAR": {verb: room.MetadataClear, text: noWords},
	"SYNC":  {verb: room.MetadataSync, text: noWords},
	"SUB":   {verb: room.MetadataSub, needs: 1, own: true, text: allWords},
	"UNSUB": {verb: room.MetadataUnsub, needs: 1, own: true, text: allWords},
	"SUBS":  {verb: room.MetadataSubs, own: true, text: noWords},
}

func noWords([]string) string { return "" }

func allWords(params []string) string { return strings.Join(params, " ") }

// keyAndValue is a key and the value behind it. A key with a space in it is none.
func keyAndValue(params []string) string {
	key := strings.ReplaceAll(params[0], " ", "_ ")
	if len(params) == 1 {
		return key
	}
	return key + " " + params[1]
}

func doMetadata(a *asking) {
	target, name := a.param(0), strings.ToUpper(a.param(1))
	sub, is := metadataVerbs[name]
	switch {
	case a.c.nick == "" && target != "*":
		a.say(func(_ *Client, w *writer) { w.numeric(451, "You have not registered") })
	case !is:
		metadataFails(a, "SUBCOMMAND_INVALID", repeated(orStar(a.param(1))), "Invalid subcommand")
	case len(a.r.params)-2 < sub.needs || sub.needs > 0 && a.param(2) == "":
		metadataFails(a, "INVALID_PARAMS", name, "Missing parameters")
	case sub.own && target != "*" && !strings.EqualFold(target, a.c.nick):
		metadataFails(a, "INVALID_TARGET", target, "Subscriptions are of *")
	default:
		cmd := a.command(sub.verb)
		if cmd.Name = target; target == "*" {
			cmd.Name = ""
		}
		cmd.Text = sub.text(a.r.params[2:])
		a.only(cmd)
	}
}

func metadataFails(a *asking, code string, about ...string) {
	a.say(func(_ *Client, w *writer) { w.fail("METADATA", code, about...) })
}

// wantsOwn has a client that has just asked for the capability told what is set of its user.
func (c *Client) wantsOwn(do func(*room.Command)) {
	own := asking{c: c, r: request{command: "CAP", row: commands["METADATA"]}, give: do}
	own.only(own.command(room.MetadataGet))
}

// metadataAre tells the keys that a client has asked for, or has set. A single one that it has set stands in no batch.
func metadataAre(c *Client, w *writer, r *request, e *room.Event) {
	row := &e.List[0]
	target := row.Name
	switch {
	case r == nil:
	case r.command == "CAP":
		metadataSynced(c, w, r, e)
		return
	case r.params[0] == "*":
		target = orStar(c.nick)
	}
	batch := ""
	if r == nil || !strings.EqualFold(r.params[1], "SET") {
		batch = openBatch(c, w, metadataBatch, target)
	}
	for _, k := range row.Of.Keys {
		switch w.batch(batch); {
		case !room.IsKey(k.Key):
			w.fail("METADATA", "KEY_INVALID", repeated(k.Key), "Invalid key")
		case k.Value == "":
			w.numeric(766, target, k.Key, "Key not set")
		default:
			w.numeric(761, target, k.Key, "*", k.Value)
		}
	}
	closeBatch(c, w, batch)
}

// metadataSynced tells what is set of what the client subscribes to, as one batch, whose last piece nothing is behind.
func metadataSynced(c *Client, w *writer, _ *request, e *room.Event) {
	if !c.has(metadata) {
		return
	}
	if !e.Continued {
		c.syncing = append(c.syncing, syncing{e.RoomName, openBatch(c, w, metadataBatch, e.RoomName)})
	}
	at := slices.IndexFunc(c.syncing, func(s syncing) bool { return s.target == e.RoomName })
	if at < 0 {
		return
	}
	batch := c.syncing[at].batch
	for i := range e.List {
		for _, k := range e.List[i].Of.Keys {
			w.batch(batch)
			w.keyIs(e.List[i].Name, k)
		}
	}
	if e.Rest == nil {
		c.syncing = slices.Delete(c.syncing, at, at+1)
		closeBatch(c, w, batch)
	}
}

// syncing is a batch of metadata that is open.
type syncing struct{ target, batch string }

// keyIs ends the line: a key has that value, or with "" none.
func (w *writer) keyIs(target string, k room.KeyValue) {
	if k.Value == "" {
		w.bare("METADATA", target, k.Key, "*")
		return
	}
	w.send("METADATA", target, k.Key, "*", k.Value)
}

// metadataIs tells those keys of somebody that the client subscribes to.
func metadataIs(c *Client, w *writer, _ *request, e *room.Event) {
	if !c.has(metadata) {
		return
	}
	row := &e.List[0]
	for _, k := range row.Of.Keys {
		if slices.Contains(c.subscribed, k.Key) {
			w.head(e, c.tagSet())
			w.keyIs(row.Name, k)
		}
	}
}

// metadataLater tells that the client is to ask for what is set in a room.
func metadataLater(c *Client, w *writer, _ *request, e *room.Event) {
	if !c.has(metadata) || len(c.subscribed) == 0 {
		return
	}
	if e.N > 0 {
		w.bareNumeric(774, e.RoomName, itoa(e.N))
		return
	}
	w.bareNumeric(774, e.RoomName)
}

// metadataSubbed tells to what the client subscribes, or no longer.
func metadataSubbed(c *Client, w *writer, _ *request, e *room.Event) {
	keys := make([]string, 0, len(e.List))
	for i := range e.List {
		key := e.List[i].Name
		if !room.IsKey(key) {
			w.fail("METADATA", "KEY_INVALID", repeated(key), "Invalid key")
			continue
		}
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	code := 772
	switch e.Verb {
	case room.MetadataSub:
		code = 770
		for _, key := range keys {
			if !slices.Contains(c.subscribed, key) {
				c.subscribed = append(c.subscribed, key)
			}
		}
	case room.MetadataUnsub:
		code = 771
		c.subscribed = slices.DeleteFunc(c.subscribed, func(key string) bool { return slices.Contains(keys, key) })
	}
	for some := range slices.Chunk(keys, keysInLine) {
		w.numeric(code, some...)
	}
}

// keysInLine is how many keys one reply names, each a parameter: a line has at most 15 of them, and so many keys fit whatever the nick is.
const keysInLine = 8

// refusedMetadata is how a client reads that a key is not set, or not told.
func refusedMetadata(c *Client, w *writer, r *request, e *room.Event) bool {
	target, key := r.params[0], repeated(orStar(e.Who))
	if target == "*" {
		target = orStar(c.nick)
	}
	switch e.Why {
	case room.NotHere, room.NotInRoom:
		w.fail("METADATA", "INVALID_TARGET", target, "Invalid target")
	case room.NotAKey:
		w.fail("METADATA", "KEY_INVALID", key, "Invalid key")
	case room.ValueTooLong:
		w.fail("METADATA", "VALUE_INVALID", c.wordsOf(e))
	case room.KeyNotSet:
		w.fail("METADATA", "KEY_NOT_SET", target, key, "Key not set")
	case room.KeysFull:
		w.fail("METADATA", "LIMIT_REACHED", target, c.wordsOf(e))
	case room.SubscriptionsFull:
		w.fail("METADATA", "TOO_MANY_SUBS", key, c.wordsOf(e))
	case room.KeysOfAnother, room.RoomOperatorsOnly, room.ReadOnly:
		key = "*"
		if len(r.params) > 2 {
			key = repeated(r.params[2])
		}
		w.fail("METADATA", "KEY_NO_PERMISSION", target, key, c.wordsOf(e))
	default:
		return false
	}
	return true
}
