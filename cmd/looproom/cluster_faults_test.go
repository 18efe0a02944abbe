//go:build linux

package main_test

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	nats "github.com/nats-io/nats-server/v2/server"
)

// TestClusterKeepsItsPromise: a node is killed, one is stopped for so long that it is gone, and one leaves, each once, while numbered lines are said at all of them.
func TestClusterKeepsItsPromise(t *testing.T) {
	m := startMachines(t, binary, nil, 3)
	p := newPromise(m, 1)
	m.kill(0)
	p.goesOn(1)
	m.restart(0)
	p.goesOn(0)
	m.at[1].signal(syscall.SIGSTOP)
	waitFor(t, "the others to find it gone", func() bool { return goneAt(m.at[0], "n2") })
	m.at[1].signal(syscall.SIGCONT)
	p.goesOn(1)
	p.finish()
}

// TestClusterNodeThatDiffers: one of the nodes has a mistake planted that changes its state. It finds that out by what the others say of theirs, ends with a line of log, leaves its state in its folder, and
// when it is started again it has that of the others. These go on.
func TestClusterNodeThatDiffers(t *testing.T) {
	m := startMachines(t, buildPlanted(t), nil, 3)
	m.at[2].stop()
	m.restart(2, "LOOPROOM_PLANT=differs")
	bystander := dial(t, m.at[2], 0, "bystander")
	bystander.until("> Connected ")
	ann := signedIn(t, m.at[0], 0, "ann")
	ann.say("TEXT ID=annsphone:1 plant-differs")
	ann.until("= SAID annsphone:1")
	bystander.until("[ann] something else")
	differ := func() bool { return strings.Contains(m.at[2].log.String(), "is another one than that of the others") }
	for n := 2; !differ(); n++ { // as many batches as stand between two hashes
		ann.say("TEXT ID=annsphone:" + strconv.Itoa(n) + " and so on")
		ann.until("= SAID annsphone:" + strconv.Itoa(n))
	}
	if status := m.at[2].wait(); status != 1 {
		t.Errorf("the exit status of a node that differs is %d, want 1", status)
	}
	kept, err := filepath.Glob(m.path("n3/differs-*.state"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%q are there, %v; want one state", kept, err)
	}
	if about, err := os.Stat(kept[0]); err != nil || about.Size() == 0 {
		t.Errorf("%s: %v, %v; want a state", kept[0], about, err)
	}
	if line := m.at[2].log.With("this node leaves the cluster"); len(line) != 1 || !strings.Contains(line[0], kept[0]) {
		t.Errorf("the log says %q, want once that the node leaves, and where its state is", line)
	}
	m.restart(2)
	eve := signedIn(t, m.at[2], 0, "eve")
	hears(t, eve, ann, "the same again")
	for words, want := range map[string]string{"differs": "= SEARCH 1", "something else": "= SEARCH 0"} {
		waitFor(t, want+" to be what "+words+" finds", func() bool { // it may just be taken
			eve.say("SEARCH " + words)
			got, _ := eve.until("= SEARCH ")
			return got == want
		})
	}
	for _, s := range m.at[:2] {
		if said := s.log.With("this node leaves the cluster"); len(said) > 0 {
			t.Errorf("another node leaves as well: %q", said)
		}
	}
}

// TestTwoNodesAreRefused: with the reason, and before anything is made.
func TestTwoNodesAreRefused(t *testing.T) {
	dir := t.TempDir()
	command := exec.Command(binary, "--cluster", "test", "--node", "n1", "--cluster-listen", freeAddress(t), "--cluster-join", freeAddress(t), "--state", filepath.Join(dir, "state"), "--listen", "line://127.0.0.1:0")
	out, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "a cluster of 2 nodes stands still as soon as one of them does: have 1, or 3 and more") {
		t.Errorf("two nodes: %v, %s", err, out)
	}
}

// TestClusterLogIsMadeAnew: somebody has removed the log from the NATS servers that keep it. The node ends with a line of log, and started again it goes on with what it keeps.
func TestClusterLogIsMadeAnew(t *testing.T) {
	dir := t.TempDir()
	servers, err := nats.NewServer(&nats.Options{JetStream: true, StoreDir: filepath.Join(dir, "nats"), Host: "127.0.0.1", Port: nats.RANDOM_PORT, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	go servers.Start()
	t.Cleanup(func() { servers.Shutdown(); servers.WaitForShutdown() })
	waitFor(t, "NATS to be there", func() bool { return servers.ReadyForConnections(time.Second) })
	address := servers.Addr().String()
	start := func() *server {
		return startServer(t, "--cluster", "test", "--node", "n1", "--cluster-nats", "nats://"+address, "--cluster-nodes", "1", "--state", filepath.Join(dir, "state"), "--listen", "line://127.0.0.1:0")
	}
	s := start()
	ann := signedIn(t, s, 0, "ann")
	ann.say("TEXT ID=annsphone:1 before")
	ann.until("= SAID annsphone:1")
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "CONNECT {}\r\nSUB answer 1\r\nPUB $JS.API.STREAM.DELETE.looproom-test answer 0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	newTalker(t, "nats", conn, conn).until(`{"type":"io.nats.jetstream.api.v1.stream_delete_response","success":true`)
	if status := s.wait(); status != 1 || !strings.Contains(s.log.String(), "the log of the cluster can't be followed: ") {
		t.Errorf("exit status %d, want 1 and a line of log why; the log:\n%s", status, s.log.String())
	}
	s = start()
	ann = signedIn(t, s, 0, "ann")
	ann.say("RECENT")
	ann.until("= RECENT 1")
	if got := ann.next(); !strings.HasSuffix(got, "[ann] before") {
		t.Errorf("what was said before is %q", got)
	}
	ann.say("TEXT ID=annsphone:2 after")
	ann.until("= SAID annsphone:2")
}

// goneAt says whether a node has logged that another one is gone.
func goneAt(s *server, name string) bool {
	return slices.ContainsFunc(s.log.With("the cluster has changed"), func(line string) bool {
		_, rest, _ := strings.Cut(line, `"Name":"`+name+`"`)
		said, _, _ := strings.Cut(rest, "}")
		return strings.Contains(said, `"Here":false`)
	})
}
