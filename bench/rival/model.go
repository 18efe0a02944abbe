//go:build linux

package rival

import (
	"context"
	"fmt"
	"net"
	"strings"

	"looproom/codec"
	"looproom/loop/room"
)

// Model is one way to serve many clients at once.
type Model struct {
	// Name is the model's name on the command line.
	Name string
	// How says in a few words how it does its work, for reports.
	How string
	// EchoOnly says that it has no chat: Serve wants Options.Echo.
	EchoOnly bool
	// Floor says that it has no protocol either: what one client sends goes to all others as it is.
	Floor bool
	// WebSocket says that its clients speak WebSocket, at /ws, a line or several in each text message, and that it has no echo.
	WebSocket bool
	// Serve listens and serves until ctx is done. Then it closes all, waits for all that it started, and returns nil. An error means
	// that it could not begin, or can't go on. Any goroutine may call it; it blocks.
	Serve func(ctx context.Context, o Options) error
}

// Options are what a model is started with.
type Options struct {
	// Network is "tcp" or "unix", Address a host and port or a path, as net.Listen takes them.
	Network, Address string
	// Echo asks for the echo service: what a client sends comes back to it, and to nobody else.
	Echo bool
	// MaxLine is the longest line in bytes, its end included. 0: codec.MaxLine.
	MaxLine int
	// Room is the rules of the chat.
	Room room.Config
	// Ready is called once, when clients can connect, from the goroutine that called Serve or one that it started. May be nil.
	Ready func(addr net.Addr)
	// Workers is how many processes prefork starts, and how many event loops gnet-echo has. 0: one for each CPU, and one loop.
	Workers int
}

func (o Options) ready(addr net.Addr) {
	if o.Ready != nil {
		o.Ready(addr)
	}
}

func (o Options) maxLine() int {
	if o.MaxLine == 0 {
		return codec.MaxLine
	}
	return o.MaxLine
}

// maxPending is the most bytes that wait for a client that doesn't read; then it is dropped. It is generous: only a client that has
// stopped gets there, as the kernel holds some megabytes besides.
const maxPending = 16 << 20

// Models returns all models, in the order of the lesson.
func Models() []Model {
	return []Model{
		{
			Name: "threads", Serve: serveThreads,
			How: "a thread per client, blocking calls; the sender's thread writes to every receiver",
		},
		{
			Name: "threads-queued", Serve: serveQueued,
			How: "two threads per client, blocking calls; the second writes all that is queued in one call",
		},
		{
			Name: "goroutines", Serve: serveGoroutines,
			How: "a reader and a writer goroutine per client; the writer merges what is waiting",
		},
		{
			Name: "gorilla", Serve: serveGorilla, WebSocket: true,
			How: "goroutines for browsers: net/http and gorilla/websocket; what is waiting is merged into one message",
		},
		{
			Name: "processes", Serve: echoOnly("processes", serveProcesses), EchoOnly: true,
			How: "a process per connection, forked and executed on accept; echo only",
		},
		{
			Name: "prefork", Serve: echoOnly("prefork", servePrefork), EchoOnly: true,
			How: "processes started beforehand on one port (SO_REUSEPORT), a thread per client in each; echo only",
		},
		{
			Name: "select", Serve: serveSelect,
			How: "one thread and select(2), up to descriptor 1023; one write per client and turn",
		},
		{
			Name: "gnet-echo", Serve: echoOnly("gnet-echo", serveGnetEcho), EchoOnly: true,
			How: "bare gnet, one event loop, no framing and no room; echo only",
		},
		{
			Name: "floor", Serve: serveFloor, Floor: true,
			How: "no protocol, one thread on epoll: what comes is written to all others with one call each",
		},
	}
}

// Find returns the model of that name. The error lists the names there are.
func Find(name string) (Model, error) {
	models := Models()
	names := make([]string, len(models))
	for i, m := range models {
		if m.Name == name {
			return m, nil
		}
		names[i] = m.Name
	}
	return Model{}, fmt.Errorf("no model %q; there are %s", name, strings.Join(names, ", "))
}

// echoOnly refuses to serve a chat.
func echoOnly(name string, serve func(context.Context, Options) error) func(context.Context, Options) error {
	return func(ctx context.Context, o Options) error {
		if !o.Echo {
			return fmt.Errorf("%s: has no chat, only echo; ask for echo", name)
		}
		return serve(ctx, o)
	}
}
