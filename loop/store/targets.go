package store

import (
	"cmp"
	"math"
	"slices"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// mostTalks is how many conversations are looked at for who asks with whom it has written: those that began last.
const mostTalks = 1000

// targets answers a look for the places in which something was said last between two times, each with that time, in its order.
func (r *reader) targets(look *room.Look) (Found, error) {
	all, err := r.lastOfRooms(look)
	if err == nil && look.Letters {
		all, err = r.lastOfTalks(look, all)
	}
	if err != nil {
		return Found{}, err
	}
	slices.SortFunc(all, func(a, b room.Row) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Who, b.Who)) })
	n := min(len(all), look.N)
	if look.Latest {
		return Found{all[len(all)-n:], n == len(all)}, nil
	}
	return Found{all[:n], n == len(all)}, nil
}

// lastOfRooms are the rooms in which something was said last in the time that is meant.
func (r *reader) lastOfRooms(look *room.Look) (all []room.Row, err error) {
	fields, err := r.rooms(look.Places)
	for _, f := range fields {
		last, _, err := r.page(f, down, math.MaxInt64, math.MinInt64, 1)
		if err != nil {
			return nil, err
		}
		if len(last) > 0 && inTimeOf(look, last[0].At) {
			all = append(all, room.Row{Who: f.room, At: last[0].At})
		}
	}
	return all, err
}

// lastOfTalks appends the users with whom the account has written last in the time that is meant.
func (r *reader) lastOfTalks(look *room.Look, all []room.Row) ([]room.Row, error) {
	f, has, err := r.box(look.Account, "")
	if !has || err != nil {
		return all, err
	}
	talks, err := integers(r.conn, "SELECT number FROM talks WHERE box = ? ORDER BY number DESC LIMIT ?", f.place, int64(mostTalks))
	if err != nil {
		return all, err
	}
	for _, talk := range talks {
		err := query(r.conn, "SELECT m.at, m.peer FROM messages m WHERE m.place = ?1 AND m.id = (SELECT max(id) FROM spoken WHERE talk = ?2)", with(f.place, talk), func(stmt *sqlite.Stmt) {
			if at := stmt.ColumnInt64(0); inTimeOf(look, at) {
				all = append(all, room.Row{Who: stmt.ColumnText(1), At: at, Own: true})
			}
		})
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// inTimeOf says whether the time is within the bounds of a look.
func inTimeOf(look *room.Look, at int64) bool {
	return at >= look.AfterAt && (look.BeforeAt == 0 || at < look.BeforeAt)
}
