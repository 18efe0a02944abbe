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
	digits := digitsOf(code)
	w.bare(string(digits[:]), append([]string{orStar(w.nick)}, params...)...)
}

// digitsOf is a numeric as it is written.
func digitsOf(code int) [3]byte {
	return [3]byte{'0' + byte(code/100%10), '0' + byte(code/10%10), '0' + byte(code%10)}
}

// lacks says that a command has too few parameters.
func (w *writer) lacks(command string) { w.numeric(461, command, "Not enough parameters") }
