package room

// absence is how a user is away.
type absence struct{ words string }

// byWords says whether it is by AWAY.
func (a *absence) byWords() bool { return a != nil && a != &asleep && a != &unheld }

// asleep is the absence of all who are away for want of lines, and not by AWAY.
var asleep absence

// said is the user's words for it, none if it is here.
func (a *absence) said() string {
	if a == nil {
		return ""
	}
	return a.words
}

// absenceOf tells in passing that u is away, and how. It tells nothing of who is here.
func absenceOf(u *user) []Row {
	if u.away == nil {
		return nil
	}
	return []Row{{Name: u.name, Away: true, Text: u.away.words}}
}
