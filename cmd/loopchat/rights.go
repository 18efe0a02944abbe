package main

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
	"looproom/loop/room"
)

// Answers about connections and rights, as people read them.

func hearKeep(w *window, _ *pane, e *session.Event) tea.Cmd {
	text := "You leave your rooms when your last connection ends. /keep on keeps you there."
	if e.Count == 1 {
		text = "You stay in your rooms when your last connection ends, and are told later what was said. /keep off ends that."
	}
	w.put(nil, entry{tone: toneAnswer, text: text})
	return nil
}

func hearSessions(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.put(nil, entry{tone: toneAnswer, text: plural(int(e.Count), "connection") + " of yours; /logout N ends one:"})
	return nil
}

func hearSession(w *window, _ *pane, e *session.Event) tea.Cmd {
	this := ""
	if e.This {
		this = "  (this one)"
	}
	idle := (time.Duration(e.N) * time.Second).String()
	text := fmt.Sprintf("%3d  since %s  idle %s  from %s%s", e.Count, e.When.Local().Format("2006-01-02 15:04"), idle, e.Who, this)
	w.put(nil, entry{tone: toneAnswer, text: text})
	return nil
}

func hearSessionOver(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.put(nil, entry{tone: toneAnswer, text: fmt.Sprintf("Your connection %d has been ended.", e.Count)})
	return nil
}

func hearRights(w *window, at *pane, e *session.Event) tea.Cmd {
	text := e.Who + ": " + plural(int(e.Count), "right")
	if e.Count == 0 {
		text = "Nobody has rights of their own in " + e.Who + "."
	}
	w.put(at, entry{tone: toneAnswer, text: text})
	return nil
}

func hearRight(w *window, at *pane, e *session.Event) tea.Cmd {
	w.put(at, entry{tone: toneAnswer, text: "  " + localTimes(e.Text)})
	return nil
}

func hearRoomSet(w *window, at *pane, e *session.Event) tea.Cmd {
	text := e.Who + ": " + e.Text
	if e.Text == "CLEAR" {
		text = "All that was said in " + e.Who + " is erased. What is still on this screen goes with /clear."
	}
	w.put(at, entry{tone: toneAnswer, text: text})
	return nil
}

// localTimes writes the times of the protocol as the person's clock has them.
func localTimes(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		if when, err := time.Parse(time.RFC3339, word); err == nil {
			words[i] = when.Local().Format("2006-01-02 15:04")
		}
	}
	return strings.Join(words, " ")
}

// govern is /room: of the room in sight, where no other is named.
func govern(w *window, text string, _ *room.Command) tea.Cmd {
	args := strings.TrimSpace(afterVerb(text))
	switch {
	case !strings.HasPrefix(args, "#") && !isRoom(w):
	case clears(args):
		line := ofRoomInSight(w, args)
		w.question = &question{
			words: "Forget all that was ever said in " + strings.Fields(line)[1] + ", for everybody? y: yes, n or Esc: no",
			grave: true, yes: func() { w.send(line) },
		}
	default:
		w.send(ofRoomInSight(w, args))
	}
	return nil
}

// clears says whether the arguments of /room have the room forget what was said.
func clears(args string) bool {
	f := strings.Fields(args)
	if len(f) > 0 && strings.HasPrefix(f[0], "#") {
		f = f[1:]
	}
	return len(f) == 1 && strings.EqualFold(f[0], "clear")
}

// ofRoomInSight is a /room command with the room that it is about, which is the one in sight where none is named.
func ofRoomInSight(w *window, args string) string {
	if strings.HasPrefix(args, "#") {
		return "/room " + args
	}
	return strings.TrimSpace("/room " + w.shown().room + " " + args)
}

// invite is /invite NAME.
func invite(w *window, args string) {
	if args = strings.TrimSpace(args); args == "" {
		w.tell(toneAlarm, "/invite NAME lets a user come into the room in sight, though it is locked or has a key.")
		return
	}
	if !isRoom(w) {
		return
	}
	w.send(ofRoomInSight(w, "INVITE "+args))
}
