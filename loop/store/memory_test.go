//go:build memory

package store

import (
	"cmp"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"looproom/loop/room"
	"looproom/loop/secret"
)

// The database that TestMemory makes: that many messages (MEMORY says how many, in all), in rooms of very different size, by accounts that talk very differently much.
const (
	memoryRooms    = 1_000
	memoryAccounts = 5_000
	memoryWords    = 20_000
)

// memory says what there is in it.
type memory struct {
	random  *rand.Rand
	words   []string
	zipf    *rand.Zipf // of words
	rooms   *rand.Zipf
	who     *rand.Zipf
	roomsOf [memoryAccounts][]int // each account is in so many rooms
	id      room.MsgID
	at      int64
}

func newMemory() *memory {
	r := rand.New(rand.NewSource(1))
	m := &memory{random: r, words: make([]string, memoryWords), id: 57024000 << 34, at: 1_790_000_000_000}
	for i := range m.words {
		m.words[i] = strconv.FormatInt(36*36+int64(r.Intn(1<<30)), 36)
	}
	m.zipf, m.rooms, m.who = rand.NewZipf(r, 1.1, 1, memoryWords-1), rand.NewZipf(r, 1.05, 5, memoryRooms-1), rand.NewZipf(r, 1.05, 50, memoryAccounts-1)
	for i := range m.roomsOf {
		for range 1 + r.Intn(20) {
			m.roomsOf[i] = append(m.roomsOf[i], int(m.rooms.Uint64()))
		}
	}
	return m
}

func placeOf(n int) room.PlaceID { return room.PlaceID(1<<40 + n) }
func seenOf(n int) room.Seen     { return room.Seen{Place: placeOf(n), Room: fmt.Sprint("#room", n)} }
func accountOf(n int) string     { return fmt.Sprint("user", n) }

// text is some ten words. "left" and "right" are each in every tenth message, and never in the same.
func (m *memory) text() string {
	var b strings.Builder
	switch m.random.Intn(10) {
	case 0:
		b.WriteString("left ")
	case 1:
		b.WriteString("right ")
	}
	for range 5 + m.random.Intn(11) {
		b.WriteString(m.words[m.zipf.Uint64()])
		b.WriteByte(' ')
	}
	return strings.TrimRight(b.String(), " ")
}

func (m *memory) message() Message {
	m.id++
	m.at += int64(m.random.Intn(500))
	n := int(m.who.Uint64())
	account := accountOf(n)
	if m.random.Intn(50) == 0 {
		to := accountOf(int(m.who.Uint64()))
		return Message{To: &room.Letter{ID: m.id, At: m.at, Text: m.text(), From: account, FromKey: account, FromAccount: account, To: to, ToKey: to, ToAccount: to}}
	}
	where := seenOf(m.roomsOf[n][m.random.Intn(len(m.roomsOf[n]))])
	return Message{ID: m.id, Place: where.Place, Room: where.Room, Who: account, WhoKey: account, Account: account, Text: m.text(), At: m.at}
}

// TestMemory makes a database in MEMORY_DIR unless there is one with so many messages, and says how fast that went, and how fast is found what there is in it.
func TestMemory(t *testing.T) {
	total, err := strconv.Atoi(os.Getenv("MEMORY"))
	dir := os.Getenv("MEMORY_DIR")
	if err != nil || dir == "" {
		t.Fatal("MEMORY says how many messages, MEMORY_DIR in which folder: make memory")
	}
	dir = filepath.Join(dir, fmt.Sprint(total))
	searchTime = 80 * time.Millisecond // as outside of tests
	m := newMemory()
	if _, err := os.Stat(filepath.Join(dir, "whole")); err != nil {
		m.make(t, dir, total)
		if err := os.WriteFile(filepath.Join(dir, "whole"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Now()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	fmt.Printf("opened in %v: %d messages, %d bytes each\n", time.Since(start).Round(time.Millisecond), total, s.Stats().Bytes/int64(total))
	start = time.Now()
	for merged := false; !merged; time.Sleep(time.Second) { // which the writer does when it has nothing else to do
		fence(t, s, func(l *ledger) error { merged = l.follows && !l.merging; return nil })
	}
	fmt.Printf("the index is merged after %v\n", time.Since(start).Round(time.Second))
	m.measure(t, s)
}

// memoryPassword is that of all accounts, so that a server can be started with the database: with --keep-messages 3650d, since its messages get older than others are kept.
const memoryPassword = "ten million messages"

// furnish keeps the rooms and registers the accounts.
func (m *memory) furnish(t *testing.T, s *Store) {
	hash, err := secret.Hash(memoryPassword)
	if err != nil {
		t.Fatal(err)
	}
	for n := range memoryAccounts {
		s.Later(PutName(Name{Key: accountOf(n), Shown: accountOf(n), Hash: hash, Since: m.at / 1000}))
	}
	for n := range memoryRooms {
		where, founder := seenOf(n), accountOf(n)
		s.Later(PutRoom(&room.KeptRoom{Key: where.Room, Name: where.Room, Place: where.Place, Rights: []room.Right{
			{Kind: room.RightFounder, Target: founder, By: founder, At: m.at}, {Kind: room.RightKept, By: founder, At: m.at},
		}}))
	}
	fence(t, s, nil)
}

// make writes all messages as fast as the store takes them.
func (m *memory) make(t *testing.T, dir string, total int) {
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	m.furnish(t, s)
	before := s.Counts()
	start, cpu := time.Now(), cpuTime()
	for n := 0; n < total; {
		batch := make([]Message, min(1_000, total-n))
		for i := range batch {
			batch[i] = m.message()
		}
		s.Say(batch)
		for n += len(batch); s.Counts().Waiting > 16<<20; {
			time.Sleep(time.Millisecond)
		}
		if n%1_000_000 == 0 {
			fmt.Printf("%d million in %v\n", n/1_000_000, time.Since(start).Round(time.Second))
		}
	}
	fence(t, s, nil)
	written, after := time.Since(start), s.Counts()
	for more := true; more; {
		fence(t, s, func(l *ledger) (err error) { more, err = l.index(); return err })
	}
	indexed := time.Since(start)
	per := func(d time.Duration) int { return int(float64(total) / d.Seconds()) }
	fmt.Printf("%d messages: written %d/s while the index follows, %d/s until it is whole, %d/s in the transactions of messages alone; %.1f µs of CPU each, all goroutines and making them\n",
		total, per(written), per(indexed), per(after.Busy-before.Busy), float64((cpuTime()-cpu).Microseconds())/float64(total))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// cpuTime is what the process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// crowd are so many rooms, of all sizes.
func (m *memory) crowd(n int) (all []room.Seen) {
	for _, i := range m.random.Perm(memoryRooms)[:n] {
		all = append(all, seenOf(i))
	}
	return all
}

func (m *memory) measure(t *testing.T, s *Store) {
	common := func() string { return m.words[m.random.Intn(10)] }
	middle := func() string { return m.words[50+m.random.Intn(500)] }
	rare := func() string { return m.words[5_000+m.random.Intn(10_000)] }
	search := func(places func() []room.Seen, words func() string) func() *room.Look {
		return func() *room.Look {
			return &room.Look{Verb: room.Search, Account: accountOf(m.random.Intn(memoryAccounts)), Letters: true, Places: places(), Words: words(), N: 20}
		}
	}
	largest := func() []room.Seen { return []room.Seen{seenOf(0)} }
	hundred := func() []room.Seen { return m.crowd(100) }
	by := search(hundred, common)
	history := func(bound func(*room.Look)) func() *room.Look {
		return func() *room.Look {
			l := &room.Look{Verb: room.History, Places: []room.Seen{seenOf(int(m.rooms.Uint64()))}, N: 50}
			bound(l)
			return l
		}
	}
	anywhere := func() (room.MsgID, int64) {
		part := m.random.Float64()
		return 57024000<<34 + room.MsgID(part*1e7), 1_790_000_000_000 + int64(part*1e7*250)
	}
	for _, c := range []struct {
		what string
		look func() *room.Look
	}{
		{"search: one of the 10 commonest words, largest room", search(largest, common)},
		{"search: one of the 10 commonest words, 100 rooms", search(hundred, common)},
		{"search: two of them, 100 rooms", search(hundred, func() string { return common() + " " + common() })},
		{"search: two that are never together, largest room", search(largest, func() string { return "left right" })},
		{"search: two that are never together, 100 rooms", search(hundred, func() string { return "left right" })},
		{"search: a common and a rare word, largest room", search(largest, func() string { return common() + " " + rare() })},
		{"search: three words of middle rank, 100 rooms", search(hundred, func() string { return middle() + " " + middle() + " " + middle() })},
		{"search: a rare word, 100 rooms", search(hundred, rare)},
		{"search: a word that nobody has said, 100 rooms", search(hundred, func() string { return "unsaid" })},
		{"search: a common word by one user, 100 rooms", func() *room.Look { l := by(); l.By = accountOf(m.random.Intn(memoryAccounts)); return l }},
		{"search: words that begin with a letter, largest room", search(largest, func() string { return common()[:1] + "*" })},
		{"search: a rare one, and words that begin with a letter, largest room", search(largest, func() string { return rare() + " " + common()[:1] + "*" })},
		{"search: words that begin with three letters, 100 rooms", search(hundred, func() string { return middle()[:3] + "*" })},
		{"history: the last 50 of a room", history(func(*room.Look) {})},
		{"history: 50 before a message anywhere", history(func(l *room.Look) { l.Before, _ = anywhere() })},
		{"history: 50 after a time anywhere", history(func(l *room.Look) { _, l.AfterAt = anywhere() })},
		{"history: 500 before a message anywhere", history(func(l *room.Look) { l.Before, _ = anywhere(); l.N = 500 })},
		{"history: the last 50 of a conversation", func() *room.Look {
			return &room.Look{Verb: room.History, Account: accountOf(int(m.who.Uint64())), With: accountOf(int(m.who.Uint64())), N: 50}
		}},
		{"export: 500 of an account, from anywhere", func() *room.Look {
			after, _ := anywhere()
			return &room.Look{Verb: room.Export, Account: accountOf(int(m.who.Uint64())), After: after, N: 500}
		}},
	} {
		fmt.Println(m.timed(t, s, c.what, c.look))
	}
}

// timed asks 300 times, one after the other, and says how long that took.
func (m *memory) timed(t *testing.T, s *Store, what string, look func() *room.Look) string {
	const times = 300
	all, rows, cut, cpu := make([]time.Duration, times), 0, 0, cpuTime()
	for i := range all {
		l := look()
		start := time.Now()
		found, err := ask(t, s, l)
		if all[i] = time.Since(start); err != nil {
			t.Fatalf("%+v: %v", l, err)
		}
		if rows += len(found.Rows); !found.End && len(found.Rows) < l.N {
			cut++
		}
	}
	cpu = (cpuTime() - cpu) / times
	slices.SortFunc(all, func(a, b time.Duration) int { return cmp.Compare(a, b) })
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("%-70s p50 %7.2f  p99 %7.2f  max %7.2f ms  CPU %6.2f ms; %5.1f rows; %d of %d ended by the time", what, ms(all[times/2]), ms(all[times*99/100]), ms(all[times-1]), ms(cpu), float64(rows)/times, cut, times)
}
