package dialogue

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"
)

// patience is how long an expected line may take. A slow machine must not fail a dialogue.
const patience = 10 * time.Second

// Play plays d on s, which it leaves open. The error says which line of the dialogue failed and the comment above it, what was expected
// and what came, and the lines that wait for each client.
func Play(d Dialogue, s Stage) error {
	p := &play{stage: s}
	way := wayOf(s)
	for i := range d.steps {
		st := &d.steps[i]
		if st.way != anyWay && st.way != way {
			continue
		}
		p.following = d.steps[i+1:]
		if err := p.perform(st); err != nil {
			return p.explain(d.Name, st.line, st.comment, err)
		}
	}
	for _, c := range p.cast {
		if err := p.nothingLeft(c); err != nil {
			return p.explain(d.Name, last(d.steps).line, "at the end", fmt.Errorf("%s %w", c.name, err))
		}
	}
	return nil
}

func last(steps []step) step {
	if len(steps) == 0 {
		return step{}
	}
	return steps[len(steps)-1]
}

// play is a dialogue that is being played.
type play struct {
	stage  Stage
	cast   []*client // who is connected, or was and has not been cut
	came   int       // how many clients have connected
	fences int

	following []step // behind the one that is performed
}

// client is what the runner knows of one client.
type client struct {
	name    string
	voice   Voice
	queue   []string // lines that have come and were not expected yet
	silent  bool     // it can send nothing any more: no fence
	ended   bool     // the server has closed the connection
	partial bool     // it has sent a part of a line
}

func (p *play) perform(st *step) error {
	switch st.act {
	case connect:
		return p.connect(st.client, st.voice)
	case pass:
		p.stage.Pass(st.pause)
		return nil
	}
	c := p.find(st.client)
	if err := performers[st.act](p, c, st); err != nil {
		return fmt.Errorf("%s %w", c.name, err)
	}
	return nil
}

// performers has what the steps of a connected client do.
var performers = [...]func(p *play, c *client, st *step) error{
	send:          (*play).send,
	ask:           (*play).ask,
	expectLine:    (*play).expectLine,
	expectMatch:   (*play).expectLine,
	expectNothing: (*play).expectNothing,
	expectAny:     (*play).expectAny,
	expectEnd:     (*play).expectEnd,
	cut:           (*play).cut,
	closeWrite:    (*play).closeWrite,
}

func (p *play) find(name string) *client {
	for _, c := range p.cast {
		if c.name == name {
			return c
		}
	}
	return nil
}

func (p *play) connect(name string, voice Voice) error {
	if p.find(name) != nil {
		return fmt.Errorf("%s is connected already", name)
	}
	p.came++
	from := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 1, byte(p.came)}), uint16(40000+p.came))
	if err := p.stage.Connect(name, voice, from); err != nil {
		return fmt.Errorf("%s can't connect: %w", name, err)
	}
	c := &client{name: name, voice: voice}
	p.cast = append(p.cast, c)
	switch {
	case voice.greets():
	case p.endIsAwaited(c):
		return nil
	default:
		return p.fence(c)
	}
	line, err := p.stage.Next(name, patience)
	if err != nil {
		return fmt.Errorf("%s waits for a first line: %w", name, err)
	}
	c.queue = append(c.queue, line)
	return nil
}

func (p *play) send(c *client, st *step) error {
	if err := p.stage.Send(c.name, st.text); err != nil {
		return fmt.Errorf("can't send: %w", err)
	}
	lines := strings.Split(st.text, "\n")
	c.partial = lines[len(lines)-1] != ""
	if len(lines) > 1 && c.voice.leaves(lines[len(lines)-2]) {
		c.silent = true
	}
	if c.silent || c.partial || p.endIsAwaited(c) {
		return nil
	}
	return p.fence(c)
}

// endIsAwaited says whether the steps that follow wait for c's lines up to the end of its connection: they are a fence, and a PING might come behind that end.
func (p *play) endIsAwaited(c *client) bool {
	for i := range p.following {
		switch st := &p.following[i]; {
		case c.voice != IRC || st.client != c.name:
			return false
		case st.act == expectEnd:
			return true
		case st.act != expectLine && st.act != expectMatch:
			return false
		}
	}
	return false
}

// ask is send, until what is expected next is what comes first. What comes in its place is dropped.
func (p *play) ask(c *client, st *step) error {
	waiting := len(c.queue)
	for end := time.Now().Add(patience); ; {
		if err := p.send(c, st); err != nil {
			return err
		}
		answer := c.queue[waiting:]
		if len(p.following) == 0 || len(answer) > 0 && p.following[0].fits(answer[0]) || time.Now().After(end) {
			return nil
		}
		c.queue = c.queue[:waiting]
	}
}

// fence waits until the server has answered all that c has sent, and queues what comes until then.
func (p *play) fence(c *client) error {
	p.fences++
	token := fmt.Sprintf("fence-%d", p.fences)
	if err := p.stage.Send(c.name, "PING "+token+c.voice.lineEnd()); err != nil {
		return fmt.Errorf("can't send PING: %w", err)
	}
	for {
		line, err := p.stage.Next(c.name, patience)
		switch {
		case errors.Is(err, io.EOF):
			c.ended = true
			return errors.New("waits for PONG, and the server closed the connection")
		case err != nil:
			return fmt.Errorf("waits for PONG: %w", err)
		case c.voice.isPong(line, token):
			return nil
		}
		c.queue = append(c.queue, line)
	}
}

// next takes the line that c has got next.
func (p *play) next(c *client) (string, error) {
	if len(c.queue) > 0 {
		line := c.queue[0]
		c.queue = c.queue[1:]
		return line, nil
	}
	if c.ended {
		return "", io.EOF
	}
	line, err := p.stage.Next(c.name, patience)
	c.ended = errors.Is(err, io.EOF)
	return line, err
}

func (p *play) expectLine(c *client, st *step) error {
	line, err := p.next(c)
	want := fmt.Sprintf("%q", st.text)
	if st.pattern != nil {
		want = "a match of " + st.pattern.String()
	}
	switch {
	case err != nil:
		return fmt.Errorf("got %s, want %s", outcome(err), want)
	case !st.fits(line):
		return fmt.Errorf("got %q, want %s", line, want)
	}
	return nil
}

// fits says whether a line is the expected one.
func (st *step) fits(line string) bool {
	if st.pattern != nil {
		return st.pattern.MatchString(line)
	}
	return line == st.text
}

// outcome names what came in the place of a line.
func outcome(err error) string {
	if errors.Is(err, io.EOF) {
		return "EOF"
	}
	return err.Error()
}

func (p *play) expectNothing(c *client, _ *step) error {
	return p.nothingLeft(c)
}

// expectAny drops what waits for c.
func (p *play) expectAny(c *client, _ *step) error {
	err := p.fence(c)
	c.queue = nil
	return err
}

// nothingLeft asks for proof that no line is on its way to c: a PONG, or the end of the connection where c can't send.
func (p *play) nothingLeft(c *client) error {
	switch {
	case c.ended:
	case c.silent:
		return p.expectEnd(c, nil)
	case c.partial:
		return errors.New("has sent a part of a line, so nobody can tell whether it has nothing waiting")
	default:
		if err := p.fence(c); err != nil {
			return err
		}
	}
	if len(c.queue) > 0 {
		return fmt.Errorf("got %q, want nothing", c.queue[0])
	}
	return nil
}

func (p *play) expectEnd(c *client, _ *step) error {
	line, err := p.next(c)
	switch {
	case err == nil:
		return fmt.Errorf("got %q, want EOF", line)
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("got %s, want EOF", outcome(err))
	}
	return nil
}

func (p *play) cut(c *client, _ *step) error {
	for i := range p.cast {
		if p.cast[i] == c {
			p.cast = append(p.cast[:i], p.cast[i+1:]...)
			break
		}
	}
	if err := p.stage.Cut(c.name); err != nil {
		return fmt.Errorf("can't be cut: %w", err)
	}
	return nil
}

func (p *play) closeWrite(c *client, _ *step) error {
	c.silent = true
	if err := p.stage.CloseWrite(c.name); err != nil {
		return fmt.Errorf("can't close its sending side: %w", err)
	}
	return nil
}
