package room

import "testing"

// TestEveryVerbHasARow: a verb without a function is one of those that belong to no user, and each has a name for the log.
func TestEveryVerbHasARow(t *testing.T) {
	nobodys := map[Verb]bool{Connect: true, Tick: true, Configure: true, LimitHistory: true, Start: true, Registered: true, Unregistered: true, RoomKept: true, PersonKept: true, RestoreRoom: true, Remember: true, RestorePerson: true, Restored: true, Forgotten: true, RoomCleared: true, MessageErased: true, SetBan: true, SetShun: true, NodeGone: true}
	names := map[string]Verb{}
	for v := Verb(1); v < verbs; v++ {
		if v.String() == "other" || nobodys[v] != (v.row().do == nil) {
			t.Errorf("verb %d is called %q, and has a function: %t", v, v, v.row().do != nil)
		}
		if other, is := names[v.String()]; is && other != Say { // Plea is one of its forms
			t.Errorf("verbs %d and %d are both called %q", other, v, v)
		}
		names[v.String()] = v
	}
	for _, v := range []Verb{0, verbs, 255} {
		if v.String() != "other" || v.Asks() || v.AnswersLong() || v.HasSecret() {
			t.Errorf("verb %d, which is none, is called %q", v, v)
		}
	}
}

// Who has not said the server's password can do nothing to others.
func TestLockedVerbs(t *testing.T) {
	for v := Verb(1); v < verbs; v++ {
		switch v {
		case Pass, Ping, Help, End, Refuse, Reply, Admit, BanClient, ShunClient, Disconnect:
			if !v.row().has(first) {
				t.Errorf("%v doesn't work for who has not said the server's password", v)
			}
		default:
			if v.row().has(first) {
				t.Errorf("%v works for who has not said the server's password", v)
			}
		}
	}
}
