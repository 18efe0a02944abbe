//go:build linux

package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// limnoriaConfig is that of a bot which logs in by SASL, comes into three rooms, and says on its output what it does.
const limnoriaConfig = `supybot.nick: lima
supybot.ident: lima
supybot.user: Limnoria
supybot.networks: tea
supybot.networks.tea.servers: %s
supybot.networks.tea.ssl: False
supybot.networks.tea.channels: #den #tea #lobby
supybot.networks.tea.sasl.username: lima
supybot.networks.tea.sasl.password: the password of lima
supybot.protocols.irc.throttleTime: 0
supybot.protocols.irc.alwaysRejoinOnKick: True
supybot.reply.whenAddressedBy.chars: !
supybot.plugins: Misc Owner Utilities Channel Topic
supybot.plugins.Misc: True
supybot.plugins.Owner: True
supybot.plugins.Utilities: True
supybot.plugins.Channel: True
supybot.plugins.Topic: True
supybot.log.level: INFO
supybot.log.stdout: True
supybot.log.stdout.level: INFO
supybot.log.stdout.colorized: False
supybot.log.stdout.format: %%(message)s
`

// limnoria is a bot that has come into its rooms: to each it says when it knows who is there, and how the room is.
func limnoria(t *testing.T, s *server, door int) *talker {
	t.Helper()
	dir := t.TempDir()
	host, port := s.hostPort(door)
	config := filepath.Join(dir, "bot.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, limnoriaConfig, host+":"+port), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("supybot", "--allow-root", config)
	command.Dir = dir
	bot := startTalking(t, "limnoria", command)
	rooms := []string{"#den", "#tea", "#lobby"}
	for len(rooms) > 0 {
		line, _ := bot.until("Join to ")
		words := strings.Fields(line)
		rooms = slices.DeleteFunc(rooms, func(room string) bool { return len(words) > 2 && words[2] == room })
	}
	return bot
}

// TestLimnoria: a bot that asks for every capability, and puts a label on all that it says, logs in, serves people who use no IRC, and keeps its view of a room by what it is told.
func TestLimnoria(t *testing.T) {
	if _, err := exec.LookPath("supybot"); err != nil {
		missing(t, "limnoria")
	}
	t.Parallel()
	s := teahouse(t)
	registers(t, s, "127.0.0.3", "lima").says("END", "= END")
	bob := registers(t, s, "127.0.0.2", "bob")
	bob.says("JOIN #den", "= JOIN #den 1")
	bot := limnoria(t, s, 1)
	bob.until("> New user lima entered ")

	bob.say("!echo $nick says ¿qué tal? 🎉")
	bob.until("[lima] bob says ¿qué tal? 🎉")
	bob.say("!ping")
	bob.until("[lima] pong")
	bob.say("!channel nicks")
	bob.until("*lima* bob and lima")
	bob.says("NICK rob", "= NICK rob")
	bob.says("TOPIC what we drink", "= TOPIC #den what we drink")
	bob.say("!channel nicks")
	bob.until("*lima* lima and rob")
	bob.say("!topic topic")
	bob.until("[lima] rob: what we drink")
	bob.say("TEXT TO lima echo between us")
	bob.until("*lima* between us")

	bob.says("ROOM KICK lima enough", "= ROOM #den KICK lima")
	bob.until("> New user lima entered ")
	bot.until("Join to #den on tea synced ")
	bob.say("!echo I am back")
	bob.until("[lima] I am back")
	bob.says("WHO lima", "= WHO lima")
}
