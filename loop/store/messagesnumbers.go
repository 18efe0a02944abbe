package store

import (
	"math"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// numbers gives places, accounts and conversations the numbers by which the tables of messages know them. A number never comes twice. What it remembers is bounded by maxNumbers each.
type numbers struct {
	conn     *sqlite.Conn
	places   map[room.PlaceID]int64
	accounts map[string]int64
	boxes    map[string]int64
	talks    map[talk]int64
	speakers map[speaker]struct{}
}

// talk is a conversation of the owner of a box with the user of that key.
type talk struct {
	box int64
	key string
}

// speaker has said something in a place, by numbers.
type speaker struct{ account, place int64 }

// maxNumbers is how many numbers of a kind are remembered; with more it begins anew.
const maxNumbers = 100_000

func newNumbers(conn *sqlite.Conn) numbers {
	n := numbers{conn: conn}
	n.reset()
	return n
}

// reset forgets what is remembered: the database has it otherwise.
func (n *numbers) reset() {
	n.places, n.accounts, n.boxes = map[room.PlaceID]int64{}, map[string]int64{}, map[string]int64{}
	n.talks, n.speakers = map[talk]int64{}, map[speaker]struct{}{}
}

// remembered returns what is remembered of a key, or looks it up and remembers it.
func remembered[K comparable](in map[K]int64, key K, look func() (int64, error)) (int64, error) {
	if number, has := in[key]; has {
		return number, nil
	}
	number, err := look()
	if err != nil {
		return 0, err
	}
	if len(in) >= maxNumbers {
		clear(in)
	}
	in[key] = number
	return number, nil
}

// place is the number of the place of a room of that name.
func (n *numbers) place(p room.PlaceID, shown string) (int64, error) {
	return remembered(n.places, p, func() (int64, error) {
		return n.find("SELECT number FROM places WHERE place = ?", "INSERT INTO places (place, rows, last, room) VALUES (?, 0, ?, ?)", []any{storedID(uint64(p))}, int64(math.MinInt64), shown)
	})
}

// account is the number of an account, 0 of none.
func (n *numbers) account(key string) (int64, error) {
	if key == "" {
		return 0, nil
	}
	return remembered(n.accounts, key, func() (int64, error) {
		return n.find("SELECT number FROM accounts WHERE key = ?", "INSERT INTO accounts (key) VALUES (?)", []any{key})
	})
}

// box is the number of the place of an account's private messages.
func (n *numbers) box(account string) (int64, error) {
	return remembered(n.boxes, account, func() (int64, error) {
		owner, err := n.account(account)
		if err != nil {
			return 0, err
		}
		return n.find("SELECT number FROM places WHERE owner = ?", "INSERT INTO places (owner, rows, last) VALUES (?, 0, ?)", []any{owner}, int64(math.MinInt64))
	})
}

// talk is the number of a conversation.
func (n *numbers) talk(box int64, key string) (int64, error) {
	return remembered(n.talks, talk{box, key}, func() (int64, error) {
		return n.find("SELECT number FROM talks WHERE key = ? AND box = ?", "INSERT INTO talks (key, box) VALUES (?, ?)", []any{key, box})
	})
}

// speaks has the place found by the account.
func (n *numbers) speaks(account, place int64) error {
	key := speaker{account, place}
	if _, has := n.speakers[key]; has {
		return nil
	}
	if err := run(n.conn, "INSERT OR IGNORE INTO speakers (account, place) VALUES (?, ?)", with(account, place)); err != nil {
		return err
	}
	if len(n.speakers) >= maxNumbers {
		clear(n.speakers)
	}
	n.speakers[key] = struct{}{}
	return nil
}

// find returns the number that a query with these keys gives, or that of the row that it inserts, with more behind them.
func (n *numbers) find(question, insert string, keys []any, more ...any) (int64, error) {
	number, err := integer(n.conn, question, keys...)
	if err != nil || number != 0 {
		return number, err
	}
	err = run(n.conn, insert, with(append(keys, more...)...))
	return n.conn.LastInsertRowID(), err
}

// integer returns the first column of the last row that a query with these parameters gives, 0 if there is none.
func integer(conn *sqlite.Conn, statement string, parameters ...any) (number int64, err error) {
	err = query(conn, statement, with(parameters...), func(stmt *sqlite.Stmt) { number = stmt.ColumnInt64(0) })
	return number, err
}

// with binds parameters: numbers (int64) and texts.
func with(parameters ...any) func(*sqlite.Stmt) {
	return func(stmt *sqlite.Stmt) {
		for i, p := range parameters {
			switch p := p.(type) {
			case int64:
				stmt.BindInt64(i+1, p)
			case string:
				stmt.BindText(i+1, p)
			}
		}
	}
}
