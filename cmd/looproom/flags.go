//go:build linux

package main

import (
	"cmp"
	"fmt"
	"time"

	"github.com/alecthomas/kong"

	"looproom/loop"
)

const about = `A chat server for any line client: nc, telnet, or a program of 20 lines.
Each flag can be a variable of the environment, too: --max-line is LOOPROOM_MAX_LINE.`

// flags is the command line. The tag example is shown in the help.
type flags struct {
	Listen     []door        `placeholder:"URL" default:"line://:7777" help:"A door: line, echo, fixed or chunk (${default}); may be repeated." example:"--listen line://:7777 --listen line+unix:///run/looproom.sock"`
	Loops      int           `placeholder:"N" default:"0" help:"Event loops; 0: half of the cores, at least 1." example:"--loops 4"`
	MaxClients int           `placeholder:"N" default:"0" help:"Most clients at once; 0: what the limit of descriptors allows." example:"--max-clients 5000"`
	MaxLine    size          `placeholder:"SIZE" default:"8KiB" help:"Longest line, its end included (${default})." example:"--max-line 64k"`
	AwayAfter  time.Duration `placeholder:"DURATION" default:"10m" help:"Who says nothing for so long is away (${default}); 0: never." example:"--away-after 90s"`

	AnnounceMax int    `placeholder:"N" default:"200" help:"With more members, a room tells who comes and goes as a digest (${default})." example:"--announce-max 50"`
	Recent      int    `placeholder:"N" default:"100" help:"Messages that each room keeps for RECENT (${default})." example:"--recent 1000"`
	Files       string `placeholder:"DIR" help:"Folder for the files that users send; without it, files are off." example:"--files /var/lib/looproom"`
	MaxFile     size   `placeholder:"SIZE" default:"64MiB" help:"Largest file (${default})." example:"--max-file 1GiB"`

	Drain     time.Duration `placeholder:"DURATION" default:"5s" help:"How long the end waits for clients to take what is queued (${default})." example:"--drain 30s"`
	LogLevel  string        `placeholder:"LEVEL" default:"info" enum:"trace,debug,info,warn,error" help:"trace, debug, info, warn or error (${default})." example:"--log-level debug"`
	LogFormat string        `placeholder:"FORMAT" default:"" enum:",console,json" help:"console or json; without it, console on a terminal and JSON elsewhere." example:"--log-format json"`

	Profile string `placeholder:"DIR" help:"Leave CPU and heap profiles there when the end begins, for go tool pprof." example:"--profile /tmp/profile"`

	Version kong.VersionFlag `env:"-" help:"Print the version and end." example:"--version"`
	Serve   struct{}         `cmd:"" default:"1" help:"Run the server."`
}

// door is a door's URL on the command line.
type door struct{ loop.DoorURL }

// UnmarshalText reads the URL.
func (d *door) UnmarshalText(text []byte) (err error) {
	d.DoorURL, err = loop.ParseDoor(string(text))
	return err
}

// parseFlags reads the command line and the environment. After --help and --version it ends the program.
func parseFlags(arguments []string) (flags, error) {
	var f flags
	parser, err := kong.New(&f,
		kong.Name("looproom"),
		kong.Description(about),
		kong.DefaultEnvars("LOOPROOM"),
		kong.Vars{"version": versionLine()},
		kong.Help(printHelp),
	)
	if err != nil {
		return f, err
	}
	_, err = parser.Parse(arguments)
	return f, err
}

// The bounds of --max-line in bytes. A shorter line could not hold a verb and a name; more would be no line, and each client may hold
// one in memory.
const (
	minLine = 64
	maxLine = 16 << 20
)

// Validate is called by kong when all flags are read.
func (f *flags) Validate() error {
	return cmp.Or(
		notNegative("loops", f.Loops),
		notNegative("max-clients", f.MaxClients),
		notNegative("away-after", f.AwayAfter),
		notNegative("announce-max", f.AnnounceMax),
		notNegative("recent", f.Recent),
		notNegative("drain", f.Drain),
		within("max-line", f.MaxLine, minLine, maxLine),
	)
}

func notNegative[T int | time.Duration](name string, value T) error {
	if value >= 0 {
		return nil
	}
	return fmt.Errorf("--%s: %v is less than 0", name, value)
}

func within(name string, value, least, most size) error {
	if value >= least && value <= most {
		return nil
	}
	return fmt.Errorf("--%s: %v is not between %v and %v", name, value, least, most)
}
