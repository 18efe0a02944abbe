package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"looproom/cmd/loopchat/session"
	"looproom/loop/dialect/line"
	"looproom/loop/room"
)

const (
	// waitingLines is how many lines may wait in the filter itself: what comes faster stays in the pipe.
	waitingLines = 64
	// maxInput is the longest line of standard input. Servers take 8 KiB unless they are told otherwise.
	maxInput = 64 << 10
	// leaveTimeout is how long the end waits for the server to say = END and close.
	leaveTimeout = 5 * time.Second
	// lastLines is how long a filter that is told to end, or that nobody reads, goes on reading and saying what is there.
	lastLines = time.Second
)

// filter says the lines of a pipe, and prints what is heard.
type filter struct {
	link    *session.Link
	out     *output
	ended   chan struct{} // the connection is over
	first   chan struct{} // the server has said its first line
	once    sync.Once
	guarded bool        // that line was that it wants a password
	refused atomic.Bool // the server has refused something
	lost    error       // why the connection is over, once ended is closed
	stopped atomic.Bool // nothing more of the input is to be said

	export   string // the file for one's own messages, "" for a filter that says lines
	replace  bool
	exported chan error // how that has ended

	place  atomic.Pointer[string] // the room where lines are said, once the server has told
	hidden int64                  // lines of messages that are not shown; of hear alone
}

// output is standard output and what becomes of it.
type output struct {
	to     io.Writer
	broken chan struct{} // nobody reads any more
	once   sync.Once
}

// Write never fails: what nobody reads is dropped.
func (o *output) Write(p []byte) (int, error) {
	if _, err := o.to.Write(p); err != nil {
		o.once.Do(func() { close(o.broken) })
	}
	return len(p), nil
}

// runFilter returns the exit status.
func runFilter(s settings) int {
	// A reader that is gone shows as an error of the write; what was to be said is said all the same.
	signal.Ignore(syscall.SIGPIPE)
	if s.insecure {
		fmt.Fprintln(os.Stderr, "loopchat: "+insecureWarning)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	conn, err := session.DialAny(context.Background(), s.addresses)
	if err != nil {
		return status(statusFailed, err)
	}
	f := &filter{
		out:   &output{to: os.Stdout, broken: make(chan struct{})},
		ended: make(chan struct{}), first: make(chan struct{}),
		export: s.export, replace: s.replace, exported: make(chan error, 1),
	}
	f.link = session.NewLink(conn, f.hear)
	go func() {
		defer close(f.ended)
		f.lost = f.link.Run()
	}()
	return f.run(&s.wish, signals)
}

func (f *filter) run(wish *session.Wish, signals <-chan os.Signal) int {
	said := make(chan error, 1)
	go func() {
		err := f.enter(wish)
		if err == nil {
			err = f.work()
		}
		said <- err
	}()
	select {
	case err := <-said:
		return f.leave(err, 0)
	case <-f.ended:
		return f.leave(errLost, unread(said))
	case <-signals:
	case <-f.out.broken:
	}
	if f.export != "" {
		f.link.Close() // half an export is none
	}
	// What is there already is said, but what a throttled server would take long for is not waited for, and nothing is after another signal.
	time.AfterFunc(lastLines+leaveTimeout, f.link.Close)
	go func() {
		<-signals
		f.link.Close()
	}()
	select {
	case err := <-said:
		return f.leave(err, 0)
	case <-time.After(lastLines):
		f.stopped.Store(true)
		f.link.Drain(0)
		return f.leave(nil, unread(said))
	}
}

// work is what the filter is for.
func (f *filter) work() error {
	if f.export == "" {
		return f.sayAll(os.Stdin)
	}
	return f.exportAll()
}

var (
	errLost    = errors.New("the connection was lost before all was said")
	errRefused = errors.New("the server refused it")
)

// enter signs in and goes to the rooms. Nothing is said where that fails: it would be said under a wrong name, or in a wrong room.
func (f *filter) enter(wish *session.Wish) error {
	select {
	case <-f.first:
	case <-f.ended:
		return errLost
	}
	lines := wish.Lines()
	if f.guarded && wish.ServerPassword != "" {
		lines = append([]string{"PASS " + wish.ServerPassword}, lines...)
	}
	for _, line := range lines {
		f.link.Say(line)
	}
	if !f.link.Drain(0) {
		return errLost
	}
	if f.refused.Load() {
		return errRefused
	}
	if f.export != "" {
		return nil
	}
	return f.lobby(wish)
}

// lobby goes where a filter talks that nobody has told where. A person who is in the chat already can be elsewhere.
func (f *filter) lobby(wish *session.Wish) error {
	if at := f.place.Load(); at == nil || len(wish.Rooms) > 0 || strings.EqualFold(*at, session.Lobby) {
		return nil
	}
	f.link.Say("JOIN " + session.Lobby)
	if !f.link.Drain(0) {
		return errLost
	}
	return nil
}

// sayAll says each line of the input until its end.
func (f *filter) sayAll(input io.Reader) error {
	in := bufio.NewReaderSize(input, maxInput)
	for {
		text, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("a line is longer than %d KiB; what is behind it was not said", maxInput>>10)
		}
		if f.stopped.Load() {
			return rest(text, in)
		}
		if len(text) > 0 {
			more, wrong := f.say(strings.TrimRight(string(text), "\r\n"), in)
			if wrong != nil || !more {
				return wrong
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read standard input: %w", err)
		}
		if !f.link.Drain(waitingLines) {
			return rest(nil, in)
		}
	}
}

// say says one line. What has bytes behind it is told from the others, on both ways. more is false after END.
func (f *filter) say(text string, in *bufio.Reader) (more bool, err error) {
	cmd, ok := understand(text)
	switch {
	case !ok:
		return true, nil
	case cmd.Verb == room.End:
		return false, nil
	case cmd.Verb == room.Get:
		f.link.FetchTo(cmd.Name, f.out)
		return true, nil
	case cmd.Verb == room.Send:
		return true, f.send(&cmd, in)
	case cmd.Verb == room.Refuse && cmd.N > 0:
		why := cmd.Refusal()
		return false, fmt.Errorf("%s: %s", text, line.Dialect{}.Words(&why))
	}
	f.link.Say(safe(text))
	return true, nil
}

// send takes the bytes of an upload from the input.
func (f *filter) send(cmd *room.Command, in *bufio.Reader) error {
	whole := &portion{Reader: io.LimitReader(in, cmd.N), taken: make(chan struct{})}
	f.link.SendBytes(cmd.Name, cmd.N, whole)
	select {
	case <-whole.taken:
		return nil
	case <-f.ended:
		return errLost
	}
}

// portion is a part of the input, and tells when it has been taken.
type portion struct {
	io.Reader
	taken chan struct{}
	once  sync.Once
}

func (p *portion) Close() error {
	p.once.Do(func() { close(p.taken) })
	return nil
}

// hear prints what the server says. It runs on the link's goroutines.
func (f *filter) hear(e session.Event) {
	switch e.Kind {
	case session.Refused:
		f.hearRefusal(&e)
	case session.Failed:
		f.hearFailed(&e)
	case session.Exported:
		f.exported <- nil
	case session.Progress, session.Bye, session.Exporting:
	case session.Joined:
		f.place.Store(&e.Who)
		f.show(&e)
	default:
		f.show(&e)
	}
	f.once.Do(func() { close(f.first) })
}

// show prints a line, unless it is about what the person does by other connections, which nobody has asked for.
func (f *filter) show(e *session.Event) {
	switch {
	case f.export != "":
		return
	case e.Kind == session.Entering, e.Kind == session.Leaving, e.Kind == session.Told:
		return
	case e.Kind == session.Recalled && f.hidden > 0:
		f.hidden--
		return
	case e.Tag == session.LoggingIn && e.Kind == session.RecentFollows:
		f.hidden = e.Count
		return
	case e.Tag == session.LoggingIn && (e.Kind == session.Joined || e.Kind == session.TopicIs):
		return
	}
	_, _ = io.WriteString(f.out, e.Line+"\n")
}

// notRefused are the codes that refuse no line.
var notRefused = map[string]bool{"flood": true, "skipped": true, "closing": true, "waiting": true, "goes-on": true}

func (f *filter) hearRefusal(e *session.Event) {
	fmt.Fprintln(os.Stderr, e.Line)
	select {
	case <-f.first:
	default:
		// A server with a password says so before anyone has done anything wrong.
		if e.Who == "need-password" {
			f.guarded = true
			return
		}
	}
	if !notRefused[e.Who] {
		f.refused.Store(true)
	}
}

// leave ends the connection in order, and returns the exit status. err says what has gone wrong so far, and rest how many lines were read and
// not said.
func (f *filter) leave(err error, rest int) int {
	if !errors.Is(err, errLost) && !f.link.Drain(0) && err == nil {
		err = errLost
	}
	f.link.Say("END")
	select {
	case <-f.ended:
	case <-time.After(leaveTimeout):
		f.link.Close()
		<-f.ended
	}
	return f.outcome(err, rest)
}

func (f *filter) outcome(err error, rest int) int {
	var notRead *restError
	if errors.As(err, &notRead) {
		err, rest = errLost, notRead.lines
	}
	unsent, unsure := f.link.Left()
	unsent = slices.DeleteFunc(unsent, func(line string) bool { return line == "END" })
	missing := undelivered(len(unsent)+rest, unsure)
	switch {
	case errors.Is(err, errLost) && f.lost != nil && !errors.Is(f.lost, io.EOF) && !errors.Is(f.lost, net.ErrClosed):
		err = fmt.Errorf("%w: %w", err, f.lost)
	case err == nil && missing != nil:
		err, missing = missing, nil
	}
	if err != nil && missing != nil && !errors.Is(err, errRefused) {
		err = fmt.Errorf("%w: %w", err, missing)
	}
	if f.refused.Load() {
		if missing != nil {
			status(statusRefused, missing)
		}
		return statusRefused
	}
	return status(statusFailed, err)
}
