package ban

import "cmp"

// Entry is one ban or shun.
type Entry struct {
	Target Target
	// Shun says that they are kept quiet, and not out.
	Shun bool
	// Until is the second of wall clock from which it no longer holds. 0 is for ever.
	Until int64
	// Since is the second of wall clock in which it was set.
	Since int64
	// By is the operator who set it, and Words what that one said about it.
	By, Words string
}

// Compare orders entries by target, a ban before a shun. Entries that are equal in it replace each other. It returns -1, 0 or +1.
func (e Entry) Compare(other Entry) int {
	return cmp.Or(e.Target.Compare(other.Target), compareBools(e.Shun, other.Shun))
}

func (e Entry) over(now int64) bool {
	return e.Until != 0 && e.Until <= now
}

// lastsLonger says whether it holds longer than the other one.
func (e Entry) lastsLonger(other Entry) bool {
	return other.Until != 0 && (e.Until == 0 || e.Until > other.Until)
}
