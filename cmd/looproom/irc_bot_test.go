//go:build linux

package main_test

import (
	"os/exec"
	"testing"
)

// pythonWithIRC is a Python that has the library irc: the system's, where the one in front has not.
func pythonWithIRC(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import irc.bot").Run() == nil {
			return python
		}
	}
	missing(t, "python3-irc")
	return ""
}

// TestIRCBot: a bot on Python's library keeps its view of rooms by what it is told, and serves people who use no IRC.
func TestIRCBot(t *testing.T) {
	python := pythonWithIRC(t)
	t.Parallel()
	s := teahouse(t)
	bob := registers(t, s, "127.0.0.2", "bob")
	bob.says("JOIN #den", "= JOIN #den 1")
	host, port := s.hostPort(1)
	bot := startProgram(t, python, "-u", "testdata/ircbot.py", host, port, "waiter", "#den", "#tea")
	bot.until("welcome: Welcome to the Teahouse network, waiter!")
	bot.until("names: #den bob waiter with bob")
	bot.until("names: #tea waiter with waiter")

	bob.say("tea, please")
	bob.until("[waiter] one tea for bob")
	bob.until("* waiter pours")
	bob.until("*waiter* enjoy it")
	bob.say("TEXT TO waiter ¿qué tal? 🎉")
	bob.until("*waiter* you said: ¿qué tal? 🎉")

	bob.says("TOPIC what we drink", "= TOPIC #den what we drink")
	bot.until("topic: bob #den what we drink")
	bob.says("NICK rob", "= NICK rob")
	bot.until("nick: bob rob")
	bob.says("ROOM OP waiter", "= ROOM #den OP waiter")
	bot.until("mode: rob #den +o waiter")
	bob.says("ROOM KICK waiter enough", "= ROOM #den KICK waiter")
	bot.until("kick: rob #den waiter enough")
	bob.says("ROOM INVITE waiter", "= ROOM #den INVITE waiter")
	bot.until("invite: rob waiter #den")
	bot.until("currenttopic: ")
	bot.until("names: #den rob waiter with rob")
	bob.say("ME is happy")
	bot.until("action: rob #den is happy")
	bob.says("END", "= END")
	bot.until("quit: rob ")
	s.stop()
	bot.until("error: ")
}
