package peer

import (
	"fmt"
	"strings"

	"looproom/bench"
)

// Limited is a Dialect whose messages can't be of any size.
type Limited interface {
	bench.Dialect
	// MaxWords is the longest words that Say may be given, in bytes. What is longer would be cut or dropped by the server.
	MaxWords() int
}

// Roomless is a Dialect in which everybody hears everybody: a workload of several rooms can't be spoken in it.
type Roomless interface {
	bench.Dialect
	Roomless()
}

// Dialects returns every dialect. Clients have names that begin with letters drawn anew at each call, so that two fleets on
// one server don't take each other's names.
func Dialects() []bench.Dialect {
	n := newNames()
	return []bench.Dialect{line{n}, webSocket{line{n}}, wsRelay{}, plain{}, irc{n}, ircMixed{irc{n}}, nats{}, redis{}, mqtt{n}, echo{}}
}

// FindDialect returns the dialect of that name as it is made by Dialects. The error of an unknown name tells the known ones.
func FindDialect(name string) (bench.Dialect, error) {
	var known []string
	for _, d := range Dialects() {
		if d.Name() == name {
			return d, nil
		}
		known = append(known, d.Name())
	}
	return nil, fmt.Errorf("find dialect %q: not one of %s", name, strings.Join(known, ", "))
}
