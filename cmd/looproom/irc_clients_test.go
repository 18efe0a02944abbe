//go:build linux

package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// ircProgram is a program by which people use IRC on a terminal.
type ircProgram struct {
	name  string
	start func(t *testing.T, as ircPerson) *screen // connects
}

// ircPerson is how somebody comes.
type ircPerson struct {
	nick, password string // "": without SASL
	server         *server
	door           int
	secure         bool
}

// teahouse is a server for people: its doors are lines, IRC, a page, and IRC behind TLS.
func teahouse(t *testing.T, arguments ...string) *server {
	t.Helper()
	motd := filepath.Join(t.TempDir(), "motd")
	if err := os.WriteFile(motd, []byte("tea is served at five\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return startServer(t, append([]string{"--network", "Teahouse", "--motd", motd, "--state", t.TempDir(),
		"--listen", "line://127.0.0.1:0", "--listen", "irc://127.0.0.1:0", "--listen", onWeb, "--listen", newCertificate(t).door("irc")}, arguments...)...)
}

// talks is what people do: ida by the program, bob by nc, cat in a browser.
func (p *ircProgram) talks(t *testing.T) {
	t.Parallel()
	s := teahouse(t)
	bob := registers(t, s, "127.0.0.2", "bob")
	cat := browse(t, s, 2, "cat")
	ida := p.start(t, ircPerson{nick: "ida", server: s, door: 1})
	ida.in("").shows(`Welcome to the Teahouse network, ida!ida@\S+`, `tea is served at five`)
	for _, room := range []string{"#tea", "#cake", "#lobby"} {
		ida.types("/join " + room) // which then is in sight
		ida.shows(`ida .*has joined ` + room + `$`)
	}
	ida.shows(`#lobby: (Total of )?3 nicks`)

	p.speaks(ida, bob, cat)
	p.rules(ida, bob)
	p.isRuled(ida, bob)
	p.looksAround(ida, bob)
	p.writesPrivately(ida, bob)

	ida.types("/quit so long")
	ida.shows("^ended with 0$")
	bob.until("#lobby < The user ada left ")
}

// speaks is what is said in a room, to all and by all.
func (p *ircProgram) speaks(ida *screen, bob *talker, cat *webTalker) {
	ida.t.Helper()
	bob.say("hello from nc")
	ida.shows(`bob\W+hello from nc$`)
	cat.say("hello from a browser, ¿qué tal? 🎉")
	ida.shows(`cat\W+hello from a browser, ¿qué tal\? 🎉$`)
	ida.types("hello from IRC, ¡bien! 🍰")
	bob.until("[ida] hello from IRC, ¡bien! 🍰")
	cat.until("[ida] hello from IRC, ¡bien! 🍰")
	ida.shows(`ida\W+hello from IRC, ¡bien! 🍰$`)
	bob.say("ME pours tea")
	ida.shows(`\*\W+bob pours tea$`)
	ida.types("/me drinks it")
	bob.until("* ida drinks it")
	cat.until("* ida drinks it")

	cat.says("NICK kat", "= NICK kat")
	ida.shows(`cat is now known as kat$`)
	cat.says("NICK cat", "= NICK cat")
	ida.shows(`kat is now known as cat$`)
	ida.types("/nick ada")
	bob.until("> ida is now called ada")
	ida.shows(`You('re| are) now known as ada$`)
	cat.say("TOPIC what we drink")
	ida.shows(`(cat changed the topic of #lobby to: what we drink|cat has changed topic for #lobby .*to "what we drink")$`)
}

// rules is a room of her own.
func (p *ircProgram) rules(ida *screen, bob *talker) {
	ida.t.Helper()
	bob.says("JOIN #tea", "= JOIN #tea 2")
	ida.in("#tea").shows(`bob .*has joined #tea$`)
	ida.types("/topic green or black")
	bob.until("> ada set the topic: green or black")
	ida.types("/op bob")
	bob.until("> ada made bob an operator of the room")
	ida.shows(`[Mm]ode[/ ]#tea \[\+o bob\] by ada`)
	ida.types("/deop bob", "/mode +m")
	bob.until("> ada muted the room")
	bob.say("may I?")
	bob.until("! ")
	ida.types("/voice bob")
	bob.until("> ada gave bob a voice")
	bob.say("now I may")
	ida.shows(`bob\W+now I may$`)
	ida.types("/kick bob your tea is cold")
	bob.until("! put-out of #tea by ada: your tea is cold")
	ida.shows(`(bob was kicked from #tea by ada|ada has kicked bob).*your tea is cold`)
	ida.types("/invite bob #tea")
	bob.until("> ada invites you to #tea")
	ida.types("/ban bob!*@*")
	ida.shows(`[Mm]ode[/ ]#tea \[\+b .*\] by ada`)
	ida.types("/mode #tea b")
	ida.shows(`bob!\*@\*|bob!.*@`)
}

// isRuled is a room of bob's.
func (p *ircProgram) isRuled(ida *screen, bob *talker) {
	ida.t.Helper()
	bob.says("JOIN #den", "= JOIN #den 1")
	bob.says("ROOM LOCK", "= ROOM #den LOCK")
	ida.in("#cake").types("/join #den")
	ida.in("").shows(`#den.*([Cc]annot join|invite.only)|([Cc]annot join|invite.only).*#den`)
	bob.says("ROOM INVITE ada", "= ROOM #den INVITE ada")
	ida.shows(`bob .*invites you to #den$|invited to #den by bob`)
	ida.types("/join #den")
	bob.until("> New user ada entered ")
	ida.in("#den").shows(`#den: (Total of )?2 nicks`)
	bob.says("ROOM OP ada", "= ROOM #den OP ada")
	ida.shows(`[Mm]ode[/ ]#den \[\+o ada\] by bob`)
	bob.says("ROOM LOCK OFF", "= ROOM #den LOCK OFF")
	ida.shows(`[Mm]ode[/ ]#den \[-i\] by bob`)
	bob.says("ROOM KICK ada so it ends", "= ROOM #den KICK ada")
	ida.shows(`(You were|ada was) kicked from #den by bob \[so it ends\]|bob has kicked ada \(so it ends\)`)
}

// looksAround is who is away, and which rooms there are.
func (p *ircProgram) looksAround(ida *screen, bob *talker) {
	ida.t.Helper()
	bob.says("JOIN #lobby", "= JOIN #lobby")
	ida.in("#lobby").types("/away gone for tea")
	bob.until("> ada is away: gone for tea")
	ida.in("").shows(`You have been marked as being away`)
	bob.says("WHO ada", "= WHO ada")
	ida.types("/away")
	bob.until("> ada is back")
	ida.shows(`You are no longer marked as being away`)

	bob.says("AWAY for lunch", "= AWAY")
	ida.types("/whois bob")
	ida.shows(`\baway +: for lunch$|\[bob\] is away: for lunch$`, `account +: bob$|\[bob\] is logged in as bob$`, `~#den #lobby$`, `End of /?WHOIS`)
	bob.says("BACK", "= BACK")
	bob.says("TOPIC lounge", "= TOPIC")
	ida.types("/list #lob*")
	ida.shows(`#lobby 3 lounge$|#lobby\(3\): lounge$`, `End of /LIST$`)
	if text := ida.text(); strings.Contains(text, "#cake") {
		ida.t.Errorf("/list #lob* shows #cake on the screen of %s:\n%s", p.name, text)
	}
	bob.says("JOIN #den", "= JOIN #den")
}

// writesPrivately is a conversation.
func (p *ircProgram) writesPrivately(ida *screen, bob *talker) {
	ida.t.Helper()
	ida.types("/query bob") // whether he has written already or not
	bob.say("TEXT TO ada psst")
	ida.shows(`bob\W+psst$`)
	ida.types("what is it?")
	bob.until("*ada* what is it?")
	bob.says("AWAY for lunch", "= AWAY")
	ida.types("are you there?")
	bob.until("*ada* are you there?")

	// Nothing of a file's offer reaches bob but that there is none.
	file := filepath.Join(ida.t.TempDir(), "cake.txt")
	if err := os.WriteFile(file, []byte("sponge"), 0o600); err != nil {
		ida.t.Fatal(err)
	}
	ida.types("/dcc send bob " + file)
	ida.in("").shows(`DCC is not passed on`)
	if came := strings.Join(bob.fence(), "\n"); strings.Contains(came, "DCC") {
		ida.t.Errorf("bob reads %q of a file that is offered by DCC", came)
	}
}

// comesByName is ida with an account: by TLS and SASL, and again after the server has been away, also in a room that has a key. What was said before she comes stands there with its time.
func (p *ircProgram) comesByName(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	s := teahouse(t, "--state", state)
	first := byNetcat(t, s, "127.0.0.3")
	first.says("ADD ida", "= ADD ida")
	first.says("REGISTER her-password", "= REGISTER ida")
	first.says("END", "= END")
	bob := registers(t, s, "127.0.0.2", "bob")
	bob.say("said before she came")
	ida := p.start(t, ircPerson{nick: "ida", password: "her-password", server: s, door: 3, secure: true})
	ida.in("").shows(`(?i)SASL authentication succe|logged in as ida`, `Welcome to the Teahouse network, ida!`)
	ida.types("/join #lobby")
	ida.shows(`^\W*\d\d:\d\d.*bob\W+said before she came$`)
	bob.until("> New user ida entered ")

	bob.says("JOIN #vault", "= JOIN #vault 1")
	bob.says("ROOM KEEP", "= ROOM #vault KEEP")
	ida.types("/join #vault")
	bob.until("> New user ida entered ")
	bob.says("ROOM OP ida", "= ROOM #vault OP ida")
	ida.in("#vault").types("/mode +k sesame")
	bob.until("> ida set a key")
	ida.shows(`[Mm]ode[/ ]#vault \[\+k sesame\] by ida`)
	bob.says("ROOM DEOP ida", "= ROOM #vault DEOP ida")
	bob.says("JOIN #lobby", "= JOIN #lobby 2")
	ida.in("#lobby")

	again := s.again(t)
	bob = comesBack(t, again, "127.0.0.2", "bob")
	bob.until("> New user ida entered ")
	bob.says("JOIN #vault", "= JOIN #vault")
	waitFor(t, "ida to be back behind the key", func() bool {
		bob.say("LIST")
		list, _ := bob.until("= LIST ")
		return strings.Contains(list, "ida")
	})
	ida.in("#lobby")
	bob.says("JOIN #lobby", "= JOIN #lobby")
	ida.types("I am back")
	bob.until("[ida] I am back")
	ida.types("/quit")
	ida.shows("^ended with 0$")
}

// again ends the server in order, and starts it at the same ports.
func (s *server) again(t *testing.T) *server {
	t.Helper()
	arguments := s.command.Args[1:]
	n := 0
	for i, word := range arguments {
		if word == "--listen" {
			_, at := s.address(n)
			scheme, rest, _ := strings.Cut(arguments[i+1], "://")
			_, options, has := strings.Cut(rest, "?")
			if arguments[i+1] = scheme + "://" + at; has {
				arguments[i+1] += "?" + options
			}
			n++
		}
	}
	s.signal(syscall.SIGTERM)
	if status := s.wait(); status != 0 {
		t.Errorf("exit status = %d, want 0", status)
	}
	return startServer(t, arguments...)
}
