//go:build linux

package main

import (
	"io"
	"os"

	"github.com/alecthomas/kong"

	"looproom/cmd/program"
)

// statuses and signals are parts of the man page.
const (
	statuses = `0 after a signal and a drain, 1 when something fails while it starts, a second signal comes or the disk doesn't answer at the end, 2 when a flag, a variable of the
environment or the config file can't be used.`
	signals = `SIGTERM and SIGINT drain: doors close, and clients get what is queued, for as long as --drain says. A second one ends at once.
SIGHUP reads the config file and the certificates again; it drains where looproom was started on a terminal, without nohup, that is closed.`
)

// doorKinds is a part of the help and of the man page: what --listen takes.
const doorKinds = `A URL says how clients cut what they send, and where. In a shell one with ? or & stands in quotes.

  line://:7777                         lines: for nc, telnet and programs
  http://:8080                         a page and WebSocket: for browsers
  irc://:6667                          IRC; without a port it is 6667, behind TLS 6697
  fixed://:6543?size=512               blocks of so many bytes, both ways
  chunk://:9000?pause=30ms             no line ends: a pause ends a message
  echo://:7007                         the same bytes come back
  line+tls://:7778?cert=FILE&key=FILE  each of them has it, behind TLS
  line+unix:///run/looproom.sock       each but http has it, on this machine

Without a host, as above, it is all addresses of the machine, of IPv4 and IPv6. The options:

  greeting=yes|no          newcomers are told of HELP (yes), for a door of people; not for echo, http and irc
  slow=drop|skip           who reads too slowly is disconnected (drop), or loses messages; not for echo
  proxy=NETWORK,...        for proxies of these networks alone, which send a PROXY header; not for +unix
  hsts=DURATION            browsers use nothing but https for its name, for so long; for http+tls
  forwarded=NETWORK,...    proxies of these networks say in X-Forwarded-For whose request it is; for http
  forwarded-header=NAME    where they say so instead: forwarded
  origins=ORIGIN,...       pages of these origins may connect, too; *: of any; for http
  cert=FILE                for +tls: the certificate, with those of the authorities between behind it
  key=FILE                 its key; without it, the certificate's file has both
  client-ca=FILE           clients need a certificate that is signed by one of these
  client-cert=optional     or none at all
  client-cert=any|none     one signed by anybody, by which its owner may log in, or none; any for irc+tls by itself
  sts=DURATION             clients use nothing but TLS for so long, at the irc+tls door beside it; for irc`

// describeServer is the command line of the server and of its tools, for help, man page and completions.
func describeServer(model *kong.Application) program.Command {
	c := program.Of(model.Node)
	c.Usage, c.Default = "[serve] [flags]", "serve"
	c.Summary = "a chat server for any line client"
	c.Sections = []program.Section{{Title: "Doors", Text: doorKinds}, {Title: "Exit status", Text: statuses}, {Title: "Signals", Text: signals}}
	for _, t := range tools() {
		c.Commands = append(c.Commands, t.describe())
	}
	c.Commands = append(c.Commands, program.Extras("looproom")...)
	return c
}

// describeAll is describeServer with the environment, before any command line has been read.
func describeAll() program.Command {
	parser, err := newParser(new(flags), kong.DefaultEnvars("LOOPROOM"))
	if err != nil {
		panic(err) // the type flags is wrong in itself: no command line could have been read
	}
	return describeServer(parser.Model)
}

// newTool makes the parser of looproom NAME.
func newTool(flags any, name, about string, out io.Writer) (*kong.Kong, error) {
	return kong.New(flags, kong.Name("looproom "+name), kong.Description(about), kong.Writers(out, os.Stderr),
		program.Help(func(model *kong.Application) program.Command { return program.Of(model.Node) }))
}

// describeFlags describes looproom NAME.
func describeFlags(flags any, name, about, summary string) program.Command {
	parser, err := newTool(flags, name, about, io.Discard)
	if err != nil {
		panic(err) // the type of flags is wrong in itself
	}
	c := program.Of(parser.Model.Node)
	c.Summary = summary
	return c
}
