//go:build linux

package accounts

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"looproom/loop/registry"
	"looproom/loop/room"
	"looproom/loop/secret"
)

// scramClient is the client's side of RFC 5802, section 3, written from it.
type scramClient struct{ name, password, bare string }

// The nonce and the header of the example in section 3 of RFC 7677.
const clientNonce, clientHeader = "rOprNGfwEbeRWgbNEkqO", "n,,"

func (c *scramClient) first() string {
	c.bare = "n=" + c.name + ",r=" + clientNonce
	return clientHeader + c.bare
}

// final answers the server's first message, and says what the server has to answer to that.
func (c *scramClient) final(t *testing.T, first string) (message, want string) {
	t.Helper()
	parts := strings.Split(first, ",")
	if len(parts) != 3 || !strings.HasPrefix(parts[0], "r="+clientNonce) || len(parts[0]) <= len("r="+clientNonce) {
		t.Fatalf("the server's first message is %q", first)
	}
	salt, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(parts[1], "s="))
	if err != nil {
		t.Fatal(err)
	}
	rounds, err := strconv.Atoi(strings.TrimPrefix(parts[2], "i="))
	if err != nil || rounds < 4096 {
		t.Fatalf("the server's first message has %q", parts[2])
	}
	salted, err := pbkdf2.Key(sha256.New, c.password, salt, rounds, sha256.Size)
	if err != nil {
		t.Fatal(err)
	}
	bare := "c=" + base64.StdEncoding.EncodeToString([]byte(clientHeader)) + "," + parts[0]
	auth := c.bare + "," + first + "," + bare
	client := mac(salted, "Client Key")
	stored := sha256.Sum256(client)
	proof := mac(stored[:], auth)
	for i := range proof {
		proof[i] ^= client[i]
	}
	return bare + ",p=" + base64.StdEncoding.EncodeToString(proof), "v=" + base64.StdEncoding.EncodeToString(mac(mac(salted, "Server Key"), auth))
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// told waits until the loop has been asked for n things, and returns them.
func (f *fake) told(n int) []string {
	f.t.Helper()
	timer := time.AfterFunc(patience, f.cond.Broadcast)
	defer timer.Stop()
	deadline := time.Now().Add(patience)
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.done) < n && time.Now().Before(deadline) {
		f.cond.Wait()
	}
	done := f.done
	f.done = nil
	if len(done) != n {
		f.t.Fatalf("the loop was asked for %q, want %d things", done, n)
	}
	return done
}

// scram has the client send a message of SCRAM-SHA-256.
func (f *fake) scram(id room.ClientID, message string) {
	f.t.Helper()
	f.on(func() { f.clients[id].Waits = true })
	f.ask(id, room.Ask{Verb: room.Scram, Password: message})
}

// challenge is what the server answers to a first message.
func (f *fake) challenge(id room.ClientID, message string) string {
	f.t.Helper()
	f.scram(id, message)
	done := f.told(3) // with the alarm
	text, ok := strings.CutPrefix(done[1], fmt.Sprintf("%d< challenged: ", id))
	if !ok || done[0] != fmt.Sprintf("%d alarm 3 in 1m0s", id) || done[2] != fmt.Sprintf("%d goes on", id) {
		f.t.Fatalf("the first message is answered by %q", done)
	}
	return text
}

// wantWrong has the answer to a wrong password come, and no sooner than after a second.
func (f *fake) wantWrong(id room.ClientID) {
	f.t.Helper()
	f.want(fmt.Sprintf("%d alarm 0 in 1s", id))
	f.on(func() { f.answers.Rang(id, WrongAnswer) })
	f.want(fmt.Sprintf("%d< ! wrong-password the name or the password is wrong", id), fmt.Sprintf("%d goes on", id))
}

// pencil puts the account of the example in section 3 of RFC 7677 into the registry: "user", whose password is "pencil", with what the section says is stored.
func pencil(h *house) {
	salted := must(pbkdf2.Key(sha256.New, "pencil", must(base64.StdEncoding.DecodeString("W22ZaJ0SNY7soEsUEjb6gQ==")), 4096, sha256.Size))
	stored := sha256.Sum256(mac(salted, "Client Key"))
	v, err := secret.ParseVerifier("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" + base64.StdEncoding.EncodeToString(stored[:]) + ":" + base64.StdEncoding.EncodeToString(mac(salted, "Server Key")))
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.putName(registry.Name{Key: "user", Shown: "User", Hash: hashes()[bobPassword], Verifier: v}); err != nil {
		h.t.Fatal(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestScram: the account of RFC 7677's example is logged in to as it says, and only when the client has seen that this is its server.
func TestScram(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	pencil(h)
	c := &scramClient{name: "user", password: "pencil"}
	first := f.challenge(ann, c.first())
	if !strings.HasSuffix(first, ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096") {
		t.Errorf("the first message is answered by %q", first)
	}
	message, want := c.final(t, first)
	f.scram(ann, message)
	f.want("1< challenged: "+want, "1 goes on")
	f.scram(ann, "")
	f.want("1> log in User", "1 goes on")
	f.scram(ann, "") // nothing goes on any more
	if done := f.told(2); done[1] != "1 alarm 0 in 1s" {
		t.Errorf("an empty message is answered by %q", done)
	}
}

// TestScramIsWrong: whatever is wrong is answered alike, after a second, counted and logged.
func TestScramIsWrong(t *testing.T) {
	say := func(message func(c *scramClient, first string) string) func(*testing.T, *house) {
		return func(t *testing.T, h *house) {
			c := &scramClient{name: "user", password: "pencil"}
			h.loops[0].scram(ann, message(c, h.loops[0].challenge(ann, c.first())))
		}
	}
	right := func(t *testing.T, h *house) {
		c := &scramClient{name: "user", password: "pencil"}
		message, want := c.final(t, h.loops[0].challenge(ann, c.first()))
		h.loops[0].scram(ann, message)
		h.loops[0].want("1< challenged: "+want, "1 goes on")
	}
	rows := []struct {
		name string
		do   func(*testing.T, *house)
	}{
		{"another password", func(t *testing.T, h *house) {
			c := &scramClient{name: "user", password: "pencils"}
			message, _ := c.final(t, h.loops[0].challenge(ann, c.first()))
			h.loops[0].scram(ann, message)
		}},
		{"nobody", func(t *testing.T, h *house) {
			c := &scramClient{name: "nobody", password: ""}
			message, _ := c.final(t, h.loops[0].challenge(ann, c.first()))
			h.loops[0].scram(ann, message)
		}},
		{"no second message", say(func(*scramClient, string) string { return "c=biws" })},
		{"of another server", say(func(c *scramClient, first string) string {
			message, _ := c.final(t, "r="+clientNonce+"x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
			return message
		})},
		{"another password since", func(t *testing.T, h *house) {
			right(t, h)
			if err := h.putName(registry.Name{Key: "user", Shown: "User", Hash: hashes()[annPassword]}); err != nil {
				t.Fatal(err)
			}
			h.loops[0].scram(ann, "")
		}},
		{"given up since", func(t *testing.T, h *house) {
			right(t, h)
			if err := h.registry.CarryOut(&registry.Change{Kind: registry.NameRemoved, Key: "user"}); err != nil {
				t.Fatal(err)
			}
			h.loops[0].scram(ann, "")
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHouse(t, 1)
			pencil(h)
			row.do(t, h)
			h.loops[0].wantWrong(ann)
			h.wantNothing()
			if n := h.loops[0].counters.PasswordsWrong.Load(); n != 1 {
				t.Errorf("%d wrong passwords are counted, want 1", n)
			}
			if log := h.log.String(); !strings.Contains(log, `"for":"SCRAM","message":"wrong password"`) || strings.Contains(log, "user") {
				t.Errorf("the log is %s", log)
			}
			if n := len(h.loops[0].answers.talks); n != 0 {
				t.Errorf("%d logins go on, want none", n)
			}
		})
	}
	for _, first := range []string{"n", "p=tls-exporter,,n=user,r=x", "n,a=other,n=user,r=x", "n,,n=user,r=a\r\nb", "n,,n=us\x00er,r=a"} {
		t.Run(fmt.Sprintf("first message %q", first), func(t *testing.T) {
			h := newHouse(t, 1)
			pencil(h)
			h.loops[0].scram(ann, first)
			if done := h.loops[0].told(2); done[1] != "1 alarm 0 in 1s" {
				t.Errorf("it is answered by %q", done)
			}
		})
	}
}

// TestScramTellsNothing: from the first answer nobody can tell an account from none, nor whether it has a verifier, nor that its password has been changed, and it is the same after a restart.
func TestScramTellsNothing(t *testing.T) {
	h := newHouse(t, 2)
	registered(h)
	factors := func(name string, id room.ClientID) string {
		f := h.loops[(id-1)/2]
		_, rest, _ := strings.Cut(f.challenge(id, (&scramClient{name: name}).first()), ",")
		return rest
	}
	before, nobody := factors("bob", ann), factors("Nobody", bob)
	if salt, rounds, _ := strings.Cut(before, ","); len(salt) != len("s=W22ZaJ0SNY7soEsUEjb6gQ==") || rounds != "i=100000" || !strings.HasSuffix(nobody, rounds) || nobody == before {
		t.Errorf("the server's first messages have %q for an account and %q for nobody", before, nobody)
	}
	h.loops[0].ask(ann, room.Ask{Verb: room.Register, Name: "Bob", Key: "bob", Password: annPassword})
	h.loops[0].want("1> registered Bob", "1 goes on")
	if after := factors("BOB", 3); after != before {
		t.Errorf("with another password: %q, want %q as before", after, before)
	}
	if after := factors("nobody", 4); after != nobody {
		t.Errorf("of nobody by another loop: %q, want %q as before", after, nobody)
	}
	h.reopen()
	if after := factors("nobody", 4); after != nobody {
		t.Errorf("of nobody after a restart: %q, want %q as before", after, nobody)
	}
}

// TestScramIsSlowed: each login that is begun counts as a try of a password, for all ways to log in, and a right one doesn't.
func TestScramIsSlowed(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	pencil(h)
	c := &scramClient{name: "user", password: "pencil"}
	for range 10 {
		message, want := c.final(t, f.challenge(ann, c.first()))
		f.scram(ann, message)
		f.want("1< challenged: "+want, "1 goes on")
		f.scram(ann, "")
		f.want("1> log in User", "1 goes on")
	}
	for range 6 {
		f.challenge(ann, c.first())
	}
	f.scram(ann, c.first())
	f.want("1< ! too-many-attempts try again in 10s", "1 goes on")
	f.ask(ann, room.Ask{Verb: room.Login, Name: "user", Key: "user", Password: bobPassword})
	f.want("1< ! too-many-attempts try again in 10s", "1 goes on")
	f.challenge(bob, c.first()) // from elsewhere
}

// TestScramIsForgotten: a login that doesn't go on is no more after a minute, and when its client has gone.
func TestScramIsForgotten(t *testing.T) {
	rows := map[string]func(h *house){
		"after a minute": func(h *house) {
			h.pass(scramTime)
			h.loops[0].on(func() { h.loops[0].answers.Rang(ann, ScramOver) })
		},
		"when it has gone": func(h *house) { h.loops[0].on(func() { h.loops[0].answers.Left(ann) }) },
	}
	for name, do := range rows {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, 1)
			f := h.loops[0]
			pencil(h)
			c := &scramClient{name: "user", password: "pencil"}
			message, _ := c.final(t, f.challenge(ann, c.first()))
			h.pass(scramTime - time.Second)
			f.on(func() { f.answers.Rang(ann, ScramOver) }) // of one before
			if n := len(f.answers.talks); n != 1 {
				t.Errorf("%d logins go on before, want 1", n)
			}
			do(h)
			if n := len(f.answers.talks); n != 0 {
				t.Errorf("%d logins go on, want none", n)
			}
			f.scram(ann, message)
			if done := f.told(2); done[1] != "1 alarm 0 in 1s" {
				t.Errorf("its second message is answered by %q", done)
			}
		})
	}
	t.Run("without a folder", func(t *testing.T) {
		h := newHouse(t, 1)
		inMemory(h)
		h.loops[0].scram(ann, (&scramClient{name: "user"}).first())
		h.loops[0].want("1< ! names-off this server registers no names", "1 goes on")
	})
}

// verifierOf waits until an account has a verifier.
func (h *house) verifierOf(key string) secret.Verifier {
	h.t.Helper()
	h.settle()
	n, _ := h.registry.Name(key)
	return n.Verifier
}

// TestAccountGetsAVerifier: one whose password an earlier looproom has set can be logged in to by SCRAM-SHA-256 once the password has been said, and not because of a wrong one or a key.
func TestAccountGetsAVerifier(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	trusted(h)
	login := func(said string) { f.ask(ann, room.Ask{Verb: room.Login, Name: "bob", Key: "bob", Password: said}) }
	login(bobKey)
	f.want("1> log in Bob", "1 goes on")
	login("another password")
	f.want("1 alarm 0 in 1s")
	if v := h.verifierOf("bob"); v != (secret.Verifier{}) {
		t.Errorf("it has the verifier %v before its password has been said", v)
	}
	login(bobPassword)
	f.want("1> log in Bob", "1 goes on")
	v := h.verifierOf("bob")
	if v == (secret.Verifier{}) {
		t.Fatal("it has no verifier")
	}
	c := &scramClient{name: "Bob", password: bobPassword}
	message, want := c.final(t, f.challenge(ann, c.first()))
	f.scram(ann, message)
	f.want("1< challenged: "+want, "1 goes on")
	login(bobPassword)
	f.want("1> log in Bob", "1 goes on")
	if again := h.verifierOf("bob"); again != v {
		t.Errorf("it has got another verifier %v", again)
	}
	h.reopen()
	if n, _ := h.registry.Name("bob"); n.Verifier != v {
		t.Errorf("after a restart its verifier is %v, want %v", n.Verifier, v)
	}
}

// TestVerifierWaitsForNobody: where others wait for the workers, none is made.
func TestVerifierWaitsForNobody(t *testing.T) {
	h := newHouse(t, 1)
	registered(h)
	name, _ := h.registry.Name("bob")
	release := h.hold(h.accounts.checks)
	defer release()
	addVerifier(h.loops[0].answers, ann, name, bobPassword)
	addVerifier(h.loops[0].answers, ann, name, bobPassword)
	if n := len(h.accounts.checks.jobs); n != 1 {
		t.Errorf("%d jobs wait, want the first alone", n)
	}
	release()
	if h.verifierOf("bob") == (secret.Verifier{}) {
		t.Error("nothing came of the first")
	}
}

// TestRegisterMakesAVerifier: who registers can log in by SCRAM-SHA-256, and another password makes another verifier.
func TestRegisterMakesAVerifier(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	seen := map[secret.Verifier]bool{{}: true}
	for _, password := range []string{annPassword, bobPassword} {
		f.ask(ann, room.Ask{Verb: room.Register, Name: "Bob", Key: "bob", Password: password})
		f.want("1> registered Bob", "1 goes on")
		v := h.verifierOf("bob")
		if seen[v] {
			t.Errorf("the verifier is %v, want a new one", v)
		}
		seen[v] = true
		c := &scramClient{name: "bob", password: password}
		message, want := c.final(t, f.challenge(ann, c.first()))
		f.scram(ann, message)
		f.want("1< challenged: "+want, "1 goes on")
	}
}
