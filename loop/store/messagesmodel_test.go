package store

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// A search of a test ends when it has looked at all, however busy the machine is.
func init() { searchTime = time.Minute }

// model is what a store has to answer, looked for one by one.
type model struct {
	said []Message
	gone map[room.PlaceID]bool
}

// seen is a message as one who may see it does.
type seen struct {
	row room.Row
	by  string // key
}

// visible is all that a look may see, in order.
func (m *model) visible(l *room.Look) (all []seen) {
	for _, said := range m.said {
		if said.To == nil {
			for _, p := range l.Places {
				if p.Place == said.Place && !m.gone[p.Place] && l.With == "" && (!said.Event || l.Events) {
					all = append(all, seen{room.Row{Name: said.Who, Account: said.Account, Text: said.Text, ID: said.ID, At: said.At, Action: said.Action, Notice: said.Notice, Event: said.Event, Who: p.Room}, said.WhoKey})
				}
			}
			continue
		}
		if s, is := letterOf(said.To, l); is && (l.Letters || l.With != "") {
			all = append(all, s)
		}
	}
	return all
}

func letterOf(m *room.Letter, l *room.Look) (seen, bool) {
	s := seen{room.Row{Name: m.From, Account: m.FromAccount, Text: m.Text, ID: m.ID, At: m.At, Own: true, Action: m.Action, Notice: m.Notice}, m.FromKey}
	switch {
	case l.Account == "":
		return s, false
	case m.FromAccount == l.Account && (l.With == "" || l.With == m.ToKey):
		s.row.Who = m.To
		return s, true
	case m.ToAccount == l.Account && m.FromAccount != l.Account && (l.With == "" || l.With == m.FromKey):
		s.row.Who = m.From
		return s, true
	}
	return s, false
}

// exported is what an account has said.
func (m *model) exported(account string) (all []seen) {
	if account == "" {
		return nil
	}
	for _, said := range m.said {
		if said.To == nil && said.Account == account && !m.gone[said.Place] && !said.Event {
			all = append(all, seen{room.Row{Name: said.Who, Account: said.Account, Text: said.Text, ID: said.ID, At: said.At, Action: said.Action, Notice: said.Notice, Who: said.Room}, said.WhoKey})
		}
		if said.To != nil && said.To.FromAccount == account {
			s, _ := letterOf(said.To, &room.Look{Account: account})
			all = append(all, s)
		}
	}
	return all
}

// answer is what is to be found.
func (m *model) answer(l *room.Look) Found {
	var all []seen
	switch l.Verb {
	case room.Targets:
		return m.targets(l)
	case room.History:
		if all = m.visible(l); l.Around != 0 || l.AroundAt != 0 {
			return around(l, all)
		}
	case room.Search:
		all = slices.DeleteFunc(m.visible(l), func(s seen) bool { return l.By != "" && s.by != l.By || !hasWords(s.row.Text, l.Words) })
	case room.Export:
		all = m.exported(l.Account)
	}
	all = slices.DeleteFunc(all, func(s seen) bool {
		return l.Before != 0 && s.row.ID >= l.Before || l.After != 0 && s.row.ID <= l.After || l.BeforeAt != 0 && s.row.At >= l.BeforeAt || l.AfterAt != 0 && s.row.At < l.AfterAt
	})
	slices.SortFunc(all, func(a, b seen) int { return cmp.Compare(a.row.ID, b.row.ID) })
	end := len(all) <= l.N
	if !end {
		if (l.After != 0 || l.AfterAt != 0) && !l.Latest || l.Verb == room.Export {
			all = all[:l.N]
		} else {
			all = all[len(all)-l.N:]
		}
	}
	if l.Verb == room.Search {
		slices.Reverse(all)
	}
	found := Found{End: end}
	for _, s := range all {
		found.Rows = append(found.Rows, s.row)
	}
	return found
}

// around is what there is around a message or a time.
func around(l *room.Look, all []seen) Found {
	older := 0
	for _, s := range all {
		if s.row.ID < l.Around || s.row.At < l.AroundAt {
			older++
		}
	}
	first := max(0, older-l.N/2)
	last := min(len(all), first+l.N)
	found := Found{End: last == len(all)}
	for _, s := range all[first:last] {
		found.Rows = append(found.Rows, s.row)
	}
	return found
}

// targets is where and with whom something was said last in a time.
func (m *model) targets(l *room.Look) Found {
	last := map[string]room.Row{}
	for _, s := range m.visible(l) {
		key := s.row.Who
		if s.row.Own {
			key = room.KeyOf(key)
		}
		last[key] = room.Row{Who: s.row.Who, At: s.row.At, Own: s.row.Own}
	}
	var rows []room.Row
	for _, row := range last {
		if row.At >= l.AfterAt && (l.BeforeAt == 0 || row.At < l.BeforeAt) {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b room.Row) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Who, b.Who)) })
	n := min(len(rows), l.N)
	if l.Latest {
		return Found{rows[len(rows)-n:], n == len(rows)}
	}
	return Found{rows[:n], n == len(rows)}
}

// plain is a text in the letters that a search knows, of those that these tests say.
var plain = strings.NewReplacer("É", "e", "é", "e", "e\u0301", "e", "Ä", "a", "ä", "a", "Я", "я")

func hasWords(text, words string) bool {
	has := strings.FieldsFunc(plain.Replace(strings.ToLower(text)), func(r rune) bool { return strings.ContainsRune(" ,.!'\"-*()%\x00", r) })
	for _, w := range strings.FieldsFunc(plain.Replace(strings.ToLower(words)), func(r rune) bool { return strings.ContainsRune(" ,.!'\"-()%\x00", r) }) {
		prefix := strings.HasSuffix(w, "*")
		if w = strings.TrimRight(w, "*"); w == "" {
			continue
		}
		if !slices.ContainsFunc(has, func(h string) bool { return h == w || prefix && strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return true
}

// end has what an account has said be nobody's, and takes out its own copies.
func (m *model) end(account string) {
	for i := range m.said {
		s := &m.said[i]
		if s.Account == account {
			s.Account = ""
		}
		if s.To == nil {
			continue
		}
		to := *s.To
		if to.FromAccount == account {
			to.FromAccount = ""
		}
		if to.ToAccount == account {
			to.ToAccount = ""
		}
		s.To = &to
	}
}

// forget takes out what an account has said, and what was written to it of its own copies.
func (m *model) forget(account string) (n int64) {
	m.said = slices.DeleteFunc(m.said, func(s Message) bool {
		if s.To == nil {
			if s.Account == account && !m.gone[s.Place] {
				n++
			}
			return s.Account == account
		}
		copies := int64(0)
		for _, owner := range []string{s.To.FromAccount, s.To.ToAccount} {
			if owner != "" {
				copies++
			}
		}
		if s.To.FromAccount == s.To.ToAccount {
			copies = 1
		}
		if s.To.FromAccount == account {
			n += copies
			return true
		}
		if s.To.ToAccount == account {
			n++
		}
		return s.To.ToAccount == account && s.To.FromAccount == ""
	})
	for i := range m.said {
		if l := m.said[i].To; l != nil && l.ToAccount == account {
			other := *l
			other.ToAccount = ""
			m.said[i].To = &other
		}
	}
	return n
}

// talker makes random messages and looks.
type talker struct {
	*rand.Rand
	id     room.MsgID
	at     int64
	places []room.PlaceID
}

var spoken = []string{"hello", "Hello", "help", "world", "caf\u00e9", "cafe\u0301", "CAFÉ", "no", "not", "AND", "OR", "NEAR", "a", "Я", "я", "404", "x-y", "it's", "\"q\"", "100%", "w", "5w", "p*", "\x00", "Äpfel", "❤️"}

// people are keys of accounts and of names; a guest has no account.
var people = []string{"ana", "bob", "cy", "dan", "eve"}

func pick[T any](r *rand.Rand, all []T) T { return all[r.Intn(len(all))] }

func (t *talker) words(n int) string {
	var all []string
	for range 1 + t.Intn(n) {
		all = append(all, pick(t.Rand, spoken))
	}
	return strings.Join(all, pick(t.Rand, []string{" ", ", ", ". "}))
}

// who is a name with its account, and the name as others are shown it.
func (t *talker) who() (shown, key, account string) {
	key = pick(t.Rand, people)
	if t.Intn(4) > 0 {
		account = key
	}
	return pick(t.Rand, []string{key, strings.ToUpper(key)}), key, account
}

func (t *talker) message() Message {
	t.id += room.MsgID(1 + t.Intn(3))
	t.at += int64(t.Intn(3))
	shown, key, account := t.who()
	if t.Intn(4) > 0 {
		place := pick(t.Rand, t.places)
		m := Message{ID: t.id, Place: place, Room: fmt.Sprint("#", place), Who: shown, WhoKey: key, Account: account, Text: t.words(6), At: t.at, Action: t.Intn(5) == 0, Notice: t.Intn(5) == 0}
		if t.Intn(6) == 0 {
			m.Event, m.Action, m.Notice = true, false, false
		}
		return m
	}
	to, toKey, toAccount := t.who()
	if account == "" && toAccount == "" {
		toAccount = toKey
	}
	return Message{To: &room.Letter{ID: t.id, At: t.at, Text: t.words(4), From: shown, FromKey: key, To: to, ToKey: toKey, FromAccount: account, ToAccount: toAccount, Action: t.Intn(5) == 0, Notice: t.Intn(5) == 0}}
}

func (t *talker) look() *room.Look {
	l := &room.Look{Verb: pick(t.Rand, []room.Verb{room.History, room.History, room.Targets, room.Search, room.Search, room.Export}), N: 1 + t.Intn(12)}
	if t.Intn(5) > 0 {
		l.Account = pick(t.Rand, people)
	}
	if t.Intn(3) == 0 {
		l.With = pick(t.Rand, people)
	}
	l.Letters = t.Intn(2) == 0
	t.bounds(l)
	switch l.Verb {
	case room.Targets:
		l.With, l.Before, l.After, l.Letters = "", 0, 0, l.Account != "" && l.Letters
		t.somePlaces(l)
	case room.History:
		if l.With == "" {
			l.Places = []room.Seen{t.place()}
			l.Events = t.Intn(2) == 0
		}
		l.Letters = false
	case room.Search:
		l.Words = pick(t.Rand, []string{"hello", "cafe", "he*", "Я", "a* no", "w", "AND", "hello world", "404", "x y", "5w", "it s", "*** hello!", "Not*"})
		t.somePlaces(l)
		if t.Intn(3) == 0 {
			l.By = pick(t.Rand, people)
		}
	case room.Export:
		l.With, l.Letters, l.BeforeAt, l.Before = "", false, 0, 0
	}
	return l
}

func (t *talker) somePlaces(l *room.Look) {
	for range t.Intn(4) {
		l.Places = append(l.Places, t.place())
	}
	slices.SortFunc(l.Places, func(a, b room.Seen) int { return cmp.Compare(a.Place, b.Place) })
	l.Places = slices.Compact(l.Places)
}

func (t *talker) place() room.Seen {
	place := pick(t.Rand, t.places)
	return room.Seen{Place: place, Room: fmt.Sprint("#", place)}
}

func (t *talker) bounds(l *room.Look) {
	id, at := room.MsgID(1+t.Intn(int(t.id)+2)), 1+int64(t.Intn(int(t.at)+2))
	l.Latest = l.Verb != room.Search && l.Verb != room.Export && t.Intn(3) == 0
	switch t.Intn(10) {
	case 0:
		l.Before = id
	case 1:
		l.After = id
	case 2:
		l.BeforeAt = at
	case 3:
		l.AfterAt = at
	case 4:
		l.After, l.Before = id, id+room.MsgID(t.Intn(30))
	case 5:
		l.AfterAt, l.BeforeAt = at, at+int64(t.Intn(20))
	case 6:
		l.After, l.BeforeAt = id, at
	case 7:
		if l.Verb == room.History {
			l.Around = id
		}
	case 8:
		if l.Verb == room.History {
			l.AroundAt = at
		}
	}
	if l.Verb == room.Search {
		l.AfterAt, l.After = 0, 0
	}
}

// fence returns when all is written that was said before, and does something on the writer's goroutine.
func fence(t *testing.T, s *Store, do func(*ledger) error) {
	t.Helper()
	err := s.Change(Change{key: "fence", behind: true, do: func(*sqlite.Conn) error {
		if do == nil {
			return nil
		}
		return do(s.ledger)
	}})
	if err != nil {
		t.Fatalf("fence: %v", err)
	}
}

// ask asks a store and waits for its answer.
func ask(t *testing.T, s *Store, l *room.Look) (Found, error) {
	t.Helper()
	type answer struct {
		found Found
		err   error
	}
	got := make(chan answer, 1)
	if !s.Ask("one", l, func(f Found, err error) { got <- answer{f, err} }) {
		t.Fatal("the desk takes no question")
	}
	select {
	case a := <-got:
		return a.found, a.err
	case <-time.After(time.Minute):
		t.Fatal("no answer in a minute")
	}
	return Found{}, nil
}

func compare(t *testing.T, s *Store, m *model, l *room.Look) {
	t.Helper()
	got, err := ask(t, s, l)
	if err != nil {
		t.Fatalf("%+v: %v", l, err)
	}
	want := m.answer(l)
	if got.End != want.End || !slices.Equal(got.Rows, want.Rows) {
		t.Fatalf("%+v\ngot  %v %+v\nwant %v %+v", l, got.End, got.Rows, want.End, want.Rows)
	}
}

// TestLooksAreAsTheModelSays says what may be seen, and what is found of it, whatever is asked: nothing of another room, nothing of another's private messages, nothing erased, and all the rest.
func TestLooksAreAsTheModelSays(t *testing.T) {
	for seed := range int64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			play(t, seed)
		})
	}
}

func play(t *testing.T, seed int64) {
	dir := t.TempDir()
	s := reopen(t, nil, dir)
	m := &model{gone: map[room.PlaceID]bool{}}
	talk := &talker{Rand: rand.New(rand.NewSource(seed)), places: []room.PlaceID{room.LobbyPlace, 12, 13, 14}}
	for range 40 {
		var batch []Message
		for range talk.Intn(30) {
			batch = append(batch, talk.message())
		}
		m.said = append(m.said, batch...)
		s.Say(slices.Clone(batch))
		switch talk.Intn(12) {
		case 0:
			gone := pick(talk.Rand, talk.places)
			m.gone[gone] = true
			if err := s.Change(ErasePlace(gone)); err != nil {
				t.Fatal(err)
			}
			talk.places = append(slices.DeleteFunc(talk.places, func(p room.PlaceID) bool { return p == gone }), room.PlaceID(talk.id+1))
			talk.id++
		case 1:
			account := pick(talk.Rand, people)
			n, err := s.Forget(account)
			if want := m.forget(account); err != nil || n != want {
				t.Fatalf("Forget(%s) = %d, %v, want %d", account, n, err, want)
			}
		case 6:
			account := pick(talk.Rand, people)
			mustChange(t, s, s.EndAccount(account)...)
			m.end(account)
		case 2:
			keepRooms(t, s, talk.places)
			s = reopen(t, s, dir)
		case 3, 4, 5:
			fence(t, s, func(l *ledger) error { _, err := l.index(); return err })
		default:
			fence(t, s, nil)
		}
		old := append(slices.Collect(maps.Keys(m.gone)), talk.places...)
		for range 25 {
			now := talk.places
			talk.places = old
			compare(t, s, m, talk.look())
			talk.places = now
		}
	}
}

// keepRooms keeps the rooms of these places, as those of a server that ends without a word are.
func keepRooms(t *testing.T, s *Store, places []room.PlaceID) {
	for _, p := range places {
		name := fmt.Sprint("#", p)
		mustChange(t, s, PutRoom(&room.KeptRoom{Key: name, Name: name, Place: p}))
	}
}

// reopen closes a store and opens it again.
func reopen(t *testing.T, s *Store, dir string) *Store {
	t.Helper()
	if s != nil {
		fence(t, s, nil)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(dir, Options{Sync: Off})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
