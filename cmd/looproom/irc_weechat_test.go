//go:build linux

package main_test

import (
	"strings"
	"testing"
)

// weechat is somebody who uses WeeChat.
var weechat = ircProgram{
	name: "WeeChat",
	start: func(t *testing.T, as ircPerson) *screen {
		need(t, "weechat-curses")
		_, address := as.server.address(as.door)
		add := []string{"/server add loop", strings.Replace(address, ":", "/", 1), "-nicks=" + as.nick, "-username=" + as.nick, "-realname=" + as.nick, "-autoreconnect_delay=1"}
		if as.secure {
			add = append(add, "-ssl", "-ssl_verify=off")
		}
		if as.password != "" {
			add = append(add, "-sasl_mechanism=plain", "-sasl_username="+as.nick, "-sasl_password="+as.password)
		}
		s := openScreen(t, "WeeChat", "weechat-curses", "--dir", t.TempDir(), "-r", "/mute /set weechat.look.paste_max_lines -1;/mute /set buflist.look.enabled off;/mute /bar hide nicklist;"+strings.Join(add, " ")+";/connect loop")
		s.look = func(where string) string {
			if where == "" {
				return "/buffer irc.server.loop"
			}
			return "/buffer irc.loop." + where
		}
		return s
	},
}

func TestWeeChat(t *testing.T) { weechat.talks(t) }

func TestWeeChatByName(t *testing.T) { weechat.comesByName(t) }
