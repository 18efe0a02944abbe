package dialogue

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// idStage is clients of IRC who name messages by the ids that they have been told.
type idStage struct {
	*testing.T
	pure *Pure
	came int
}

func newIDStage(t *testing.T) *idStage {
	d, err := Parse("ids", "% names=on\n+ ida (irc)\n")
	if err != nil {
		t.Fatal(err)
	}
	s := &idStage{T: t, pure: NewPure(d.Options)}
	t.Cleanup(s.pure.Close)
	return s
}

// comes connects a client with these capabilities as a user.
func (s *idStage) comes(name, capabilities string) {
	s.Helper()
	s.came++
	if err := s.pure.Connect(name, IRC, netip.MustParseAddrPort(fmt.Sprintf("127.0.1.%d:40000", s.came))); err != nil {
		s.Fatal(err)
	}
	if all := s.says(name, "CAP REQ :"+capabilities, "CAP END", "NICK "+name, "USER "+name+" 0 * :x"); !strings.Contains(all, " 001 "+name+" ") {
		s.Fatalf("%s is told %q, want to be welcomed", name, all)
	}
}

// says has a client send lines, and returns all that it is told.
func (s *idStage) says(name string, lines ...string) string {
	s.Helper()
	for _, line := range lines {
		if err := s.pure.Send(name, line+"\r\n"); err != nil {
			s.Fatal(err)
		}
	}
	return s.hears(name)
}

func (s *idStage) hears(name string) string {
	var all strings.Builder
	for line, err := s.pure.Next(name, 0); err == nil; line, err = s.pure.Next(name, 0) {
		all.WriteString(line + "\n")
	}
	return all.String()
}

var msgid = regexp.MustCompile(`msgid=(\d+-\d+)`)

// wordsIn are the words of the messages to #den in what a client was told.
func wordsIn(told string) (words []string) {
	for _, m := range regexp.MustCompile(`PRIVMSG #den :(.*)\n`).FindAllStringSubmatch(told, -1) {
		words = append(words, m[1])
	}
	return words
}

// IRCv3 draft/chathistory: references by msgid.
func TestHistoryByMessageID(t *testing.T) {
	s := newIDStage(t)
	s.comes("ida", "batch server-time message-tags echo-message draft/chathistory labeled-response")
	s.says("ida", "JOIN #den")
	var ids []string
	for _, words := range []string{"one", "two", "three", "four", "five"} {
		ids = append(ids, msgid.FindStringSubmatch(s.says("ida", "PRIVMSG #den :"+words))[1])
	}
	rows := []struct {
		asks string
		want []string
	}{
		{"BEFORE #den msgid=" + ids[2] + " 10", []string{"one", "two"}},
		{"BEFORE #den msgid=" + ids[2] + " 1", []string{"two"}},
		{"AFTER #den msgid=" + ids[2] + " 10", []string{"four", "five"}},
		{"AFTER #den msgid=" + ids[0] + " 2", []string{"two", "three"}},
		{"LATEST #den msgid=" + ids[1] + " 2", []string{"four", "five"}},
		{"LATEST #den msgid=" + ids[4] + " 2", nil},
		{"AROUND #den msgid=" + ids[2] + " 3", []string{"two", "three", "four"}},
		{"BETWEEN #den msgid=" + ids[0] + " msgid=" + ids[4] + " 2", []string{"two", "three"}},
		{"BETWEEN #den msgid=" + ids[4] + " msgid=" + ids[0] + " 2", []string{"three", "four"}},
	}
	for _, row := range rows {
		t.Run(row.asks, func(t *testing.T) {
			told := s.says("ida", "CHATHISTORY "+row.asks)
			if got := wordsIn(told); !slices.Equal(got, row.want) || strings.Count(told, "BATCH") != 2 {
				t.Errorf("CHATHISTORY %s is answered by\n%swant %q in a batch", row.asks, told, row.want)
			}
			told = s.says("ida", "@label=x CHATHISTORY "+row.asks)
			lines := strings.Split(strings.TrimSpace(told), "\n")
			outer := regexp.MustCompile(`^@label=x :\S+ BATCH \+(\S+) labeled-response$`).FindStringSubmatch(lines[0])
			if outer == nil || !strings.HasPrefix(lines[1], "@batch="+outer[1]+" ") || strings.Count(told, "BATCH") != 4 || strings.Count(told, "label") != 2 {
				t.Errorf("CHATHISTORY %s with a label is answered by\n%swant the batch in one that has the label", row.asks, told)
			}
		})
	}
}

// IRCv3 draft/message-redaction: who has said it, by account, takes a message back, and operators of the room do.
func TestRedact(t *testing.T) {
	s := newIDStage(t)
	const all = "batch server-time message-tags echo-message draft/chathistory draft/message-redaction"
	s.comes("ida", all)
	s.comes("bob", all)
	s.comes("eve", "message-tags")
	s.says("ida", "REGISTER * * ida-s-password")
	for _, name := range []string{"ida", "bob", "eve"} {
		s.says(name, "JOIN #den")
	}
	one := msgid.FindStringSubmatch(s.says("ida", "PRIVMSG #den :one"))[1]
	s.hears("bob")
	two := msgid.FindStringSubmatch(s.says("bob", "PRIVMSG #den :two"))[1]
	s.says("ida", "PRIVMSG #den :three")
	for _, name := range []string{"ida", "bob", "eve"} {
		s.hears(name)
	}
	if told := s.says("bob", "REDACT #den "+one); !strings.Contains(told, "FAIL REDACT REDACT_FORBIDDEN #den "+one+" :") {
		t.Errorf("bob takes back what ida has said: %q", told)
	}
	for id, words := range map[string]string{one: " :typo", two: ""} {
		told := s.says("ida", "REDACT #den "+id+words)
		for _, heard := range []string{told, s.hears("bob")} {
			if want := regexp.MustCompile(`^@time=\S+;account=ida :ida!ida@\S+ REDACT #den ` + id + words + "\n$"); !want.MatchString(heard) {
				t.Errorf("a redaction is told as %q, want %v", heard, want)
			}
		}
		if heard := s.hears("eve"); heard != "" {
			t.Errorf("who hasn't asked for it is told of a redaction: %q", heard)
		}
	}
	if told := s.says("ida", "CHATHISTORY LATEST #den * 10"); !slices.Equal(wordsIn(told), []string{"three"}) {
		t.Errorf("what is left is %q, want three", told)
	}
	if told := s.says("ida", "REDACT #den "+one); !strings.Contains(told, "FAIL REDACT UNKNOWN_MSGID #den "+one+" :") {
		t.Errorf("it is taken back twice: %q", told)
	}
}
