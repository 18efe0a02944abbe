package room

// The metadata of who has an account is the account's, and outlives the user: it is kept key by key.

// KeptKey is a key of an account's metadata, with its value; "": it has none any more.
type KeptKey struct{ Account, Key, Value string }

// recordKeys has changed keys of an account kept.
func recordKeys(s *State, a *account, keys []KeyValue) {
	for _, k := range keys { // at most 2*MaxMetadata
		s.out.record(Record{Key: &KeptKey{Account: a.key, Key: k.Key, Value: k.Value}})
	}
}

// keyed is the metadata of p, which may be nil.
func (p *Past) keyed() metadata {
	if p == nil {
		return nil
	}
	return metadataFrom(p.Metadata)
}

// recallKeys gives u, who is here by its account from now on, what was kept of that. What u has set itself counts.
func recallKeys(s *State, u *user, kept metadata) {
	setMetadata(u, metadataOf(u).over(kept))
	recordKeys(s, u.account(), kept.changed(metadataOf(u)))
}

// bringKeys gives p, who has an account, what another user has set who turns out to be p.
func bringKeys(s *State, p, another *user) {
	if another.account() != nil || len(metadataOf(another)) == 0 {
		return
	}
	noteOwner(&s.changes, p)
	had := metadataOf(p)
	setMetadata(p, metadataOf(another).over(had))
	recordKeys(s, p.account(), had.changed(metadataOf(p)))
}

// loseKeys is when the account of u, who may be nil, ends.
func loseKeys(s *State, u *user) {
	if u != nil {
		recordKeys(s, u.account(), metadataOf(u).changed(nil))
	}
}
