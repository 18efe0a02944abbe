package session

// Look asks for what was said before: a line of HISTORY or SEARCH, with a slash in front, for a server that has neither says it to nobody then. What the server
// answers has the tag: the head of the answer, its rows, or an error. Answered comes behind them, once, unless the connection ends before.
func (l *Link) Look(line, tag string) {
	a := askOf(line)
	a.tag, a.done = tag, func() { l.handle(Event{Kind: Answered, Tag: tag}) }
	l.add(item{line: line + "\n", ask: a})
}
