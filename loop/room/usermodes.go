package room

import "strings"

// userModes are what a user wants to be known as, a bit for each letter.
type userModes uint8

const (
	invisible userModes = 1 << iota // strangers are not to find it
	hearsAll                        // it is told what operators say to all
	program                         // it is no person
	knownOnly                       // only who has an account may write to it alone
)

// modeLetters are the letters of modes, as IRC has them, in the order in which they are told; that of operators stands among them, and is only taken by Mark.
const (
	modeLetters  = "BRiw"
	operatorMode = 'o'
)

// modeOf is the mode of a letter, 0 if it has none.
func modeOf(letter rune) userModes {
	switch letter {
	case 'i':
		return invisible
	case 'w':
		return hearsAll
	case 'B':
		return program
	case 'R':
		return knownOnly
	}
	return 0
}

// modesOf are u's. Who says nothing of itself is invisible.
func modesOf(u *user) userModes {
	if i := identOf(u); i != nil {
		return i.modes
	}
	return invisible
}

// hasMode says whether u has that mode.
func hasMode(u *user, mode userModes) bool { return modesOf(u)&mode != 0 }

// mayWriteTo returns why one may not write to u alone.
func mayWriteTo(t turn, u *user) (why Refusal) {
	if hasMode(u, knownOnly) && u != t.u && accountOf(t.u) == "" && !t.rights.isOperator(t.cmd.Client) {
		return Refusal{Why: KnownOnly, Who: u.name}
	}
	return why
}

// doMark gives t's user modes, or takes them. Its other sessions are told of what has changed.
func doMark(t turn) {
	var changed strings.Builder
	for _, letter := range t.cmd.Name {
		switch mode := modeOf(letter); {
		case letter == operatorMode && t.cmd.Off && t.rights.isOperator(t.cmd.Client):
			delete(t.rights.operators, t.cmd.Client)
			changed.WriteRune(letter)
		case mode != 0 && hasMode(t.u, mode) == t.cmd.Off:
			toggle(t, mode)
			changed.WriteRune(letter)
		}
	}
	told := Event{Kind: MarkedAs, Who: t.u.name, Off: t.cmd.Off, Text: modesTold(t, t.cmd.Client)}
	if changed.Len() == 0 {
		t.answer(told)
		return
	}
	told.List = []Row{{Name: changed.String()}}
	t.answer(told)
	for of := range t.u.sessions {
		if of.client != t.cmd.Client && changed.String() != string(operatorMode) {
			told.Text = modesTold(t, of.client)
			t.out.answer(of.client, told)
		}
	}
}

// toggle gives t's user a mode that it hasn't, or takes one that it has.
func toggle(t turn, mode userModes) {
	describe(t.u).modes ^= mode
	switch {
	case mode != invisible:
	case hasMode(t.u, invisible):
		t.census.visible--
	default:
		t.census.visible++
	}
}

// modesTold are all modes that the session has.
func modesTold(t turn, id ClientID) string {
	return lettersOf(t.u, t.rights.isOperator(id))
}

// lettersOf are all modes that u has, with that of operators if it is one.
func lettersOf(u *user, operates bool) string {
	told := []byte("+")
	for _, letter := range modeLetters {
		if hasMode(u, modeOf(letter)) {
			told = append(told, byte(letter))
		}
	}
	if operates {
		told = append(told, operatorMode)
	}
	return string(told)
}
