package dialogue

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"looproom/loop/room"
)

func all(t *testing.T) []Dialogue {
	t.Helper()
	dialogues, err := All()
	if err != nil {
		t.Fatalf("All() = %v", err)
	}
	return dialogues
}

func TestDialoguesHoldForThePureState(t *testing.T) {
	for _, d := range all(t) {
		t.Run(d.Name, func(t *testing.T) {
			stage := NewPure(d.Options)
			defer stage.Close()
			if err := Play(d, stage); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDialoguesHoldOverTCP(t *testing.T) {
	for _, d := range all(t) {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			stage := serve(t, d.Options)
			defer stage.Close()
			if err := Play(d, stage); err != nil {
				t.Error(err)
			}
		})
	}
}

func protocol(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../codec/PROTOCOL.md")
	if err != nil {
		t.Fatalf("read the protocol: %v", err)
	}
	return string(text)
}

// script is all that is sent, and all that is expected, in the dialogues.
func script(t *testing.T) (sent, expected string) {
	t.Helper()
	var in, out strings.Builder
	for _, d := range all(t) {
		for _, st := range d.steps {
			switch st.act {
			case send:
				in.WriteString(st.text + "\n")
			case expectLine, expectMatch:
				out.WriteString(strings.TrimPrefix(st.text, "~ ") + "\n")
			}
		}
	}
	return in.String(), out.String()
}

// firsts returns the first group of all matches of pattern in text.
func firsts(pattern, text string) []string {
	found := []string{}
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	return found
}

func TestEveryVerbIsInADialogue(t *testing.T) {
	section := protocol(t)
	section, _, _ = strings.Cut(section[strings.Index(section, "## 2."):], "\n### Passwords")
	verbs := firsts("(?m)^\\| `([A-Z]+(?: TO\\b)?)", section)
	verbs = append(verbs, firsts("`(/[a-z]+)", section)...)
	if len(verbs) < 60 {
		t.Fatalf("PROTOCOL.md has the verbs %q, want 60 or more", verbs)
	}
	sent, _ := script(t)
	for _, verb := range verbs {
		if !regexp.MustCompile(`(?mi)^` + verb + `( |$)`).MatchString(sent) {
			t.Errorf("no dialogue has the verb %s", verb)
		}
	}
}

// elsewhere are the errors that a server without files and limits, with one plain line door and a clock does not give.
var elsewhere = []room.Code{
	room.NeedLineDoor, room.FileTooLarge, room.NoSuchFile, room.FileFailed, room.Quota, room.DiskFull, room.ServerFull, room.Closing,
	room.TooManyConnections, room.ConnectingTooFast, room.Flood, room.Skipped, room.SignInTimeout,
	room.TooManyAttempts, room.NotKept, room.NotAProxy, room.NeedTLS, room.WrongProtocol, room.TooManyRequests, room.TooManyRights, room.HistoryFailed,
	room.CertificateTaken, room.TooManyCertificates, room.Waiting, room.GoesOn, room.ClusterAway, room.FileElsewhere,
}

func TestEveryErrorIsInADialogue(t *testing.T) {
	text := protocol(t)
	codes := firsts("(?m)^\\| `([a-z-]+)` \\|", text[strings.Index(text, "### Errors"):])
	if len(codes) < 18 {
		t.Fatalf("PROTOCOL.md has the errors %q, want 18 or more", codes)
	}
	_, expected := script(t)
	for _, code := range codes {
		said := strings.Contains(expected, "! "+code+" ")
		if excepted := slices.Contains(elsewhere, room.Code(code)); said == excepted {
			t.Errorf("error %s: in a dialogue %v, an exception %v; want one of them", code, said, excepted)
		}
	}
}

// The lines that PROTOCOL.md lists under Notices and Answers, by what each begins with or has in it.
func TestEveryServerLineIsInADialogue(t *testing.T) {
	_, expected := script(t)
	for _, want := range []string{
		`^> Connected to the chat server \(`, `^> New user \S+ entered \(`, `^< The user \S+ left \(`, `^> \S+ is now called \S+`,
		`^> \S+ is away$`, `^> \S+ is away: `, `^> \S+ is back`, `^> \S+ set the topic: `,
		`^> 1 entered \(`, `^> 1 signed in \(`, `^> 1 left \(`, `^> 1 away \(`, `^> 1 back \(`,
		`^\[ana\] `, `^\* ana `, `^\*ana\* `,
		`^#\S+ \[`, `^#\S+ \* `, `^#\S+ > New user`, `^#\S+ < The user`, `^#\S+ > \S+ set the topic: `, `^#\S+ > 1 left \(`,
		`^= ADD `, `^= NICK `, `^= LIST `, `^= ROOMS `, `^= ROOM #\S+ \d+$`, `^= ROOM #\S+ \d+ \S`, `^= WHO `, `^= JOIN #`, `^= PART #`,
		`^> \S+ made \S+ an operator of the room$`, `^> \S+ took from \S+ the rights of an operator$`, `^> \S+ gave \S+ a voice$`, `^> \S+ took \S+'s voice$`,
		`^> \S+ was put out of the room by \S+$`, `^> \S+ was put out of the room by \S+: `, `^> \S+ banned \S+ until forever`, `^> \S+ banned an address until `, `^> \S+ lifted the ban of `,
		`^> \S+ muted the room$`, `^> \S+ unmuted the room$`, `^> \S+ locked the room$`, `^> \S+ unlocked the room$`, `^> \S+ set a key$`, `^> \S+ removed the key$`,
		`^> \S+ keeps the room$`, `^> \S+ no longer keeps the room$`, `^> \S+ gave the room to `, `^> \S+ lets only operators set the topic$`, `^> \S+ lets all set the topic$`, `^> \S+ cleared what was said here$`, `^= ROOM #\S+ CLEAR$`, `^= FORGET ana `, `^> \S+ invites you to #`, `^#\S+ > \S+ made \S+ an operator`,
		`^= ROOM #\S+ OP \S`, `^= RIGHTS #\S+ \d+$`, `^= RIGHT #\S+ founder `, `^= RIGHT #\S+ ban `,
		`^> \S+ was removed by an operator$`, `^> \S+ was removed by an operator: `,
		`^= PASS$`, `^= REGISTER `, `^= LOGIN `, `^= TRUST$`, `^= TRUST OFF$`, `^= UNREGISTER `, `^= OPER `, `^= KICK `, `^= UNBAN `, `^= BANS \d`,
		`^= BAN \S+ until forever by `, `^= BAN \S+ until \\S\+Z by `, `^= SHUN \S+ until `, `^= STATS `, `^= STAT `,
		`^= IDS ON$`, `^= IDS OFF$`, `^@\\d\+-\\d\+ `, `^= @\\d\+-\\d\+ `, `^= SAID \S+ @`,
		`^= WHO .* address `, `^= TOPIC #\S+$`, `^= TOPIC #\S+ \S`, `^= AWAY$`, `^= BACK$`, `^= RECENT \d`, `^= END$`, `^PONG `,
	} {
		if !regexp.MustCompile("(?m)" + want).MatchString(expected) {
			t.Errorf("no dialogue expects %s", want)
		}
	}
}

func TestAllHasEachFile(t *testing.T) {
	files, err := fs.Glob(os.DirFS("."), "chats/*.chat")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(all(t)); got != len(files) {
		t.Errorf("All() has %d dialogues, want %d", got, len(files))
	}
}
