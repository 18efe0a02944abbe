//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/pelletier/go-toml/v2"

	"looproom/loop/folder"
)

// maxFile is the longest config file in bytes. Nobody writes one of that length.
const maxFile = 1 << 20

// readFile reads a config file: TOML, one name and value for each flag. It returns the values as they would be written on a command line.
// The error names the file and the line.
func readFile(path string) (map[string]string, error) {
	text, err := folder.ReadFile(path, maxFile)
	if err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	values := map[string]any{}
	if err := toml.Unmarshal(text, &values); err != nil {
		return nil, faultAt(path, err)
	}
	known := knownFlags()
	words := map[string]string{}
	for _, key := range keysOf(text) {
		word, err := wordOf(known, key.name, values[key.name])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %s: %w", path, key.line, key.name, err)
		}
		words[key.name] = word
	}
	return words, nil
}

// faultAt says in which line of the file TOML is broken.
func faultAt(path string, err error) error {
	message := strings.TrimPrefix(err.Error(), "toml: ")
	var broken *toml.DecodeError
	if errors.As(err, &broken) {
		line, _ := broken.Position()
		return fmt.Errorf("%s:%d: %s", path, line, message)
	}
	return fmt.Errorf("%s: %s", path, message)
}

// key is a name in the file. What stands in a table is named with it: limits.max-clients.
type key struct {
	name string
	line int
}

// keysOf finds the names in a text that is TOML, in their order. The decoder tells the lines of those names only that it misses in
// its target, so the target has none.
func keysOf(text []byte) (keys []key) {
	err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&struct{}{})
	var strict *toml.StrictMissingError
	if !errors.As(err, &strict) {
		return nil
	}
	for _, missing := range strict.Errors {
		line, _ := missing.Position()
		keys = append(keys, key{strings.Join(missing.Key(), "."), line})
	}
	return keys
}

// knownFlags are those that can stand in the file, by name.
func knownFlags() map[string]*kong.Flag {
	known := map[string]*kong.Flag{}
	for _, flag := range settings(new(flags)) {
		known[flag.Name] = flag
	}
	return known
}

// wordOf returns the value as it would be written on a command line, and refuses what would be refused there.
func wordOf(known map[string]*kong.Flag, name string, value any) (string, error) {
	flag := known[name]
	if dashed := strings.ReplaceAll(name, "_", "-"); flag == nil && known[dashed] != nil {
		return "", fmt.Errorf("write %s", dashed)
	}
	if flag == nil {
		return "", errors.New("no such setting")
	}
	shape := shapes[flag.Target.Type()]
	word, ok := shape.word(value)
	if !ok {
		if flag.Tag.Has("secret") {
			value = hidden
		}
		return "", fmt.Errorf("%s is not %s", shown(value), shape.looks)
	}
	if _, err := parse([]string{"--" + name + "=" + word}, nil); err != nil {
		return "", errors.New(strings.TrimLeft(strings.TrimPrefix(err.Error(), "--"+name), ": "))
	}
	return word, nil
}
