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

// bareNumeric is numeric without words: of the parameters, none stands behind a colon.
func (w *writer) bareNumeric(code int, params ...string) {
	w.bare(itoa3(code), append([]string{orStar(w.nick)}, params...)...)
}

// itoa3 is a numeric as it is written.
func itoa3(code int) string {
	return string([]byte{'0' + byte(code/100%10), '0' + byte(code/10%10), '0' + byte(code%10)})
}
