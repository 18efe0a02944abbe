package irc

import (
	"testing"

	"looproom/loop/room"
)

// TestRegistration: what a REGISTER asks, or how it fails, see the section "REGISTER" of IRCv3's account-registration.
func TestRegistration(t *testing.T) {
	rows := []struct {
		name          string
		params        []string
		nick, account string
		want, text    string // the name that is registered, and the password
		fail          string
	}{
		{name: "one's nick", params: []string{"*", "*", "open sesame"}, nick: "Ann", want: "Ann", text: "open sesame"},
		{name: "one's nick by name", params: []string{"ANN", "*", " open sesame "}, nick: "Ann", want: "Ann", text: "open sesame"},
		{name: "another's", params: []string{"bob", "*", "open sesame"}, nick: "Ann", fail: "ACCOUNT_NAME_MUST_BE_NICK"},
		{name: "what nobody is called", params: []string{"#", "*", "open sesame"}, nick: "Ann", fail: "BAD_ACCOUNT_NAME"},
		{name: "before NICK", params: []string{"ann", "*", "open sesame"}, fail: "NEED_NICK"},
		{name: "with an address", params: []string{"*", "ann@example.org", "open sesame"}, nick: "Ann", fail: "UNACCEPTABLE_EMAIL"},
		{name: "logged in", params: []string{"*", "*", "open sesame"}, nick: "Ann", account: "ann", fail: "ALREADY_AUTHENTICATED"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			cmd, fail := registration(row.params, row.nick, row.account)
			if fail != row.fail || cmd.Name != row.want || cmd.Text != row.text {
				t.Errorf("registration = %q %q, %q; want %q %q, %q", cmd.Name, cmd.Text, fail, row.want, row.text, row.fail)
			}
			if fail != "" && unregistered[fail] == "" {
				t.Errorf("%s has no words", fail)
			}
			if fail == "" && cmd.Verb != room.Register {
				t.Errorf("the verb is %s, want REGISTER", cmd.Verb)
			}
		})
	}
}

// TestRegistrationFail: each reason has a code of the specification.
func TestRegistrationFail(t *testing.T) {
	known := map[string]bool{
		"ACCOUNT_EXISTS": true, "BAD_ACCOUNT_NAME": true, "NEED_NICK": true, "WEAK_PASSWORD": true, "ALREADY_AUTHENTICATED": true, "TEMPORARILY_UNAVAILABLE": true,
	}
	for why := range room.Reasons {
		if code := registrationFail(why); !known[code] {
			t.Errorf("reason %d fails with %q", why, code)
		}
	}
	for why, want := range map[room.Reason]string{
		room.NameOwned: "ACCOUNT_EXISTS", room.NameLetters: "BAD_ACCOUNT_NAME", room.NameSeparates: "BAD_ACCOUNT_NAME", room.PasswordUnfit: "WEAK_PASSWORD", room.DiskBusy: "TEMPORARILY_UNAVAILABLE", room.TriesTooOften: "TEMPORARILY_UNAVAILABLE",
	} {
		if got := registrationFail(why); got != want {
			t.Errorf("reason %d fails with %q, want %q", why, got, want)
		}
	}
}
