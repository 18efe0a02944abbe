package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"looproom/cmd/loopchat/session"
	"looproom/cmd/program"
)

const insecureWarning = "--insecure: nobody has checked who the server is; someone between can read and change all"

const about = `Chat on a looproom server, in a terminal.

Where standard input or output is not a terminal, it is a plain filter: each line of standard input is said, what the room says goes to
standard output, what goes wrong to standard error. It ends when all lines have been said and the server has acknowledged them.

    loopchat localhost:7777
    loopchat --tls --name ana chat.example.org:7778
    loopchat --name ana n1.example.org n2.example.org n3.example.org
    echo hello | loopchat localhost:7777
    tail -f log | loopchat --name log --room '#ops' localhost:7777 >/dev/null
    loopchat --name ana --password-file ana.password --export ana.jsonl localhost:7777

The address is HOST:PORT, HOST (port 7777) or unix:///PATH. Where several servers are one chat, name several of them: loopchat goes to the next one when
one is gone. Each flag can be a variable of the environment, too: --away-after is
LOOPCHAT_AWAY_AFTER.`

const statuses = `  0  all was said and acknowledged, the person has left, or the export is whole
  1  can't connect, the export has failed, the connection was lost before all was said, or the person has left before: a line on standard error says how many
     lines were not delivered
  2  a flag, the address or a file that a flag names can't be used
  3  the server refused something (as a filter: a line that begins with ! came)`

const keys = `  Enter             says the line, or does the command that begins with /
  Tab               completes a name, a #room, a /command or a path of /send; again: the next one
  PgUp, PgDn        scroll, also to what was said before, where the server keeps it; Esc, or End on an
                    empty line, goes back to the end
  Up, Down          lines typed before
  Ctrl-N, Ctrl-P    next and previous room; Alt-1 to Alt-9: that room
  Home, End, Ctrl-A, Ctrl-E, Ctrl-U, Ctrl-W, Ctrl-K   edit the line
  Ctrl-C            leaves when all has arrived that was said; a second time: at once

  /send PATH        sends a file          /get NAME [PATH]   fetches one
  /join #room       enters a room         /msg NAME words    says words to one user
  /help             all that one can say  /quit              leaves
  /resend           says again what has perhaps not arrived (? in front)`

// laterKeys are the commands that older servers don't have.
const laterKeys = `  /sessions         your connections      /logout N          ends one of them
  /keep on          stay in your rooms    /keep off          and no longer
  /room             who may do what in the room in sight; /help room tells of /room op NAME and so on
  /invite NAME      lets a user in, and tells them
  /query NAME       has what you write with one user in a pane of its own; /part closes it
  /history [#room or NAME] [before or after TIME] [n]
                    what was said before; TIME is 2026-11-21, 2026-11-21T09:30, 09:30 or the id of a message
  /search words [in #room or NAME] [by NAME] [n]
                    messages that have all these words; word* finds what begins so
  /jump N           goes to the message of that number among what was found
  /export FILE      writes all that you have said into a file, as lines of JSON
  /forget me        takes out all that you have ever said, and your account
  /room clear       forgets all that was said in the room, which is its founder's to do`

// flags is the command line.
type flags struct {
	Address []string `arg:"" optional:"" name:"host:port" help:"Where the server is; several: servers that are one chat, of which the next one is for when one is gone."`

	Name               string   `placeholder:"NAME" help:"Sign in by this name; without it one is a guest." example:"--name ana localhost:7777"`
	PasswordFile       string   `placeholder:"FILE" help:"The password of a registered --name is the first line of this file." example:"--name ana --password-file ana.password localhost:7777"`
	ServerPasswordFile string   `placeholder:"FILE" help:"The password of the server, where it has one, is the first line of this file." example:"--server-password-file server.password localhost:7777"`
	Server             []string `placeholder:"HOST:PORT" help:"One more server of the same chat; may be repeated." example:"--server n2.example.org:7777 --server n3.example.org:7777 n1.example.org:7777"`
	Room               []string `placeholder:"ROOM" help:"Enter this room; may be repeated. A filter talks in the last one." example:"--room '#go' --room '#news' localhost:7777"`

	TLS      bool   `name:"tls" help:"Speak TLS." example:"--tls chat.example.org:7778"`
	CA       string `name:"ca" placeholder:"FILE" help:"Believe the certificates in this file, in PEM, and no others. Means --tls." example:"--ca cert.pem localhost:7778"`
	Insecure bool   `help:"Speak TLS with whoever answers: someone between can read and change all. Means --tls." example:"--insecure localhost:7778"`

	Export  string `placeholder:"FILE" help:"Write all that one has said into this file, as lines of JSON, and end; - is standard output." example:"--name ana --password-file ana.password --export ana.jsonl localhost:7777"`
	Replace bool   `help:"--export may replace a file that is there." example:"--name ana --password-file ana.password --export ana.jsonl --replace localhost:7777"`

	AwayAfter time.Duration `placeholder:"DURATION" default:"10m" help:"No key pressed for so long is away, for who has a name; 0: never (${default})." example:"--away-after 5m localhost:7777"`
	NoColor   bool          `help:"No colors; the variable NO_COLOR does the same." example:"--no-color localhost:7777"`

	Version kong.VersionFlag `help:"Print the version and end."`
}

// settings are what the flags come to.
type settings struct {
	addresses []session.Address // at least one
	wish      session.Wish
	insecure  bool
	awayAfter time.Duration
	noColor   bool
	export    string // the file for one's own messages, "" where that isn't what is wanted
	replace   bool
}

func newParser(f *flags, more ...kong.Option) (*kong.Kong, error) {
	return kong.New(f, append([]kong.Option{
		kong.Name("loopchat"), kong.Description(about), program.Help(describe), kong.DefaultEnvars("LOOPCHAT"), kong.Vars{"version": ""},
	}, more...)...)
}

func describe(model *kong.Application) program.Command {
	c := program.Of(model.Node)
	c.Summary, c.Usage = "a chat client for looproom", "[flags] HOST:PORT..."
	c.Sections = []program.Section{{Title: "Keys", Text: keys + "\n\nWith a server that has them:\n\n" + laterKeys}, {Title: "Exit status", Text: statuses}}
	c.Commands = append(c.Commands, program.Extras("loopchat")...)
	return c
}

// describeAll describes the program before any command line has been read.
func describeAll() program.Command {
	parser, err := newParser(new(flags))
	if err != nil {
		panic(err) // the type flags is wrong in itself: no command line could have been read
	}
	return describe(parser.Model)
}

// settings reads the files that the flags name, and checks what goes together.
func (f *flags) settings() (s settings, err error) {
	s = settings{awayAfter: f.AwayAfter, noColor: f.NoColor, insecure: f.Insecure, export: f.Export, replace: f.Replace}
	if s.addresses, err = f.where(); err != nil {
		return s, err
	}
	if f.AwayAfter < 0 {
		return s, fmt.Errorf("--away-after: %v is less than nothing", f.AwayAfter)
	}
	if f.Replace && f.Export == "" {
		return s, errors.New("--replace: what? --export FILE is missing")
	}
	if f.Export != "" && f.PasswordFile == "" {
		return s, errors.New("--export: whose messages? --name and --password-file are missing")
	}
	s.wish, err = f.wish()
	return s, err
}

// maxServers is how many servers there can be to choose from.
const maxServers = 32

func (f *flags) where() (addresses []session.Address, err error) {
	named := slices.Concat(f.Address, f.Server)
	switch {
	case len(named) == 0:
		return nil, errors.New("expected \"<host:port> ...\", where the server is (loopchat --help explains)")
	case len(named) > maxServers:
		return nil, fmt.Errorf("%d servers: at most %d can be named", len(named), maxServers)
	}
	for _, name := range named {
		address, err := session.ParseAddress(name)
		if err == nil && (f.TLS || f.CA != "" || f.Insecure) {
			address, err = address.Secure(f.CA, f.Insecure)
		}
		if err != nil {
			return nil, err
		}
		addresses = append(addresses, address)
	}
	return addresses, nil
}

func (f *flags) wish() (w session.Wish, err error) {
	if w.Name = f.Name; strings.ContainsAny(f.Name, " \t\r\n") {
		return w, fmt.Errorf("--name: %q has a space", f.Name)
	}
	if f.PasswordFile != "" && f.Name == "" {
		return w, errors.New("--password-file: whose? --name is missing")
	}
	if w.Password, err = readPassword("--password-file", f.PasswordFile); err != nil {
		return w, err
	}
	if w.ServerPassword, err = readPassword("--server-password-file", f.ServerPasswordFile); err != nil {
		return w, err
	}
	for _, name := range f.Room {
		if name = "#" + strings.TrimPrefix(name, "#"); strings.ContainsAny(name, " \t\r\n") || name == "#" {
			return w, fmt.Errorf("--room: %q can't be the name of a room", name)
		}
		w.Rooms = append(w.Rooms, name)
	}
	return w, nil
}

// readPassword returns the first line of the file, "" for no file.
func readPassword(flag, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", flag, err)
	}
	password, _, _ := strings.Cut(string(text), "\n")
	password = strings.TrimSuffix(password, "\r")
	if password == "" {
		return "", fmt.Errorf("%s: the first line of %s is empty", flag, path)
	}
	return password, nil
}
