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

// inspircdLinked is three of them as a network.
func inspircdLinked() Peer {
	p := inspircd()
	p.Name, p.Program, p.Nodes = "inspircd-linked", p.Name, 3
	p.Model = "three inspircd, linked as a tree"
	p.Notes = "each server goes on by itself when a link breaks, and names that both sides have given are settled afterwards; " + p.Notes
	p.config = func(s settings) string { return inspircdConfig(s) + inspircdLinks(s) }
	return p
}

// inspircdArguments let root start it, which means nothing for others.
func inspircdArguments(file string) []string {
	return []string{"--config", file, "--nofork", "--nopid", "--nolog", "--runasroot"}
}

// inspircdConfig has every limit of a connect class so high that it is never met: the default ones fit people who type.
func inspircdConfig(s settings) string {
	return fmt.Sprintf(`<config format="xml">
<server name="%[6]s.bench.invalid" description="a server to be measured" network="bench" id="00%[7]d">
<bind address="127.0.0.1" port="%[1]d" type="clients">
<connect name="everyone" allow="*" limit="%[2]d" localmax="%[2]d" globalmax="%[2]d" maxconnwarn="no"
	timeout="600" pingfreq="%[3]d" %[5]sresolvehostnames="no" useident="no">
<module name="cap">
<module name="ircv3_servertime">
<performance netbuffersize="65534" somaxconn="4096" softlimit="%[2]d" clonesonconnect="no" quietbursts="yes">
<path datadir="%[4]s" logdir="%[4]s" runtimedir="%[4]s">
`, s.port, s.connections, int(s.ping/time.Second), s.folder, s.unless(inspircdLimits), inspircdName(s.node), s.node+1)
}

func inspircdName(node int) string { return fmt.Sprint("n", node+1) }

// inspircdLinks has each server but the first connect to that one: a tree is all that they can be.
func inspircdLinks(s settings) string {
	text := fmt.Sprintf("<module name=\"spanningtree\">\n<bind address=\"127.0.0.1\" port=\"%d\" type=\"servers\">\n", s.links[s.node])
	for node, port := range s.links {
		if (node == 0) != (s.node == 0) {
			text += fmt.Sprintf("<link name=\"%s.bench.invalid\" ipaddr=\"127.0.0.1\" port=\"%d\" allowmask=\"127.0.0.0/8\" sendpass=\"bench\" recvpass=\"bench\">\n", inspircdName(node), port)
		}
	}
	if s.node > 0 {
		text += "<autoconnect period=\"1\" server=\"n1.bench.invalid\">\n"
	}
	return text
}

const inspircdLimits = `hardsendq="1G" softsendq="1G" recvq="64M"
	threshold="1000000000" commandrate="1000000000" fakelag="no" maxchans="100"
	`
