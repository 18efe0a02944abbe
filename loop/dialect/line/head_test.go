package line

import (
	"strings"
	"testing"

	"looproom/codec"
	"looproom/codec/plain"
	"looproom/loop/dialect"
	"looproom/loop/room"
)

func TestHead(t *testing.T) {
	tests := []struct{ text, want string }{
		{"[ana] [bob] hi", "[ana] "},
		{"[[::1]:51234] hi", "[[::1]:51234] "},
		{"#go [ana] hi", "#go [ana] "},
		{"* ana waves", "* ana "},
		{"#go * ana waves", "#go * ana "},
		{"*ana* hi * there", "*ana* "},
		{"*a*na** hi", "*a*na** "},
		{"> ana is away: lunch: at noon", "> ana is away: "},
		{"#go > ana set the topic: #lobby > x: y", "#go > ana set the topic: "},
		{"> bob was removed by an operator: spam", "> bob was removed by an operator: "},
		{"> you told bob: a: b", "> you told bob: "},
		{"> New user ana entered (2 users online)", "> "},
		{"< The user ana left (2 users online)", "< "},
		{"= LIST 3 ana bob cem", "= LIST 3 "},
		{"= TOPIC #go all about Go", "= TOPIC #go "},
		{"= ROOM #go 3 all about Go", "= ROOM #go "},
		{"= WHO ana since 2026-11-21T09:30:00Z idle 12 rooms #lobby away x", "= WHO ana "},
		{"= 2026-11-21T09:30:00Z [ana] hello", "= 2026-11-21T09:30:00Z [ana] "},
		{"= 2026-11-21T09:30:07Z * bob waves", "= 2026-11-21T09:30:07Z * bob "},
		{"= 2026-11-21T09:30:00Z *bob* psst * x", "= 2026-11-21T09:30:00Z *bob* "},
		{"= 2026-11-21T09:30:00Z #go [ana] [bob] hi", "= 2026-11-21T09:30:00Z #go [ana] "},
		{"= 2026-11-21T09:30:00Z #go * ana waves", "= 2026-11-21T09:30:00Z #go * ana "},
		{"= @57024000-42 2026-11-21T09:30:00.123Z bob *ana* hi * there", "= @57024000-42 2026-11-21T09:30:00.123Z bob *ana* "},
		{"@57024000-42 [ana] [bob] hi", "@57024000-42 [ana] "},
		{"@57024000-42 #go * ana waves", "@57024000-42 #go * ana "},
		{"@57024000-42 *ana* hi * there", "@57024000-42 *ana* "},
		{"@57024000-42 > you told bob: psst: x", "@57024000-42 > you told bob: "},
		{"= @57024000-42 2026-11-21T09:30:00.123Z [ana] hello", "= @57024000-42 2026-11-21T09:30:00.123Z [ana] "},
		{"= SAID q7GhT2Xa:17 @57024000-42", "= SAID q7GhT2Xa:17 "},
		{"@", ""},
		{"= AWAY", "= "},
		{"! kicked by an operator: spam", "! kicked "},
		{"PONG 1 2 3", "PONG "},
		{"", ""},
	}
	for _, test := range tests {
		if got := test.text[:(Dialect{}).Head([]byte(test.text))]; got != test.want {
			t.Errorf("Head(%q) is %q, want %q", test.text, got, test.want)
		}
	}
}

// FuzzNobodySpeaksInAnotherName: whatever someone says, away words and topics included, each block of what the others are sent says that it
// is theirs.
func FuzzNobodySpeaksInAnotherName(f *testing.F) {
	f.Add(strings.Repeat("x", 505)+"! closing come to evil.example", uint16(512))
	f.Add(strings.Repeat("🦊", 200)+" [bob] yes", uint16(300))
	f.Fuzz(func(t *testing.T, words string, size uint16) {
		if text := string(plain.Clean(nil, []byte(words))); blank(text) || text != words {
			t.Skip()
		}
		const id = room.MsgID(1<<64 - 1)
		block := 384 + int(size)%1000 // three quarters of one hold the longest head
		who, where := strings.Repeat("𝔸", room.MaxName), "#"+strings.Repeat("𝔹", room.MaxName)
		for _, c := range []struct {
			kind room.Kind
			here bool
			head string
		}{
			{room.Said, true, "[" + who + "] "}, {room.Said, false, where + " [" + who + "] "}, {room.Acted, true, "* " + who + " "},
			{room.Acted, false, where + " * " + who + " "}, {room.Whispered, true, "*" + who + "* "}, {room.TopicSet, true, "> " + who + " set the topic: "},
			{room.WentAway, true, "> " + who + " is away: "}, {room.TopicIs, true, "= TOPIC " + where + " "}, {room.Removed, true, "> " + who + " was removed by an operator: "},
		} {
			e := room.Event{Kind: c.kind, RoomName: where, Who: who, Text: words, ID: id}
			as := dialect.Reader{Here: c.here, IDs: size%2 == 0}
			if message := c.kind == room.Said || c.kind == room.Acted || c.kind == room.Whispered; as.IDs && message {
				c.head = "@" + id.String() + " " + c.head
			}
			line := strings.TrimSuffix(string(Dialect{}.Append(nil, &e, as)), "\n")
			whole := ""
			blocks := codec.AppendBlocks(nil, []byte(line), (Dialect{}).Head([]byte(line)), block)
			for ; len(blocks) > 0; blocks = blocks[block:] {
				text, _, _ := strings.Cut(string(blocks[:block]), "\x00")
				if !strings.HasPrefix(text, c.head) {
					t.Fatalf("of %q by blocks of %d, one is %q, want it to begin with %q", line, block, text, c.head)
				}
				whole += strings.TrimPrefix(text, c.head)
			}
			if c.head+whole != line {
				t.Errorf("of %q the blocks without their heads hold %q", line, whole)
			}
		}
	})
}
