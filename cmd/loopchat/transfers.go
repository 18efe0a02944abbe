package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// transfer is a file under way.
type transfer struct {
	shown string // how far it is
}

// sendFile is /send PATH.
func sendFile(w *window, args string) {
	path := home(unquote(args))
	link := w.session.Link()
	switch {
	case path == "":
		w.tell(toneAlarm, "/send PATH sends a file.")
	case link == nil || w.entrance.state != up:
		w.tell(toneAlarm, "There is no connection to send "+path+" by.")
	default:
		if err := link.Send(path, w.shown().room); err != nil {
			w.tell(toneAlarm, err.Error())
			return
		}
		w.tell(toneNotice, "Sending "+path+"...")
	}
}

// getFile is /get NAME [PATH].
func getFile(w *window, args string) {
	name, path := nameAndPath(args)
	link := w.session.Link()
	switch {
	case name == "":
		w.tell(toneAlarm, `/get NAME [PATH] fetches a file; /files lists them. A NAME with spaces stands in "".`)
		return
	case link == nil || w.entrance.state != up:
		w.tell(toneAlarm, "There is no connection to fetch "+name+" by.")
		return
	}
	path = target(name, path)
	if _, err := os.Lstat(path); err == nil {
		w.question = &question{words: path + " is there already. Replace it? Enter: yes, Esc: no", yes: func() { fetch(w, name, path, true) }}
		return
	}
	fetch(w, name, path, false)
}

func fetch(w *window, name, path string, replace bool) {
	if link := w.session.Link(); link != nil {
		link.Fetch(name, path, replace)
		w.tell(toneNotice, "Fetching "+name+"...")
	}
}

// target is where a file goes: what the person says, or the current folder, whatever the name has in it.
func target(name, path string) string {
	path = home(path)
	if path == "" {
		return session.SafeName(name)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return filepath.Join(path, session.SafeName(name))
	}
	return path
}

// nameAndPath takes the arguments of /get apart. More than two words are one name, for names may have spaces.
func nameAndPath(args string) (name, path string) {
	args = strings.TrimSpace(args)
	if rest, ok := strings.CutPrefix(args, `"`); ok {
		name, path, _ = strings.Cut(rest, `"`)
		return name, unquote(strings.TrimSpace(path))
	}
	if f := strings.Fields(args); len(f) == 2 {
		return f[0], f[1]
	}
	return args, ""
}

// home puts the person's folder in the place of ~, which no shell does here.
func home(path string) string {
	rest, ok := strings.CutPrefix(path, "~/")
	if !ok {
		return path
	}
	folder, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(folder, rest)
}

func hearProgress(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.transfer.shown = fmt.Sprintf("%s: %d%% %s", clip(e.Who, 20), 100*e.N/max(1, e.Count), e.Text)
	return nil
}

// hearSent tells the room that was in sight then, as the page does, in the words by which the page knows it.
func hearSent(w *window, _ *pane, e *session.Event) tea.Cmd {
	if p := w.find(e.Tag); p != nil && w.chat.Room(e.Tag) != nil {
		act(w, p, "shared a file: "+e.Who+" ("+sizeText(e.Count)+")")
	}
	return w.transfer.ended(w, e.Who+" was sent ("+plural(int(e.Count), "byte")+"); others get it by /get "+quoted(e.Who))
}

func hearStored(w *window, _ *pane, e *session.Event) tea.Cmd {
	return w.transfer.ended(w, e.Who+" is in "+e.Text+" ("+plural(int(e.Count), "byte")+").")
}

func (t *transfer) ended(w *window, words string) tea.Cmd {
	t.shown = ""
	w.tell(toneNotice, words)
	return nil
}

func hearFailed(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.transfer.shown = ""
	w.tell(toneAlarm, e.Text)
	return nil
}
