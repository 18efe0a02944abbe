package line

import (
	"slices"
	"strings"
	"testing"

	"looproom/loop/room"
)

// secrets are lines that people send who mean to say a password to the server alone.
var secrets = []string{
	"pass opensesame", "Pass opensesame", "pass  opensesame ", " pass opensesame", "\tpass opensesame", "pass\topensesame", "PASS\topensesame", " PASS opensesame",
	"pass now", "pass: opensesame", "pass=opensesame", "pass correct horse battery staple", "pass the salt 2 me", "pass the sesame#1", "pass the", "pass up=nsasame", "pass the:sesame",
	"register opensesame", "Register now", "register open sesame", "REGISTER\topensesame", " REGISTER opensesame", "register opensesame please",
	"login ana opensesame", "login is broken", "Login ana open sesame", "login ana", "login: ana opensesame", " /login ana opensesame", "LOGIN\tana opensesame",
	"login is broken2", "login is my pass1word here",
	"oper ann opensesame", "Oper ann opensesame", "oPER ann opensesame", "oper  ann  opensesame  ", " oper ann opensesame", "\t oper\tann\topensesame",
	"oper ann open sesame and more", "oper opensesame", "OPER\tann opensesame", " OPER ann opensesame", " /oper ann opensesame", "./oper ann opensesame", "\\oper ann opensesame",
	"!oper ann opensesame", "\u00a0oper ann opensesame", "oper\u3000ann opensesame", "\u3000ｏｐｅｒ\u3000ann\u3000opensesame", "ＰＡＳＳ opensesame", "op\x1ber ann opensesame",
	"trust abcdefghijklmnop", "Trust abcdefghijklmnop ", " TRUST abcdefghijklmnop", "trust: q7GhT2Xa-_q7GhT2Xa", "/ trust abcdefghijklmnop", "trust off abcdefghijklmnop", "trust 'abcdefghijklmnop'",
	"TRUST\tabcdefghijklmnop", "ＴＲＵＳＴ abcdefghijklmnop", "trust my q7GhT2Xaq7GhT2Xa", "trust the q7GhT2Xaq7GhT2Xa key", "trust internationalization",
	"/ oper ann opensesame", "/ Oper ann opensesame", "/oper\tann opensesame", "/ pass opensesame", "/\tlogin ana opensesame",
}

func TestSecretsAreNotSaid(t *testing.T) {
	for _, text := range secrets {
		var cmd room.Command
		(Dialect{}).Parse([]byte(text), &cmd)
		if cmd.Verb != room.Refuse || cmd.Why.Code() != room.LooksLikeAPassword {
			t.Errorf("Parse(%q) = %+v, want a Refuse with %s", text, cmd, room.LooksLikeAPassword)
		}
		for word := range strings.FieldsSeq(text) {
			if len(word) > 4 && byName[word] == nil && strings.Contains(cmd.Text, word) {
				t.Errorf("Parse(%q) complains %q, which repeats %q", text, cmd.Text, word)
			}
		}
	}
}

func TestTalkOfPasswordsIsSaid(t *testing.T) {
	for _, text := range []string{
		"pass", "oper", "login", "Register", " pass ", "register!", "pass?", "login:", "passing by", "password opensesame", "opera is long", "operator, please", "registered it",
		"logins are slow", "unregister", "pass-through works", "login/logout works", "passé composé",
		"pass the salt please", "Pass the salt, please!", "pass it on", "pass the word: we meet", "pass: the salt please", "pass me that", "login is broken again", "Login doesn’t work here", "login page is down", "register for it",
		"trust me", "trust me on this", "Trust nobody", "trust fund", "trustworthy abcdefghijklmnop", "trust off", "trust: short", "the trust", "trust the internationalization team", "t",
		"register at the desk", "I pass on this one", "ok pass opensesame", "please login ana opensesame", "pläne opensesame", "привет oper", "перо opensesame", "1pass opensesame",
	} {
		var cmd room.Command
		(Dialect{}).Parse([]byte(text), &cmd)
		if want := command(room.Say, "", text); cmd != want {
			t.Errorf("Parse(%q) = %+v, want it said", text, cmd)
		}
	}
}

// Who says by a verb what they say, says it.
func TestSecretsAreSaidByTEXT(t *testing.T) {
	for _, text := range secrets {
		var cmd room.Command
		(Dialect{}).Parse([]byte("TEXT "+text), &cmd)
		if cmd != command(room.Say, "", text) {
			t.Errorf("Parse(%q) = %+v, want %q said", "TEXT "+text, cmd, text)
		}
	}
}

// In whatever way the parts are put together, none is said.
func FuzzSecretsAreNotSaid(f *testing.F) {
	f.Add(uint8(0), " ", "\t", "opensesame")
	f.Add(uint8(7), "/ ", " ", "ann open sesame")
	f.Fuzz(func(t *testing.T, verb uint8, front, between, secret string) {
		if strings.Trim(front, " \t./!\\>") != "" || strings.HasPrefix(front, "//") || strings.Trim(between, " \t") != "" || between == "" || blank(secret) {
			t.Skip()
		}
		for _, r := range secret {
			if r <= ' ' || r > '~' {
				t.Skip() // one word of ASCII, which no idiom makes talk of
			}
		}
		word := []string{"pass", "Pass", "register", "REGISTER", "login", "LogIn", "oper", "Oper", "OPER", "trust", "TRUST"}[verb%11]
		var cmd room.Command
		if (Dialect{}).Parse([]byte(front+word+between+secret), &cmd); cmd.Verb == room.Say {
			if verb%11 > 8 && !slices.ContainsFunc(strings.FieldsFunc(secret, endsVerb), seemsKey) {
				t.Skip() // no key
			}
			if strings.Trim(secret, ":=") != "" {
				t.Errorf("Parse(%q) says %q", front+word+between+secret, cmd.Text)
			}
		}
	})
}
