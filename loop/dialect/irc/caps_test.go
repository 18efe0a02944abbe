package irc

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// ready are the capabilities that are there from the start.
const ready = "server-time message-tags batch echo-message labeled-response multi-prefix userhost-in-names cap-notify account-tag standard-replies"

// readyOffers is the answer to LS of a server that has only those that don't need a setting, in the order of the table.
func readyOffers(values bool) string {
	var all []string
	for _, o := range offers {
		if text, offered := o.text(&Server{}, false, values); offered {
			all = append(all, text)
		}
	}
	return strings.Join(all, " ")
}

func TestReadyCapabilities(t *testing.T) {
	all := strings.Fields(readyOffers(false))
	for name := range strings.FieldsSeq(ready) {
		if !slices.Contains(all, name) {
			t.Errorf("%q has no %s", all, name)
		}
	}
	for c, o := range offers {
		if o.name == "" || capabilityOf[o.name] != capability(c) {
			t.Errorf("capability %d is named %q, which is %d", c, o.name, capabilityOf[o.name])
		}
	}
}

// IRCv3 capability-negotiation. Each row is what one client says, and what it is told; "=" is that nothing holds it up any more.
func TestCap(t *testing.T) {
	cap := func(words string) string { return ":irc.example CAP ann " + words }
	all, modern := readyOffers(false), readyOffers(true)
	rows := []struct {
		name string
		says []string
		told []string
	}{
		{"The CAP LS subcommand", []string{"LS", "END"}, []string{cap("LS :" + all), "="}},
		{"in any case", []string{"ls 302", "end"}, []string{cap("LS :" + modern), "="}},
		{"END alone holds up nobody and ends nothing", []string{"END"}, nil},
		{"LIST of none", []string{"LIST"}, []string{cap("LIST :")}},
		{"CAP LS Version: 302 has cap-notify", []string{"LS 302", "LIST"}, []string{cap("LS :" + modern), cap("LIST :cap-notify")}},
		{"a higher version is taken as 302", []string{"LS 307", "LIST"}, []string{cap("LS :" + modern), cap("LIST :cap-notify")}},
		{"no number is no version", []string{"LS x", "LIST"}, []string{cap("LS :" + all), cap("LIST :")}},
		{"a version stays", []string{"LS 302", "LS", "REQ :-cap-notify"}, []string{cap("LS :" + modern), cap("LS :" + all), cap("NAK :-cap-notify")}},
		{"The CAP REQ subcommand: adding", []string{"REQ :server-time batch", "LIST", "END"}, []string{cap("ACK :server-time batch"), cap("LIST :server-time batch"), "="}},
		{"removing", []string{"REQ :server-time batch", "REQ :-batch", "LIST"}, []string{cap("ACK :server-time batch"), cap("ACK :-batch"), cap("LIST :server-time")}},
		{"what is on, on; what is off, off", []string{"REQ batch", "REQ :batch -server-time", "LIST"}, []string{cap("ACK :batch"), cap("ACK :batch -server-time"), cap("LIST :batch")}},
		{"from left to right", []string{"REQ :batch -batch", "LIST"}, []string{cap("ACK :batch -batch"), cap("LIST :")}},
		{"as a whole or not at all", []string{"REQ :batch no-such server-time", "LIST"}, []string{cap("NAK :batch no-such server-time"), cap("LIST :")}},
		{"values aren't asked for", []string{"REQ :sasl=PLAIN"}, []string{cap("NAK :sasl=PLAIN")}},
		{"names have a case", []string{"REQ :Batch"}, []string{cap("NAK :Batch")}},
		{"spaces behind", []string{"REQ :batch "}, []string{cap("ACK :batch ")}},
		{"nothing is asked for", []string{"REQ :", "REQ"}, []string{cap("ACK :"), cap("ACK :")}},
		{"not in one parameter", []string{"REQ batch server-time"}, []string{cap("ACK :batch server-time")}},
		{"cap-notify: an old client may have it, and not", []string{"REQ cap-notify", "REQ -cap-notify", "LIST"}, []string{cap("ACK :cap-notify"), cap("ACK :-cap-notify"), cap("LIST :")}},
		{"cap-notify: a new one may ask", []string{"LS 302", "REQ cap-notify"}, []string{cap("LS :" + modern), cap("ACK :cap-notify")}},
		{"by another name", []string{"REQ persistence"}, []string{cap("NAK :persistence")}},
		{"sts can't be asked for", []string{"REQ sts"}, []string{cap("NAK :sts")}},
		{"none of these", []string{"FOO bar"}, []string{":irc.example 410 ann FOO :Invalid CAP command"}},
		{"what a server says", []string{"ACK :batch"}, []string{":irc.example 410 ann ACK :Invalid CAP command"}},
		{"no subcommand", []string{""}, []string{":irc.example 461 ann CAP :Not enough parameters"}},
		{"again behind END", []string{"LS", "END", "END", "REQ batch", "END"}, []string{cap("LS :" + all), "=", cap("ACK :batch"), "="}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var k capabilities
			if told := tell(&k, &Server{}, false, row.says...); !slices.Equal(told, row.told) {
				t.Errorf("%q is told\n%s\nwant\n%s", row.says, strings.Join(told, "\n"), strings.Join(row.told, "\n"))
			}
		})
	}
}

// tell says lines of CAP, and returns what comes back.
func tell(k *capabilities, s *Server, secure bool, says ...string) (told []string) {
	for _, line := range says {
		w := newWriter()
		m, _ := parse([]byte("CAP " + line))
		ended := k.handle(&w, m.params, s, secure)
		for line := range strings.SplitSeq(strings.TrimSuffix(string(w.dst), "\r\n"), "\r\n") {
			if line != "" {
				told = append(told, line)
			}
		}
		if ended {
			told = append(told, "=")
		}
	}
	return told
}

func TestCapBeforeNick(t *testing.T) {
	var k capabilities
	w := writer{server: "irc.example"}
	k.handle(&w, []string{"LIST"}, &Server{}, false)
	k.handle(&w, []string{"FOO"}, &Server{}, false)
	if want := ":irc.example CAP * LIST :\r\n:irc.example 410 * FOO :Invalid CAP command\r\n"; string(w.dst) != want {
		t.Errorf("%q, want %q", w.dst, want)
	}
}

// IRCv3 sts.
func TestCapTransport(t *testing.T) {
	s := &Server{STS: STS{Port: 6697, For: 30 * 24 * time.Hour}}
	rows := []struct {
		name, says string
		secure     bool
		want       string
	}{
		{"in the clear", "LS 302", false, "sts=port=6697"},
		{"by TLS", "LS 302", true, "sts=duration=2592000"},
		{"an old client", "LS", false, ""},
	}
	for _, row := range rows {
		var k capabilities
		told := strings.Fields(tell(&k, s, row.secure, row.says)[0])
		last := told[len(told)-1]
		if has := strings.HasPrefix(last, "sts"); has != (row.want != "") || has && last != row.want {
			t.Errorf("%s: %q, want %q at the end", row.name, told, row.want)
		}
	}
}

// Multiline replies to CAP LS and CAP LIST.
func TestCapLists(t *testing.T) {
	var all []string
	for range 60 {
		all = append(all, "example.org/some-long-name")
	}
	var k capabilities
	w := newWriter()
	k.tell(&w, "LS", all, true)
	var told []string
	lines := strings.Split(strings.TrimSuffix(string(w.dst), "\r\n"), "\r\n")
	for i, line := range lines {
		head := ":irc.example CAP ann LS * :"
		if i == len(lines)-1 {
			head = ":irc.example CAP ann LS :"
		}
		words, has := strings.CutPrefix(line, head)
		if !has || len(line) > maxRest {
			t.Errorf("line %d of %d is %q, want it to begin %q", i, len(lines), line, head)
		}
		told = append(told, strings.Fields(words)...)
	}
	if !slices.Equal(told, all) || len(lines) < 3 {
		t.Errorf("%d lines with %d of %d capabilities", len(lines), len(told), len(all))
	}
	w = newWriter()
	k.tell(&w, "LS", all, false)
	words := strings.TrimSuffix(strings.TrimPrefix(string(w.dst), ":irc.example CAP ann LS :"), "\r\n")
	if told := strings.Fields(words); len(w.dst) > 512 || strings.Count(string(w.dst), "\n") != 1 || !slices.Equal(told, all[:len(told)]) || len(told) < 15 {
		t.Errorf("an old client is told %q, want what fits in one line", w.dst)
	}
}

func TestCapLongRequest(t *testing.T) {
	var k capabilities
	asked := strings.Fields(strings.Repeat("server-time batch ", 27))
	w := newWriter()
	k.handle(&w, []string{"REQ", strings.Join(asked, " ")}, &Server{}, false)
	var granted []string
	for line := range strings.SplitSeq(strings.TrimSuffix(string(w.dst), "\r\n"), "\r\n") {
		words, has := strings.CutPrefix(line, ":irc.example CAP ann ACK :")
		if !has || len(line) > maxRest {
			t.Errorf("%q is no ACK", line)
		}
		granted = append(granted, strings.Fields(words)...)
	}
	if !slices.Equal(granted, asked) || !k.has(batches) {
		t.Errorf("%q, want %q", granted, asked)
	}
	w = newWriter()
	k.handle(&w, []string{"REQ", strings.Repeat("no-such ", 62) + "ü"}, &Server{}, false)
	if err := faultOf(w.dst); err != "" || !strings.HasPrefix(string(w.dst), ":irc.example CAP ann NAK :no-such ") {
		t.Errorf("%q: %s; want one NAK", w.dst, err)
	}
}

func TestTagSet(t *testing.T) {
	rows := []struct {
		on   []capability
		want Set
	}{
		{nil, NoTags},
		{[]capability{echoMessage, capNotify}, NoTags},
		{[]capability{serverTime}, Time},
		{[]capability{accountTag}, Account},
		{[]capability{accountTag, serverTime}, TimeAccount},
		{[]capability{messageTags}, AllTags},
		{[]capability{messageTags, serverTime, batches}, AllTags},
		{[]capability{messageTags, messageRedaction}, AllTags | Redaction},
		{[]capability{messageTags, multiline}, AllTags},
		{[]capability{messageTags, multiline, batches}, AllTags | Multiline},
		{[]capability{messageTags, multiline, batches, extendedJoin, messageRedaction}, AllTags | Multiline | Extended | Redaction},
		{[]capability{multiline, batches}, NoTags},
	}
	for _, row := range rows {
		var k capabilities
		for _, c := range row.on {
			k.set |= c.bit()
		}
		if got := k.tagSet(); got != row.want {
			t.Errorf("%v read the tags of %d, want %d", row.on, got, row.want)
		}
	}
}

func TestCapabilityNeeds(t *testing.T) {
	var k capabilities
	tell(&k, &Server{}, false, "REQ labeled-response")
	if k.has(labeledResponse) {
		t.Error("labeled-response is on without batch")
	}
	if tell(&k, &Server{}, false, "REQ batch"); !k.has(labeledResponse) {
		t.Error("labeled-response is off with batch")
	}
}
