package main

import (
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// exportTo is /export FILE: all that the person has said, as lines of JSON.
func exportTo(w *window, args string) tea.Cmd {
	path := home(unquote(args))
	switch link := w.session.Link(); {
	case path == "":
		w.tell(toneAlarm, "/export FILE writes all that you have said into a file, as lines of JSON.")
		return nil
	case link == nil || w.entrance.state != up:
		w.tell(toneAlarm, "There is no connection to export by.")
		return nil
	}
	info, err := os.Lstat(path)
	if err == nil && info.IsDir() {
		path = filepath.Join(path, "messages.jsonl")
		_, err = os.Lstat(path)
	}
	if err == nil {
		w.question = &question{words: path + " is there already. Replace it? Enter: yes, Esc: no", yes: func() { export(w, path, true) }}
		return nil
	}
	export(w, path, false)
	return nil
}

func export(w *window, path string, replace bool) {
	link := w.session.Link()
	if link == nil {
		return
	}
	if err := session.Export(link, path, replace); err != nil {
		w.tell(toneAlarm, err.Error())
		return
	}
	w.transfer.shown = "export"
	w.tell(toneNotice, "Writing "+path+"...")
}

func hearExporting(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.transfer.shown = "export: " + plural(int(e.N), "message")
	return nil
}

func hearExported(w *window, _ *pane, e *session.Event) tea.Cmd {
	return w.transfer.ended(w, e.Who+" has all that you have said ("+plural(int(e.Count), "message")+"). Only you may read it.")
}

// forget is /forget me.
func forget(w *window, args string) tea.Cmd {
	if !strings.EqualFold(strings.TrimSpace(args), "me") {
		w.tell(toneAlarm, "/forget me takes out all that you have ever said here, and your account, for ever. /export FILE keeps a copy before.")
		return nil
	}
	w.question = &question{
		words: "Take out all that you have ever said here, and your account, for ever? y: yes, n or Esc: no",
		grave: true, yes: func() { w.send("/forget me") },
	}
	return nil
}

func hearForgotten(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.tell(toneAlarm, "What you have said ("+plural(int(e.Count), "message")+") and the account "+e.Who+" are gone for ever. What is still on this screen goes with it, or with /clear.")
	return nil
}
