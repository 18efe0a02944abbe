package main

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"looproom/loop/room"
)

// maxTyped is the longest line that can be typed, in bytes. With the name of a room in front it is still less than the 8 KiB that servers take.
const maxTyped = 7 << 10

// pressed has what each key does that isn't for the line alone.
var pressed = map[string]func(*window) tea.Cmd{
	"ctrl+c":    leave,
	"ctrl+z":    func(*window) tea.Cmd { return tea.Suspend },
	"enter":     (*window).enter,
	"tab":       func(w *window) tea.Cmd { w.typing.complete(w, 1); return nil },
	"shift+tab": func(w *window) tea.Cmd { w.typing.complete(w, -1); return nil },
	"pgup":      func(w *window) tea.Cmd { return scroll(w, w.page()) },
	"pgdown":    func(w *window) tea.Cmd { return scroll(w, -w.page()) },
	"esc":       func(w *window) tea.Cmd { w.shown().toEnd(); return nil },
	"up":        func(w *window) tea.Cmd { w.typing.recall(-1); return nil },
	"down":      func(w *window) tea.Cmd { w.typing.recall(1); return nil },
	"ctrl+n":    func(w *window) tea.Cmd { return w.step(1) },
	"ctrl+p":    func(w *window) tea.Cmd { return w.step(-1) },
}

// press does what a key does.
func (w *window) press(key tea.KeyPressMsg) tea.Cmd {
	active(w)
	name := key.String()
	if w.question != nil && name != "ctrl+c" {
		return w.answer(name)
	}
	if do := pressed[name]; do != nil {
		if name != "tab" && name != "shift+tab" {
			w.typing.finding = completion{}
		}
		return do(w)
	}
	w.typing.finding = completion{}
	if digit, ok := strings.CutPrefix(name, "alt+"); ok && len(digit) == 1 && digit >= "1" && digit <= "9" {
		w.show(int(digit[0] - '1'))
		return nil
	}
	if name == "end" && w.typing.input.text == "" {
		w.shown().toEnd()
	} else if edit := edits[name]; edit != nil {
		edit(&w.typing.input)
	} else if key.Text != "" {
		w.typing.input.insert(key.Text)
	}
	return nil
}

func (w *window) step(by int) tea.Cmd {
	w.show((w.at + by + len(w.panes.all)) % len(w.panes.all))
	return nil
}

// question is something that must be answered before anything else is typed.
type question struct {
	words string
	grave bool // only y is a yes: it can't be taken back
	yes   func()
}

// answer takes a key as the answer; only some keys are one.
func (w *window) answer(key string) tea.Cmd {
	q := w.question
	if key == "enter" && q.grave {
		return nil
	}
	switch key {
	case "enter", "y", "Y":
		w.question = nil
		q.yes()
	case "esc", "n", "N":
		w.question = nil
	}
	return nil
}

// paste takes text from the clipboard. Several lines are said one by one, as they are: what looks like a command in there is none.
func (w *window) paste(text tea.PasteMsg) {
	if w.question != nil {
		return
	}
	w.typing.finding = completion{}
	lines := pastedLines(w.typing.input.text, text.Content)
	if len(lines) < 2 {
		if !w.typing.input.insert(strings.TrimRight(text.Content, "\r\n")) {
			w.tell(toneAlarm, "That is longer than a line can be; /send PATH sends a file.")
		}
		return
	}
	w.question = &question{
		words: "Say " + plural(len(lines), "line") + ", from \"" + clip(lines[0], 20) + "\" on? Enter: yes, Esc: no",
		yes: func() {
			w.typing.input = editor{}
			for _, line := range lines {
				sayPasted(w, line)
			}
		},
	}
}

// sayPasted says a line of a paste, unless a password seems to stand in it.
func sayPasted(w *window, line string) {
	if cmd, _ := understand(line); cmd.Why == room.GivesAway {
		w.complain(line, &cmd)
		return
	}
	w.sayWords(line)
}

// pastedLines returns the lines of a paste that have words. What has been typed before stands in front of the first.
func pastedLines(typed, pasted string) (lines []string) {
	pasted = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(pasted)
	if !strings.Contains(strings.TrimSpace(pasted), "\n") {
		return []string{pasted}
	}
	for line := range strings.Lines(typed + pasted) {
		if line = strings.TrimRight(line, " \n"); strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
