//go:build linux

package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// someHash stands where the README has dots.
const someHash = "$argon2id$v=19$m=19456,t=2,p=1$9qjvJVjlHs2VlE3yekDq8w$NxQSsZhHx5DOyYjeNvsD0GNfhTg2e5JceHtzntWpCrs"

// TestReadmeCommands: each command line of the server's in the README is one that a shell and the server take, word by word.
func TestReadmeCommands(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile(`(?m)^    looproom (--.*)$`).FindAllStringSubmatch(string(readme), -1)
	if len(commands) < 5 {
		t.Fatalf("the README shows %d command lines, want 5 at least", len(commands))
	}
	for _, command := range commands {
		words, err := exec.Command("sh", "-c", `printf '%s\n' `+command[1]).Output()
		if err != nil {
			t.Errorf("%s: %v", command[0], err)
			continue
		}
		if _, err := parse(strings.Split(strings.TrimSpace(strings.ReplaceAll(string(words), "$argon2id$...", someHash)), "\n"), nil); err != nil {
			t.Errorf("%s: %v", strings.TrimSpace(command[0]), err)
		}
	}
}
