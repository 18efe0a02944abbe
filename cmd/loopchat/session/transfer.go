package session

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"
)

// progressEvery is how often the progress of a file is told.
const progressEvery = 200 * time.Millisecond

// upload is a file that is to be sent.
type upload struct {
	name string
	size int64
	from io.ReadCloser
	tag  string
}

// Send queues the file at path. Sent will have the tag. The error is for a file that can't be sent at all.
func (l *Link) Send(path, tag string) error {
	u, err := openUpload(path)
	if err != nil {
		return err
	}
	u.tag = tag
	l.add(item{file: u})
	return nil
}

// SendBytes queues size bytes of from as a file of that name. from is read from the link's own goroutine, and closed.
func (l *Link) SendBytes(name string, size int64, from io.ReadCloser) {
	l.add(item{file: &upload{name: name, size: size, from: from}})
}

func openUpload(path string) (*upload, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("send %s: %w", path, fileError(err))
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a file")
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("send %s: %w", path, fileError(err))
	}
	return &upload{name: filepath.Base(path), size: info.Size(), from: file}, nil
}

// fileError takes off what would only name the file again.
func fileError(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (u *upload) ask() *ask { return &ask{accepts: answersTo["SEND"], own: true, tag: u.tag} }

func (u *upload) head() string { return fmt.Sprintf("SEND %d %s\n", u.size, u.name) }

// send writes the file. A file that has become shorter ends the connection: there is no other way to take the announced size back.
func (u *upload) send(l *Link) error {
	defer u.from.Close()
	if _, err := io.WriteString(l.conn, u.head()); err != nil {
		u.fail(l.handle, err)
		return err
	}
	p := &progress{handle: l.handle, event: Event{Kind: Progress, Who: u.name, Text: "sent", Count: u.size}}
	_, err := io.CopyN(io.MultiWriter(l.conn, p, counter{l}), u.from, u.size)
	if err != nil {
		u.fail(l.handle, err)
	}
	return err
}

func (u *upload) fail(handle func(Event), err error) {
	u.from.Close()
	handle(Event{Kind: Failed, Who: u.name, Text: fmt.Sprintf("%s was not sent: %v", u.name, err)})
}

// counter adds what passes to what its link has written.
type counter struct{ l *Link }

func (c counter) Write(p []byte) (int, error) {
	c.l.moved.Add(int64(len(p)))
	return len(p), nil
}

// progress tells how much has passed, now and then.
type progress struct {
	handle func(Event)
	event  Event
	told   time.Time
}

func (p *progress) Write(data []byte) (int, error) {
	p.event.N += int64(len(data))
	if now := time.Now(); now.Sub(p.told) >= progressEvery {
		p.told = now
		p.handle(p.event)
	}
	return len(data), nil
}

// download is a file that has been asked for.
type download struct {
	name    string
	path    string
	replace bool
	to      io.Writer // where there is no path
}

// Fetch asks for the newest file of that name. It is written to path, which must not be there yet unless replace is set.
func (l *Link) Fetch(name, path string, replace bool) {
	l.want(&download{name: name, path: path, replace: replace})
}

// FetchTo is Fetch that copies the bytes, and nothing else, to a writer.
func (l *Link) FetchTo(name string, to io.Writer) { l.want(&download{name: name, to: to}) }

func (l *Link) want(d *download) {
	line := "GET " + d.name
	a := askOf(line)
	a.fetch = d
	l.add(item{line: line + "\n", ask: a})
}

// dropDownloads tells of those that have not come, and of other answers that somebody waits for. It is for a link that has ended.
func (l *Link) dropDownloads() {
	l.mu.Lock()
	var asks []*ask // as many as there are fences and lines queued
	for _, f := range l.flow.fences {
		asks = append(asks, f.ask)
	}
	for _, i := range l.queue {
		asks = append(asks, i.ask)
	}
	l.mu.Unlock()
	for _, a := range asks {
		if a != nil && a.fetch != nil {
			l.handle(Event{Kind: Failed, Who: a.fetch.name, Text: a.fetch.name + " was not fetched: the connection was lost"})
		}
		if a != nil && a.drop != nil {
			a.drop()
		}
	}
}

// receive takes the bytes of the file, in any case all of them. The error is that of the connection.
func (d *download) receive(l *Link, size int64) error {
	if d.to != nil {
		return l.body(d.to, size)
	}
	kept, err := os.CreateTemp(filepath.Dir(d.path), ".loopchat-*.part")
	if err != nil {
		l.handle(d.failed(err))
		return l.body(io.Discard, size)
	}
	defer os.Remove(kept.Name())
	p := &progress{handle: l.handle, event: Event{Kind: Progress, Who: d.name, Text: "fetched", Count: size}}
	w := &tolerant{to: kept}
	err = l.body(io.MultiWriter(w, p), size)
	if closed := kept.Close(); w.err == nil {
		w.err = closed
	}
	if err != nil {
		l.handle(d.failed(err))
		return err
	}
	if w.err == nil {
		w.err = giveName(kept.Name(), d.path, d.replace, 0o666)
	}
	if w.err != nil {
		l.handle(d.failed(w.err))
		return nil
	}
	l.handle(Event{Kind: Stored, Who: d.name, Text: d.path, Count: size})
	return nil
}

func (d *download) failed(err error) Event {
	return Event{Kind: Failed, Who: d.name, Text: fmt.Sprintf("%s was not fetched: %v", d.name, fileError(err))}
}

// giveName gives the whole file its name, and the mode of a new one but for what the umask takes; a file of that name is replaced only where that is said.
func giveName(whole, path string, replace bool, mode fs.FileMode) error {
	if replace {
		return os.Rename(whole, path)
	}
	// Who makes the name first has it.
	place, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already", path)
	}
	if err != nil {
		return err
	}
	if info, err := place.Stat(); err == nil {
		_ = os.Chmod(whole, info.Mode().Perm())
	}
	place.Close()
	return os.Rename(whole, path)
}

// tolerant takes all bytes, also after the disk has refused some: those that follow must not be taken for lines.
type tolerant struct {
	to  io.Writer
	err error
}

func (t *tolerant) Write(p []byte) (int, error) {
	if t.err == nil {
		_, t.err = t.to.Write(p)
	}
	return len(p), nil
}

// SafeName returns a name in the current folder for a file of that name on the server: the last part of it, without what drives a terminal,
// hides a file, or means something to a file system.
func SafeName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError || strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.TrimRight(strings.TrimSpace(name), ". ")
	if trimmed := strings.TrimLeft(name, ".-"); trimmed != name {
		name = "_" + trimmed
	}
	if name == "" || name == "_" {
		return "file"
	}
	return name
}
