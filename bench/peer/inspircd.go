//go:build linux

package peer

import (
	"fmt"
	"time"
)

func inspircd() Peer {
	return Peer{
		Name:    "inspircd",
		Model:   "one event loop, IRC",
		Dialect: "irc",
		Package: "inspircd",
		Ways:    2, // of what puts tags before messages it is configured to have server-time
		Notes: "lets clients in once a second, and goes on with a client that has sent 64 KiB at once only when another one " +
			"says something or a second is over",
		tellVersion: []string{"--version"},
		config:      inspircdConfig,
		arguments:   inspircdArguments,
	}
}

// inspircdArguments let root start it, which means nothing for others.
func inspircdArguments(file string) []string {
	return []string{"--config", file, "--nofork", "--nopid", "--nolog", "--runasroot"}
}

// inspircdConfig has every limit of a connect class so high that it is never met: the default ones fit people who type.
func inspircdConfig(s settings) string {
	return fmt.Sprintf(`<config format="xml">
<server name="bench.invalid" description="a server to be measured" network="bench" id="001">
<bind address="127.0.0.1" port="%d" type="clients">
<connect name="everyone" allow="*" limit="%[2]d" localmax="%[2]d" globalmax="%[2]d" maxconnwarn="no"
	timeout="600" pingfreq="%[3]d" %[5]sresolvehostnames="no" useident="no">
<module name="cap">
<module name="ircv3_servertime">
<performance netbuffersize="65534" somaxconn="4096" softlimit="%[2]d" clonesonconnect="no" quietbursts="yes">
<path datadir="%[4]s" logdir="%[4]s" runtimedir="%[4]s">
`, s.port, s.connections, int(s.ping/time.Second), s.folder, s.unless(inspircdLimits))
}

const inspircdLimits = `hardsendq="1G" softsendq="1G" recvq="64M"
	threshold="1000000000" commandrate="1000000000" fakelag="no" maxchans="100"
	`
