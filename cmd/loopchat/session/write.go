package session

import "strings"

// write sends what is queued, as much as the flow allows, until the link ends.
func (l *Link) write() {
	for {
		text, file, ok := l.next()
		if !ok {
			return
		}
		if err := l.put(text, file); err != nil {
			l.conn.Close()
			return
		}
	}
}

// put writes a file, if there is one, and then the text.
func (l *Link) put(text []byte, file *upload) error {
	if file != nil {
		if err := file.send(l); err != nil {
			return err
		}
	}
	_, err := l.conn.Write(text)
	return err
}

// next waits for something to send: several lines with a fence behind them, or a file and its fence.
func (l *Link) next() (text []byte, file *upload, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		if l.ended {
			return nil, nil, false
		}
		if len(l.queue) > 0 && l.queue[0].file != nil {
			file = l.queue[0].file
			l.queue = l.queue[1:]
			l.flow.sent(len(file.head()), nil)
			return []byte(l.flow.fenceFor(file.ask())), file, true
		}
		text = l.takeLines()
		if !l.ending {
			text = append(text, l.flow.fence(l.probe)...)
		}
		if len(text) > 0 {
			l.probe = false
			l.change.Broadcast()
			return text, nil, true
		}
		l.change.Wait()
	}
}

// takeLines takes the lines up to the next file, as far as the flow allows.
func (l *Link) takeLines() (text []byte) {
	for len(l.queue) > 0 && l.queue[0].file == nil && !l.flow.full() && !l.ending {
		i := l.queue[0]
		l.queue = l.queue[1:]
		if i.parcel != nil {
			text = append(text, l.pack(i.parcel)...)
			continue
		}
		text = append(text, l.takeLine(i)...)
	}
	return text
}

// takeLine counts a line, and puts a fence behind it where its answer must be told apart. Behind END nothing may stand.
func (l *Link) takeLine(i item) string {
	if verbOf(strings.TrimSuffix(i.line, "\n")) == "END" {
		l.ending = true
		return i.line
	}
	if i.line != "" {
		l.flow.sent(len(i.line), nil)
	}
	if i.ask != nil {
		return i.line + l.flow.fenceFor(i.ask)
	}
	return i.line
}
