package irc

// plain is a line that comes from nobody, as ERROR does.
func (w *writer) plain(command, words string) {
	w.dst = append(append(w.dst, command...), " :"...)
	w.dst = append(appendWords(w.dst, within(words, maxRest-len(command)-len(" :"))), "\r\n"...)
}

// fail is a standard reply (IRCv3): to a command, with a code, what it is about, and words.
func (w *writer) fail(command, code string, about ...string) {
	w.send("FAIL", append([]string{command, code}, about...)...)
}
