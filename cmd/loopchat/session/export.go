package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// exportPage is how many messages are asked for at once, as many as servers give.
const exportPage = 500

// Message is a line of an export, the same as the page in a browser writes it.
type Message struct {
	ID   string `json:"id"`
	Time string `json:"time"` // as in 2026-11-21T09:30:00.123Z
	// Place is a #room, or the user with whom it was said in private.
	Place string `json:"place"`
	// Kind is text or action.
	Kind string `json:"kind"`
	// Name is who said it, as they were called then.
	Name string `json:"name"`
	Text string `json:"text"`
}

const messageTime = "2006-01-02T15:04:05.000Z"

func messageOf(e *Event) Message {
	kind := "text"
	if e.Action {
		kind = "action"
	}
	return Message{ID: e.ID.String(), Time: e.When.UTC().Format(messageTime), Place: e.Place, Kind: kind, Name: e.Who, Text: e.Text}
}

// export is one's own messages on their way to a file, a page at a time.
type export struct {
	link    *Link
	path    string
	replace bool
	to      *json.Encoder
	file    *os.File // which has its name only when it is whole; nil where all goes to a writer

	count int64 // messages written
	last  MessageID
	held  *Message // the last one, to which lines may be added still
	page  int      // messages of the page that is coming
	more  bool     // there is another one behind it
	told  bool     // its head has come
	busy  bool     // the server has no time for it
	tries int      // of it
	wrong error    // the first that has failed
}

const (
	// exportPause is how long a server has that is busy, and exportTries how often it is asked for a page.
	exportPause = time.Second
	exportTries = 10
	// longestMessage is from how many bytes on a message has no further lines.
	longestMessage = 64 << 10
)

var errLost = errors.New("the connection was lost")

// passing are the codes of refusals that pass by themselves.
var passing = map[string]bool{"busy": true, "history-failed": true}

// Export asks for all that the client's account has said, page by page, and writes it as lines of JSON, Message each, to a file that only its owner may read. It
// has its name when it is whole; one that is there already is replaced only where replace is set. Exporting, and at the end Exported or Failed, tell how it goes; a
// refusal of the server is heard as any other, before that. The error is for a file that can't be written at all.
func Export(l *Link, path string, replace bool) error {
	if _, err := os.Lstat(path); err == nil && !replace {
		return fmt.Errorf("write %s: it is there already", path)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".loopchat-*.part") // with mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", path, fileError(err))
	}
	x := &export{link: l, path: path, replace: replace, file: file}
	if !x.begin(file) {
		x.discard()
		return fmt.Errorf("write %s: %w", path, errLost)
	}
	return nil
}

// ExportTo is Export to a writer, which is written from the goroutine that reads.
func ExportTo(l *Link, to io.Writer) {
	x := &export{link: l, path: "standard output"}
	x.begin(to)
}

// begin has messages come with ids, by which the next page is found.
func (x *export) begin(to io.Writer) bool {
	x.to = json.NewEncoder(to)
	x.to.SetEscapeHTML(false)
	x.link.add(askForIDs())
	return x.ask()
}

// queue is add for a link that may have ended, which it says by false: what is queued in time is dropped then by the link.
func (x *export) queue(i item) bool {
	l := x.link
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return false
	}
	l.queue = append(l.queue, i)
	l.change.Broadcast()
	return true
}

// again asks for a page again. Where the connection has ended meanwhile, that has been told, and there is nobody to tell more.
func (x *export) again() {
	if !x.ask() {
		x.discard()
	}
}

// ask asks for the next page. It returns false where the connection has ended.
func (x *export) ask() bool {
	x.page, x.more, x.told, x.busy = 0, false, false, false
	x.tries++
	line := "/export " + strconv.Itoa(exportPage)
	if !x.last.None() {
		line = "/export after " + x.last.String() + " " + strconv.Itoa(exportPage)
	}
	a := askOf(line)
	a.hear, a.done, a.drop = x.hear, x.next, func() { x.fail(errLost) }
	return x.queue(item{line: line + "\n", ask: a})
}

func (x *export) hear(e *Event) bool {
	switch e.Kind {
	case ExportFollows:
		x.told, x.more = true, e.N == 1
	case Found:
		x.write(e)
	case Refused:
		if passing[e.Who] && x.tries < exportTries {
			x.busy = true
			return true
		}
		if !asides[e.Who] {
			x.broken(errors.New("the server refused it"))
		}
		return false
	default:
		return false
	}
	return true
}

// write takes a message, or one more line of the last. Ids that don't go up would never end.
func (x *export) write(e *Event) {
	if x.held != nil && e.ID == x.last && len(x.held.Text) < longestMessage {
		x.held.Text += "\n" + e.Text
		return
	}
	if x.page++; x.wrong != nil || x.page > exportPage {
		return
	}
	if e.ID.None() || !e.ID.After(x.last) {
		x.broken(errors.New("what the server tells is in no order"))
		return
	}
	x.flush()
	m := messageOf(e)
	x.last, x.held = e.ID, &m
	x.count++
}

// flush writes the last message, which is whole.
func (x *export) flush() {
	if x.held != nil {
		x.broken(x.to.Encode(*x.held))
	}
	x.held = nil
}

func (x *export) broken(err error) {
	if x.wrong == nil {
		x.wrong = err
	}
}

// next goes on behind a page.
func (x *export) next() {
	x.flush()
	switch {
	case x.wrong != nil:
	case x.busy:
		time.AfterFunc(exportPause, x.again)
		return
	case !x.told:
		x.broken(errors.New("the server has not answered"))
	case x.more && x.page == 0:
		x.broken(errors.New("the server says that there is more, and tells nothing"))
	case x.more:
		x.link.handle(Event{Kind: Exporting, Who: x.path, N: x.count})
		if x.tries = 0; !x.ask() {
			x.fail(errLost)
		}
		return
	}
	if x.wrong == nil {
		x.wrong = x.keep()
	}
	if x.wrong != nil {
		x.fail(x.wrong)
		return
	}
	x.link.handle(Event{Kind: Exported, Who: x.path, Count: x.count})
}

// keep gives the file its name, once all of it is on the disk.
func (x *export) keep() error {
	if x.file == nil {
		return nil
	}
	err := errors.Join(x.file.Sync(), x.file.Close())
	if err != nil {
		return err
	}
	return giveName(x.file.Name(), x.path, x.replace, 0o600)
}

func (x *export) discard() {
	if x.file != nil {
		x.file.Close()
		os.Remove(x.file.Name())
	}
}

func (x *export) fail(err error) {
	x.discard()
	x.link.handle(Event{Kind: Failed, Who: x.path, Text: fmt.Sprintf("%s was not written: %v", x.path, fileError(err))})
}
