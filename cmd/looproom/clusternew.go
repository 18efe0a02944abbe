//go:build linux

package main

import (
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"

	"looproom/loop/journal"
)

// newNode is one that is to be.
type newNode struct{ name, address string }

// plainWord needs no quotes in a shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=,@%+-]+$`)

// newNodes reads NAME=HOST:PORT.
func newNodes(words []string) (news []newNode, err error) {
	for _, word := range words {
		name, address, _ := strings.Cut(word, "=")
		host, port, err := net.SplitHostPort(address)
		switch {
		case !journal.IsName(name):
			return nil, fmt.Errorf("%q: a node's name has 1 to 32 letters, digits, - and _, as in n4=10.0.0.4:6222", word)
		case err != nil || host == "" || port == "":
			return nil, fmt.Errorf("%q: behind the name stands where the others reach the node, as in n4=10.0.0.4:6222", word)
		case slices.ContainsFunc(news, func(n newNode) bool { return n.name == name || n.address == address }):
			return nil, fmt.Errorf("%q: each node has a name and an address of its own", word)
		}
		news = append(news, newNode{name, address})
	}
	return news, nil
}

// ownFlags are those that no two nodes have alike.
var ownFlags = []string{"--node", "--cluster-listen", "--cluster-join", "--cluster-nodes"}

// commandLine is that of the node: with the arguments of another one, but for what is a node's own. state takes the place of --state, if it isn't ""; cluster is the name of a cluster that begins.
func (n newNode) commandLine(arguments []string, state string, join []string, cluster string) string {
	drop := ownFlags
	if state != "" {
		drop = append(slices.Clone(drop), "--state")
	}
	words := append([]string{"looproom"}, without(arguments, drop)...)
	if cluster != "" {
		words = append(words, "--cluster", cluster)
	}
	others := slices.DeleteFunc(slices.Clone(join), func(address string) bool { return address == n.address })
	words = append(words, "--node", n.name, "--cluster-listen", n.address, "--cluster-join", strings.Join(others, ","))
	if state != "" {
		words = append(words, "--state", state)
	}
	for i, word := range words {
		if !plainWord.MatchString(word) {
			words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// without leaves out flags that have a value, as --flag=value or in two words.
func without(arguments, drop []string) (left []string) {
	for i := 0; i < len(arguments); i++ {
		name, _, whole := strings.Cut(arguments[i], "=")
		if !slices.Contains(drop, name) {
			left = append(left, arguments[i])
		} else if !whole {
			i++
		}
	}
	return left
}
