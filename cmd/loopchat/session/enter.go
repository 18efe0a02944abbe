package session

// keyed is the tag of answers to an ADD with a key.
const keyed = "keyed"

// Enter signs in, and goes where the client wants to be; Ready comes when all of it has been answered.
func (l *Link) Enter(w *Wish) {
	if with, ok := l.withKey(w); ok {
		l.signIn(with, w.SignIn())
	} else if w.Name != "" {
		l.Say(w.SignIn())
	}
	for _, line := range w.places() {
		l.Say(line)
	}
	l.add(l.ready())
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

// ready is a fence behind which the client is told that it is ready, or another one where it is not yet.
func (l *Link) ready() item {
	return item{ask: &ask{done: func() {
		l.mu.Lock()
		again := l.post.again
		l.mu.Unlock()
		if again {
			l.add(l.ready())
			return
		}
		l.handle(Event{Kind: Ready})
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
