package irc

import (
	"strings"

	"looproom/codec/plain"
	"looproom/loop/room"
)

// Messages of several lines, which a client says in a batch (IRCv3 draft/multiline, draft "client-batch").

const (
	multilineBatch = "draft/multiline"
	concatTag      = "draft/multiline-concat"
	invalidBatch   = "MULTILINE_INVALID"
)

// opened is a batch that a client has begun and not ended.
type opened struct {
	ref, target string
	label, tags string // of the line that began it
	command     string // of its lines, "": there is none yet
	text        []byte // at most maxMultilineBytes
	lines       int    // at most maxMultilineLines
	failed      bool   // it will not be said, and the client knows: what else comes of it is dropped
	lost        bool   // a line that was not read may have been one of its
}

// Opens is 0 if the client has no batch open, and else another number each time that it begins one, or goes on with it. Who has the clock calls Expire when that has been the same for
// too long.
func (c *Client) Opens() uint64 {
	if c.open == nil {
		return 0
	}
	return c.grew
}

// Expire ends the batch that the client has open, as it has been left so for too long. What else comes of it is refused.
func (c *Client) Expire(do func(*room.Command)) {
	if c.open == nil {
		return
	}
	ref, failed, label := c.open.ref, c.open.failed, c.open.label
	if c.open = nil; !failed {
		c.own(request{command: "BATCH", row: &talkRow, label: label}, do, func(_ *Client, w *writer) {
			w.fail("BATCH", "TIMEOUT", ref, "The batch was left open for too long")
		})
	}
}

func doPrivmsg(a *asking) { saysOrAdds(a, room.Plainly) }
func doNotice(a *asking)  { saysOrAdds(a, room.AsNotice) }

// saysOrAdds is a message, or a line of one.
func saysOrAdds(a *asking, manner room.Manner) {
	if ref, is := a.m.tag("batch"); is && a.c.has(multiline) {
		addsLine(a, ref)
		return
	}
	doSpeak(a, manner)
}

func doBatch(a *asking) {
	ref := a.param(0)
	switch {
	case !a.c.has(multiline):
		a.say(func(_ *Client, w *writer) { w.numeric(421, "BATCH", "Ask for the capability draft/multiline first") })
	case len(ref) > 1 && ref[0] == '+':
		beginsBatch(a, ref[1:])
	case len(ref) > 1 && ref[0] == '-':
		endsBatch(a, ref[1:])
	default:
		batchFails(a, invalidBatch, "A batch begins with + and a name for it, and ends with - and that name")
	}
}

// batchFails has the batch that is open, if there is one, not be said, and answers why.
func batchFails(a *asking, code string, about ...string) {
	a.r.row = &talkRow
	if o := a.c.open; o != nil && !o.failed {
		o.failed, o.text = true, nil
		if a.r.label == "" {
			a.r.label = o.label
		}
	}
	a.say(func(_ *Client, w *writer) { w.fail("BATCH", code, about...) })
}

func beginsBatch(a *asking, ref string) {
	another := a.c.open != nil && !a.c.open.failed
	a.c.grew++
	a.c.open = &opened{ref: ref, target: a.param(2), label: a.r.label, tags: a.m.clientTags()}
	switch {
	case another:
		batchFails(a, invalidBatch, "Another batch is open, and neither will be said")
	case a.param(1) != multilineBatch:
		batchFails(a, invalidBatch, "There are batches of messages of several lines alone (draft/multiline)")
	case a.c.open.target == "" || strings.Contains(a.c.open.target, ","):
		batchFails(a, invalidBatch, "A batch is for one room or one user")
	}
}

// addsLine adds a line to the batch that is open.
func addsLine(a *asking, ref string) {
	o, words := a.c.open, a.param(1)
	_, joined := a.m.tag(concatTag)
	switch {
	case o == nil || ref != o.ref:
		batchFails(a, invalidBatch, "No batch of that name is open")
	case o.failed:
	case o.command != "" && o.command != a.r.command:
		batchFails(a, invalidBatch, "A batch is of PRIVMSG or of NOTICE")
	case !strings.EqualFold(a.param(0), o.target):
		batchFails(a, "MULTILINE_INVALID_TARGET", o.target, repeated(a.param(0)), "Each line of a batch is for whom the batch is for")
	case joined && words == "":
		batchFails(a, invalidBatch, "An empty line joined to another one says nothing")
	case o.lines == maxMultilineLines:
		batchFails(a, "MULTILINE_MAX_LINES", itoa(maxMultilineLines), "A message has at most so many lines")
	case o.with(words, joined) > maxMultilineBytes:
		batchFails(a, "MULTILINE_MAX_BYTES", itoa(maxMultilineBytes), "A message has at most so many bytes")
	default:
		a.c.grew++
		o.adds(a.r.command, words, joined)
	}
}

// with is how long the text is with one more line.
func (o *opened) with(words string, joined bool) int {
	if o.lines > 0 && !joined {
		return len(o.text) + len("\n") + len(words)
	}
	return len(o.text) + len(words)
}

// adds adds a line, which there is room for.
func (o *opened) adds(command, words string, joined bool) {
	if o.lines > 0 && !joined {
		o.text = append(o.text, '\n')
	}
	o.text = append(o.text, words...)
	o.command = command
	o.lines++
}

// endsBatch says what the batch has, as one message.
func endsBatch(a *asking, ref string) {
	o := a.c.open
	if o == nil || ref != o.ref {
		batchFails(a, invalidBatch, "No batch of that name is open")
		return
	}
	text := string(o.text)
	a.r.label = o.label
	switch {
	case o.failed:
	case o.lost:
		batchFails(a, invalidBatch, "A line was not read, and may be one of the batch")
	case plain.IsBlank(text):
		batchFails(a, invalidBatch, "There is nothing in the batch")
	case plain.IsSeveral(text) && (text[0] == 1 || strings.Contains(text, "\n\x01")):
		batchFails(a, invalidBatch, "What programs say to each other, and what one does, is one line")
	default:
		a.r.command, a.r.params = o.command, []string{o.target, text}
		a.speaks(text, mannerOf(o.command), o.tags)
	}
	a.c.open = nil
}

func mannerOf(command string) room.Manner {
	if command == "NOTICE" {
		return room.AsNotice
	}
	return room.Plainly
}
