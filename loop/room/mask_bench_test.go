package room

import (
	"fmt"
	"testing"
)

// BenchmarkAgainst is what a message costs in a room with as many masks as there may be, none of which means who says it; and with the worst of masks and names.
func BenchmarkAgainst(b *testing.B) {
	for _, row := range []struct{ name, mask, nick string }{
		{"hosts", "*!*@*.pool%d.example", "someone"},
		{"worst", "*aaaaaaaaaaaaaaaab%d*!*@*", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
	} {
		b.Run(row.name, func(b *testing.B) {
			l := &roomRights{}
			for n := range MaxRoomBans {
				t, told, ok := parseTarget(fmt.Sprintf(row.mask, n))
				if !ok {
					b.Fatal(told)
				}
				l.add(held{Right: Right{Kind: RightBan, Target: told}, user: NoUser, target: t})
			}
			u := &user{name: row.nick, key: row.nick, first: session{from: "cloak.of.example 10.0.0.1:1", flags: there}}
			b.ReportAllocs()
			for b.Loop() {
				if l.against(u, "", 0, anyBan) != nil {
					b.Fatal("it is meant")
				}
			}
		})
	}
}
