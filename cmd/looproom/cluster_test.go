//go:build linux

package main_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nodes are the servers of a cluster that a test has started, n1 and so on, each with a line door and one for IRC.
type nodes struct {
	t         *testing.T
	dir       string
	pages     []string // the public URL of each node; nil: none has one
	addresses []string
	more      []string
	at        []*server
}

// startCluster starts so many nodes at once, and waits until all take part. {node} in what is more stands for a node's name.
func startCluster(t *testing.T, count int, more ...string) *nodes {
	t.Helper()
	return startNodes(&nodes{t: t, dir: t.TempDir(), more: more}, count)
}

// startPages is startCluster with an http door for each node, behind those for lines and IRC, of which the others are told.
func startPages(t *testing.T, count int, more ...string) *nodes {
	t.Helper()
	c := &nodes{t: t, dir: t.TempDir(), more: more}
	for range count {
		c.pages = append(c.pages, "http://"+freeAddress(t))
	}
	return startNodes(c, count)
}

func startNodes(c *nodes, count int) *nodes {
	c.t.Helper()
	for range count {
		c.addresses = append(c.addresses, freeAddress(c.t))
	}
	for i := range count {
		c.at = append(c.at, c.launch(i))
	}
	for _, s := range c.at {
		s.opens()
	}
	return c
}

// newCluster is a cluster of which nothing has been started.
func newCluster(t *testing.T, count int, more ...string) *nodes {
	t.Helper()
	c := &nodes{t: t, dir: t.TempDir(), more: more}
	for range count {
		c.addresses = append(c.addresses, freeAddress(t))
	}
	return c
}

func (c *nodes) launch(i int) *server {
	c.t.Helper()
	others := slices.Delete(slices.Clone(c.addresses), i, i+1)
	arguments := append(limitsOff(), "--cluster", "test", "--node", fmt.Sprint("n", i+1), "--cluster-listen", c.addresses[i], "--cluster-join", strings.Join(others, ","),
		"--state", filepath.Join(c.dir, fmt.Sprint("n", i+1)), "--listen", "line://127.0.0.1:0", "--listen", "irc://127.0.0.1:0")
	for _, one := range c.more {
		arguments = append(arguments, strings.ReplaceAll(one, "{node}", fmt.Sprint("n", i+1)))
	}
	doors := 2
	if c.pages != nil {
		_, address, _ := strings.Cut(c.pages[i], "://")
		arguments, doors = append(arguments, "--listen", "http://"+address, "--public-url", c.pages[i]), 3
	}
	return launch(c.t, exec.Command(binary, arguments...), doors)
}

// kill ends a node as a crash of its machine would.
func (c *nodes) kill(i int) {
	c.t.Helper()
	c.at[i].signal(syscall.SIGKILL)
	c.at[i].wait()
}

// restart starts a node that has ended.
func (c *nodes) restart(i int) {
	c.t.Helper()
	c.at[i] = c.launch(i)
	c.at[i].opens()
}

// hears says a line again and again, as who, until other hears it, and returns what it was: elections take their time.
func hears(t *testing.T, who, other *talker, words string) {
	t.Helper()
	who.say(words)
	other.until("[" + who.name + "] " + words)
}

// TestClusterIsOneChat: who is at different nodes is in the same rooms, under one set of names, and hears the same in the same order; what was said before is there, and so are accounts.
func TestClusterIsOneChat(t *testing.T) {
	t.Parallel()
	c := startCluster(t, 3)
	ann, bob, eve := signedIn(t, c.at[0], 0, "ann"), signedIn(t, c.at[1], 0, "bob"), signedIn(t, c.at[2], 0, "eve")
	hears(t, ann, bob, "hello from the first")
	eve.until("[ann] hello from the first")
	bob.say("ADD ann")
	bob.until("! ")
	eve.say("LIST")
	if got, _ := eve.until("= LIST"); got != "= LIST 3 ann bob eve" {
		t.Errorf("LIST at the third node is %q, want all three", got)
	}
	for i, who := range []*talker{ann, bob, eve} {
		who.say("JOIN #go")
		who.until("= JOIN #go " + fmt.Sprint(i+1))
	}
	checkOrder(t, ann, bob, eve)
	ann.say("TEXT TO eve psst")
	eve.until("*ann* psst")
	ida := dial(t, c.at[2], 1, "ida")
	ida.write("NICK ida\r\nUSER ida 0 * :Ida\r\nJOIN #go\r\n")
	ida.until(":ida!")
	ann.say("welcome")
	ida.until(":ann!")
}

// checkOrder has three say lines at the same time. Each hears those of the others in the order in which all do.
func checkOrder(t *testing.T, talkers ...*talker) {
	t.Helper()
	const lines = 100
	for i := range lines {
		for _, who := range talkers {
			who.say(fmt.Sprintf("line %d of %s", i, who.name))
		}
	}
	heard := make([][]string, len(talkers))
	for i, who := range talkers {
		for len(heard[i]) < lines*(len(talkers)-1) {
			line, _ := who.until("[")
			heard[i] = append(heard[i], line)
		}
	}
	for i := range talkers {
		for j := range talkers {
			mine := slices.DeleteFunc(slices.Clone(heard[i]), func(line string) bool { return strings.HasPrefix(line, "["+talkers[j].name+"]") })
			theirs := slices.DeleteFunc(slices.Clone(heard[j]), func(line string) bool { return strings.HasPrefix(line, "["+talkers[i].name+"]") })
			if !slices.Equal(mine, theirs) {
				t.Fatalf("%s and %s hear the same lines in another order: %q, %q", talkers[i].name, talkers[j].name, mine, theirs)
			}
		}
	}
}

// TestClusterHasOneRegister: who registers a name at one node logs in at the others, at the same time and after a restart of all; a ban that is set at one hits at all.
func TestClusterHasOneRegister(t *testing.T) {
	t.Parallel()
	c := startCluster(t, 3, "--operator", "root:"+operHash)
	ann := signedIn(t, c.at[0], 0, "ann")
	ann.say("REGISTER a long password")
	ann.until("= REGISTER ann")
	for i, s := range c.at[1:] {
		other := connect(t, s, 0, "other")
		other.say("LOGIN ann a wrong password")
		other.until("! wrong-password")
		other.say("LOGIN ann a long password")
		other.until("= LOGIN ann")
		other.say("SESSIONS")
		other.until(fmt.Sprintf("= SESSIONS %d", i+2))
	}
	eve := signedIn(t, c.at[1], 0, "eve")
	root := connect(t, c.at[2], 0, "root")
	root.say("ADD root")
	root.until("= ADD root")
	root.say("OPER root " + operPassword)
	root.until("= OPER")
	root.say("BAN eve 1h be gone")
	root.until("= BAN")
	eve.until("! banned")
	again := connect(t, c.at[0], 0, "again")
	again.say("ADD eve")
	again.until("! banned")
	for i := range c.at {
		c.at[i].stop()
	}
	for i := range c.at {
		c.at[i] = c.launch(i)
	}
	for i := range c.at {
		c.at[i].opens()
		back := connect(t, c.at[i], 0, "back")
		back.say("LOGIN ann a long password")
		back.until("= LOGIN ann")
	}
}

// TestClusterLosesANode: whoever was at a node that has crashed is gone for all, the others chat on, and it comes back with all that was said meanwhile. Each node dies once, so that one of them is
// the leader of the log.
func TestClusterLosesANode(t *testing.T) {
	t.Parallel()
	c := startCluster(t, 3)
	for dead := range 3 {
		a, b := (dead+1)%3, (dead+2)%3
		ann, bob := signedIn(t, c.at[a], 0, fmt.Sprint("ann", dead)), signedIn(t, c.at[b], 0, fmt.Sprint("bob", dead))
		signedIn(t, c.at[dead], 0, fmt.Sprint("eve", dead))
		ann.until("> ") // somebody has come
		c.kill(dead)
		began := time.Now()
		ann.say("is anybody there?")
		bob.until(fmt.Sprintf("[ann%d] is anybody there?", dead))
		t.Logf("node %d is dead: others heard after %v", dead+1, time.Since(began).Round(time.Millisecond))
		bob.until(fmt.Sprintf("< The user eve%d left", dead))
		t.Logf("its users are gone after %v", time.Since(began).Round(time.Millisecond))
		began = time.Now()
		c.restart(dead)
		t.Logf("it is back %v after its start", time.Since(began).Round(time.Millisecond))
		eve := signedIn(t, c.at[dead], 0, fmt.Sprint("late", dead))
		eve.say("RECENT")
		eve.until("= RECENT")
		hears(t, eve, ann, "back again")
		for _, who := range []*talker{ann, bob, eve} {
			who.say("END")
			who.until("= END")
		}
	}
}

// TestClusterIsWaitedFor: a node whose others aren't there says so, and ends when it is told to.
func TestClusterIsWaitedFor(t *testing.T) {
	t.Parallel()
	c := &nodes{t: t, dir: t.TempDir(), addresses: []string{freeAddress(t), freeAddress(t), freeAddress(t)}}
	s := c.launch(0)
	waitFor(t, "a word of joining in the log", func() bool { return strings.Contains(s.log.String(), "joining") })
	s.signal(syscall.SIGTERM)
	if status := s.wait(); status != 1 {
		t.Errorf("a node that waits for others ends with %d, want 1; its log:\n%s", status, s.log.String())
	}
}

// TestClusterWaits: while most of the nodes don't answer, who asks whether the server is there is told so, all are told once that what they say waits, and it is heard when the others are back.
func TestClusterWaits(t *testing.T) {
	t.Parallel()
	c := startCluster(t, 3)
	ann, bob := signedIn(t, c.at[0], 0, "ann"), signedIn(t, c.at[0], 0, "bob")
	ann.until("> ")
	for _, s := range c.at[1:] {
		s.signal(syscall.SIGSTOP)
	}
	ann.say("said meanwhile")
	for range 3 {
		bob.fence() // at once: nothing of bob's is on its way
	}
	for _, who := range []*talker{ann, bob} {
		who.until("! waiting ")
	}
	bob.fence()
	for _, s := range c.at[1:] {
		s.signal(syscall.SIGCONT)
	}
	bob.until("[ann] said meanwhile")
	bob.until("! goes-on ")
	hears(t, bob, ann, "there you are")
}
