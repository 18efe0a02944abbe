package irc

import (
	"slices"
	"strings"
	"testing"
)

// support is what a client reads of 005, and how many lines that were.
func support(t *testing.T, s *Server) (all []string, lines int) {
	t.Helper()
	w := newWriter()
	appendSupport(&w, s)
	for line := range strings.SplitAfterSeq(string(w.dst), "\r\n") {
		if line == "" {
			continue
		}
		if err := faultOf([]byte(line)); err != "" {
			t.Errorf("%q: %s", line, err)
		}
		words, is := strings.CutSuffix(line, " :are supported by this server\r\n")
		words, from := strings.CutPrefix(words, ":irc.example 005 ann ")
		tokens := strings.Split(words, " ")
		if !is || !from || len(tokens) > 13 {
			t.Errorf("%q, want at most 13 tokens", line)
		}
		all, lines = append(all, tokens...), lines+1
	}
	return all, lines
}

// Modern IRC, RPL_ISUPPORT (005).
func TestSupport(t *testing.T) {
	all, lines := support(t, &Server{Network: "Our Net", Rooms: 20, History: true})
	for _, want := range []string{
		"NETWORK=Our\\x20Net", "CASEMAPPING=ascii", "UTF8MAPPING=rfc8265", "UTF8ONLY", "CHANTYPES=#", "PREFIX=(qov)~@+", "CHANMODES=beI,k,l,Cimnst", "EXCEPTS", "INVEX", "MODES=20", "MAXLIST=b:200,e:60,I:60",
		"TARGMAX=NAMES:1,KICK:4,PRIVMSG:4,NOTICE:4,TAGMSG:4,JOIN:,PART:", "CHANLIMIT=#:20", "NICKLEN=32", "CHANNELLEN=33", "USERLEN=18", "TOPICLEN=390", "AWAYLEN=390", "KICKLEN=390", "NAMELEN=128",
		"CHATHISTORY=100", "MSGREFTYPES=msgid,timestamp",
	} {
		if !slices.Contains(all, want) {
			t.Errorf("%q doesn't promise %s", all, want)
		}
	}
	for _, row := range tokens {
		told := slices.ContainsFunc(all, func(one string) bool { name, _, _ := strings.Cut(one, "="); return name == row.name })
		if !told {
			t.Errorf("%s isn't told", row.name)
		}
	}
	if want := (len(all) + 12) / 13; lines != want {
		t.Errorf("%d tokens in %d lines, want %d", len(all), lines, want)
	}
}

func TestSupportOfOthers(t *testing.T) {
	all, _ := support(t, &Server{})
	if slices.ContainsFunc(all, func(one string) bool {
		return strings.HasPrefix(one, "CHATHISTORY") || strings.HasPrefix(one, "MSGREFTYPES")
	}) {
		t.Errorf("%q, want nothing of what is not kept", all)
	}
	if slices.ContainsFunc(all, func(one string) bool { return strings.HasPrefix(one, "NETWORK") }) || !slices.Contains(all, "CHANLIMIT=#:") {
		t.Errorf("%q, want no network, and no limit of rooms", all)
	}
	if whole, _ := support(t, &Server{Network: strings.Repeat("n", 300)}); !slices.Equal(whole[1:], all) {
		t.Errorf("a long network name leaves of the tokens %q, want %q", whole[1:], all)
	}
}

// Modern IRC, RPL_ISUPPORT: "\xHH".
func TestEscapedToken(t *testing.T) {
	for value, want := range map[string]string{"Libera.Chat": "Libera.Chat", "a b": `a\x20b`, `a=b\c`: `a\x3Db\x5Cc`, "ü": `\xC3\xBC`, "\r\n\x00": `\x0D\x0A\x00`} {
		if got := escapeToken(value); got != want {
			t.Errorf("%q is %q, want %q", value, got, want)
		}
	}
}
