package dialogue

import (
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestVoiceIsPong(t *testing.T) {
	tests := []struct {
		voice Voice
		line  string
		want  bool
	}{
		{Line, "PONG fence-1", true},
		{Line, "PONG fence-11", false},
		{Line, ":server PONG server :fence-1", false},
		{IRC, ":server PONG server :fence-1", true},
		{IRC, "@time=2026-11-21T09:30:00.000Z :server PONG server :fence-1", true},
		{IRC, "PONG :fence-1", true},
		{IRC, ":server PONG server :fence-11", false},
		{IRC, ":ann!a@b PRIVMSG #go :PONG server :fence-1", false},
		{IRC, "PONG fence-1", false},
	}
	for _, tt := range tests {
		if got := tt.voice.isPong(tt.line, "fence-1"); got != tt.want {
			t.Errorf("voice %d: isPong(%q) = %v, want %v", tt.voice, tt.line, got, tt.want)
		}
	}
}

func TestVoiceLeaves(t *testing.T) {
	tests := []struct {
		voice Voice
		line  string
		want  bool
	}{
		{Line, "END", true},
		{Line, "/quit \r", true},
		{Line, "QUIT", false},
		{IRC, "QUIT", true},
		{IRC, "quit :see you\r", true},
		{IRC, "END", false},
		{IRC, "QUITE", false},
	}
	for _, tt := range tests {
		if got := tt.voice.leaves(tt.line); got != tt.want {
			t.Errorf("voice %d: leaves(%q) = %v, want %v", tt.voice, tt.line, got, tt.want)
		}
	}
}

func TestParseVoices(t *testing.T) {
	d, err := Parse("x.chat", "+ ann\n+ ida (irc)\nann> hello\nida> NICK ida\nida>? PING x\nida>> \"NICK eve\\n\"\n")
	if err != nil {
		t.Fatal(err)
	}
	var sent []string
	for _, st := range d.steps {
		if st.act == send || st.act == ask {
			sent = append(sent, st.text)
		}
	}
	if got, want := strings.Join(sent, "|"), "hello\n|NICK ida\r\n|PING x\r\n|NICK eve\n"; got != want {
		t.Errorf("the clients send %q, want %q", got, want)
	}
	if !d.Has(IRC) || !d.Has(Line) {
		t.Errorf("the dialogue has IRC: %v, Line: %v, want both", d.Has(IRC), d.Has(Line))
	}
}

func TestTCPWithoutIRC(t *testing.T) {
	stage := NewTCP("127.0.0.1:1")
	if err := stage.Connect("ida", IRC, netip.MustParseAddrPort("127.0.1.1:40001")); !errors.Is(err, ErrNoVoice) {
		t.Errorf("Connect of a client of IRC = %v, want ErrNoVoice", err)
	}
}

func TestTCPLinesOfIRC(t *testing.T) {
	stage, server := pairOf(t, IRC)
	io.WriteString(server, ":server NOTICE * :hello\r\n:server NOTICE * :bare\n")
	if line, err := stage.Next("ann", patience); line != ":server NOTICE * :hello" || err != nil {
		t.Errorf("Next = %q, %v, want the line without CR", line, err)
	}
	if line, err := stage.Next("ann", patience); err == nil || !strings.Contains(err.Error(), "has no") {
		t.Errorf("Next of a line without CR = %q, %v, want an error", line, err)
	}
}

// recorder is a stage with a client of IRC whose PINGs are answered until it has said NICK: then the server ends it.
type recorder struct {
	Stage
	lines []string
	sent  strings.Builder
}

func (*recorder) Connect(string, Voice, netip.AddrPort) error { return nil }
func (*recorder) Secure() bool                                { return false }
func (*recorder) Close()                                      {}

func (r *recorder) Send(_, text string) error {
	r.sent.WriteString(text)
	if token, asked := strings.CutPrefix(text, "PING "); asked {
		r.lines = append(r.lines, ":server PONG server :"+strings.TrimSuffix(token, "\r\n"))
	}
	if strings.HasPrefix(text, "NICK ") {
		r.lines = append(r.lines, ":server 464 * :wrong", "ERROR :closed")
	}
	return nil
}

func (r *recorder) Next(string, time.Duration) (string, error) {
	if len(r.lines) == 0 {
		return "", io.EOF
	}
	line := r.lines[0]
	r.lines = r.lines[1:]
	return line, nil
}

// TestPlayAwaitsTheEndOfIRC: who is closed by what it says is not asked for a PONG.
func TestPlayAwaitsTheEndOfIRC(t *testing.T) {
	d, err := Parse("x.chat", "+ ida (irc)\nida> PASS x\nida> NICK ida\nida< :server 464 * :wrong\nida< ~ ERROR .*\nida< EOF\n")
	if err != nil {
		t.Fatal(err)
	}
	stage := &recorder{}
	if err := Play(d, stage); err != nil {
		t.Error(err)
	}
	if got, want := stage.sent.String(), "PING fence-1\r\nPASS x\r\nPING fence-2\r\nNICK ida\r\n"; got != want {
		t.Errorf("the client has sent %q, want %q", got, want)
	}
}
