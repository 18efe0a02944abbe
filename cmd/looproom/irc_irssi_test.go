//go:build linux

package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// irssi is somebody who uses irssi.
var irssi = ircProgram{
	name: "irssi",
	start: func(t *testing.T, as ircPerson) *screen {
		need(t, "irssi")
		home := t.TempDir()
		host, port := as.server.hostPort(as.door)
		server := []string{fmt.Sprintf(`address = "%s"; port = "%s"; chatnet = "loop"; autoconnect = "yes"`, host, port)}
		if as.secure {
			server = append(server, `use_tls = "yes"; tls_verify = "no"`)
		}
		net := []string{`type = "IRC"`}
		if as.password != "" {
			net = append(net, fmt.Sprintf(`sasl_mechanism = "PLAIN"; sasl_username = "%s"; sasl_password = "%s"`, as.nick, as.password))
		}
		config := fmt.Sprintf(`servers = ( { %s; } );
chatnets = { loop = { %s; }; };
settings = {
  core = { nick = "%[3]s"; user_name = "%[3]s"; real_name = "%[3]s of irssi"; server_reconnect_time = "10s"; };
  "fe-text" = { paste_verify_line_count = "0"; };
};
`, strings.Join(server, "; "), strings.Join(net, "; "), as.nick)
		if err := os.WriteFile(filepath.Join(home, "config"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		s := openScreen(t, "irssi", "irssi", "--home", home)
		s.look = func(where string) string {
			if where == "" {
				where = "1"
			}
			return "/window goto " + where
		}
		return s
	},
}

func TestIrssi(t *testing.T) { irssi.talks(t) }

func TestIrssiByName(t *testing.T) { irssi.comesByName(t) }
