//go:build linux

package main

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/alecthomas/kong"

	"looproom/loop/accounts"
	"looproom/loop/unit"
)

// shape is how the value of a flag is written in a config file.
type shape struct {
	looks string                   // for the error
	word  func(any) (string, bool) // writes what TOML has read as on a command line
}

// shapes has that of each type of flag.
var shapes = map[reflect.Type]shape{
	reflect.TypeFor[int]():                {"a whole number such as 100", whole},
	reflect.TypeFor[float64]():            {"a number such as 0.5", number},
	reflect.TypeFor[bool]():               {"true or false", truth},
	reflect.TypeFor[string]():             {"words in quotes", quoted},
	reflect.TypeFor[time.Duration]():      {`a duration such as "90s"`, quoted},
	reflect.TypeFor[unit.Size]():          {`a size such as "8KiB" or 8192`, bytesOrWords},
	reflect.TypeFor[accounts.Addresses](): {`"yes", "cloak" or "no"`, quoted},
	reflect.TypeFor[[]string]():           {`a list of words in quotes such as ["chat.example"]`, listBy(',', 0)},
	reflect.TypeFor[doors]():              {`a list of URLs such as ["line://:7777"]`, listBy(',', 1)},
	reflect.TypeFor[[]operator]():         {`a list such as ["ann:HASH"], as looproom passwd ann prints it`, listBy(' ', 0)},
	reflect.TypeFor[passwordHash]():       {"a hash in quotes, as looproom passwd prints it", quoted},
	reflect.TypeFor[keepMessages]():       {`an age, a number of messages, or both, such as "30d,1000000", or 0`, bytesOrWords},
	reflect.TypeFor[memory]():             {`a size such as "512MiB" or 0, or "half"`, bytesOrWords},
}

func whole(value any) (string, bool) {
	n, ok := value.(int64)
	return strconv.FormatInt(n, 10), ok
}

func number(value any) (string, bool) {
	if f, ok := value.(float64); ok {
		return strconv.FormatFloat(f, 'g', -1, 64), true
	}
	return whole(value)
}

func truth(value any) (string, bool) {
	b, ok := value.(bool)
	return strconv.FormatBool(b), ok
}

func quoted(value any) (string, bool) {
	s, ok := value.(string)
	return s, ok
}

func bytesOrWords(value any) (string, bool) {
	if s, ok := value.(string); ok {
		return s, true
	}
	return whole(value)
}

// listBy writes a list of at least so many words as the flag splits it.
func listBy(separator rune, least int) func(any) (string, bool) {
	return func(value any) (string, bool) {
		all, ok := value.([]any)
		var words []string
		for _, one := range all {
			word, text := one.(string)
			ok = ok && text
			words = append(words, word)
		}
		return kong.JoinEscaped(words, separator), ok && len(words) >= least
	}
}

// shown is a value for an error: short, and words in quotes.
func shown(value any) string {
	switch value := value.(type) {
	case string:
		return strconv.Quote(value)
	case map[string]any:
		return "a table"
	}
	return fmt.Sprint(value)
}
