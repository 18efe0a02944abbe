//go:build linux

package main_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestNobodyReadsWhatItMayNot: whoever asks by whatever verb, id, time or word, of rooms that are locked, barred, cleared, or have ended and been made again, of letters, by guests, by accounts
// and by those who have given theirs up: nobody is told a text that it may not read, and behind it all each finds all that it may, over a restart, too.
func TestNobodyReadsWhatItMayNot(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			seed := uint64(len(loops)) + uint64(loops[0])
			l := &looking{t: t, random: rand.New(rand.NewPCG(seed, 16)), model: newReadable()}
			state := t.TempDir()
			start := func() *server { return guarded(t, state, "--loops", loops, "--max-rooms-per-user", "0") }
			s := start()
			for n := range 9 {
				l.model.readers = append(l.model.readers, &reader{base: fmt.Sprintf("user%d", n)})
			}
			l.comeIn(s)
			for _, u := range l.model.readers[:5] {
				l.register(u)
			}
			for range 2 {
				l.live(lookedSteps / 2)
				l.settle()
				s.stop()
				l.model.restart()
				s = start()
				l.comeIn(s)
				l.settle()
			}
			if l.read < 3000 {
				t.Errorf("only %d texts have been read: is there anything to be found?", l.read)
			}
		})
	}
}

// lookedSteps is how much is done, some 2 ms each.
const lookedSteps = 2400

// looking is the test under way.
type looking struct {
	t      *testing.T
	random *rand.Rand
	model  *readable
	words  int
	ids    []string // of messages that somebody has been told of
	ops    *talker
	read   int // texts that somebody has been told of as an answer
}

// comeIn has all connect, and log in if they have an account.
func (l *looking) comeIn(s *server) {
	for n, u := range l.model.readers {
		u.talker = dialAs(l.t, s, 0, fmt.Sprintf("127.0.1.%d", n+1), u.base)
		u.called, u.rooms = "", map[string]bool{}
		l.model.comesInto(u, "#lobby")
		_, before := u.until("> Connected to the chat server (")
		l.check(u, append(before, u.fence()...))
		if u.account != "" {
			l.does(u, "LOGIN "+u.account+" the password of "+u.account, "= LOGIN ")
			u.called = u.account
		} else {
			l.does(u, "ADD "+u.base, "= ADD ")
			u.called = u.base
		}
		l.does(u, "IDS ON", "= IDS ON")
	}
	l.ops = greeted(dialAs(l.t, s, 0, "127.0.1.100", "ops"))
	l.ops.says("OPER ann "+operPassword, "= OPER ann")
	l.ops.says("PART", "= PART #lobby")
}

// does has u say a line, checks all that it has been told up to the answer, and fails if that is another one.
func (l *looking) does(u *reader, line, answer string) {
	l.t.Helper()
	if got := l.tries(u, line, answer); got == "" {
		l.t.Fatalf("%s said %q, and wasn't answered %q", u.called, line, answer)
	}
}

// tries is does without failing: it returns the answer, "" if there was another one.
func (l *looking) tries(u *reader, line, answer string) (got string) {
	u.say(line)
	lines := u.fence()
	if at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, answer) }); at >= 0 {
		got = lines[at]
	}
	l.note(u, line, got)
	l.checkAnswer(u, lines, strings.HasPrefix(line, "EXPORT"))
	return got
}

// note has the model know what has come of what u has said.
func (l *looking) note(u *reader, line, answer string) {
	words := strings.Fields(line)
	switch {
	case answer == "":
	case words[0] == "JOIN":
		l.model.comesInto(u, words[1])
	case words[0] == "PART":
		delete(u.rooms, words[1])
		l.model.end()
	}
}

// check is checkAnswer of what was no EXPORT.
func (l *looking) check(u *reader, lines []string) { l.checkAnswer(u, lines, false) }

// checkAnswer looks whether u may be told what it has been told: live, as one who was there, or now as an answer.
func (l *looking) checkAnswer(u *reader, lines []string, export bool) {
	l.t.Helper()
	for _, line := range lines {
		answered := strings.HasPrefix(line, "= ")
		for _, word := range l.model.wordsOf(line) {
			x := l.model.byWord[word]
			if answered {
				l.read++
			}
			if answered && !l.model.mayRead(u, x) && (!export || !l.model.hasSaid(u, x)) || !answered && !x.heard[u] {
				l.t.Fatalf("%s, with the account %q and in %v, was told %q, which it may not read: %+v", u.called, u.account, u.rooms, line, *x)
			}
		}
		if id, _, has := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(line, "= "), "@"), " "); has && strings.Contains(line, "@") && len(l.ids) < 1000 {
			l.ids = append(l.ids, id)
		}
	}
}

// live has somebody do something, so many times.
func (l *looking) live(steps int) {
	for range steps {
		u := pick(l.random, l.model.readers)
		switch n := l.random.IntN(100); {
		case n < 25:
			l.talks(u)
		case n < 35:
			l.writes(u)
		case n < 55:
			l.moves(u)
		case n < 62:
			l.rules(u)
		case n < 63:
			l.ends(u)
		default:
			l.looks(u)
		}
	}
}

// newWord is one that was never said.
func (l *looking) newWord() string {
	l.words++
	return fmt.Sprintf("w%dx", l.words)
}

// talks has u say something in one of its rooms.
func (l *looking) talks(u *reader) {
	if len(u.rooms) == 0 {
		return
	}
	room := pick(l.random, roomsOf(u))
	x := &saidText{word: l.newWord(), by: u.account, room: room, life: l.model.rooms[room].life, heard: map[*reader]bool{}}
	for _, other := range l.model.members(room) {
		x.heard[other] = other != u
	}
	l.model.note(x)
	u.say("TEXT TO " + room + " common " + x.word)
	lines := u.fence()
	if slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, "! room-muted ") }) {
		x.gone = true // it is muted
	}
	l.check(u, lines)
}

// writes has u say something to another alone.
func (l *looking) writes(u *reader) {
	to := pick(l.random, l.model.readers)
	x := &saidText{word: l.newWord(), by: u.account, heard: map[*reader]bool{to: true}, copies: map[string]string{}}
	if u.account != "" {
		x.copies[u.account] = to.called
	}
	if to.account != "" {
		x.copies[to.account] = u.called
	}
	l.model.note(x)
	u.say("TEXT TO " + to.called + " common " + x.word)
	l.check(u, u.fence())
}

// moves has u come, go, or be called otherwise.
func (l *looking) moves(u *reader) {
	room := fmt.Sprintf("#r%d", l.random.IntN(4))
	switch l.random.IntN(5) {
	case 0:
		if len(u.rooms) > 0 {
			room = pick(l.random, roomsOf(u))
			l.does(u, "PART "+room, "= PART "+room)
		}
	case 1:
		name := u.base
		if l.random.IntN(2) == 0 {
			name += "b"
		}
		if l.tries(u, "NICK "+name, "= NICK "+name) != "" {
			u.called = name
			l.whereIs(u) // the name may be banned from one of its rooms
		}
	case 2:
		l.tries(u, "JOIN #lobby", "= JOIN #lobby")
	case 3:
		l.tries(u, "JOIN "+room+" open sesame", "= JOIN "+room)
	default:
		l.tries(u, "JOIN "+room, "= JOIN "+room)
	}
}

// rules has u do something that takes rights.
func (l *looking) rules(u *reader) {
	if len(u.rooms) == 0 {
		return
	}
	room, who := pick(l.random, roomsOf(u)), pick(l.random, l.model.readers)
	say := "ROOM " + room + " "
	switch l.random.IntN(9) {
	case 0:
		l.tries(u, say+"LOCK"+pick(l.random, []string{"", " OFF"}), "= ROOM ")
	case 1:
		l.tries(u, say+"KEY"+pick(l.random, []string{"", " open sesame"}), "= ROOM ")
	case 2:
		l.tries(u, say+"INVITE "+who.called, "= ROOM ")
	case 3:
		l.tries(u, say+"BAN "+who.called+" forever", "= ROOM ")
	case 4:
		l.tries(u, say+"UNBAN "+who.called, "= ROOM ")
	case 5:
		l.tries(u, say+"KICK "+who.called, "= ROOM ")
	case 6:
		if l.tries(u, say+"KEEP", "= ROOM "+room+" KEEP") != "" {
			l.model.rooms[room].kept = true
		}
	case 7:
		l.tries(u, say+"MUTE"+pick(l.random, []string{"", " OFF"}), "= ROOM ")
	default:
		if l.tries(u, say+"CLEAR", "= ROOM "+room+" CLEAR") != "" {
			l.model.rooms[room].life++
		}
	}
	l.whereIs(who)
}

// whereIs has the model know in which rooms a user is that may have been put out of one.
func (l *looking) whereIs(who *reader) {
	l.ops.say("WHO " + who.called)
	line, _ := l.ops.until("= WHO ")
	_, rooms, _ := strings.Cut(line, " rooms ")
	rooms, _, _ = strings.Cut(rooms, " ")
	if rooms == "-" {
		l.model.isIn(who, nil)
		return
	}
	l.model.isIn(who, strings.Split(rooms, ","))
}

// ends has u give up its account, or get one.
func (l *looking) ends(u *reader) {
	if u.account == "" {
		l.register(u)
		return
	}
	if l.random.IntN(2) == 0 && u.called == u.account { // it has to have the name to give it up
		l.does(u, "UNREGISTER", "= UNREGISTER "+u.account)
		l.model.leave(u)
		return
	}
	l.does(u, "FORGET ME", "= FORGET "+u.account+" ")
	l.model.forget(u)
}

// register has u keep its own name.
func (l *looking) register(u *reader) {
	if l.tries(u, "NICK "+u.base, "= NICK ") == "" {
		return
	}
	u.called = u.base
	l.whereIs(u)
	l.does(u, "REGISTER the password of "+u.base, "= REGISTER ")
	u.account = u.base
}

// looks has u ask for what was said, of whatever it can think of.
func (l *looking) looks(u *reader) {
	where := pick(l.random, []string{"", "", "#lobby", "#r0", "#r1", "#r2", "#r3", pick(l.random, l.model.readers).called, pick(l.random, l.model.readers).base})
	word := pick(l.random, []string{"common", "w*", "com*", fmt.Sprintf("w%dx", 1+l.random.IntN(l.words+1))})
	line := ""
	switch l.random.IntN(5) {
	case 0, 1:
		line = "HISTORY " + where + l.within("before", "after")
	case 2, 3:
		line = "SEARCH " + word
		if where != "" {
			line += " in " + where
		}
		if l.random.IntN(4) == 0 {
			line += " by " + pick(l.random, l.model.readers).called
		}
		line += l.within("before")
	default:
		line = pick(l.random, []string{"EXPORT" + l.within("after"), "RECENT " + where + " 100"})
	}
	if l.random.IntN(3) == 0 && !strings.HasPrefix(line, "RECENT") {
		line += fmt.Sprintf(" %d", l.random.IntN(120))
	}
	l.tries(u, line, "= ")
}

// within is a bound, or none.
func (l *looking) within(marks ...string) string {
	mark := " " + pick(l.random, marks) + " "
	switch n := l.random.IntN(6); {
	case n < 2 && len(l.ids) > 0:
		return mark + pick(l.random, l.ids)
	case n == 2:
		return mark + time.Now().UTC().Add(time.Duration(l.random.IntN(3000)-2500)*time.Millisecond).Format("2006-01-02T15:04:05.000Z")
	case n == 3:
		return mark + "0-0"
	}
	return ""
}

// pick is one of them.
func pick[T any](random *rand.Rand, all []T) T { return all[random.IntN(len(all))] }
