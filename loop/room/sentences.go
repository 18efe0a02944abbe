package room

// sentences is what is held against names, each for a time.
type sentences struct {
	of   map[string]sentence // by key
	ends int64               // before when none of them ends, in seconds of wall clock; 0: none ends
}

// sentence is until when something holds, in seconds of wall clock, 0 for ever, and words for whom it hits.
type sentence struct {
	until int64
	words string
}

func newSentences() sentences { return sentences{of: map[string]sentence{}} }

// over says whether it has ended.
func (x sentence) over(now int64) bool { return x.until != 0 && now >= x.until }

// find returns what holds against the name.
func (l *sentences) find(key string, now int64) (sentence, bool) {
	x, ok := l.of[key]
	return x, ok && !x.over(now)
}

// set holds x against the name, or nothing any more where x.until is None, and forgets what is over.
func (l *sentences) set(key string, x sentence, now int64) {
	if l.ends != 0 && now >= l.ends {
		l.forget(now)
	}
	if x.until == None {
		delete(l.of, key)
		return
	}
	l.of[key] = x
	l.noteEnd(x)
}

func (l *sentences) noteEnd(x sentence) {
	if x.until != 0 && (l.ends == 0 || x.until < l.ends) {
		l.ends = x.until
	}
}

func (l *sentences) forget(now int64) {
	l.ends = 0
	for key, x := range l.of {
		if x.over(now) {
			delete(l.of, key)
		} else {
			l.noteEnd(x)
		}
	}
}
