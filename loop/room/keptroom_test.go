package room

import (
	"slices"
	"testing"
)

// rightsOf is n rights of a kind.
func rightsOf(kind RightKind, n int) []Right {
	return slices.Repeat([]Right{{Kind: kind, Target: "ana"}}, n)
}

// TestKeptRoomsAreBounded: as many rights of a kind as there may be are in bounds, and one more isn't.
func TestKeptRoomsAreBounded(t *testing.T) {
	most := map[RightKind]int{RightOperator: MaxHelpers, RightVoice: MaxHelpers, RightBan: MaxRoomBans, RightInvite: MaxInvitations, RightExcept: MaxExceptions, RightInvex: MaxExceptions}
	for kind := range RightKinds {
		n := max(most[kind], 1)
		if k := (KeptRoom{Rights: rightsOf(kind, n)}); !k.InBounds() {
			t.Errorf("%d rights of kind %d are out of bounds", n, kind)
		}
		if k := (KeptRoom{Rights: rightsOf(kind, n+1)}); k.InBounds() {
			t.Errorf("%d rights of kind %d are in bounds", n+1, kind)
		}
	}
	both := KeptRoom{Rights: append(rightsOf(RightOperator, MaxHelpers/2), rightsOf(RightVoice, MaxHelpers/2)...)}
	if !both.InBounds() {
		t.Error("operators and voices up to the bound together are out of bounds")
	}
	if both.Rights = append(both.Rights, rightsOf(RightVoice, 1)...); both.InBounds() {
		t.Error("operators and voices are bounded each by itself, want together")
	}
	for _, kind := range []RightKind{0, rightKinds, 255} {
		if k := (KeptRoom{Rights: rightsOf(kind, 1)}); k.InBounds() {
			t.Errorf("a right of kind %d, which there isn't, is in bounds", kind)
		}
	}
}

func TestFounderOfKeptRoom(t *testing.T) {
	k := KeptRoom{Rights: []Right{{Kind: RightVoice, Target: "bob"}, {Kind: RightFounder, Target: "ana"}}}
	if got := k.Founder(); got != "ana" {
		t.Errorf("Founder = %q, want ana", got)
	}
	if k.Rights = k.Rights[:1]; k.Founder() != "" {
		t.Errorf("Founder = %q, want none", k.Founder())
	}
}
