package dialogue

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Parse reads a dialogue. The errors name the file and the line of what is wrong, be it the form of a statement or a client that isn't
// connected there.
func Parse(name, text string) (Dialogue, error) {
	p := parser{d: Dialogue{Name: name, Options: DefaultOptions()}, connected: map[string]bool{}, voices: map[string]Voice{}}
	for line := range strings.Lines(text) {
		p.line++
		if err := p.statement(strings.TrimRight(line, "\r\n")); err != nil {
			return Dialogue{}, fmt.Errorf("%s:%d: %w", name, p.line, err)
		}
	}
	return p.d, nil
}

// parser is a dialogue that is being read.
type parser struct {
	d         Dialogue
	line      int
	comment   string
	inComment bool // the line before was one, too
	optionsAt int  // the line of the %
	connected map[string]bool
	voices    map[string]Voice // by client, those that have connected
}

func (p *parser) statement(text string) error {
	wasComment := p.inComment
	p.inComment = strings.HasPrefix(text, "#")
	switch {
	case strings.TrimSpace(text) == "":
		return nil
	case p.inComment:
		p.addComment(strings.TrimSpace(text[1:]), wasComment)
		return nil
	case text[0] == '%':
		return p.options(text[1:])
	case strings.ContainsRune("+-|@", rune(text[0])):
		return p.act(text[0], strings.TrimSpace(text[1:]))
	}
	return p.talk(text)
}

func (p *parser) addComment(words string, goesOn bool) {
	if goesOn {
		words = p.comment + " " + words
	}
	p.comment = words
}

func (p *parser) options(words string) (err error) {
	if p.optionsAt != 0 {
		return fmt.Errorf("the options stand in line %d already", p.optionsAt)
	}
	if len(p.d.steps) > 0 {
		return fmt.Errorf("options stand above all that is done")
	}
	p.optionsAt = p.line
	p.d.Options, err = parseOptions(words)
	return err
}

// act reads the statements that begin with a sign.
func (p *parser) act(sign byte, word string) error {
	switch sign {
	case '@':
		pause, err := time.ParseDuration(word)
		p.add(step{act: pass, pause: pause})
		return err
	case '+':
		return p.connect(word)
	}
	if err := p.mustBeConnected(word); err != nil {
		return err
	}
	if sign == '|' {
		p.add(step{act: closeWrite, client: word})
		return nil
	}
	p.connected[word] = false
	p.add(step{act: cut, client: word})
	return nil
}

func (p *parser) connect(words string) error {
	client, word, named := strings.Cut(words, " ")
	voice, known := voices[word]
	if named && !known {
		return fmt.Errorf("no client speaks %q", word)
	}
	if client == "" || strings.ContainsAny(client, "<>()") {
		return fmt.Errorf("%q can't be the name of a client", client)
	}
	p.connected[client], p.voices[client] = true, voice
	p.add(step{act: connect, client: client, voice: voice})
	return nil
}

func (p *parser) mustBeConnected(client string) error {
	if !p.connected[client] {
		return fmt.Errorf("no client %q is connected", client)
	}
	return nil
}

// talk reads what a client sends or gets.
func (p *parser) talk(text string) error {
	sign := strings.IndexAny(text, "<>")
	if sign < 0 {
		return fmt.Errorf("not a statement: %q", text)
	}
	client, rest := text[:sign], text[sign+1:]
	if err := p.mustBeConnected(client); err != nil {
		return err
	}
	if text[sign] == '<' {
		way, rest := parseWay(rest)
		return p.expect(client, way, strings.TrimPrefix(rest, " "))
	}
	return p.send(client, rest)
}

func (p *parser) send(client, rest string) error {
	if question, is := strings.CutPrefix(rest, "?"); is {
		p.add(step{act: ask, client: client, text: strings.TrimPrefix(question, " ") + p.voices[client].lineEnd()})
		return nil
	}
	quoted, exact := strings.CutPrefix(rest, ">")
	if !exact {
		p.add(step{act: send, client: client, text: strings.TrimPrefix(rest, " ") + p.voices[client].lineEnd()})
		return nil
	}
	text, err := strconv.Unquote(strings.TrimSpace(quoted))
	if err != nil {
		return fmt.Errorf("not a Go string: %s", quoted)
	}
	p.add(step{act: send, client: client, text: text})
	return nil
}

// parseWay reads where a line is expected, which may stand behind the < without a blank.
func parseWay(rest string) (way, string) {
	for name, w := range ways {
		if rest, named := strings.CutPrefix(rest, name+" "); named {
			return w, rest
		}
	}
	return anyWay, rest
}

func (p *parser) expect(client string, way way, text string) error {
	s := step{act: expectLine, client: client, way: way, text: text}
	switch expression, matches := strings.CutPrefix(text, "~ "); {
	case text == "":
		return fmt.Errorf("an empty line can't be expected; - is for nothing")
	case text == "-":
		s.act = expectNothing
	case text == "...":
		s.act = expectAny
	case text == "EOF":
		s.act = expectEnd
	case matches:
		pattern, err := regexp.Compile("^(?:" + expression + ")$")
		if err != nil {
			return err
		}
		s.act, s.pattern = expectMatch, pattern
	}
	p.add(s)
	return nil
}

func (p *parser) add(s step) {
	s.line, s.comment = p.line, p.comment
	p.d.steps = append(p.d.steps, s)
}
