//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"looproom/cmd/program"
	"looproom/loop/folder"
)

const aboutCluster = `Several servers that are one chat: how they are, and how there become more or fewer of them. The server is asked that has DIR for its --state, on this machine.

  looproom cluster status DIR                 which nodes take part, and how far each is
  looproom cluster add DIR NAME=HOST:PORT     the command line of a new node; of a server by itself, those of three nodes: NAME=HOST:PORT is given three times, its own first
  looproom cluster remove DIR NAME --yes      take a node out that won't come back
  looproom cluster rescue DIR --yes           after most of the nodes are lost for good: those that are left decide alone`

// clusterToolFlags is the command line of looproom cluster.
type clusterToolFlags struct {
	What  string   `arg:"" enum:"status,add,remove,rescue" help:"status, add, remove or rescue."`
	Dir   string   `arg:"" help:"The folder of --state of the server that is asked."`
	Nodes []string `arg:"" optional:"" help:"Of add: NAME=HOST:PORT of a new node; of remove: the name of one."`
	State string   `placeholder:"DIR" help:"Of add: the folder of --state of the new node, if it is another one than here." example:"cluster add /var/lib/looproom/state n4=10.0.0.4:6222 --state /srv/n4"`
	JSON  bool     `name:"json" help:"Of status: all that is known, as JSON." example:"cluster status /var/lib/looproom/state --json"`
	Yes   bool     `help:"Of remove and rescue: do it, and don't only say what it would do." example:"cluster remove /var/lib/looproom/state n3 --yes"`
}

func describeCluster() program.Command {
	return describeFlags(new(clusterToolFlags), "cluster", aboutCluster, "See, grow, shrink or rescue a cluster")
}

// doCluster is looproom cluster.
func doCluster(arguments []string, _ io.Reader, out io.Writer) error {
	var f clusterToolFlags
	parser, err := newTool(&f, "cluster", aboutCluster, out)
	if err != nil {
		return err
	}
	if _, err := parser.Parse(arguments); err != nil {
		return fmt.Errorf("%w (looproom cluster --help explains)", err)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	switch f.What {
	case "add":
		return f.add(ctx, out)
	case "remove":
		return f.remove(ctx, out)
	case "rescue":
		return f.rescue(ctx, out)
	}
	return f.status(ctx, out)
}

// Validate is called by kong when all is read.
func (f *clusterToolFlags) Validate() error {
	switch {
	case f.What == "remove" && len(f.Nodes) != 1:
		return errors.New("say which node is to be removed, one at a time: looproom cluster remove DIR NAME")
	case f.What == "add" && len(f.Nodes) == 0:
		return errors.New("say what the new node is called and where the others reach it: looproom cluster add DIR NAME=HOST:PORT")
	case len(f.Nodes) > 0 && (f.What == "status" || f.What == "rescue"):
		return fmt.Errorf("cluster %s takes a folder, and no node behind it", f.What)
	case f.State != "" && f.What != "add":
		return errors.New("--state is of add")
	case f.JSON && f.What != "status":
		return errors.New("--json is of status")
	case f.Yes && f.What != "remove" && f.What != "rescue":
		return errors.New("--yes is of remove and rescue")
	}
	return nil
}

// ask gets the report of the server.
func (f *clusterToolFlags) ask(ctx context.Context) (r clusterReport, text []byte, err error) {
	var answer bytes.Buffer
	err = askControl(ctx, f.Dir, "cluster", &answer)
	if errors.Is(err, errNoServer) {
		err = fmt.Errorf("%w in %s: start it, or give the folder of --state of one that runs on this machine", err, f.Dir)
	}
	if err != nil {
		return r, nil, err
	}
	if err := json.Unmarshal(answer.Bytes(), &r); err != nil {
		return r, nil, fmt.Errorf("the answer of the server that has %s can't be read: %w", f.Dir, err)
	}
	return r, answer.Bytes(), nil
}

func (f *clusterToolFlags) status(ctx context.Context, out io.Writer) error {
	r, text, err := f.ask(ctx)
	switch {
	case err != nil:
		return err
	case f.JSON:
		_, err = out.Write(text)
	case r.Cluster == "":
		_, err = fmt.Fprintf(out, "The server is alone. looproom cluster add %s says how it becomes the first of three nodes.\n", f.Dir)
	default:
		_, err = out.Write(r.picture(f.Dir))
	}
	return err
}

func (f *clusterToolFlags) remove(ctx context.Context, out io.Writer) error {
	node := f.Nodes[0]
	if f.Yes {
		return f.tell(ctx, "cluster/remove?yes=1&node="+url.QueryEscape(node), out)
	}
	if err := f.tell(ctx, "cluster/remove?node="+url.QueryEscape(node), out); err != nil {
		return err
	}
	return fmt.Errorf("nothing has been done. %s would count for the majority no more, and another node get the copy of the log that it has. Its machine can be one again by another name, with an empty folder for --state. "+
		"If that is so, say --yes", node)
}

func (f *clusterToolFlags) tell(ctx context.Context, what string, out io.Writer) error {
	err := tellControl(ctx, http.MethodPost, f.Dir, what, out)
	if errors.Is(err, errNoServer) {
		return fmt.Errorf("%w in %s: start it, or give the folder of --state of a node that runs on this machine", err, f.Dir)
	}
	return err
}

const aboutRescue = `nothing has been done. Only when most of the nodes are lost for good, and none of them will ever be started again with what it has, may those that are left decide without them. If they are only ` +
	`cut off or slow, there are two chats afterwards, each with its own people and messages, and nothing brings them together. If you are sure, say --yes`

func (f *clusterToolFlags) rescue(ctx context.Context, out io.Writer) error {
	what := "cluster/rescue"
	if f.Yes {
		what += "?yes=1"
	}
	err := tellControl(ctx, http.MethodPost, f.Dir, what, out)
	switch {
	case errors.Is(err, errNoServer):
		return f.beginAnew(out)
	case err == nil && !f.Yes:
		return errors.New(aboutRescue)
	}
	return err
}

// beginAnew puts the log aside of a server that doesn't run. What it keeps is what the next cluster begins with.
func (f *clusterToolFlags) beginAnew(out io.Writer) error {
	log := filepath.Join(f.Dir, "journal")
	if _, err := os.Stat(log); err != nil {
		return fmt.Errorf("%s has no log of a cluster, and no server runs there", f.Dir)
	}
	lock, err := folder.Lock(log, 0o700)
	if err != nil {
		return fmt.Errorf("lock %s: %w", log, err)
	}
	defer lock.Close()
	if !f.Yes {
		return errors.New(aboutRescue)
	}
	aside := ""
	for n := 1; ; n++ {
		aside = fmt.Sprintf("%s.%d", log, n)
		if _, err := os.Lstat(aside); errors.Is(err, os.ErrNotExist) {
			break
		}
	}
	if err := os.Rename(log, aside); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The log is put aside as %s. Start this server as before, and two more with empty folders for --state:\nthe cluster begins anew with what this one keeps. Or start it without the flags of the cluster, and it is alone.\n", aside)
	return err
}

// add writes what to start.
func (f *clusterToolFlags) add(ctx context.Context, out io.Writer) error {
	r, _, err := f.ask(ctx)
	if err != nil {
		return err
	}
	news, err := newNodes(f.Nodes)
	if err != nil {
		return err
	}
	if r.Cluster == "" {
		return f.found(&r, news, out)
	}
	if err := f.mayAdd(ctx, &r, news); err != nil {
		return err
	}
	fmt.Fprintf(out, "# A new node of %s: as %s, with its own name, address and an empty folder. Its certificate is its own, too, if there are any.\n", r.Cluster, r.Node)
	join := r.Join
	for _, n := range news {
		join = append(join, n.address)
	}
	for _, n := range news {
		fmt.Fprintln(out, n.commandLine(r.Arguments, f.State, join, ""))
	}
	_, err = fmt.Fprintf(out, "# It is one of them when its /readyz says ok, and in: looproom cluster status %s\n", f.Dir)
	return err
}

// mayAdd says why one of these can't be a node.
func (f *clusterToolFlags) mayAdd(ctx context.Context, r *clusterReport, news []newNode) error {
	if len(r.Join) == 0 {
		return errors.New("the nodes share NATS servers of others: start one more with the same flags, but another --node")
	}
	for _, n := range news {
		for _, is := range r.Nodes {
			if is.Name == n.name {
				return fmt.Errorf("%s has a node %s already", r.Cluster, n.name)
			}
		}
		for _, address := range r.Join {
			if address == n.address {
				return fmt.Errorf("%s is the address of another node", n.address)
			}
		}
		dialing, cancel := context.WithTimeout(ctx, reportPatience)
		c, err := new(net.Dialer).DialContext(dialing, "tcp", n.address)
		cancel()
		if err == nil {
			c.Close()
			return fmt.Errorf("somebody listens at %s already", n.address)
		}
	}
	if here := len(r.Nodes); here+len(news) == 2 {
		return errSecond
	}
	return nil
}

var errSecond = errors.New("of two nodes neither could go on without the other: say what two new ones are called, NAME=HOST:PORT each, and start both")

var errFirstTwo = errors.New("two nodes stand still as soon as one of them does: give three, NAME=HOST:PORT of this server first and of two more")

// found writes how a server by itself becomes the first of several.
func (f *clusterToolFlags) found(r *clusterReport, news []newNode, out io.Writer) error {
	if len(news) < 3 {
		return errFirstTwo
	}
	var join []string
	for _, n := range news {
		join = append(join, n.address)
	}
	fmt.Fprintf(out, "# Stop this server, and start it again with the folder that it has. All that it keeps is what the cluster begins with:\n%s\n", news[0].commandLine(r.Arguments, "", join, "chat"))
	fmt.Fprintln(out, "# And the others, each with an empty folder:")
	for _, n := range news[1:] {
		fmt.Fprintln(out, n.commandLine(r.Arguments, f.State, join, "chat"))
	}
	_, err := fmt.Fprintln(out, "# On a network of others each needs --cluster-secret FILE, or a certificate: looproom --help")
	return err
}
