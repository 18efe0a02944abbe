package line

import "bytes"

// Head returns how many bytes at the front of text, a line that Append has made, say what kind of line it is and whose: "[ana] ",
// "#go * ana ", "*ana* ", "> ana set the topic: ", "= TOPIC #go ". What stands behind them may be another's words. Where a line is laid out in
// several pieces they go in front of each. Head is 0 for what is no such line.
func (Dialect) Head(text []byte) int {
	id := behindID(text)
	if id < len(text) && text[id] == '#' {
		room := id + behindWords(text[id:], 1)
		return room + headHere(text[room:])
	}
	return id + headHere(text[id:])
}

// behindID is the offset behind the id of a message and its space, 0 if text doesn't begin with one.
func behindID(text []byte) int {
	if len(text) == 0 || text[0] != '@' {
		return 0
	}
	return behindWords(text, 1)
}

// headHere is Head of a line as it reads in the current room.
func headHere(text []byte) int {
	if len(text) == 0 {
		return 0
	}
	switch text[0] {
	case '[':
		return behind(text, "] ")
	case '*':
		if bytes.HasPrefix(text, []byte("* ")) {
			return behindWords(text, 2)
		}
		return behind(text, "* ")
	case '>', '<':
		if told := behind(text, ": "); told > 0 {
			return told
		}
		return behindWords(text, 1)
	case '=':
		return headOfAnswer(text)
	case '!':
		return behindWords(text, 2)
	}
	return behindWords(text, 1)
}

// headOfAnswer is Head of a line that begins with "= ": a message that was kept, behind its id, its time and where it was said, or a verb and what it is about.
func headOfAnswer(text []byte) int {
	verb := behindWords(text, 1)
	verb += behindID(text[verb:])
	if verb < len(text) && text[verb] >= '0' && text[verb] <= '9' {
		said := verb + behindWords(text[verb:], 1) // behind the time
		if said < len(text) && text[said] != '[' && text[said] != '*' {
			said += behindWords(text[said:], 1) // behind where, as SEARCH and EXPORT tell it
		}
		return said + headHere(text[said:])
	}
	return behindWords(text, 3)
}

// behind is the offset behind the first mark in text, 0 if there is none.
func behind(text []byte, mark string) int {
	if at := bytes.Index(text, []byte(mark)); at >= 0 {
		return at + len(mark)
	}
	return 0
}

// behindWords is the offset behind the first n words of text, each with the space behind it; fewer where there are fewer.
func behindWords(text []byte, n int) (offset int) {
	for range n {
		word := behind(text[offset:], " ")
		if word == 0 {
			break
		}
		offset += word
	}
	return offset
}
