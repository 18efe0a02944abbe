package session

import "strconv"

// parcel is something that a person has said, until the server is known to have it. Its outbox guards what changes in it.
type parcel struct {
	number int64
	verb   string // TEXT or ME
	words  string // behind the verb
	room   string // which the server must have as the current one; "" for any
	queued int    // the connection that has it in its queue, 0 for none
	sent   int    // the last connection that it was written to, 0 for none
	marked bool   // its number was written, too
}

// line is the parcel as it goes over the wire, with its number if the server is to know it again.
func (p *parcel) line(id string) string {
	if !p.marked {
		return p.verb + " " + p.words
	}
	return p.verb + " ID=" + id + ":" + strconv.FormatInt(p.number, 10) + " " + p.words
}
