//go:build linux

package main_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/xdg-go/scram"
)

// ircClient is a client of IRC, who has said nothing.
func ircClient(t *testing.T, s *server, n int, name string) *talker {
	t.Helper()
	return dial(t, s, n, name)
}

// authenticates sends a message of SASL, or nothing.
func (c *talker) authenticates(message string) {
	c.t.Helper()
	if message == "" {
		c.say("AUTHENTICATE +")
		return
	}
	c.say("AUTHENTICATE " + base64.StdEncoding.EncodeToString([]byte(message)))
}

// begins begins to log in.
func (c *talker) begins(mechanism string) {
	c.t.Helper()
	c.say("CAP REQ sasl")
	c.until(":looproom.test CAP * ACK :sasl")
	c.say("AUTHENTICATE " + mechanism)
	c.until("AUTHENTICATE +")
}

// numeric waits for a numeric of the server's, and returns what stands behind it.
func (c *talker) numeric(code string) string {
	c.t.Helper()
	line, _ := c.until(":looproom.test " + code + " ")
	return strings.TrimSuffix(strings.TrimPrefix(line, ":looproom.test "+code+" "), "\r")
}

// enters has a client that negotiates be a user.
func (c *talker) enters(nick string) (welcome string) {
	c.t.Helper()
	c.say("NICK " + nick)
	c.say("USER u 0 * :real")
	c.say("CAP END")
	return c.numeric("001")
}

// scrams logs in by SCRAM-SHA-256, as a client does that another has written; false: it can't, or this is not the server that knows the password.
func (c *talker) scrams(name, password string) bool {
	c.t.Helper()
	client, err := scram.SHA256.NewClient(name, password, "")
	if err != nil {
		c.t.Fatal(err)
	}
	talk := client.NewConversation()
	message, err := talk.Step("")
	if err != nil {
		c.t.Fatal(err)
	}
	c.begins("SCRAM-SHA-256")
	for !talk.Done() {
		c.authenticates(message)
		line := strings.TrimSuffix(c.next(), "\r")
		encoded, goesOn := strings.CutPrefix(line, "AUTHENTICATE ")
		if !goesOn {
			if !strings.HasPrefix(line, ":looproom.test 904 ") {
				c.t.Errorf("%s reads %q, want 904", c.name, line)
			}
			return false
		}
		answer, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			c.t.Fatal(err)
		}
		if message, err = talk.Step(string(answer)); err != nil {
			c.t.Errorf("%s does not believe the server: %v", c.name, err)
			return false
		}
	}
	c.authenticates("")
	c.numeric("903")
	return talk.Valid()
}

// TestIRCLogins: an account that was registered by lines is logged in to by IRC, in each way, and the other way round, also when the server has been killed.
func TestIRCLogins(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			state := t.TempDir()
			start := func() *server {
				return startServer(t, "--loops", loops, "--state", state, "--server-name", "looproom.test", "--listen", "line://127.0.0.1:0", "--listen", "irc://127.0.0.1:0")
			}
			s := start()
			ana := signedIn(t, s, 0, "Ana")
			ana.say("REGISTER " + operPassword)
			ana.until("= REGISTER Ana")
			ana.say("END")
			ana.until("= END")

			c := ircClient(t, s, 1, "plain")
			c.begins("PLAIN")
			c.authenticates("\x00ana\x00" + operPassword)
			if got, want := c.numeric("900"), "* *!*@127.0.0.1 Ana :You are now logged in as Ana"; got != want {
				t.Errorf("it reads 900 %q, want %q", got, want)
			}
			c.numeric("903")
			if got := c.enters("ANA"); !strings.HasPrefix(got, "ANA ") {
				t.Errorf("it is welcomed as %q, want ANA", got)
			}
			c.say("QUIT")
			c.until("ERROR ")

			wrong := ircClient(t, s, 1, "wrong")
			if wrong.scrams("ana", "another password") {
				t.Error("a wrong password is right")
			}
			wrong.begins("PLAIN")
			wrong.authenticates("\x00ana\x00another password")
			wrong.numeric("904")
			wrong.enters("eve")

			if !ircClient(t, s, 1, "scram").scrams("ana", operPassword) {
				t.Error("SCRAM-SHA-256 doesn't show that this is the server")
			}

			// All at once, without waiting for any answer: it is a user when its password is known to be right.
			all := ircClient(t, s, 1, "all at once")
			all.write("CAP LS 302\r\nCAP REQ sasl\r\nNICK ana\r\nUSER u 0 * real\r\nAUTHENTICATE PLAIN\r\nAUTHENTICATE " +
				base64.StdEncoding.EncodeToString([]byte("\x00ana\x00"+operPassword)) + "\r\nCAP END\r\n")
			all.numeric("903")
			if got := all.numeric("001"); !strings.HasPrefix(got, "ana ") {
				t.Errorf("it is welcomed as %q, want ana", got)
			}

			// A newcomer registers the name that it wants, and is it.
			bea := ircClient(t, s, 1, "bea")
			bea.say("CAP LS 302")
			bea.until(":looproom.test CAP * LS ")
			bea.say("NICK ana")
			bea.say("REGISTER * * :" + operPassword)
			bea.until(":looproom.test FAIL REGISTER ACCOUNT_EXISTS ana :")
			bea.say("NICK bea")
			bea.say("REGISTER bea * short")
			bea.until(":looproom.test FAIL REGISTER WEAK_PASSWORD bea :")
			bea.say("REGISTER bea * :" + operPassword)
			bea.until(":looproom.test REGISTER SUCCESS bea :")
			bea.numeric("900")
			bea.enters("bea")

			s.command.Process.Kill()
			s.wait()
			s = start()
			if !ircClient(t, s, 1, "bea again").scrams("bea", operPassword) {
				t.Error("after a restart SCRAM-SHA-256 doesn't show that this is the server")
			}
			line := connect(t, s, 0, "bea by lines")
			line.say("LOGIN bea " + operPassword)
			line.until("= LOGIN bea")
		})
	}
}
