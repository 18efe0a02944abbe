package store

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"
)

// Forget takes out all that an account has said, to everyone's eyes, its private messages, its read marks, its metadata, its person, its name, its keys and its certificates, and returns how many messages that were: of a private
// one each side's copy counts. What others wrote to it stays in their own copies. It goes piece by piece, so that others' changes are written in between; what is missing when the process ends is
// done after the next start.
// Where the disk fails it begins with nothing, which is the error, or tries again until it can go on: another error is that the store has been closed.
//
// When it returns, nobody finds any of it, and no row of the database has it. What SQLite has left of it in parts of the file that it doesn't use, and single words in the index, without what they
// were said with, are overwritten when there is nothing else to do: at once if nobody has been forgotten in the hour before.
//
// It waits for the disk. What is said by whoever has the name next is another account's.
func (s *Store) Forget(account string) (messages int64, err error) {
	if err := s.Change(s.Forgetting(account)...); err != nil {
		return 0, err
	}
	return s.EraseForgotten(account)
}

// EraseForgotten is the rest of Forget when Forgetting is written. What it doesn't get to is erased after the next start.
func (s *Store) EraseForgotten(account string) (messages int64, err error) {
	for err = s.Flush(); err != nil; err = s.Flush() { // Forgetting may have come by Later
		if errors.Is(err, ErrClosed) {
			return 0, err
		}
		time.Sleep(again)
	}
	for more := true; more; {
		n := 0
		err := s.Change(Change{key: "forget " + account, behind: true, bytes: ofRow, do: func(*sqlite.Conn) (err error) {
			if n, more, err = s.ledger.forgetOf(account); err != nil {
				s.ledger.undone()
			}
			return err
		}})
		switch messages += int64(n); {
		case errors.Is(err, ErrClosed):
			return messages, err
		case err != nil:
			time.Sleep(again) // it has begun, and nothing else may come of it
			more = true
		}
	}
	return messages, nil
}

// Forgetting returns the changes with which Forget begins: what there is of an account but for messages is gone with them, and these have to go. Until then they stand by another key, which no account can have, so that whoever
// registers the name next has nothing of them.
func (s *Store) Forgetting(account string) []Change {
	note := Change{key: s.onceKey("forgetting", account), behind: true, bytes: ofRow, do: func(conn *sqlite.Conn) error {
		s.ledger.numbers.reset()
		number, err := integer(conn, "SELECT number FROM accounts WHERE key = ?", account)
		if err != nil || number == 0 {
			return errors.Join(err, s.ledger.rewrite())
		}
		doomed := doomedKey(number, account)
		if err := run(conn, "UPDATE accounts SET key = ? WHERE number = ?", with(doomed, number)); err != nil {
			return err
		}
		return run(conn, "INSERT OR IGNORE INTO forgetting (account) VALUES (?)", with(doomed))
	}}
	return append([]Change{note}, closing(account)...)
}

// onceKey is the key of a change that no later one takes the place of: each is about what was said before it.
func (s *Store) onceKey(what, account string) string {
	return fmt.Sprint(what, " ", account, " ", s.once.Add(1))
}

// EndAccount returns the changes that end an account whose name is given up. What it has said to rooms stays, as nobody's. Its private messages nobody finds when they are written; from the file they
// go little by little. Others keep their copies. Whoever registers the name next has another account.
func (s *Store) EndAccount(account string) []Change {
	return append(closing(account), s.leaving(account))
}

// leaving is EndAccount for messages.
func (s *Store) leaving(account string) Change {
	return Change{key: s.onceKey("leave", account), behind: true, bytes: ofRow, do: func(conn *sqlite.Conn) error {
		s.ledger.numbers.reset()
		number, err := integer(conn, "SELECT number FROM accounts WHERE key = ?", account)
		if err != nil || number == 0 {
			return err
		}
		for _, statement := range []string{"UPDATE places SET owner = NULL WHERE owner = ?", "DELETE FROM speakers WHERE account = ?", "DELETE FROM accounts WHERE number = ?"} {
			if err := run(conn, statement, with(number)); err != nil {
				return err
			}
		}
		return nil
	}}
}

// closing are the changes that take out what there is of an account but for messages.
func closing(account string) []Change {
	return []Change{RemoveName(account), PutTrusted(account, nil), PutCertificates(account, nil), RemovePerson(account), RemoveMarks(account), RemoveKeys(account)}
}

// forgetOne goes on with an account that was to be forgotten when the process ended, and says whether there was one.
func (l *ledger) forgetOne() (more bool, err error) {
	if len(l.unforgotten) == 0 {
		return false, nil
	}
	_, more, err = l.forget(l.unforgotten[0])
	if !more && err == nil {
		l.unforgotten = l.unforgotten[1:]
	}
	return true, err
}

// forgetOf erases a piece of what the account of that key had said that is being forgotten, or more than one of them after each other; more is false when nothing of any is left.
func (l *ledger) forgetOf(account string) (n int, more bool, err error) {
	doomed := ""
	err = query(l.conn, "SELECT account FROM forgetting", nil, func(stmt *sqlite.Stmt) {
		if key := stmt.ColumnText(0); strings.HasPrefix(key, " ") && strings.HasSuffix(key, " "+account) {
			doomed = key
		}
	})
	if doomed == "" || err != nil {
		return 0, false, err
	}
	n, _, err = l.forget(doomed)
	return n, true, err
}

// forget erases a piece of what an account has said, and returns how many messages that were; more is false when all is gone.
func (l *ledger) forget(account string) (n int, more bool, err error) {
	if more, err = l.index(); more || err != nil { // the index names what it has said
		return 0, true, err
	}
	number, err := integer(l.conn, "SELECT number FROM accounts WHERE key = ?", account)
	if err != nil || number == 0 {
		return 0, false, errors.Join(err, l.forgotten(account))
	}
	if n, more, err = l.forgetPiece(number); more || err != nil {
		return n, true, err
	}
	l.numbers.reset()
	return 0, false, errors.Join(run(l.conn, "DELETE FROM accounts WHERE number = ?", with(number)), l.forgotten(account))
}

// forgotten notes that nothing is left of an account, and has the index written anew.
func (l *ledger) forgotten(account string) error {
	err := run(l.conn, "DELETE FROM forgetting WHERE account = ?", with(account))
	return errors.Join(err, l.rewrite())
}

// forgetPiece erases messages of an account: of its box first, then of one place after the other in which it has spoken. more is false when there are none.
func (l *ledger) forgetPiece(account int64) (n int, more bool, err error) {
	place, err := integer(l.conn, "SELECT number FROM places WHERE owner = ?", account)
	if err != nil {
		return 0, false, err
	}
	if place != 0 {
		n, err = l.eraseFrom(place)
		return n, true, err
	}
	if place, err = integer(l.conn, "SELECT place FROM speakers WHERE account = ? LIMIT 1", account); err != nil || place == 0 {
		return 0, false, err
	}
	doomed, err := l.saidBy(account, place)
	if err != nil || len(doomed) > 0 {
		return len(doomed), true, errors.Join(err, l.erase(doomed))
	}
	l.numbers.reset()
	return 0, true, run(l.conn, "DELETE FROM speakers WHERE account = ? AND place = ?", with(account, place))
}

// saidBy are messages of an account in a place, at most a piece of each index.
func (l *ledger) saidBy(account, place int64) (all []entry, err error) {
	f := field{place: place}
	for _, index := range indexes {
		var ids []int64
		err := query(l.conn, "SELECT rowid FROM "+index+" WHERE "+index+" MATCH ? LIMIT ?", with(f.numbered(accountTag, account), int64(erasePiece)),
			func(stmt *sqlite.Stmt) { ids = append(ids, stmt.ColumnInt64(0)) })
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if all, err = l.read(all, place, id-1, id, 1); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}
