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

// Message is a line of an export.
type Message struct {
	ID   string    `json:"id"`
	Time time.Time `json:"time"`
	// Place is a #room, or the user with whom it was said in private.
	Place string `json:"place"`
	// Name is who said it, as they were called then.
	Name    string `json:"name"`
	Private bool   `json:"private,omitempty"`
	Action  bool   `json:"action,omitempty"`
	Text    string `json:"text"`
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
	page  int   // messages of the page that is coming
	more  bool  // there is another one behind it
	told  bool  // its head has come
	wrong error // the first that has failed
}

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
	x.begin(file)
	return nil
}

// ExportTo is Export to a writer, which is written from the goroutine that reads.
func ExportTo(l *Link, to io.Writer) {
	x := &export{link: l, path: "standard output"}
	x.begin(to)
}

// begin has messages come with ids, by which the next page is found.
func (x *export) begin(to io.Writer) {
	x.to = json.NewEncoder(to)
	x.to.SetEscapeHTML(false)
	x.link.add(askForIDs())
	x.ask()
}

// ask asks for the next page.
func (x *export) ask() {
	x.page, x.more, x.told = 0, false, false
	line := "/export " + strconv.Itoa(exportPage)
	if !x.last.None() {
		line = "/export after " + x.last.String() + " " + strconv.Itoa(exportPage)
	}
	a := askOf(line)
	a.hear, a.done, a.drop = x.hear, x.next, func() { x.fail(errors.New("the connection was lost")) }
	x.link.add(item{line: line + "\n", ask: a})
}

func (x *export) hear(e *Event) bool {
	switch e.Kind {
	case ExportFollows:
		x.told, x.more = true, e.N == 1
	case Found:
		x.write(e)
	case Refused:
		if !asides[e.Who] {
			x.broken(errors.New("the server refused it"))
		}
		return false
	default:
		return false
	}
	return true
}

// write takes a message. Ids that don't go up would never end.
func (x *export) write(e *Event) {
	if x.page++; x.wrong != nil || x.page > exportPage {
		return
	}
	if e.ID.None() || !e.ID.After(x.last) {
		x.broken(errors.New("what the server tells is in no order"))
		return
	}
	x.last = e.ID
	x.count++
	x.broken(x.to.Encode(Message{
		ID: e.ID.String(), Time: e.When.UTC(), Place: e.Place, Name: e.Who, Private: e.Direct, Action: e.Action, Text: e.Text,
	}))
}

func (x *export) broken(err error) {
	if x.wrong == nil {
		x.wrong = err
	}
}

// next goes on behind a page.
func (x *export) next() {
	switch {
	case x.wrong != nil:
	case !x.told:
		x.broken(errors.New("the server has not answered"))
	case x.more && x.page == 0:
		x.broken(errors.New("the server says that there is more, and tells nothing"))
	case x.more:
		x.link.handle(Event{Kind: Exporting, Who: x.path, N: x.count})
		x.ask()
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

func (x *export) fail(err error) {
	if x.file != nil {
		x.file.Close()
		os.Remove(x.file.Name())
	}
	x.link.handle(Event{Kind: Failed, Who: x.path, Text: fmt.Sprintf("%s was not written: %v", x.path, fileError(err))})
}
