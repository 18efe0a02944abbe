package irc

import (
	"fmt"
	"strconv"
	"strings"
)

// capability is one of IRCv3's.
type capability uint8

// They are told in this order, by worth: an old client, which is told of them in one line, misses the last ones first.
const (
	serverTime capability = iota
	messageTags
	batches
	echoMessage
	labeledResponse
	sasl
	multiPrefix
	userhostInNames
	awayNotify
	extendedJoin
	accountNotify
	accountTag
	setName
	changedHost
	inviteNotify
	capNotify
	standardReplies
	extendedMonitor
	noImplicitNames
	chatHistory
	eventPlayback
	readMarker
	multiline
	messageRedaction
	accountRegistration
	preAway
	extendedSupport
	metadata
	channelRename
	persistence
	strictTransport
	capabilityCount
)

// offer is what there is to know of a capability.
type offer struct {
	name string
	// value is what stands behind = for who knows CAP 302, and whether it is there at all. nil: always, without one.
	value func(s *Server, secure bool) (value string, offered bool)
	needs []capability // without which it does nothing; they may be asked for in any order
	told  bool         // it is told, and can't be asked for
}

var offers = [capabilityCount]offer{
	serverTime:          {name: "server-time"},
	messageTags:         {name: "message-tags"},
	batches:             {name: "batch"},
	echoMessage:         {name: "echo-message"},
	labeledResponse:     {name: "labeled-response", needs: []capability{batches}},
	sasl:                {name: "sasl", value: mechanisms},
	multiPrefix:         {name: "multi-prefix"},
	userhostInNames:     {name: "userhost-in-names"},
	awayNotify:          {name: "away-notify"},
	extendedJoin:        {name: "extended-join"},
	accountNotify:       {name: "account-notify"},
	accountTag:          {name: "account-tag"},
	setName:             {name: "setname"},
	changedHost:         {name: "chghost"},
	inviteNotify:        {name: "invite-notify"},
	capNotify:           {name: "cap-notify"},
	standardReplies:     {name: "standard-replies"},
	extendedMonitor:     {name: "extended-monitor"},
	noImplicitNames:     {name: "no-implicit-names"},
	chatHistory:         {name: "draft/chathistory", value: kept, needs: []capability{batches, serverTime}},
	eventPlayback:       {name: "draft/event-playback", value: kept, needs: []capability{batches, serverTime, chatHistory}},
	readMarker:          {name: "draft/read-marker", value: kept},
	multiline:           {name: "draft/multiline", value: multilineLimits, needs: []capability{batches, messageTags}},
	messageRedaction:    {name: "draft/message-redaction", needs: []capability{messageTags}},
	accountRegistration: {name: "draft/account-registration", value: earlyRegistration},
	preAway:             {name: "draft/pre-away"},
	extendedSupport:     {name: "draft/extended-isupport", needs: []capability{batches}},
	metadata:            {name: "draft/metadata-2", value: metadataLimits, needs: []capability{batches}},
	channelRename:       {name: "draft/channel-rename"},
	persistence:         {name: "draft/persistence", value: kept},
	strictTransport:     {name: "sts", value: transport, told: true},
}

var capabilityOf = func() map[string]capability {
	all := make(map[string]capability, capabilityCount)
	for c := range capabilityCount {
		all[offers[c].name] = c
	}
	return all
}()

const (
	// maxMultilineBytes and maxMultilineLines are how long a message of several lines may be: in bytes with an LF between two lines, and as many as a client says it in.
	maxMultilineBytes = 4096
	maxMultilineLines = 32
)

func multilineLimits(*Server, bool) (string, bool) {
	return fmt.Sprintf("max-bytes=%d,max-lines=%d", maxMultilineBytes, maxMultilineLines), true
}

// mechanisms are those of SASL. EXTERNAL needs a certificate, and so TLS.
func mechanisms(s *Server, secure bool) (string, bool) {
	return saslMechanisms(secure), s.Accounts
}

// kept: what was said can be asked for where it is kept.
func kept(s *Server, _ bool) (string, bool) { return "", s.History }

// earlyRegistration: an account can be registered before one is a user.
func earlyRegistration(s *Server, _ bool) (string, bool) { return registrationKeys, s.Accounts }

// transport is the policy of sts: in the clear where TLS is, and there, as nobody heeds it elsewhere, for how long it holds.
func transport(s *Server, secure bool) (string, bool) {
	if secure {
		return "duration=" + strconv.FormatInt(int64(s.STS.For.Seconds()), 10), s.STS.Port > 0
	}
	return "port=" + strconv.Itoa(s.STS.Port), s.STS.Port > 0
}

// text is how the capability is told, with its value if values are wanted, and whether it is offered.
func (o *offer) text(s *Server, secure, values bool) (text string, offered bool) {
	if o.value == nil {
		return o.name, true
	}
	value, offered := o.value(s, secure)
	if o.told && !values { // without its value it says nothing
		return "", false
	}
	if values && value != "" {
		return o.name + "=" + value, offered
	}
	return o.name, offered
}

// newVersion is the version of CAP with values, several lines, and cap-notify for all (CAP LS 302).
const newVersion = 302

// capabilities is what a client has asked for. The zero value is that of one who has just come.
type capabilities struct {
	set         uint64 // those that are on, a bit for each
	version     int    // the highest that it has named, at most newVersion
	negotiating bool   // it has begun, and not said END: it is no user until then. Who is one already doesn't care.
}

// has is whether the capability, and all that it needs, is on.
func (k *capabilities) has(c capability) bool {
	for _, needed := range offers[c].needs {
		if k.set&needed.bit() == 0 {
			return false
		}
	}
	return k.set&c.bit() != 0
}

func (c capability) bit() uint64 { return 1 << c }

// tagSet is the set of tags that it reads.
func (k *capabilities) tagSet() Set {
	if k.has(messageTags) {
		set := AllTags
		for _, besides := range [...]struct {
			c   capability
			set Set
		}{{messageRedaction, Redaction}, {extendedJoin, Extended}, {multiline, Multiline}} {
			if k.has(besides.c) {
				set |= besides.set
			}
		}
		return set
	}
	switch {
	case k.has(serverTime) && k.has(accountTag):
		return TimeAccount
	case k.has(accountTag):
		return Account
	case k.has(serverTime):
		return Time
	}
	return NoTags
}

// knowsRenamed says whether the client takes a room for the same that has another name: it is told so, or there is no other name for it, as CASEMAPPING has it.
func (k *capabilities) knowsRenamed(before, name string) bool {
	return k.has(channelRename) || lowerASCII(before) == lowerASCII(name)
}

func lowerASCII(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// handle answers CAP with these parameters (IRCv3 capability-negotiation). No line may be open. It returns whether that was the end of what holds a newcomer up.
func (k *capabilities) handle(w *writer, params []string, s *Server, secure bool) (ended bool) {
	if len(params) == 0 {
		w.lacks("CAP")
		return false
	}
	switch strings.ToUpper(params[0]) {
	case "LS":
		k.negotiating = true
		k.list(w, params[1:], s, secure)
	case "LIST":
		k.enabled(w)
	case "REQ":
		k.negotiating = true
		k.request(w, strings.Join(params[1:], " "), s, secure)
	case "END":
		ended, k.negotiating = k.negotiating, false
	default:
		w.numeric(410, params[0], "Invalid CAP command")
	}
	return ended
}

// list answers LS. A version below one that has been named before counts for this answer alone.
func (k *capabilities) list(w *writer, params []string, s *Server, secure bool) {
	version := 0
	if len(params) > 0 {
		version, _ = strconv.Atoi(params[0])
	}
	modern := version >= newVersion
	if k.version = max(k.version, min(version, newVersion)); k.version == newVersion {
		k.set |= capNotify.bit()
	}
	var all []string
	for c := range capabilityCount {
		if text, offered := offers[c].text(s, secure, modern); offered {
			all = append(all, text)
		}
	}
	k.tell(w, "LS", all, modern)
}

// enabled answers LIST.
func (k *capabilities) enabled(w *writer) {
	var all []string
	for c := range capabilityCount {
		if k.set&c.bit() != 0 {
			all = append(all, offers[c].name)
		}
	}
	k.tell(w, "LIST", all, k.version >= newVersion)
}

// tell appends a list of capabilities: to a modern client in as many lines as it takes, with a * in all but the last, to another in one, in which stands what fits.
func (k *capabilities) tell(w *writer, subcommand string, all []string, modern bool) {
	rest := strings.Join(all, " ")
	for modern {
		room := w.room("CAP", w.nick, subcommand, "*")
		if len(rest) <= room {
			break
		}
		var words string
		words, rest = wholeWords(rest, room)
		w.send("CAP", w.nick, subcommand, "*", words)
	}
	if room := w.room("CAP", w.nick, subcommand); len(rest) > room {
		rest, _ = wholeWords(rest, room)
	}
	w.send("CAP", w.nick, subcommand, rest)
}

// request answers REQ: all that is asked for is done, or nothing.
func (k *capabilities) request(w *writer, asked string, s *Server, secure bool) {
	set, granted := k.granted(strings.Fields(asked), s, secure)
	if !granted {
		if room := w.room("CAP", w.nick, "NAK"); len(asked) > room {
			asked, _ = wholeWords(asked, room)
		}
		w.send("CAP", w.nick, "NAK", asked)
		return
	}
	for room := w.room("CAP", w.nick, "ACK"); len(asked) > room; {
		var words string
		words, asked = wholeWords(asked, room)
		w.send("CAP", w.nick, "ACK", words)
	}
	w.send("CAP", w.nick, "ACK", asked)
	k.set = set
}

// granted is what would be on if all that is asked for were done, and whether it can be.
func (k *capabilities) granted(asked []string, s *Server, secure bool) (set uint64, granted bool) {
	set = k.set
	for _, word := range asked {
		name, off := strings.CutPrefix(word, "-")
		c, known := capabilityOf[name]
		if !known || offers[c].told || off && c == capNotify && k.version >= newVersion {
			return 0, false
		}
		if _, offered := offers[c].text(s, secure, false); !offered {
			return 0, false
		}
		if off {
			set &^= c.bit()
		} else {
			set |= c.bit()
		}
	}
	return set, true
}

// wholeWords cuts words, which are longer than room, at the last space that leaves no more than that; if there is none, in a word.
func wholeWords(words string, room int) (front, rest string) {
	if space := strings.LastIndexByte(words[:room+1], ' '); space > 0 {
		return words[:space], words[space+1:]
	}
	cut := max(runeCut(words, room), 1)
	return words[:cut], words[cut:]
}
