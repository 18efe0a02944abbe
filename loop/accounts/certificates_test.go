//go:build linux

package accounts

import (
	"slices"
	"strings"
	"testing"

	"looproom/loop/registry"
	"looproom/loop/room"
)

// The fingerprints of certificates.
var annCert, otherCert = strings.Repeat("a1", 32), strings.Repeat("b2", 32)

// shows has the client 1 show a certificate.
func shows(fingerprint string) func(*house) {
	return func(h *house) {
		h.loops[0].on(func() { h.loops[0].clients[ann].Certificate = fingerprint })
	}
}

// opened has a certificate open bob's account.
func opened(h *house) { opens("bob", annCert)(h) }

func opens(key, fingerprint string) func(*house) {
	return func(h *house) {
		if _, found := h.registry.Name(key); !found {
			if err := h.putName(registry.Name{Key: key, Shown: strings.ToUpper(key[:1]) + key[1:], Hash: hashes()[bobPassword]}); err != nil {
				h.t.Fatal(err)
			}
		}
		f, err := registry.ParseFingerprint(fingerprint)
		if err != nil {
			h.t.Fatal(err)
		}
		if err := h.registry.CarryOut(&registry.Change{Kind: registry.CertificateAdded, Key: key, Certificate: f}); err != nil {
			h.t.Fatal(err)
		}
	}
}

// many has as many certificates open bob's account as may.
func many(h *house) {
	for i := range registry.MaxCertificates {
		opens("bob", strings.Repeat("0", 63)+string(rune('0'+i)))(h)
	}
}

func all(steps ...func(*house)) func(*house) {
	return func(h *house) {
		for _, step := range steps {
			step(h)
		}
	}
}

// TestCertificates: what the client 1 is answered about certificates, and which open bob's account then.
func TestCertificates(t *testing.T) {
	login := room.Ask{Verb: room.LoginBy}
	loginAs := func(name, key string) room.Ask { return room.Ask{Verb: room.LoginBy, Name: name, Key: key} }
	trust := room.Ask{Verb: room.TrustCert, Name: "Bob", Key: "bob"}
	trustThat := func(fingerprint string) room.Ask {
		return room.Ask{Verb: room.TrustCert, Name: "Bob", Key: "bob", Password: fingerprint}
	}
	distrust := func(fingerprint string) room.Ask {
		return room.Ask{Verb: room.DistrustCert, Name: "Bob", Key: "bob", Password: fingerprint}
	}
	list := room.Ask{Verb: room.Certs, Name: "Bob", Key: "bob"}
	const (
		notShown = "1< ! no-certificate your connection has shown no such certificate; that is for TLS with one of your own"
		notOne   = "1< ! bad-argument a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits"
		wrong    = "1 alarm 0 in 1s"
		off      = "1< ! names-off this server registers no names"
	)
	rows := []struct {
		name   string
		before func(*house)
		ask    room.Ask
		want   []string
		opens  []string // of annCert and otherCert, those that open bob's account then
	}{
		{"LOGIN CERT", all(shows(annCert), opened), login, []string{"1> log in Bob", "1 goes on"}, []string{annCert}},
		{"LOGIN CERT by name", all(shows(annCert), opened), loginAs("bOB", "bob"), []string{"1> log in Bob", "1 goes on"}, []string{annCert}},
		{"LOGIN CERT as another", all(shows(annCert), opened, opens("eve", otherCert)), loginAs("Eve", "eve"), []string{wrong}, []string{annCert}},
		{"LOGIN CERT as what nobody is called", all(shows(annCert), opened), loginAs("#", ""), []string{wrong}, []string{annCert}},
		{"LOGIN CERT that opens nothing", all(shows(otherCert), opened), login, []string{wrong}, []string{annCert}},
		{"LOGIN CERT that opens nothing, as somebody", all(shows(otherCert), opened), loginAs("bob", "bob"), []string{wrong}, []string{annCert}},
		{"LOGIN CERT without one", opened, login, []string{notShown, "1 goes on"}, []string{annCert}},
		{"LOGIN CERT, no folder", all(shows(annCert), inMemory), login, []string{off, "1 goes on"}, nil},

		{"TRUST CERT", all(registered, shows(annCert)), trust, []string{"1< = TRUST CERT " + annCert, "1 goes on"}, []string{annCert}},
		{"TRUST CERT again", all(opened, shows(annCert)), trust, []string{"1< = TRUST CERT " + annCert, "1 goes on"}, []string{annCert}},
		{"TRUST CERT of that", all(registered, shows(annCert)), trustThat(strings.ToUpper(annCert)), []string{"1< = TRUST CERT " + annCert, "1 goes on"}, []string{annCert}},
		{"TRUST CERT of another than shown", all(registered, shows(annCert)), trustThat(otherCert), []string{notShown, "1 goes on"}, nil},
		{"TRUST CERT of none", all(registered, shows(annCert)), trustThat("me"), []string{notOne, "1 goes on"}, nil},
		{"TRUST CERT without one", registered, trust, []string{notShown, "1 goes on"}, nil},
		{"TRUST CERT of another's", all(registered, shows(annCert), opens("eve", annCert)), trust, []string{"1< ! certificate-taken the certificate opens another account", "1 goes on"}, nil},
		{"TRUST CERT, one too many", all(many, shows(annCert)), trust,
			[]string{"1< ! too-many-certificates 8 certificates open your account, and that is the limit; TRUST CERT OFF fingerprint ends one", "1 goes on"}, nil},
		{"TRUST CERT of a name given up", shows(annCert), trust, []string{"1< ! not-registered Bob is not registered", "1 goes on"}, nil},
		{"TRUST CERT, no folder", all(shows(annCert), inMemory), trust, []string{off, "1 goes on"}, nil},
		{"TRUST CERT, the disk refuses", all(registered, shows(annCert), (*house).breakDisk), trust, []string{"1< ! not-kept the certificate is not trusted: the server's disk refuses it", "1 goes on"}, nil},

		{"TRUST CERT OFF", all(opened, shows(annCert)), distrust(""), []string{"1< = TRUST CERT OFF " + annCert, "1 goes on"}, nil},
		{"TRUST CERT OFF of that", all(opened, shows(otherCert)), distrust(annCert), []string{"1< = TRUST CERT OFF " + annCert, "1 goes on"}, nil},
		{"TRUST CERT OFF without one", opened, distrust(""), []string{notShown, "1 goes on"}, []string{annCert}},
		{"TRUST CERT OFF of none", opened, distrust("me"), []string{notOne, "1 goes on"}, []string{annCert}},
		{"TRUST CERT OFF, not there", opened, distrust(otherCert),
			[]string{"1< ! no-certificate the certificate " + otherCert + " does not open your account; TRUST CERT LIST tells which do", "1 goes on"}, []string{annCert}},
		{"TRUST CERT OFF, the disk refuses", all(opened, (*house).breakDisk), distrust(annCert), []string{"1< ! not-kept the certificate stays trusted: the server's disk refuses it", "1 goes on"}, []string{annCert}},
		{"TRUST CERT OFF, no folder", inMemory, distrust(annCert), []string{off, "1 goes on"}, nil},

		{"TRUST CERT LIST", all(opened, opens("bob", otherCert), shows(otherCert)), list, []string{"1< = CERTS 2\n= CERT " + annCert + "\n= CERT " + otherCert + " this", "1 goes on"}, []string{annCert, otherCert}},
		{"TRUST CERT LIST, none", registered, list, []string{"1< = CERTS 0", "1 goes on"}, nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHouse(t, 1)
			row.before(h)
			h.loops[0].ask(ann, row.ask)
			h.loops[0].want(row.want...)
			h.wantNothing()
			var open []string
			for _, f := range h.registry.Certificates("bob") {
				if s := f.String(); s == annCert || s == otherCert {
					open = append(open, s)
				}
			}
			if !slices.Equal(open, row.opens) {
				t.Errorf("bob's account is opened by %q, want %q", open, row.opens)
			}
		})
	}
}

// TestWrongCertificatesAreSlowed: they are tries as wrong passwords are.
func TestWrongCertificatesAreSlowed(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	all(opened, shows(otherCert))(h)
	for range 6 {
		f.on(func() { f.clients[ann].Waits = true })
		f.ask(ann, room.Ask{Verb: room.LoginBy})
		f.wantWrong(ann)
	}
	f.ask(ann, room.Ask{Verb: room.LoginBy})
	f.want("1< ! too-many-attempts try again in 10s", "1 goes on")
}
