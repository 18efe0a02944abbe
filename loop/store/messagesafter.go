package store

import (
	"cmp"
	"fmt"
	"slices"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// MessagesAfter returns the first n messages behind that one, in the order of their ids, wherever they were said and whoever has them: as Say takes them, so that another store keeps the same rows. Of a private
// message each side's copy is one of its own, and no page ends between two. Fewer than n are the last. What is being erased is not among them. It looks at each place in which something was said since, and waits for the
// disk: it may be called from any goroutine but an event loop's.
func (s *Store) MessagesAfter(id room.MsgID, n int) (all []Message, err error) {
	err = s.lookups.read(s.path, func(r *reader) error {
		all, err = messagesAfter(r.conn, storedID(uint64(id)), n)
		return err
	})
	if err != nil {
		return nil, refuse(s.path, err)
	}
	return all, nil
}

// livePlace is one in which messages stand that are not being erased: a room's, or with an owner the box of that account.
type livePlace struct {
	number, place int64
	room, owner   string
}

func messagesAfter(conn *sqlite.Conn, after int64, n int) (all []Message, err error) {
	var places []livePlace
	err = query(conn, `SELECT p.number, ifnull(p.place, 0), ifnull(p.room, ''), ifnull(o.key, '') FROM places p LEFT JOIN accounts o ON o.number = p.owner
		WHERE p.last > ? AND (p.place IS NOT NULL OR o.key IS NOT NULL AND o.key NOT IN (SELECT account FROM forgetting))`, with(after), func(stmt *sqlite.Stmt) {
		places = append(places, livePlace{stmt.ColumnInt64(0), stmt.ColumnInt64(1), stmt.ColumnText(2), stmt.ColumnText(3)})
	})
	if err != nil {
		return nil, err
	}
	upTo := int64(1<<63 - 1) // nothing behind it can be on the page
	for _, p := range places {
		if all, err = p.after(conn, all, after, upTo, n); err != nil {
			return nil, err
		}
		if len(all) >= 2*n {
			all, upTo = page(all, n), storedID(uint64(all[n-1].ID))
		}
	}
	return page(all, n), nil
}

// page is the first n in order of id, and of the last one both copies.
func page(all []Message, n int) []Message {
	slices.SortFunc(all, func(a, b Message) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Copies, b.Copies)) })
	end := min(n, len(all))
	for end > 0 && end < len(all) && all[end].ID == all[end-1].ID {
		end++
	}
	return all[:end]
}

// after appends the first n messages of the place between two ids.
func (p *livePlace) after(conn *sqlite.Conn, to []Message, after, upTo int64, n int) ([]Message, error) {
	err := query(conn, `SELECT m.id, m.at, m.kind, ifnull(a.key, ''), m.who, ifnull(m.who_key, m.who), ifnull(t.key, ''), ifnull(m.peer, ''), m.text FROM messages m
		LEFT JOIN accounts a ON a.number = m.account LEFT JOIN talks t ON t.number = m.talk
		WHERE m.place = ? AND m.id > ? AND m.id <= ? AND ifnull(a.key NOT IN (SELECT account FROM forgetting), TRUE) ORDER BY m.id LIMIT ?`, with(p.number, after, upTo, int64(n)),
		func(stmt *sqlite.Stmt) { to = append(to, p.message(stmt)) })
	if err != nil {
		return nil, fmt.Errorf("read what was said: %w", err)
	}
	return to, nil
}

func (p *livePlace) message(stmt *sqlite.Stmt) Message {
	id, at, how := room.MsgID(idOf(stmt.ColumnInt64(0))), stmt.ColumnInt64(1), manner(stmt.ColumnInt64(2))
	account, who, key, text := stmt.ColumnText(3), stmt.ColumnText(4), stmt.ColumnText(5), stmt.ColumnText(8)
	if p.owner == "" {
		return Message{
			ID: id, Place: room.PlaceID(idOf(p.place)), Room: p.room, Who: who, WhoKey: key, Account: account, Text: text, At: at, Action: how.base() == acted, Notice: how&noticed != 0, Event: how&happened != 0,
		}
	}
	l := &room.Letter{ID: id, At: at, Text: text, Action: how&privateDeed != 0, Notice: how&noticed != 0, From: who, FromKey: key, FromAccount: account}
	if how.base() == sent {
		l.FromAccount, l.ToKey, l.To = p.owner, stmt.ColumnText(6), stmt.ColumnText(7)
		return Message{ID: id, At: at, To: l, Copies: SentCopy}
	}
	l.ToAccount = p.owner
	return Message{ID: id, At: at, To: l, Copies: GottenCopy}
}
