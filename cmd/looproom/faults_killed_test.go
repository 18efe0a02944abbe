//go:build linux

package main_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestKilledUnderLoad kills the server while people talk in it, register, stay, read and rule, again and again. `make torture` does so a hundred times.
func TestKilledUnderLoad(t *testing.T) { killUnderLoad(t, 5) }

// keptWithin is after how long what is said, and whatever else is not acknowledged, has to be on the disk.
const keptWithin = time.Second

// ledger is what clients of a server have been told, which is to be there after it has been killed.
type ledger struct {
	mu     sync.Mutex
	said   []sayingAt // in the order of their answers
	topics []sayingAt // of #go
	read   messageID  // up to there ana has read #go, before the load
	stay   []string   // those who have been told that they stay
	banned []string
}

// sayingAt is what a client was told, and when.
type sayingAt struct {
	spoken
	at time.Time
}

// note adds one to a list of the ledger.
func (l *ledger) note(list *[]sayingAt, s spoken) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*list = append(*list, sayingAt{s, time.Now()})
}

// oldEnough are those of a list that were told long enough before that moment.
func oldEnough(list []sayingAt, before time.Time) []sayingAt {
	return slices.DeleteFunc(slices.Clone(list), func(s sayingAt) bool { return before.Sub(s.at) < keptWithin })
}

// killUnderLoad starts a server in one folder, rounds times, and kills it under load. After each start all that was acknowledged is there, and all else that is older than a second, nothing
// twice, and the ids go on.
func killUnderLoad(t *testing.T, rounds int) {
	state, random := t.TempDir(), rand.New(rand.NewPCG(16, uint64(rounds)))
	s := guarded(t, state)
	ana := registers(t, s, "127.0.0.2", "ana")
	ana.says("JOIN #go", "= JOIN #go 1")
	ana.says("ROOM KEEP", "= ROOM #go KEEP")
	ana.says("KEEP ON", "= KEEP ON")
	all := &ledger{stay: []string{"ana"}}
	var last messageID
	total, slowest := 0, time.Duration(0)
	for round := range rounds {
		l := all.begin(t, s, round)
		<-time.After(keptWithin + time.Duration(random.IntN(1000))*time.Millisecond)
		killed := time.Now()
		kill(t, s)
		l.clients.Wait()

		began := time.Now()
		s = guarded(t, state)
		slowest = max(slowest, time.Since(began))
		n, behind := all.check(t, s, killed, last)
		total, last = total+n, behind
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	got := comesBack(t, s, "127.0.0.3", "ana").idsOn().history("#go", messageID{})
	t.Logf("%d kills, %d messages; the slowest start took %v", rounds, total, slowest.Round(time.Millisecond))
	if len(got) != total {
		t.Errorf("%d messages are kept at the end, want the %d that have been seen after each start", len(got), total)
	}
}

// workload is the clients of one round.
type workload struct {
	clients sync.WaitGroup
}

// begin has people talk, and one of them ruled, until the server is killed.
func (l *ledger) begin(t *testing.T, s *server, round int) *workload {
	t.Helper()
	at := &workload{}
	for n := range 3 {
		c := namedFrom(t, s, fmt.Sprintf("127.2.%d.%d", n, 2+round%250), fmt.Sprint("speaker", n))
		c.idsOn().says("JOIN #go", "= JOIN #go ")
		at.clients.Go(func() { l.speak(c, fmt.Sprintf("speakerskey%dx%d", round, n)) })
	}
	ana := greeted(dialAs(t, s, 0, fmt.Sprintf("127.3.0.%d", 2+round%250), "ana"))
	ana.says("LOGIN ana the password of ana", "= LOGIN ana")
	at.clients.Go(func() { l.rule(ana, round) })
	op := greeted(dialAs(t, s, 0, "127.0.0.1", "op"))
	op.says("OPER ann "+operPassword, "= OPER ann")
	stays := namedFrom(t, s, fmt.Sprintf("127.4.0.%d", 2+round%250), fmt.Sprint("stay", round))
	stays.says("JOIN #go", "= JOIN #go ")
	at.clients.Go(func() { l.stayAndBan(op, stays, round) })
	return at
}

// try says a line, and returns the answer that begins so, or false when the server has been killed.
func (c *talker) try(line, answer string) (string, bool) {
	if _, err := fmt.Fprintln(c.input, line); err != nil {
		return "", false
	}
	for {
		got, err := c.line()
		if err != nil {
			return "", false
		}
		if strings.HasPrefix(got, answer) {
			return got, true
		}
	}
}

// speak says numbered lines, some hundred a second, as long as they are answered.
func (l *ledger) speak(c *talker, key string) {
	pace := time.NewTicker(3 * time.Millisecond)
	defer pace.Stop()
	for n := 1; ; n++ {
		words := fmt.Sprintf("%s.%d", key, n)
		line, ok := c.try(fmt.Sprintf("TEXT ID=%s:%d TO #go %s", key, n, words), fmt.Sprintf("= SAID %s:%d ", key, n))
		if !ok {
			return
		}
		at := spoken{words: fmt.Sprintf("[%s] %s", c.name, words)}
		if _, err := fmt.Sscanf(line[strings.LastIndexByte(line, '@'):], "@%d-%d", &at.id[0], &at.id[1]); err != nil {
			c.t.Errorf("answer = %q: %v", line, err)
			return
		}
		l.note(&l.said, at)
		<-pace.C
	}
}

// rule changes the topic of #go all the time.
func (l *ledger) rule(ana *talker, round int) {
	pace := time.NewTicker(5 * time.Millisecond)
	defer pace.Stop()
	if _, ok := ana.try("JOIN #go", "= JOIN #go "); !ok {
		return
	}
	for n := 0; ; n++ {
		topic := fmt.Sprintf("topic %04d.%06d", round, n)
		if _, ok := ana.try("TOPIC "+topic, "= TOPIC #go "); !ok {
			return
		}
		l.note(&l.topics, spoken{words: topic})
		<-pace.C
	}
}

// stayAndBan has somebody register and stay, and bans others, one after the other.
func (l *ledger) stayAndBan(op, stays *talker, round int) {
	if _, ok := stays.try("REGISTER the password of "+stays.name, "= REGISTER "); !ok {
		return
	}
	if _, ok := stays.try("KEEP ON", "= KEEP ON"); !ok {
		return
	}
	l.mu.Lock()
	l.stay = append(l.stay, stays.name)
	l.mu.Unlock()
	pace := time.NewTicker(20 * time.Millisecond)
	defer pace.Stop()
	for n := 0; ; n++ {
		name := fmt.Sprintf("bad%dx%d", round, n)
		if _, ok := op.try("BAN "+name+" 1h\nPING kept", "PONG kept"); !ok { // it is in force at once, and answers go on when it is on the disk
			return
		}
		l.mu.Lock()
		l.banned = append(l.banned, name)
		l.mu.Unlock()
		<-pace.C
	}
}

// check looks for all of it, and returns how many messages have come since the one last seen, and the last of them now.
func (l *ledger) check(t *testing.T, s *server, killed time.Time, last messageID) (n int, behind messageID) {
	t.Helper()
	ana := comesBack(t, s, "127.0.0.2", "ana")
	ana.idsOn()
	got := ana.history("#go", last)
	there := map[messageID]string{}
	for _, m := range got {
		there[m.id] = m.words
	}
	for _, m := range oldEnough(l.said, killed) {
		if there[m.id] != m.words {
			t.Errorf("%v, which was said %v before the kill, is there as %q", m.spoken, killed.Sub(m.at), there[m.id])
		}
	}
	behind = last
	if len(got) > 0 {
		behind = got[len(got)-1].id
	}
	for _, m := range l.said { // also of those that are lost
		if m.id.compare(last) > 0 {
			last = m.id
		}
	}
	if id := ana.markOf("#go", ""); id.compare(l.read) < 0 {
		t.Errorf("ana has read up to %v, want %v or behind", id, l.read)
	}
	if l.read = behind; len(got) > 0 {
		ana.markOf("#go", fmt.Sprintf(" %d-%d", behind[0], behind[1]))
	}
	ana.says("JOIN #lobby", "= JOIN #lobby ")
	if id := ana.saysForID(t, int(time.Now().UnixMilli())); id.compare(last) <= 0 {
		t.Errorf("the next message has the id %v, want one behind %v", id, last)
	}
	if topics := oldEnough(l.topics, killed); len(topics) > 0 {
		ana.say("ROOMS")
		row, _ := ana.until("= ROOM #go ")
		if _, topic, _ := strings.Cut(row, "topic "); "topic "+topic < topics[len(topics)-1].words {
			t.Errorf("the topic is %q, want %q or one behind it", topic, topics[len(topics)-1].words)
		}
	}
	for _, name := range l.stay {
		ana.says("WHO "+name, "= WHO "+name)
	}
	op := greeted(dialAs(t, s, 0, "127.0.0.1", "op"))
	op.says("OPER ann "+operPassword, "= OPER ann")
	op.say("BANS")
	op.until("= BANS ")
	bans := map[string]bool{}
	for _, line := range op.fence() {
		bans[strings.Fields(line)[2]] = true
	}
	for _, name := range l.banned {
		if !bans[name] {
			t.Errorf("the ban of %s, which was acknowledged, is gone", name)
		}
	}
	l.said, l.topics = nil, nil
	return len(got), behind
}

// markOf says how far c has read a room, which that may change, and returns how far it has read now.
func (c *talker) markOf(where, upTo string) (id messageID) {
	c.t.Helper()
	c.say("READ " + where + upTo)
	line, _ := c.until("= READ " + where + " ")
	if word := strings.Fields(line)[3]; word != "-" {
		if _, err := fmt.Sscanf(word, "%d-%d", &id[0], &id[1]); err != nil {
			c.t.Fatalf("%s: %q: %v", c.name, line, err)
		}
	}
	return id
}
