//go:build linux

package accounts

import (
	"strings"
	"testing"
	"time"

	"looproom/loop/ban"
	"looproom/loop/meter"
	"looproom/loop/registry"
	"looproom/loop/room"
)

// registered puts bob into the registry.
func registered(h *house) {
	if err := h.putName(registry.Name{Key: "bob", Shown: "Bob", Hash: hashes()[bobPassword], Since: 1}); err != nil {
		h.t.Fatal(err)
	}
}

// bobKey is a client's key that opens bob's account where it is trusted.
const bobKey = "q7GhT2Xa-q7GhT2Xa_q7GhT2Xa"

// trusted puts bob into the registry, and his key.
func trusted(h *house) {
	registered(h)
	if err := h.trust("bob", room.KeyDigest(bobKey)); err != nil {
		h.t.Fatal(err)
	}
}

// banned puts a ban into the registry.
func banned(target string, shun bool) func(*house) {
	return func(h *house) {
		key := ""
		if !strings.ContainsAny(target, "./:") {
			key = target
		}
		to, err := ban.ParseTarget(target, key)
		if err != nil {
			h.t.Fatal(err)
		}
		if err := h.registry.SetBan(ban.Entry{Target: to, Shun: shun, Since: 1, By: "Ann", Words: "spam"}, 1); err != nil {
			h.t.Fatal(err)
		}
	}
}

// passwordsFrom has passwords have at least so many characters.
func passwordsFrom(least int) func(*house) {
	return func(h *house) {
		access := h.accounts.access.Load().Access
		access.PasswordMin = least
		if err := h.accounts.SetAccess(access); err != nil {
			h.t.Fatal(err)
		}
	}
}

// inMemory has the registry keep nothing.
func inMemory(h *house) {
	r, err := registry.Open(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.registry, h.accounts.registry, h.accounts.cfg.Store = r, r, nil
}

func open(h *house) {
	if err := h.accounts.SetAccess(Access{}); err != nil {
		h.t.Fatal(err)
	}
}

func both(first, second func(*house)) func(*house) { return func(h *house) { first(h); second(h) } }

// busy keeps workers from doing anything, with as many jobs waiting as may, until the test is over.
func busy(which func(*Accounts) *workers) func(*house) {
	return func(h *house) {
		w := which(h.accounts)
		h.t.Cleanup(h.hold(w))
		fill(w)
	}
}

func checksOf(a *Accounts) *workers { return a.checks }
func keepsOf(a *Accounts) *workers  { return a.keeps }
func erasesOf(a *Accounts) *workers { return a.erases }

// TestAnswers: what the client 1 of the first loop is answered and what the room is told, by verb. An hour is past since the server began at 1000000.
func TestAnswers(t *testing.T) {
	oper := func(name, key, password string) room.Ask {
		return room.Ask{Verb: room.Oper, Name: name, Key: key, Password: password}
	}
	login := room.Ask{Verb: room.Login, Name: "bob", Key: "bob", Password: bobPassword}
	register := room.Ask{Verb: room.Register, Name: "Bob", Key: "bob", Password: bobPassword}
	unregister := room.Ask{Verb: room.Unregister, Name: "Bob", Key: "bob"}
	byKey := room.Ask{Verb: room.Login, Name: "bob", Key: "bob", Password: bobKey}
	trust := room.Ask{Verb: room.Trust, Name: "Bob", Key: "bob", Password: room.KeyDigest(bobKey)}
	distrust := room.Ask{Verb: room.Distrust, Name: "Bob", Key: "bob"}
	keep := room.Ask{Verb: room.KeepRoom, Name: "Bob", Kept: goRoom("")}
	keepOff := room.Ask{Verb: room.KeepRoom, Name: "Bob", Kept: goRoom(""), Off: true}
	keepOn := room.Ask{Verb: room.Keep, Name: "Bob", Key: "bob", Person: &room.KeptPerson{Account: "bob", Keeps: true}}
	forgetMe := room.Ask{Verb: room.Forget, Name: "Bob", Key: "bob"}
	clearGo := room.Ask{Verb: room.ClearRoom, Name: "Bob", Key: "#go", Place: 7}
	pass := room.Ask{Verb: room.Pass, Password: serverPassword}
	setBan := func(verb room.Verb, target, key string, seconds int64) room.Ask {
		return room.Ask{Verb: verb, Name: target, Key: key, Seconds: seconds, Text: "spam", Operator: "Ann"}
	}
	const busyDesk, busyDisk = "1< ! busy too much is waiting; try again", "1< ! busy too much is waiting for the disk; try again"
	rows := []struct {
		name   string
		before func(*house)
		ask    room.Ask
		want   []string
	}{
		{"refused by the room", nil, room.Ask{Verb: room.Oper, Refusal: room.Refusal{Why: room.NoOperators}},
			[]string{"1< ! not-operator this server has no operators", "1 goes on"}},

		{"KEEP, what is so", nil, room.Ask{Verb: room.Keep, Name: "Bob", Key: "bob", Off: true}, []string{"1< = KEEP OFF", "1 goes on"}},
		{"KEEP ON", nil, keepOn, []string{"1> person kept bob", "1 goes on"}},
		{"KEEP OFF", nil, room.Ask{Verb: room.Keep, Name: "Bob", Key: "bob", Person: &room.KeptPerson{Account: "bob"}, Off: true}, []string{"1> person kept bob off", "1 goes on"}},
		{"KEEP ON, no folder", inMemory, keepOn, []string{"1< ! names-off this server registers no names", "1 goes on"}},
		{"KEEP ON, the disk refuses", (*house).breakDisk, keepOn, []string{"1< ! not-kept you don't stay: the server's disk refuses it", "1 goes on"}},
		{"KEEP ON, too much waits", busy(keepsOf), keepOn, []string{busyDesk, "1 goes on"}},

		{"FORGET ME", registered, forgetMe, []string{"1> forgotten bob until 0", "1 goes on"}},
		{"FORGET ME, no folder", inMemory, forgetMe, []string{"1< ! names-off this server registers no names", "1 goes on"}},
		{"FORGET ME, the disk refuses", both(registered, (*house).breakDisk), forgetMe, []string{"1< ! not-kept nothing is forgotten: the server's disk refuses it", "1 goes on"}},
		{"FORGET ME, too much waits", both(registered, busy(erasesOf)), forgetMe, []string{busyDesk, "1 goes on"}},
		{"FORGET ME, another session does", both(registered, leaves("bob")), forgetMe, []string{busyDesk, "1 goes on"}},
		{"REGISTER, another session does FORGET ME", both(registered, leaves("bob")), register, []string{busyDesk, "1 goes on"}},

		{"ROOM CLEAR", nil, clearGo, []string{"1> room cleared Bob", "1 goes on"}},
		{"ROOM CLEAR, no folder", inMemory, clearGo, []string{"1> room cleared Bob", "1 goes on"}},
		{"ROOM CLEAR, the disk refuses", (*house).breakDisk, clearGo, []string{"1< ! not-kept the room is not cleared: the server's disk refuses it", "1 goes on"}},
		{"ROOM CLEAR, too much waits", busy(erasesOf), clearGo, []string{busyDesk, "1 goes on"}},

		{"PASS", nil, pass, []string{"1> admit", "1 goes on"}},
		{"PASS, wrong", nil, room.Ask{Verb: room.Pass, Password: annPassword}, []string{"1 alarm 0 in 1s"}},
		{"PASS, when none is needed any more", open, room.Ask{Verb: room.Pass, Password: "x"}, []string{"1> admit", "1 goes on"}},
		{"PASS, busy", busy(checksOf), pass, []string{busyDesk, "1 goes on"}},

		{"OPER", nil, oper("ann", "ann", annPassword), []string{"1> grant Ann", "1 goes on"}},
		{"OPER, wrong", nil, oper("ann", "ann", serverPassword), []string{"1 alarm 0 in 1s"}},
		{"OPER, another name", nil, oper("bob", "bob", annPassword), []string{"1 alarm 0 in 1s"}},
		{"OPER, what is no name", nil, oper("#", "", annPassword), []string{"1 alarm 0 in 1s"}},

		{"LOGIN", registered, login, []string{"1> log in Bob", "1 goes on"}},
		{"LOGIN, wrong", registered, room.Ask{Verb: room.Login, Name: "bob", Key: "bob", Password: annPassword}, []string{"1 alarm 0 in 1s"}},
		{"LOGIN, nobody", nil, login, []string{"1 alarm 0 in 1s"}},
		{"LOGIN by a key", trusted, byKey, []string{"1> log in Bob", "1 goes on"}},
		{"LOGIN by a key that isn't trusted", registered, byKey, []string{"1 alarm 0 in 1s"}},
		{"LOGIN by its digest", trusted, room.Ask{Verb: room.Login, Name: "bob", Key: "bob", Password: trust.Password}, []string{"1 alarm 0 in 1s"}},
		{"LOGIN by a key of another", trusted, room.Ask{Verb: room.Login, Name: "ann", Key: "ann", Password: bobKey}, []string{"1 alarm 0 in 1s"}},
		{"LOGIN by the password beside a key", trusted, login, []string{"1> log in Bob", "1 goes on"}},
		{"LOGIN without names", inMemory, login, []string{"1< ! names-off this server registers no names", "1 goes on"}},
		{"LOGIN, busy", both(registered, busy(checksOf)), login, []string{busyDesk, "1 goes on"}},

		{"REGISTER", nil, register, []string{"1> registered Bob", "1 goes on"}},
		{"REGISTER, a bad password", nil, room.Ask{Verb: room.Register, Name: "Bob", Key: "bob", Password: "short"},
			[]string{"1< ! bad-password a password has 8 characters or more", "1 goes on"}},
		{"REGISTER, as short as may be", passwordsFrom(3), room.Ask{Verb: room.Register, Name: "Bob", Key: "bob", Password: "abc"}, []string{"1> registered Bob", "1 goes on"}},
		{"REGISTER, shorter than may be", passwordsFrom(24), register, []string{"1< ! bad-password a password has 24 characters or more", "1 goes on"}},
		{"REGISTER without names", inMemory, register, []string{"1< ! names-off this server registers no names", "1 goes on"}},
		{"REGISTER, the disk fails", (*house).breakDisk, register,
			[]string{"1< ! not-kept the name is not registered: the server's disk refuses it", "1 goes on"}},
		{"REGISTER, busy", busy(checksOf), register, []string{busyDesk, "1 goes on"}},
		{"REGISTER, the disk is busy", busy(keepsOf), register, []string{busyDisk, "1 goes on"}},

		{"UNREGISTER", registered, unregister, []string{"1> unregistered Bob", "1 goes on"}},
		{"UNREGISTER, nobody", nil, unregister, []string{"1< ! not-registered Bob is not registered", "1 goes on"}},
		{"UNREGISTER without names", inMemory, unregister, []string{"1< ! names-off this server registers no names", "1 goes on"}},
		{"UNREGISTER, the disk fails", both(registered, (*house).breakDisk), unregister,
			[]string{"1< ! not-kept the name stays registered: the server's disk refuses it", "1 goes on"}},
		{"UNREGISTER, the disk is busy", both(registered, busy(keepsOf)), unregister, []string{busyDesk, "1 goes on"}},

		{"TRUST", registered, trust, []string{"1< = TRUST", "1 goes on"}},
		{"TRUST once more, the disk fails", both(trusted, (*house).breakDisk), trust, []string{"1< = TRUST", "1 goes on"}},
		{"TRUST, nobody", nil, trust, []string{"1< ! not-registered Bob is not registered", "1 goes on"}},
		{"TRUST without names", inMemory, trust, []string{"1< ! names-off this server registers no names", "1 goes on"}},
		{"TRUST, the disk fails", both(registered, (*house).breakDisk), trust,
			[]string{"1< ! not-kept the key is not trusted: the server's disk refuses it", "1 goes on"}},
		{"TRUST, busy", both(registered, busy(checksOf)), trust, []string{busyDesk, "1 goes on"}},
		{"TRUST, the disk is busy", both(registered, busy(keepsOf)), trust, []string{busyDisk, "1 goes on"}},
		{"TRUST OFF", trusted, distrust, []string{"1< = TRUST OFF", "1 goes on"}},
		{"TRUST OFF, none", registered, distrust, []string{"1< = TRUST OFF", "1 goes on"}},
		{"TRUST OFF, nobody", nil, distrust, []string{"1< ! not-registered Bob is not registered", "1 goes on"}},
		{"TRUST OFF without names", inMemory, distrust, []string{"1< ! names-off this server registers no names", "1 goes on"}},
		{"TRUST OFF, the disk fails", both(trusted, (*house).breakDisk), distrust,
			[]string{"1< ! not-kept the keys stay trusted: the server's disk refuses it", "1 goes on"}},
		{"TRUST OFF, the disk is busy", both(trusted, busy(keepsOf)), distrust, []string{busyDesk, "1 goes on"}},

		{"ROOM KEEP", nil, keep, []string{"1> room kept Bob #go", "1 goes on"}},
		{"ROOM KEEP without names", inMemory, keep, []string{"1< ! not-kept this server keeps no rooms", "1 goes on"}},
		{"ROOM KEEP of one more", kept(manyRooms()...), keep,
			[]string{"1< ! too-many-rooms Bob keeps 20 rooms, and that is the limit", "1 goes on"}},
		{"ROOM KEEP, the disk fails", (*house).breakDisk, keep, []string{"1< ! not-kept the room is not kept: the server's disk refuses it", "1 goes on"}},
		{"ROOM KEEP, the disk is busy", busy(keepsOf), keep, []string{busyDesk, "1 goes on"}},
		{"ROOM KEEP OFF", kept("#go"), keepOff, []string{"1> room kept Bob #go off", "1 goes on"}},
		{"ROOM KEEP OFF, none", nil, keepOff, []string{"1> room kept Bob #go off", "1 goes on"}},
		{"ROOM KEEP OFF, the disk fails", both(kept("#go"), (*house).breakDisk), keepOff,
			[]string{"1< ! not-kept the room stays kept: the server's disk refuses it", "1 goes on"}},

		{"BAN of a name", nil, setBan(room.Ban, "Eve", "eve", 60),
			[]string{"1< = BAN eve until 1970-01-12T14:47:40Z by Ann spam", "nobody> set ban eve until 1003660: spam", "1 goes on"}},
		{"BAN for ever", nil, setBan(room.Ban, "Eve", "eve", 0), []string{"1< = BAN eve until forever by Ann spam", "nobody> set ban eve until 0: spam", "1 goes on"}},
		{"SHUN of a name", nil, setBan(room.Shun, "Eve", "eve", 60),
			[]string{"nobody> set shun eve until 1003660: spam", "1< = SHUN eve until 1970-01-12T14:47:40Z by Ann spam", "1 goes on"}},
		{"BAN of an address", nil, setBan(room.Ban, "10.0.0.2", "", 60),
			[]string{"1< = BAN 10.0.0.2 until 1970-01-12T14:47:40Z by Ann spam", "2 banned until 1003660: spam", "1 goes on"}},
		{"SHUN of an address", nil, setBan(room.Shun, "10.0.0.2", "", 60),
			[]string{"2> shun client until 1003660", "1< = SHUN 10.0.0.2 until 1970-01-12T14:47:40Z by Ann spam", "1 goes on"}},
		{"BAN of an address where nobody is", nil, setBan(room.Ban, "10.0.0.9", "", 0), []string{"1< = BAN 10.0.0.9 until forever by Ann spam", "1 goes on"}},
		{"BAN of one's own network", nil, setBan(room.Ban, "10.0.0.0/24", "", 60), []string{"1< ! bad-argument 10.0.0.0/24 is your own address, too", "1 goes on"}},
		{"BAN of everyone", nil, setBan(room.Ban, "0.0.0.0/0", "", 60),
			[]string{"1< ! bad-argument that is everyone; a target is one address, a smaller network, or the name of a user", "1 goes on"}},
		{"BAN, the disk fails", (*house).breakDisk, setBan(room.Ban, "Eve", "eve", 0), []string{
			"1< = BAN eve until forever by Ann spam", "nobody> set ban eve until 0: spam", "1< ! not-kept it holds only until the server ends: the server's disk refuses it", "1 goes on"}},
		{"BAN, the disk is busy", busy(keepsOf), setBan(room.Ban, "Eve", "eve", 0), []string{
			"1< = BAN eve until forever by Ann spam", "nobody> set ban eve until 0: spam", "1< ! not-kept it holds only until the server ends: the server's disk refuses it", "1 goes on"}},
		{"BAN, busy", busy(checksOf), setBan(room.Ban, "Eve", "eve", 0), []string{busyDesk, "1 goes on"}},

		{"UNBAN of a name", banned("eve", false), setBan(room.Unban, "Eve", "eve", 0),
			[]string{"nobody> set ban eve", "nobody> set shun eve", "1< = UNBAN eve", "1 goes on"}},
		{"UNBAN of an address", banned("10.0.0.2", true), setBan(room.Unban, "10.0.0.2", "", 0), []string{"2> shun client", "1< = UNBAN 10.0.0.2", "1 goes on"}},
		{"UNBAN, none", nil, setBan(room.Unban, "Eve", "eve", 0), []string{"1< ! no-such-ban eve is neither banned nor shunned; BANS lists who is", "1 goes on"}},
		{"UNBAN of what is none", nil, setBan(room.Unban, "unix:x", "", 0),
			[]string{"1< ! bad-argument behind unix: stands the number of a user of this machine, as WHO tells it", "1 goes on"}},
		{"UNBAN, the disk fails", both(banned("10.0.0.9", false), (*house).breakDisk), setBan(room.Unban, "10.0.0.9", "", 0),
			[]string{"1< = UNBAN 10.0.0.9", "1< ! not-kept it is back when the server starts again: the server's disk refuses it", "1 goes on"}},
		{"UNBAN, busy", busy(checksOf), setBan(room.Unban, "Eve", "eve", 0), []string{busyDesk, "1 goes on"}},

		{"BANS, none", nil, room.Ask{Verb: room.Bans}, []string{"1< = BANS 0", "1 goes on"}},
		{"BANS", both(banned("eve", true), banned("10.0.0.0/8", false)), room.Ask{Verb: room.Bans}, []string{
			"1< = BANS 2\n= BAN 10.0.0.0/8 until forever by Ann spam\n= SHUN eve until forever by Ann spam", "1 goes on"}},
		{"DRAIN", nil, room.Ask{Verb: room.Drain, Operator: "Ann"}, []string{"1< = DRAIN", "1 goes on"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHouse(t, 1)
			if row.before != nil {
				row.before(h)
			}
			h.loops[0].ask(ann, row.ask)
			h.loops[0].want(row.want...)
			if row.before == nil { // else the workers may be held
				h.wantNothing()
			}
			for _, secret := range []string{serverPassword, annPassword, bobPassword, bobKey, room.KeyDigest(bobKey)} {
				if strings.Contains(h.log.String(), secret) {
					t.Errorf("the log tells a password or a key: %s", h.log)
				}
			}
		})
	}
}

// TestEveryAskHasItsAnswer: a verb that leads to an Asked has a row.
func TestEveryAskHasItsAnswer(t *testing.T) {
	asked := 0
	for verb := range room.Verb(255) {
		if !verb.Asks() {
			continue
		}
		asked++
		if answers[verb] == nil {
			t.Errorf("nobody answers the verb %s", verb)
		}
	}
	if asked < 20 {
		t.Errorf("%d verbs lead to an Asked, want more", asked)
	}
}

// TestWrongPasswords: each is answered a second after it was said, is counted, and the log says neither whose nor which; who has tried six waits.
func TestWrongPasswords(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	wrong := room.Ask{Verb: room.Oper, Name: "Ann", Key: "ann", Password: "wrong and secret"}
	release := h.hold(h.accounts.checks)
	f.ask(ann, wrong)
	h.pass(300 * time.Millisecond)
	release()
	f.want("1 alarm 0 in 700ms")
	f.on(func() { f.answers.Rang(ann, WrongAnswer) })
	f.want("1< ! wrong-password the name or the password is wrong", "1 goes on")
	f.on(func() { f.answers.Rang(ann, WrongAnswer) }) // it doesn't wait any more
	h.wantNothing()

	release = h.hold(h.accounts.checks)
	f.ask(ann, wrong)
	h.pass(5 * time.Second) // the check took longer than the answer is to take
	release()
	f.want("1 alarm 0 in 0s")
	for range 4 {
		f.ask(ann, wrong)
		f.want("1 alarm 0 in 1s")
	}
	f.ask(ann, room.Ask{Verb: room.Oper, Name: "Ann", Key: "ann", Password: annPassword})
	f.want("1< ! too-many-attempts try again in 4s", "1 goes on")
	f.ask(ann, room.Ask{Verb: room.Register, Name: "Ann", Key: "ann", Password: annPassword})
	f.want("1< ! too-many-attempts try again in 4s", "1 goes on")
	f.ask(bob, room.Ask{Verb: room.Oper, Name: "Ann", Key: "ann", Password: annPassword}) // who comes from elsewhere
	f.want("2> grant Ann", "2 goes on")

	if wrong, refused := f.counters.PasswordsWrong.Load(), f.counters.AttemptsRefused.Load(); wrong != 6 || refused != 2 {
		t.Errorf("wrong passwords, refused attempts = %d, %d; want 6, 2", wrong, refused)
	}
	log := h.log.String()
	if n := strings.Count(log, `"for":"OPER","message":"wrong password"`); n != 6 {
		t.Errorf("wrong passwords in the log = %d, want 6: %s", n, log)
	}
	if strings.Contains(log, "secret") || strings.Contains(log, "ann") {
		t.Errorf("the log tells of a wrong password: %s", log)
	}
	if !strings.Contains(log, `"message":"has tried too many passwords"`) || !strings.Contains(log, `"client":"10.0.0.2:5","operator":"Ann","message":"is an operator now"`) {
		t.Errorf("the log misses an attempt or an operator: %s", log)
	}
}

// TestRightPasswordsAreNoAttempts: who says the right one may do so for ever.
func TestRightPasswordsAreNoAttempts(t *testing.T) {
	h := newHouse(t, 1)
	for range 10 {
		h.loops[0].ask(ann, room.Ask{Verb: room.Oper, Name: "Ann", Key: "ann", Password: annPassword})
		h.loops[0].want("1> grant Ann", "1 goes on")
	}
}

// TestServerPasswordIsKnown: the one that has been right before is looked at on the spot, even if the workers are busy.
func TestServerPasswordIsKnown(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	f.ask(ann, room.Ask{Verb: room.Pass, Password: serverPassword})
	f.want("1> admit", "1 goes on")
	busy(checksOf)(h)
	f.ask(bob, room.Ask{Verb: room.Pass, Password: serverPassword})
	f.want("2> admit", "2 goes on")
	// It stays known when something else changes, and not when it does.
	if err := h.accounts.SetAccess(Access{Password: hashes()[serverPassword]}); err != nil {
		t.Fatal(err)
	}
	f.ask(bob, room.Ask{Verb: room.Pass, Password: serverPassword})
	f.want("2> admit", "2 goes on")
	if err := h.accounts.SetAccess(Access{Password: hashes()[annPassword]}); err != nil {
		t.Fatal(err)
	}
	f.ask(bob, room.Ask{Verb: room.Pass, Password: serverPassword})
	f.want("2< ! busy too much is waiting; try again", "2 goes on")
}

// TestClientsThatLeave: what was to be kept is kept when the client goes while a worker is at it, and nobody is told.
func TestClientsThatLeave(t *testing.T) {
	rows := []struct {
		name   string
		before func(*house)
		ask    room.Ask
		want   []string
	}{
		{"PASS", nil, room.Ask{Verb: room.Pass, Password: serverPassword}, nil},
		{"OPER, wrong", nil, room.Ask{Verb: room.Oper, Name: "Ann", Key: "ann", Password: "wrong"}, nil},
		{"REGISTER", nil, room.Ask{Verb: room.Register, Name: "Bob", Key: "bob", Password: bobPassword}, []string{"1> registered Bob"}},
		{"UNREGISTER", registered, room.Ask{Verb: room.Unregister, Name: "Bob", Key: "bob"}, []string{"1> unregistered Bob"}},
		{"TRUST", registered, room.Ask{Verb: room.Trust, Name: "Bob", Key: "bob", Password: room.KeyDigest(bobKey)}, nil},
		{"ROOM KEEP", nil, room.Ask{Verb: room.KeepRoom, Name: "Bob", Kept: goRoom("")}, []string{"1> room kept Bob #go"}},
		{"ROOM KEEP OFF", kept("#go"), room.Ask{Verb: room.KeepRoom, Name: "Bob", Kept: goRoom(""), Off: true}, []string{"1> room kept Bob #go off"}},
		{"BAN", nil, room.Ask{Verb: room.Ban, Name: "10.0.0.2", Operator: "Ann"}, []string{"2 banned until 0: "}},
		{"UNBAN", banned("eve", false), room.Ask{Verb: room.Unban, Name: "eve", Key: "eve"}, []string{"nobody> set ban eve", "nobody> set shun eve"}},
	}
	for _, row := range rows {
		for _, deaf := range []bool{false, true} {
			t.Run(row.name, func(t *testing.T) {
				h := newHouse(t, 1)
				if row.before != nil {
					row.before(h)
				}
				f := h.loops[0]
				checks, keeps := h.hold(h.accounts.checks), h.hold(h.accounts.keeps)
				f.ask(ann, row.ask)
				f.on(func() {
					if deaf {
						f.clients[ann].Deaf = true
					} else {
						delete(f.clients, ann)
					}
				})
				checks()
				keeps()
				h.settle()
				f.want(row.want...)
				f.ask(ann, row.ask) // nobody is there who asks
				h.wantNothing()
				f.on(func() { f.answers.Rang(ann, WrongAnswer); f.answers.Rang(ann, PassOver) })
				h.wantNothing()
			})
		}
	}
}

// TestPanicCostsOneClient: one in what a worker does for a client is told to the loop, and the workers go on.
func TestPanicCostsOneClient(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	for range 2 * checkers {
		f.on(func() { f.answers.atWork(h.accounts.checks, ann, func() func() { panic("planted") }) })
		f.want("1 panicked: planted")
	}
	f.ask(bob, room.Ask{Verb: room.Oper, Name: "Ann", Key: "ann", Password: annPassword})
	f.want("2> grant Ann", "2 goes on")
}

// TestDrain: the operator's wish is passed on by name, and the log has who it was.
func TestDrain(t *testing.T) {
	h := newHouse(t, 1)
	h.loops[0].ask(bob, room.Ask{Verb: room.Drain, Operator: "Ann"})
	select {
	case who := <-h.drained:
		if who != "Ann" {
			t.Errorf("asked for by %q, want Ann", who)
		}
	case <-time.After(patience):
		t.Fatal("nobody is asked to end the server")
	}
	if !strings.Contains(h.log.String(), `"operator":"Ann","client":"10.0.0.2:5","message":"drain asked for"`) {
		t.Errorf("log = %s, want who asked", h.log)
	}
}

// TestLogOfABanDrivesNoTerminal: the room is told the words of a ban as they were said, the log what shows of them.
func TestLogOfABanDrivesNoTerminal(t *testing.T) {
	h := newHouse(t, 1)
	words := "\x02sp\u009bam\u202e\u2028"
	h.loops[0].ask(ann, room.Ask{Verb: room.Ban, Name: "Eve", Key: "eve", Operator: "Ann", Text: words})
	h.loops[0].want("1< = BAN eve until forever by Ann spam", "nobody> set ban eve until 0: "+words, "1 goes on")
	if !strings.Contains(h.log.String(), `"words":"spam","message":"ban set"`) {
		t.Errorf("log = %q, want the words that show", h.log)
	}
}

// TestStats: the figures are told as rows.
func TestStats(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	f.ask(ann, room.Ask{Verb: room.Stats})
	f.mu.Lock()
	defer f.mu.Unlock()
	stats := meter.Stats{}
	if n := strings.Count(f.done[0], "\n"); n != len(stats.Figures()) || !strings.Contains(f.done[0], "clients 7") || f.done[1] != "1 goes on" {
		t.Errorf("STATS = %q, want %d figures", f.done, len(stats.Figures()))
	}
}
