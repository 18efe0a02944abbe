//go:build linux

package main_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"looproom/loop/dialect/dialogue"
)

// TestDialogues plays every dialogue over TCP, each against a server of its own.
func TestDialogues(t *testing.T) {
	all, err := dialogue.All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no dialogues")
	}
	for _, d := range all {
		for _, loops := range []string{"1", "2"} {
			t.Run(d.Name+"/loops="+loops, func(t *testing.T) {
				t.Parallel()
				play(t, d, "--loops", loops)
			})
		}
	}
}

func play(t *testing.T, d dialogue.Dialogue, arguments ...string) {
	t.Helper()
	playOn(t, d, dialogue.NewTCP, arguments...)
}

// playOn plays the dialogue by clients that the stage is made for.
func playOn(t *testing.T, d dialogue.Dialogue, stageAt func(address string) *dialogue.TCP, arguments ...string) {
	t.Helper()
	arguments = append(arguments,
		"--announce-max", fmt.Sprint(d.Options.AnnounceMax),
		"--away-after", d.Options.AwayAfter.String(),
		"--recent", fmt.Sprint(d.Options.Recent),
		"--max-rooms", fmt.Sprint(d.Options.MaxRooms),
		"--max-rooms-per-user", fmt.Sprint(d.Options.MaxRoomsPerUser), "--sessions", fmt.Sprint(max(d.Options.Sessions, 1)),
		"--guests", map[bool]string{false: "speak", true: "read"}[d.Options.GuestsRead],
		"--max-line", fmt.Sprint(d.Options.MaxLine))
	arguments = append(arguments, accessArguments(t, d.Options)...)
	arguments, alsoIRC := withIRC(t, d, arguments)
	s := startServer(t, arguments...)
	_, address := s.address(0)
	stage := stageAt(address)
	if alsoIRC {
		_, irc := s.address(1)
		stage.WithIRC(irc)
	}
	defer stage.Close()
	if err := dialogue.Play(d, stage); err != nil {
		t.Error(err)
	}
}

// withIRC adds what clients of IRC need, if the dialogue has any: a second door beside the one for lines. An http door is one for IRC as well.
func withIRC(t *testing.T, d dialogue.Dialogue, arguments []string) (all []string, secondDoor bool) {
	if !d.Has(dialogue.IRC) {
		return arguments, false
	}
	arguments = append(arguments, "--server-name", dialogue.ServerName, "--network", dialogue.Network)
	if len(d.Options.MOTD) > 0 {
		arguments = append(arguments, "--motd", writeFile(t, "motd", strings.Join(d.Options.MOTD, "\n")+"\n"))
	}
	at := slices.Index(arguments, "--listen") + 1
	if at == 0 {
		return append(arguments, "--listen", "line://127.0.0.1:0", "--listen", "irc://127.0.0.1:0"), true
	}
	if door, is := strings.CutPrefix(arguments[at], "line"); is {
		return append(arguments, "--listen", "irc"+door), true
	}
	return arguments, false
}

// accessArguments are the flags for the passwords of a dialogue.
func accessArguments(t *testing.T, o dialogue.Options) (arguments []string) {
	t.Helper()
	if o.Password != "" {
		arguments = append(arguments, "--password", hashOf(o.Password))
	}
	for _, operator := range o.Operators {
		arguments = append(arguments, "--operator", operator.Name+":"+hashOf(operator.Password))
	}
	if o.Names {
		arguments = append(arguments, "--state", t.TempDir())
	}
	return arguments
}

// TestReadme plays each dialogue that the README shows.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := chatBlocks(string(text))
	if len(blocks) == 0 {
		t.Fatal("README.md shows no dialogue")
	}
	for n, block := range blocks {
		name := fmt.Sprintf("README.md dialogue %d", n+1)
		t.Run(name, func(t *testing.T) {
			d, err := dialogue.Parse(name, block)
			if err != nil {
				t.Fatal(err)
			}
			play(t, d)
		})
	}
}

// chatBlocks returns what stands between ```chat and ``` in Markdown.
func chatBlocks(markdown string) (blocks []string) {
	var block strings.Builder
	inside := false
	for line := range strings.Lines(markdown) {
		switch {
		case strings.TrimSpace(line) == "```chat":
			inside = true
		case inside && strings.HasPrefix(line, "```"):
			blocks = append(blocks, block.String())
			block.Reset()
			inside = false
		case inside:
			block.WriteString(line)
		}
	}
	return blocks
}
