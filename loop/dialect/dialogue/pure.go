package dialogue

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"time"

	"looproom/codec"
	"looproom/loop/room"
	"looproom/loop/roomindex"
)

// began is the wall clock's time when a pure stage begins: 2026-11-21 09:30:00 UTC.
const began = 1795253400

// Pure is a chat server without sockets, clock and goroutines: a room.State, the line protocol, and what every server needs besides, in its
// simplest form. So it is also the reference for how events are delivered, and for what a server does about an Asked. It keeps no files.
// One goroutine at a time may use it.
type Pure struct {
	state   *room.State
	maxLine int
	now     time.Duration
	index   roomindex.Index[*member]
	came    uint32             // clients so far
	names   map[string]*member // the clients that are not cut, by name

	accounts accounts
	asks     []*room.Ask // of the command at hand, but for those that the room refuses
	asked    bool        // there was one, refused or not
	past     past
}

var _ Stage = (*Pure)(nil)

// NewPure returns a stage without clients.
func NewPure(o Options) *Pure {
	return &Pure{state: room.New(o.Config()), maxLine: o.MaxLine, names: map[string]*member{}, accounts: newAccounts(o)}
}

// member is one client of a pure stage.
type member struct {
	speaker
	voice   Voice
	id      room.ClientID
	from    netip.AddrPort
	framer  codec.Lines
	maxLine int
	input   []byte // sent, but not a whole line yet
	drop    int64  // bytes of a file that are still to come
	output  []byte // lines that it has not taken
	gone    bool   // nothing more will come
}

// Connect brings a new client, as Stage says.
func (s *Pure) Connect(client string, voice Voice, from netip.AddrPort) error {
	if s.names[client] != nil {
		return fmt.Errorf("connect %s: the name is in use", client)
	}
	m := s.newMember(voice, from)
	s.names[client] = m
	if e, is := s.accounts.bans.Address(from.Addr(), false, s.unix()); is {
		s.refuse(m, room.Refusal{Why: room.AddressBanned, Text: e.Words, N: e.Until})
		m.gone = true
		return nil
	}
	m.id = room.NewClientID(s.came, s.came+1)
	s.came++
	s.index.Add(m.id, m)
	s.apply(m, room.Command{Verb: room.Connect, Name: from.String(), Host: from.Addr().String(), Off: voice == IRC})
	s.holdAddress(m)
	return nil
}

func (s *Pure) newMember(voice Voice, from netip.AddrPort) *member {
	if voice == IRC {
		return &member{speaker: s.newIRC(from), voice: IRC, from: from, framer: codec.NewLines(maxIRCLine), maxLine: maxIRCLine}
	}
	return &member{speaker: &lineSpeaker{}, from: from, framer: codec.NewLines(s.maxLine), maxLine: s.maxLine}
}

// Send takes bytes from a client, as Stage says.
func (s *Pure) Send(client, text string) error {
	m := s.names[client]
	if m == nil || m.gone {
		return fmt.Errorf("send from %s: %w", client, io.ErrClosedPipe)
	}
	m.input = append(m.input, text...)
	for !m.gone && s.takeFrame(m) {
	}
	return nil
}

// takeFrame does what the next frame of m's input says, and returns false if there is none.
func (s *Pure) takeFrame(m *member) bool {
	if m.drop > 0 {
		n := min(m.drop, int64(len(m.input)))
		m.input = m.input[n:]
		m.drop -= n
		return n > 0
	}
	frame, n, err := m.framer.Next(m.input)
	if n == 0 {
		return false
	}
	m.input = m.input[n:]
	if err == nil {
		s.obey(m, m.hear(frame, true))
		return true
	}
	for _, cmd := range m.tooLong(m.maxLine) {
		s.apply(m, cmd)
	}
	return true
}

// obey does what a frame says.
func (s *Pure) obey(m *member, commands []room.Command) {
	for _, cmd := range commands {
		if cmd.Verb == room.Send || cmd.Verb == room.Refuse {
			m.drop = max(cmd.N, 0) // The bytes of a file come even where it is refused.
		}
		s.apply(m, cmd)
	}
}

// apply lets m do cmd and delivers what follows.
func (s *Pure) apply(m *member, cmd room.Command) {
	cmd.Client = m.id
	s.tell(cmd)
	asks, asked := s.asks, s.asked
	s.asks, s.asked = nil, false
	for _, a := range asks {
		answererOf(a.Verb)(s, m, a)
	}
	if tag := m.asks(); tag != 0 && asked {
		s.tell(room.Command{Client: m.id, Verb: room.Reply, Tag: tag, Last: true})
	}
}

func (s *Pure) tell(cmd room.Command) {
	cmd.At, cmd.Wall = s.now, s.wall()
	events := s.state.Apply(&cmd)
	for i := range events {
		s.past.hear(&events[i])
		s.asked = s.asked || events[i].Kind == room.Asked
		e := s.inPlaceOf(&events[i])
		if e.Kind == room.Asked {
			s.asks = append(s.asks, e.Ask)
		}
		if m, ok := s.index.Find(e.Client); ok && e.Kind == room.Gone {
			m.gone = true
		}
		s.index.Follow(e)
		s.index.Audience(e, func(m *member, here bool) {
			m.output = m.append(m.output, e, here)
			m.gone = m.gone || m.over()
		})
	}
}

// inPlaceOf returns what is told in the place of an event that asks for what is refused, for what was said, or for a file: the stage keeps none. Others come
// back as they are.
func (s *Pure) inPlaceOf(e *room.Event) *room.Event {
	why := room.Refusal{Why: room.NoFiles}
	switch {
	case e.Ask != nil && e.Ask.Refusal.Why != 0:
		why = e.Ask.Refusal
	case e.Kind == room.LookAsked && s.accounts.o.Names:
		found := s.past.find(e.Ask.Look)
		found.Client, found.Tag = e.Client, e.Tag
		return &found
	case e.Kind == room.LookAsked:
		why = room.Refusal{Why: room.HistoryOff}
	case e.Kind == room.FilesAsked, e.Kind == room.FileAsked, e.Kind == room.UploadAsked:
	default:
		return e
	}
	no := why.Event()
	no.Scope, no.Client, no.Tag = room.ToClient, e.Client, e.Tag
	return &no
}

// Next takes a line, as Stage says. It never waits: what isn't there will not come by waiting.
func (s *Pure) Next(client string, _ time.Duration) (string, error) {
	m := s.names[client]
	if m == nil {
		return "", fmt.Errorf("next line of %s: %w", client, io.ErrClosedPipe)
	}
	text, rest, found := bytes.Cut(m.output, []byte(m.voice.lineEnd()))
	switch {
	case found:
		m.output = rest
		return string(text), nil
	case m.gone:
		return "", io.EOF
	}
	return "", ErrNothing
}

// Cut ends a connection, as Stage says.
func (s *Pure) Cut(client string) error {
	m := s.names[client]
	if m == nil {
		return fmt.Errorf("cut %s: %w", client, io.ErrClosedPipe)
	}
	delete(s.names, client)
	s.apply(m, room.Command{Verb: room.Disconnect})
	return nil
}

// CloseWrite ends what a client sends, as Stage says. An unfinished last line counts as a line.
func (s *Pure) CloseWrite(client string) error {
	m := s.names[client]
	if m == nil {
		return fmt.Errorf("close the sending side of %s: %w", client, io.ErrClosedPipe)
	}
	if m.drop == 0 {
		if frame := m.framer.Flush(m.input); frame != nil {
			s.obey(m, m.hear(frame, false))
		}
	}
	s.apply(m, room.Command{Verb: room.Disconnect})
	return nil
}

// Secure says no: nothing of TLS is played.
func (s *Pure) Secure() bool { return false }

// Pass lets time pass. The state gets a tick at each full second on the way.
func (s *Pure) Pass(d time.Duration) {
	end := s.now + d
	for next := s.now.Truncate(time.Second) + time.Second; next <= end; next += time.Second {
		s.now = next
		s.tell(room.Command{Verb: room.Tick})
	}
	s.now = end
}

// Close forgets all clients.
func (s *Pure) Close() { clear(s.names) }
