//go:build linux

package main_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func (c *nodes) state(i int) string { return filepath.Join(c.dir, "n"+strconv.Itoa(i+1)) }

// clusterTool runs looproom cluster, which must succeed, and returns what it prints.
func clusterTool(t *testing.T, arguments ...string) string {
	t.Helper()
	status, out, said := outcome(t, nil, append([]string{"cluster"}, arguments...)...)
	if status != 0 {
		t.Fatalf("looproom cluster %q: status %d, %s", arguments, status, said)
	}
	return out
}

// clusterToolRefuses runs it, which must fail with these words.
func clusterToolRefuses(t *testing.T, words string, arguments ...string) {
	t.Helper()
	status, out, said := outcome(t, nil, append([]string{"cluster"}, arguments...)...)
	if status != 1 || !strings.Contains(said, words) {
		t.Errorf("looproom cluster %q: status %d, %q, %q, want it refused with %q", arguments, status, out, said, words)
	}
}

// launchLine starts a server by a command line that cluster add has printed.
func launchLine(t *testing.T, line string, doors int) *server {
	t.Helper()
	words := strings.Fields(strings.ReplaceAll(line, "'", ""))
	return launch(t, exec.Command(binary, words[1:]...), doors)
}

// commandLines are those that are no comments.
func commandLines(out string) (lines []string) {
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// toldNodes is what status --json says of nodes.
type toldNodes struct {
	Leader string
	Nodes  []struct {
		Name                   string
		Here, Connected, Votes bool
		Copy                   string
		Says                   *struct {
			Position, Users uint64
			Connections     int
		}
	}
}

func clusterStatus(t *testing.T, dir string) (told toldNodes) {
	t.Helper()
	out := clusterTool(t, "status", dir, "--json")
	if err := json.Unmarshal([]byte(out), &told); err != nil {
		t.Fatalf("cluster status --json: %v: %s", err, out)
	}
	return told
}

// names are those of the nodes, with ! behind those that are not here, and ? behind those without a copy of the log that is current.
func (n *toldNodes) names() string {
	var names []string
	for _, is := range n.Nodes {
		name := is.Name
		if !is.Here {
			name += "!"
		}
		if is.Copy != "leads" && is.Copy != "current" {
			name += "?"
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// expectNodes waits for the status to be so.
func expectNodes(t *testing.T, dir, want string) {
	t.Helper()
	waitFor(t, "the nodes "+want, func() bool {
		told := clusterStatus(t, dir)
		return told.names() == want
	})
}

// TestClusterGrowsAndShrinks: three nodes become four by the command line that the tool prints, and three again when one has died for good, which has the fourth get its copy of the log.
func TestClusterGrowsAndShrinks(t *testing.T) {
	t.Parallel()
	c := startCluster(t, 3)
	dir := c.state(0)
	ann := signedIn(t, c.at[0], 0, "ann")
	expectNodes(t, dir, "n1 n2 n3")
	waitFor(t, "a picture of three nodes", func() bool {
		out := clusterTool(t, "status", dir)
		for line := range strings.Lines(out) {
			if len(line) > 81 {
				t.Errorf("line of %d characters in the picture: %s", len(line)-1, line)
			}
		}
		return strings.HasPrefix(out, "test: 3 of 3 nodes take part, n") && strings.Contains(out, "\nn1*               1  here ") && strings.Contains(out, "  leads ")
	})
	address := freeAddress(t)
	for _, row := range []struct{ name, node, want string }{
		{"a name that is taken", "n2=" + address, "test has a node n2 already"},
		{"an address of a node", "n4=" + c.addresses[1], c.addresses[1] + " is the address of another node"},
		{"no address", "n4", "behind the name stands where the others reach the node"},
		{"no name", "n 4=" + address, "a node's name has 1 to 32 letters"},
	} {
		clusterToolRefuses(t, row.want, "add", dir, row.node)
	}
	lines := commandLines(clusterTool(t, "add", dir, "n4="+address, "--state", c.state(3)))
	if len(lines) != 1 {
		t.Fatalf("cluster add prints the commands %q, want one", lines)
	}
	fourth := launchLine(t, lines[0], 2)
	fourth.opens()
	c.at = append(c.at, fourth)
	dan := signedIn(t, fourth, 0, "dan")
	hears(t, ann, dan, "welcome")
	expectNodes(t, dir, "n1 n2 n3 n4?")
	waitFor(t, "the fourth node to count for the majority", func() bool {
		told := clusterStatus(t, dir)
		return told.Nodes[len(told.Nodes)-1].Votes
	})
	clusterToolRefuses(t, "n2 is here, and may come back", "remove", dir, "n2", "--yes")
	clusterToolRefuses(t, "no node n9 is known; those that count are n1, n2, n3, n4", "remove", dir, "n9", "--yes")
	clusterToolRefuses(t, "that is the node that you ask", "remove", dir, "n1", "--yes")
	c.kill(2)
	expectNodes(t, dir, "n1 n2 n3!? n4?")
	clusterToolRefuses(t, "nothing has been done", "remove", dir, "n3")
	if out := clusterTool(t, "remove", dir, "n3", "--yes"); !strings.Contains(out, "n3 is no node of test any more: 3 are left") {
		t.Errorf("cluster remove says %q", out)
	}
	expectNodes(t, dir, "n1 n2 n4")
	hears(t, dan, ann, "still here")
	c.kill(1)
	waitFor(t, "n2 to be gone", func() bool {
		told := clusterStatus(t, dir)
		return told.names() == "n1 n2!? n4"
	})
	clusterToolRefuses(t, "two nodes would be left", "remove", dir, "n2", "--yes")
	hears(t, ann, dan, "two of three")
}

// TestAloneBecomesCluster: a server with an account and messages becomes the first of three, and they have the account. One that keeps something else is no fourth: it doesn't give that up.
func TestAloneBecomesCluster(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state := filepath.Join(dir, "n1")
	arguments := append(limitsOff(), "--listen", "line://127.0.0.1:0", "--state", state)
	alone := launch(t, exec.Command(binary, arguments...), 1)
	alone.opens()
	ann := signedIn(t, alone, 0, "ann")
	ann.say("REGISTER a long password")
	ann.until("= REGISTER ann")
	ann.say("from before")
	ann.say("JOIN #den")
	ann.until("= JOIN #den")
	ann.fence()
	news := []string{"n1=" + freeAddress(t), "n2=" + freeAddress(t), "n3=" + freeAddress(t)}
	if out := clusterTool(t, "status", state); !strings.Contains(out, "The server is alone.") {
		t.Errorf("cluster status of a server by itself: %q", out)
	}
	clusterToolRefuses(t, "two nodes stand still as soon as one of them does", "add", state, news[0], news[1])
	lines := commandLines(clusterTool(t, append([]string{"add", state}, news...)...))
	if len(lines) != 3 {
		t.Fatalf("cluster add prints the commands %q, want three", lines)
	}
	for i, name := range []string{"n2", "n3"} {
		lines[i+1] = strings.ReplaceAll(lines[i+1], state, filepath.Join(dir, name))
	}
	alone.stop()
	var all []*server
	for _, line := range lines {
		all = append(all, launchLine(t, line, 1))
	}
	for _, s := range all {
		s.opens()
	}
	for i, s := range all {
		back := connect(t, s, 0, "back")
		back.say("LOGIN ann a long password")
		back.until("= LOGIN ann")
		if i == 0 {
			back.say("HISTORY")
			back.until("= HISTORY 1")
			if line := back.next(); !strings.HasSuffix(line, "[ann] from before") {
				t.Errorf("HISTORY has %q, want what was said before", line)
			}
		}
	}
	other := filepath.Join(dir, "other")
	arguments = append(limitsOff(), "--listen", "line://127.0.0.1:0", "--state", other)
	alone = launch(t, exec.Command(binary, arguments...), 1)
	alone.opens()
	bob := signedIn(t, alone, 0, "bob")
	bob.say("REGISTER a long password")
	bob.until("= REGISTER bob")
	alone.stop()
	late := launchLine(t, commandLines(clusterTool(t, "add", state, "n4="+freeAddress(t), "--state", other))[0], 1)
	if status := late.wait(); status != 1 || !strings.Contains(late.log.String(), "so that it would be lost") {
		t.Errorf("a server with things of its own ends with status %d where others have begun without it, want 1 and the reason; its log:\n%s", status, late.log.String())
	}
}

// TestClusterRescue: two of three nodes are dead for good. The one that is left goes on alone when it is told so, without its users noticing more than a pause, and two new ones join it.
func TestClusterRescue(t *testing.T) {
	t.Parallel()
	c := startCluster(t, 3)
	dir := c.state(0)
	ann, bob := signedIn(t, c.at[0], 0, "ann"), signedIn(t, c.at[0], 0, "bob")
	hears(t, ann, bob, "all is well")
	clusterToolRefuses(t, "most of the nodes are there", "rescue", dir)
	c.kill(1)
	c.kill(2)
	ann.say("anybody?")
	bob.until("! waiting")
	clusterToolRefuses(t, "there are two chats afterwards", "rescue", dir)
	if out := clusterTool(t, "rescue", dir, "--yes"); !strings.Contains(out, "taken out: n2, n3.") {
		t.Errorf("cluster rescue says %q", out)
	}
	bob.until("[ann] anybody?")
	expectNodes(t, dir, "n1")
	clusterToolRefuses(t, "of two nodes neither could go on without the other", "add", dir, "n4="+freeAddress(t))
	for i, line := range commandLines(clusterTool(t, "add", dir, "n4="+freeAddress(t), "n5="+freeAddress(t))) {
		c.at = append(c.at, launchLine(t, strings.ReplaceAll(line, dir, c.state(3+i)), 2))
	}
	for _, i := range []int{3, 4} {
		c.at[i].opens()
		eve := signedIn(t, c.at[i], 0, "eve"+strconv.Itoa(i))
		hears(t, ann, eve, "welcome")
	}
	expectNodes(t, dir, "n1 n4 n5")
}

// TestClusterToolUsage: what can't be is refused with a word.
func TestClusterToolUsage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, row := range []struct {
		want      string
		arguments []string
	}{
		{"no server answers in " + dir, []string{"status", dir}},
		{"no server answers in " + dir, []string{"remove", dir, "n2", "--yes"}},
		{"has no log of a cluster, and no server runs there", []string{"rescue", dir, "--yes"}},
		{"say which node is to be removed", []string{"remove", dir}},
		{"say what the new node is called", []string{"add", dir}},
		{"cluster status takes a folder, and no node behind it", []string{"status", dir, "n2"}},
		{"--json is of status", []string{"rescue", dir, "--json"}},
		{"--yes is of remove and rescue", []string{"status", dir, "--yes"}},
		{"--state is of add", []string{"status", dir, "--state", dir}},
		{"status", []string{"grow", dir}},
	} {
		clusterToolRefuses(t, row.want, row.arguments...)
	}
}
