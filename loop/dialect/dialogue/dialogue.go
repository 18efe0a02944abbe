package dialogue

import (
	"embed"
	"fmt"
	"path"
	"regexp"
	"time"
)

//go:embed chats/*.chat
var chats embed.FS

// Dialogue is one conversation, ready to be played any number of times.
type Dialogue struct {
	// Name is the name of its file, without the folder.
	Name string
	// Options are what the server has to be started with.
	Options Options

	steps []step
}

// All returns the dialogues of this package, in the order of their names.
func All() ([]Dialogue, error) {
	files, err := chats.ReadDir("chats")
	if err != nil {
		return nil, fmt.Errorf("list the dialogues: %w", err)
	}
	all := make([]Dialogue, 0, len(files))
	for _, file := range files {
		text, err := chats.ReadFile(path.Join("chats", file.Name()))
		if err != nil {
			return nil, fmt.Errorf("read the dialogue %s: %w", file.Name(), err)
		}
		d, err := Parse(file.Name(), string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// step is one statement of a dialogue.
type step struct {
	line    int    // in the file
	comment string // the last one above it
	act     action
	client  string
	voice   Voice  // of one that connects
	way     way    // the step is for clients that come so, and left out elsewhere
	text    string // what is sent or expected
	pattern *regexp.Regexp
	pause   time.Duration
}

// way is how the clients of a stage come to the server.
type way uint8

const (
	anyWay way = iota
	inClear
	byTLS
)

// ways has what a dialogue calls them.
var ways = map[string]way{"clear": inClear, "tls": byTLS}

// wayOf returns how clients come to s.
func wayOf(s Stage) way {
	if s.Secure() {
		return byTLS
	}
	return inClear
}

// action is what a step does.
type action uint8

const (
	connect action = iota
	send
	ask
	expectLine
	expectMatch
	expectNothing
	expectAny
	expectEnd
	cut
	closeWrite
	pass
)
