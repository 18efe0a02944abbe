package dialogue

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"looproom/codec"
	"looproom/loop/room"
)

// Options are what the server of a dialogue is started with.
type Options struct {
	AnnounceMax int           // announce-max: the most members of a room where coming and going is told one by one
	AwayAfter   time.Duration // away-after: how long without a line until a user is away
	Recent      int           // recent: the messages that a room keeps
	MaxLine     int           // max-line: the longest line in bytes, its end included

	MaxRooms        int // max-rooms: how many rooms there may be; 0: any number
	MaxRoomsPerUser int // max-rooms-per-user: how many of them one user may be in; 0: any number

	Sessions int // sessions: how many a person may have; 1 or 0: one

	GuestsRead bool // guests=read: guests may only read

	Password  string     // password: what a newcomer has to say; none if it is empty
	Operators []Operator // operator=name:password, which may stand several times
	Names     bool       // names=on: names can be registered

	MOTD []string // motd=words, with _ for a space: a line of the message of the day, which may stand several times
}

// What a server is called in dialogues with clients of IRC.
const (
	ServerName = "looproom.local"
	Network    = "looproom"
)

// Operator is a name and the password that makes an operator of who says them.
type Operator struct{ Name, Password string }

// NeedAccounts says whether a server needs passwords or registered names for the dialogue.
func (o Options) NeedAccounts() bool { return o.Password != "" || len(o.Operators) > 0 || o.Names }

// DefaultOptions returns those of a server that is started without flags.
func DefaultOptions() Options {
	return Options{AnnounceMax: 200, AwayAfter: 10 * time.Minute, Recent: 100, MaxLine: codec.MaxLine, Sessions: 10}
}

// Config returns the part of o that the room.State of a server needs.
func (o Options) Config() room.Config {
	cfg := room.Config{
		AwayAfter: o.AwayAfter, AnnounceMax: o.AnnounceMax, Recent: o.Recent, MaxRooms: o.MaxRooms, MaxRoomsPerUser: o.MaxRoomsPerUser, Sessions: o.Sessions,
		GuestsRead: o.GuestsRead, NeedPassword: o.Password != "",
	}
	for _, operator := range o.Operators {
		cfg.Operators = append(cfg.Operators, operator.Name)
	}
	return cfg
}

// parseOptions reads the words behind a %.
func parseOptions(words string) (Options, error) {
	o := DefaultOptions()
	for _, word := range strings.Fields(words) {
		if err := o.set(word); err != nil {
			return o, fmt.Errorf("option %s: %w", word, err)
		}
	}
	return o, nil
}

func (o *Options) set(word string) (err error) {
	name, value, _ := strings.Cut(word, "=")
	switch name {
	case "announce-max":
		o.AnnounceMax, err = strconv.Atoi(value)
	case "away-after":
		o.AwayAfter, err = time.ParseDuration(value)
	case "recent":
		o.Recent, err = strconv.Atoi(value)
	case "max-rooms":
		o.MaxRooms, err = strconv.Atoi(value)
	case "max-rooms-per-user":
		o.MaxRoomsPerUser, err = strconv.Atoi(value)
	case "sessions":
		o.Sessions, err = strconv.Atoi(value)
	case "max-line":
		o.MaxLine, err = strconv.Atoi(value)
	case "guests":
		o.GuestsRead = value == "read"
	case "password":
		o.Password = value
	case "operator":
		err = o.addOperator(value)
	case "motd":
		o.MOTD = append(o.MOTD, strings.ReplaceAll(value, "_", " "))
	case "names":
		o.Names, err = parseSwitch(value)
	default:
		err = fmt.Errorf("no such option")
	}
	return err
}

func (o *Options) addOperator(value string) error {
	name, password, ok := strings.Cut(value, ":")
	if !ok || name == "" || password == "" {
		return fmt.Errorf("want a name, a colon and a password")
	}
	o.Operators = append(o.Operators, Operator{name, password})
	return nil
}

func parseSwitch(value string) (on bool, err error) {
	if value != "on" && value != "off" {
		return false, fmt.Errorf("want on or off")
	}
	return value == "on", nil
}
