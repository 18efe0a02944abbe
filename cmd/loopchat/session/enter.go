package session

// keyed is the tag of answers to an ADD with a key.
const keyed = "keyed"

// Enter signs in, and goes where the client wants to be; Ready comes when all of it has been answered.
func (l *Link) Enter(w *Wish) {
	l.add(askForIDs())
	if w.Name != "" && w.Password != "" {
		logIn(l, w)
		return
	}
	if with, ok := l.withKey(w); ok {
		l.signIn(with, w.SignIn())
	} else if w.Name != "" {
		l.Say(w.SignIn())
	}
	settleIn(l, w.places(), 0)
}

// settleIn says the last lines of entering.
func settleIn(l *Link, lines []string, told int64) {
	for _, line := range lines {
		l.Say(line)
	}
	l.add(l.ready(told))
}

// askForIDs asks for ids in front of messages. A server that has none refuses that, for it begins with a slash, and says it to nobody.
func askForIDs() item {
	a := &ask{accepts: answersTo["IDS"], hear: func(e *Event) bool { return e.Kind == Refused && !asides[e.Who] }}
	return item{line: "/ids on\n", ask: a}
}

// logIn signs in by a password. In which rooms the person is already, and by which name, comes with the answer; what is missing there is asked for
// then. Where the person wants to be back, nothing is missing of rooms that have been left by another connection meanwhile.
func logIn(l *Link, w *Wish) {
	line, lines, name, account, back := w.SignIn(), w.places(), w.Name, w.account(), w.Back
	a, told, called := askOf(line), int64(0), ""
	a.hear = func(e *Event) bool {
		switch e.Kind {
		case Joined:
			told = 1
		case Named:
			called = e.Who
		}
		return false
	}
	a.done = func() {
		if told == 1 && back {
			lines = nil
		}
		if told == 0 && called == account && called != name {
			lines = append([]string{"NICK " + name}, lines...)
		}
		settleIn(l, lines, told)
	}
	l.add(item{line: line + "\n", ask: a})
}

// withKey returns the line that signs in by a key, which LOGIN needs no more than a server that is known not to know keys.
func (l *Link) withKey(w *Wish) (line string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w.Name == "" || w.Password != "" || l.post.outbox == nil || l.post.support == unsupported {
		return "", false
	}
	return "ADD " + w.Name + " " + l.post.outbox.key, true
}

// ready is a fence, told the N of Ready, behind which the client is told that it is ready, or another one where it is not yet.
func (l *Link) ready(told int64) item {
	return item{ask: &ask{done: func() {
		l.mu.Lock()
		again := l.post.again
		l.mu.Unlock()
		if again {
			l.add(l.ready(told))
			return
		}
		l.handle(Event{Kind: Ready, N: told})
	}}}
}

// signIn queues an ADD with the key by which the name can be taken over from a connection that is lost. A server that knows no keys refuses
// it, and says by that that it knows no numbers either; then the line without the key is said.
func (l *Link) signIn(with, without string) {
	l.add(item{line: with + "\n", ask: &ask{accepts: answersTo["ADD"], own: true, tag: keyed, hear: func(e *Event) bool {
		if !knowsNoKeys(e) {
			return false
		}
		a := askOf(without)
		a.done = l.signedIn
		l.mu.Lock()
		defer l.mu.Unlock()
		l.post.support, l.post.again = unsupported, true
		l.hurry(item{line: without + "\n", ask: a})
		return true
	}}})
}

// hurry queues an item before all others. It is called with the mutex held.
func (l *Link) hurry(i item) {
	l.queue = append([]item{i}, l.queue...)
	l.change.Broadcast()
}

func (l *Link) signedIn() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.post.again = false
}
