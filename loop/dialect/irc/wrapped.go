package irc

// wrapped appends a reply that has all items behind front, with sep between them, in as many lines as it takes. Without items there is none. No line may be open.
func (w *writer) wrapped(code int, items []string, sep string, front ...string) {
	digits := digitsOf(code)
	room := w.room(string(digits[:]), append([]string{orStar(w.nick)}, front...)...)
	var line []byte
	tell := func() {
		w.numeric(code, append(front[:len(front):len(front)], string(line))...)
		line = line[:0]
	}
	for _, item := range items {
		if len(line) > 0 && len(line)+len(sep)+len(item) > room {
			tell()
		}
		if len(line) > 0 {
			line = append(line, sep...)
		}
		line = append(line, item...)
	}
	if len(line) > 0 {
		tell()
	}
}
