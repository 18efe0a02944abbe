package room

import (
	"slices"
	"strings"
)

// recordOf is what outlives a restart of r: nothing of who has no account.
func recordOf(r *chatRoom) *KeptRoom {
	k := &KeptRoom{Key: r.key, Name: r.name, Place: r.place, Topic: r.topic, TopicBy: r.topicBy, TopicAt: r.topicAt, Created: r.created, Metadata: r.metadata}
	if r.rights == nil {
		return k
	}
	for i := range r.rights.all {
		if h := &r.rights.all[i]; h.user == NoUser {
			k.Rights = append(k.Rights, h.Right)
		}
	}
	return k
}

// equals says whether two records are the same, but for the order of their rights' kinds.
func (k *KeptRoom) equals(other *KeptRoom) bool {
	byKind := func(rights []Right) []Right {
		return slices.SortedStableFunc(slices.Values(rights), func(a, b Right) int { return int(a.Kind) - int(b.Kind) })
	}
	return k.Key == other.Key && k.Name == other.Name && k.Place == other.Place && k.Topic == other.Topic && k.TopicAt == other.TopicAt && k.Created == other.Created && slices.Equal(k.Metadata, other.Metadata) && slices.Equal(byKind(k.Rights), byKind(other.Rights))
}

// noLongerKept is when r ends with its last member again, unless somebody stays in it.
func noLongerKept(s *State, r *chatRoom) {
	r.rights.drop(func(h *held) bool { return h.Kind == RightKept })
	if s.hall.count(r); len(r.members) == 0 {
		s.hall.close(r)
	}
}

// loseRights takes from an account that ends all that it has in rooms: whoever gets its name must not have it. A room that is kept is no longer, if it was its founder's. It looks
// through all rooms, of which there are at most Config.MaxRooms.
func loseRights(s *State, account string) {
	var lost []*chatRoom
	for _, r := range s.hall.rooms {
		if r.rights != nil && r.rights.drop(func(h *held) bool { return h.account == account }) {
			lost = append(lost, r)
		}
	}
	slices.SortFunc(lost, func(a, b *chatRoom) int { return strings.Compare(a.key, b.key) })
	for _, r := range lost {
		if r.rights.has(RightKept) && !r.rights.has(RightFounder) {
			noLongerKept(s, r)
		}
		s.changes.room(r)
	}
}
