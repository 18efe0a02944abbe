//go:build linux

package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestClusterReadyz: a node that waits for the others says so, and is ready when it takes part; no more when the log doesn't answer, nor when it drains.
func TestClusterReadyz(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 3, "--admin", "127.0.0.1:0")
	c.at = append(c.at, c.launch(0))
	admin := adminOf(t, c.at[0])
	waitFor(t, "the reason why it isn't ready", func() bool {
		status, text := get(t, admin+"/readyz")
		return status == http.StatusServiceUnavailable && strings.HasPrefix(text, "joining: ") && strings.Contains(text, "connected are n1")
	})
	if status, text := get(t, admin+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz while it joins: %d %q, want 200", status, text)
	}
	if got := scrape(t, admin); got["looproom_cluster_joined"] == nil || got.sum("looproom_cluster_joined") != 0 {
		t.Errorf("looproom_cluster_joined = %v while it joins, want 0", got["looproom_cluster_joined"])
	}
	c.at = append(c.at, c.launch(1), c.launch(2))
	for i, s := range c.at {
		s.opens()
		if status, text := get(t, adminOf(t, s)+"/readyz"); status != http.StatusOK {
			t.Errorf("/readyz of node %d that takes part: %d %q, want 200", i+1, status, text)
		}
	}
	c.kill(1)
	c.kill(2)
	waitFor(t, "the node that is left not to be ready", func() bool {
		status, text := get(t, admin+"/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(text, "the log of the cluster does not answer")
	})
	c.at[1], c.at[2] = c.launch(1), c.launch(2)
	c.at[1].opens()
	c.at[2].opens()
	waitFor(t, "the node that was left to be ready", func() bool {
		status, _ := get(t, admin+"/readyz")
		return status == http.StatusOK
	})
}

// TestClusterMetrics: each node has the metrics of the log, and they fit together; so does STATS.
func TestClusterMetrics(t *testing.T) {
	t.Parallel()
	c := startCluster(t, 3, "--admin", "127.0.0.1:0", "--operator", "root:"+operHash)
	ann, bob := signedIn(t, c.at[0], 0, "ann"), signedIn(t, c.at[1], 0, "bob")
	for range 20 {
		hears(t, ann, bob, "hello")
	}
	leaders := func() (n float64) {
		for _, s := range c.at {
			n += scrape(t, adminOf(t, s)).sum("looproom_cluster_leader")
		}
		return n
	}
	waitFor(t, "one leader", func() bool { return leaders() == 1 })
	waitFor(t, "three copies", func() bool { return scrape(t, adminOf(t, c.at[0])).sum("looproom_cluster_copy_current") == 3 })
	for i, s := range c.at {
		got := scrape(t, adminOf(t, s))
		for name, want := range map[string]float64{
			"looproom_cluster_node_here": 3, "looproom_cluster_node_connected": 3, "looproom_cluster_joined": 1, "looproom_cluster_log_answers": 1, "looproom_cluster_has_leader": 1,
		} {
			if is := got.sum(name); is != want {
				t.Errorf("%s of node %d = %v, want %v", name, i+1, is, want)
			}
		}
		if got.sum("looproom_cluster_position") < 20 || got.sum("looproom_cluster_commit_seconds") == 0 || got.sum("looproom_cluster_batch_bytes") == 0 {
			t.Errorf("node %d: position %v, batches %v, sizes %v, want more", i+1, got.sum("looproom_cluster_position"), got.sum("looproom_cluster_commit_seconds"), got.sum("looproom_cluster_batch_bytes"))
		}
	}
	root := connect(t, c.at[2], 0, "root")
	root.say("ADD root")
	root.until("= ADD root")
	root.say("OPER root " + operPassword)
	root.until("= OPER")
	got := stats(t, root)
	if got["nodes"] != 3 || got["nodes-here"] != 3 || got["log-position"] < 20 || got["log-commit-p99-us"] < got["log-commit-p50-us"] {
		t.Errorf("STATS = %v, want what it says of three nodes", got)
	}
}

// TestClusterTellsWhoChangedTheRules: a SIGHUP at one node changes the rules for all, and the log of each says where that came from.
func TestClusterTellsWhoChangedTheRules(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "looproom.toml")
	if err := os.WriteFile(config, []byte("announce-max = 50\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := startCluster(t, 3, "--config", config)
	if err := os.WriteFile(config, []byte("announce-max = 60\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.at[1].signal(syscall.SIGHUP)
	for i, s := range c.at {
		waitFor(t, "the log of a node to say who has changed what", func() bool {
			return strings.Contains(s.log.String(), `"by":"n2","changed":{"announcemax":"50 -> 60"},`)
		})
		if n := strings.Count(s.log.String(), "the rules of the chat have changed"); n != 1 {
			t.Errorf("node %d tells it %d times, want once:\n%s", i+1, n, s.log.String())
		}
	}
}

// TestClusterStatusPage: what the page is sent has the nodes, and a word for one that is gone.
func TestClusterStatusPage(t *testing.T) {
	t.Parallel()
	c := startPages(t, 3, "--status")
	tells := func(words string) func() bool {
		return func() bool {
			_, text := get(t, c.pages[0]+"/status/data")
			return strings.Contains(text, words)
		}
	}
	waitFor(t, "three nodes in the samples", tells(`"nodes":3,"nodesHere":3,`))
	c.kill(2)
	waitFor(t, "a word of the one that is gone", tells(`"2 of 3 nodes take part"`))
}
