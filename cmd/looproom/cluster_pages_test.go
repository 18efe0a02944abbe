//go:build linux

package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// listed asks a node by HTTP for the nodes, as a page from there would.
func (c *nodes) listed(i int, headers ...string) (answer *http.Response, urls []string) {
	c.t.Helper()
	answer, body := request(c.t, c.at[i].dial(c.t, 2), getRequest("/nodes", headers...))
	if err := json.Unmarshal([]byte(body), &urls); err != nil || answer.StatusCode != http.StatusOK {
		c.t.Fatalf("/nodes = %s %q, %v; want a list", answer.Status, body, err)
	}
	return answer, urls
}

// lists waits until a node lists these pages.
func (c *nodes) lists(i int, want ...string) {
	c.t.Helper()
	want = slices.Sorted(slices.Values(want))
	waitFor(c.t, fmt.Sprintf("node %d to list %q", i+1, want), func() bool {
		_, got := c.listed(i)
		return slices.Equal(got, want)
	})
}

// TestClusterListsItsPages: each node says by /nodes where browsers reach those that take part, lets in the pages of all that are known, and has its own connect to them.
func TestClusterListsItsPages(t *testing.T) {
	t.Parallel()
	c := startPages(t, 3)
	for i := range c.at {
		c.lists(i, c.pages...)
	}
	answer, _ := c.listed(1, "Origin: "+c.pages[0])
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": c.pages[0], "Access-Control-Expose-Headers": "Date", "Cross-Origin-Resource-Policy": "cross-origin", "Vary": "Origin", "Cache-Control": "no-store",
		"Content-Type": "application/json", "Access-Control-Allow-Credentials": "",
	} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if answer, _ := c.listed(1, "Origin: http://evil.example"); answer.Header.Get("Access-Control-Allow-Origin") != "" || answer.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
		t.Errorf("a page of a stranger may read /nodes: %v", answer.Header)
	}
	page, _ := request(t, c.at[2].dial(t, 2), getRequest("/"))
	policy := page.Header.Get("Content-Security-Policy")
	for _, url := range c.pages {
		if want := " " + url + " ws" + strings.TrimPrefix(url, "http"); !strings.Contains(policy, want) {
			t.Errorf("Content-Security-Policy = %q, want %q in it", policy, want)
		}
	}
	upgrades := func(i int, origin string, want int) {
		t.Helper()
		if got, _ := request(t, c.at[i].dial(t, 2), upgradeRequest("Origin: "+origin)); got.StatusCode != want {
			t.Errorf("a page of %s at node %d gets %s, want %d", origin, i+1, got.Status, want)
		}
	}
	upgrades(1, c.pages[0], http.StatusSwitchingProtocols)
	upgrades(1, "http://evil.example", http.StatusForbidden)

	c.kill(0)
	c.lists(1, c.pages[1:]...)
	upgrades(1, c.pages[0], http.StatusSwitchingProtocols)
	c.at[1].stop()
	c.restart(1) // it has never seen the first
	c.lists(1, c.pages[1:]...)
	upgrades(1, c.pages[0], http.StatusSwitchingProtocols)
	c.restart(0)
	c.lists(2, c.pages...)
}

// TestServerAloneListsNothing: a server by itself has an empty list, and its page connects nowhere else.
func TestServerAloneListsNothing(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--listen", onWeb)
	answer, body := request(t, s.dial(t, 0), getRequest("/nodes"))
	if answer.StatusCode != http.StatusOK || body != "[]\n" || !strings.HasSuffix(answer.Header.Get("Content-Security-Policy"), "connect-src 'self'") {
		t.Errorf("/nodes = %s %q with the policy %q, want an empty list", answer.Status, body, answer.Header.Get("Content-Security-Policy"))
	}
	if answer, _ := request(t, s.dial(t, 0), strings.Replace(getRequest("/nodes", "Content-Length: 0"), "GET", "POST", 1)); answer.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST /nodes = %s, want 405", answer.Status)
	}
}

// TestPageGoesToAnotherNode: the node from which the page has come is killed, or drained: the page goes to another one by itself, is in its rooms under its name there, and all that is said arrives once.
func TestPageGoesToAnotherNode(t *testing.T) {
	need(t, "chromium")
	for name, signal := range map[string]syscall.Signal{"killed": syscall.SIGKILL, "drained": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startPages(t, 3)
			for i := range c.at {
				c.lists(i, c.pages...)
			}
			bob := signedIn(t, c.at[2], 0, "bob")
			bob.say("JOIN #go")
			bob.until("= JOIN #go 1")
			ana := inBrowser(t, c.at[0], 2, "ana")
			ana.says("/join #go")
			ana.isIn("#go")
			ana.says("before")
			bob.until("[ana] before")
			bob.say("an answer")
			ana.sees("bob: an answer")

			c.at[0].signal(signal)
			began := time.Now()
			ana.says("one")
			ana.says("/me types on")
			ana.says("three")
			_, said := bob.until("[ana] three")
			t.Logf("%s: all is said by another node after %v", name, time.Since(began).Round(time.Millisecond))
			c.at[0].wait()
			ana.isReady()
			ana.says("the last")
			_, last := bob.until("[ana] the last")
			said = slices.DeleteFunc(append(said, last...), func(line string) bool { return !strings.Contains(line, "ana] ") && !strings.HasPrefix(line, "* ana ") })
			if want := []string{"[ana] one", "* ana types on"}; !slices.Equal(said, want) {
				t.Errorf("bob heard %q before the last two, want %q", said, want)
			}
			bob.say("and after")
			ana.shows("ana: before", "bob: an answer", "ana: one", "* ana types on", "ana: three", "ana: the last", "bob: and after")
			ana.waits("that all was confirmed", settled)

			// The next node that fails is the one where the page is now, and the first is there again.
			c.restart(0)
			c.lists(2, c.pages...)
			at := evaluate[string](ana, `performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith("/nodes")).at(-1)`)
			second := slices.IndexFunc(c.pages, func(url string) bool { return strings.HasPrefix(at, url) })
			if second < 1 {
				t.Fatalf("the page has asked %q for the nodes, want one of the others", at)
			}
			cyd := signedIn(t, c.at[3-second], 0, "cyd")
			cyd.say("JOIN #go")
			cyd.until("= JOIN #go")
			c.at[second].signal(signal)
			ana.says("once more")
			cyd.until("[ana] once more")
			c.at[second].wait()
			ana.waits("that all was confirmed", settled)
			ana.complainsOfNothing()
		})
	}
}

// TestPageOfAPersonGoesToAnotherNode: who has an account is let in by the key of the device at another node, too, and several pages of one person meet there.
func TestPageOfAPersonGoesToAnotherNode(t *testing.T) {
	need(t, "chromium")
	t.Parallel()
	c := startPages(t, 3)
	for i := range c.at {
		c.lists(i, c.pages...)
	}
	bob := signedIn(t, c.at[2], 0, "bob")
	ana := openPage(t, c.at[0], 2, "ana").signsUp("correct horse", true)
	beside := connect(t, c.at[1], 0, "beside")
	beside.say("LOGIN ana correct horse")
	beside.until("= LOGIN ana")
	ana.says("/join #go")
	ana.isIn("#go")
	c.kill(0)
	ana.says("written meanwhile")
	beside.until("#go [ana] written meanwhile")
	bob.say("JOIN #go")
	bob.until("= JOIN #go")
	bob.say("welcome back")
	ana.sees("ana: written meanwhile", "bob: welcome back")
	ana.isReady()
	ana.complainsOfNothing()
}

// TestPageLeavesANodeThatIsCutOff: a node that can't reach the others, and says so, is left for another one; when they go on, what was written meanwhile arrives once.
func TestPageLeavesANodeThatIsCutOff(t *testing.T) {
	need(t, "chromium")
	t.Parallel()
	c := startPages(t, 3, "--cluster-patience", "1s")
	for i := range c.at {
		c.lists(i, c.pages...)
	}
	bob := signedIn(t, c.at[1], 0, "bob")
	ana := inBrowser(t, c.at[0], 2, "ana")
	ana.says("before")
	bob.until("[ana] before")
	for _, s := range c.at[1:] {
		s.signal(syscall.SIGSTOP)
	}
	ana.says("written meanwhile")
	ana.waits("that it leaves the node", `document.body.dataset.state === "lost"`)
	ana.says("and this")
	for _, s := range c.at[1:] {
		s.signal(syscall.SIGCONT)
	}
	cyd := signedIn(t, c.at[2], 0, "cyd") // bob may be gone for the others
	ana.isReady()
	ana.waits("that all was confirmed", settled)
	ana.says("the last")
	cyd.until("[ana] the last")
	ana.shows("ana: before", "ana: written meanwhile", "ana: and this", "ana: the last")
	cyd.say("RECENT")
	var said []string
	for _, line := range cyd.fence() {
		if _, words, ok := strings.Cut(line, "[ana] "); ok && strings.HasPrefix(line, "= ") {
			said = append(said, words)
		}
	}
	if want := []string{"before", "written meanwhile", "and this", "the last"}; !slices.Equal(said, want) {
		t.Errorf("the room has %q, want %q", said, want)
	}
	ana.complainsOfNothing()
}

// TestPageTakesOnlyNodes: what a page takes of a list of nodes, which its own server has answered, are origins to which it may connect; the one where it is stays the one where it is.
func TestPageTakesOnlyNodes(t *testing.T) {
	need(t, "chromium")
	t.Parallel()
	s := startServer(t, "--listen", "http://127.0.0.1:0")
	ana := openPage(t, s, 0, "ana")
	const ring = `import("/nodes.js").then(({ Nodes }) => {
		const nodes = new Nodes(), seen = [], lists = %s;
		for (const list of lists) nodes.take(list === "own" ? [location.origin, "http://b:81"] : list);
		for (let turn = 0; turn < nodes.count; turn++) { seen.push(nodes.socket.replace(location.host, "own")); nodes.next(); }
		if (nodes.socket.replace(location.host, "own") !== seen[0]) seen.push("the last is not the first again");
		return [seen[0], ...seen.slice(1).sort()].join(" ");
	})`
	for lists, want := range map[string]string{
		`[]`:                "ws://own/ws",
		`["own"]`:           "ws://own/ws ws://b:81/ws",
		`[["http://b:81"]]`: "ws://own/ws", // who has come by another name isn't let in there
		`["own", ["http://c", "https://d/", "ws://e", "javascript:alert(1)", "", 7, null, "http://", "nonsense"]]`: "ws://own/ws ws://c/ws wss://d/ws",
		`["own", "nonsense", null, { length: 3 }]`: "ws://own/ws ws://b:81/ws",
		`["own", []]`: "ws://own/ws",
	} {
		if got := evaluate[string](ana, fmt.Sprintf(ring, lists)); got != want {
			t.Errorf("after the lists %s it goes to %q, want %q", lists, got, want)
		}
	}
	if got := evaluate[int](ana, `import("/nodes.js").then(({ Nodes }) => { const nodes = new Nodes(); nodes.take([location.origin, ...Array.from({ length: 1000 }, (_, i) => "http://n" + i)]); return nodes.count; })`); got != 32 {
		t.Errorf("of a list of 1001 it takes %d, want 32", got)
	}
	ana.complainsOfNothing()
}

// TestPublicURL: what can't be one is refused at the start.
func TestPublicURL(t *testing.T) {
	t.Parallel()
	cluster := []string{"--cluster", "test", "--node", "n1", "--cluster-listen", "127.0.0.1:1", "--cluster-join", "127.0.0.1:2", "--state", t.TempDir()}
	for url, want := range map[string]string{"n1.chat.example": "want http:// or https://", "https://n1.chat.example/chat": "nothing behind"} {
		out, err := exec.Command(binary, append(cluster, "--public-url", url)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "--public-url") || !strings.Contains(string(out), want) {
			t.Errorf("--public-url %s = %v, %s, want it refused with %q", url, err, out, want)
		}
	}
	if out, err := exec.Command(binary, "--public-url", "https://n1.chat.example").CombinedOutput(); err == nil || !strings.Contains(string(out), "--cluster NAME is missing") {
		t.Errorf("--public-url without --cluster = %v, %s, want it refused", err, out)
	}
}
