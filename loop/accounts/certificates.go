//go:build linux

package accounts

import (
	"errors"

	"looproom/loop/registry"
	"looproom/loop/room"
)

// shownBy is the certificate that the client has shown, false for none.
func shownBy(a *Answers, id room.ClientID) (f registry.Fingerprint, shown bool) {
	c, here := a.loop.Client(id)
	if !here || c.Certificate == "" {
		return f, false
	}
	f, err := registry.ParseFingerprint(c.Certificate)
	return f, err == nil
}

// loginBy has the certificate that a client has shown open the account that it names, or the one that it opens. One that opens none, or another, is a wrong password in every respect.
func loginBy(a *Answers, id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	certificate, shown := shownBy(a, id)
	if !shown {
		a.deny(id, room.Refusal{Why: room.CertNotShown})
		return
	}
	name, _ := a.registry.OpenedBy(certificate)
	var past *room.Past
	matches := func(string) bool {
		if name.Key == "" || ask.Name != "" && ask.Key != name.Key {
			return false
		}
		past = pastOf(a.Accounts, name.Key)
		return true
	}
	a.check(id, ask, matches, func() { logIn(a, id, name, past) })
}

// trustCert has the certificate that a client has shown open its account from now on; it can't name another. Each counts as a try of a password, since it costs a write.
func trustCert(a *Answers, id room.ClientID, ask *room.Ask) {
	key := a.trier(id)
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	certificate, shown := shownBy(a, id)
	switch asked, err := registry.ParseFingerprint(ask.Password); {
	case ask.Password != "" && err != nil:
		a.deny(id, room.Refusal{Why: room.NotAFingerprint})
		return
	case !shown, ask.Password != "" && asked != certificate:
		a.deny(id, room.Refusal{Why: room.CertNotShown})
		return
	}
	if !a.mayTry(id, key) {
		return
	}
	a.atWork(a.keeps, id, func() func() {
		if err := carryOut(a.Accounts, &registry.Change{Kind: registry.CertificateAdded, Key: ask.Key, Certificate: certificate}); err != nil {
			return func() { certNotKept(a, id, ask, certificate, err, room.CertNotWritten) }
		}
		a.attempts.Forgive(key, &attemptRates)
		return func() { answerCert(a, id, "CERT "+certificate.String()) }
	})
}

// distrustCert has a certificate open the client's account no longer: that which it names, or that which it has shown.
func distrustCert(a *Answers, id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	certificate, shown := shownBy(a, id)
	if ask.Password != "" {
		var err error
		if certificate, err = registry.ParseFingerprint(ask.Password); err != nil {
			a.deny(id, room.Refusal{Why: room.NotAFingerprint})
			return
		}
	} else if !shown {
		a.deny(id, room.Refusal{Why: room.CertNotShown})
		return
	}
	a.atWork(a.keeps, id, func() func() {
		if err := carryOut(a.Accounts, &registry.Change{Kind: registry.CertificateRemoved, Key: ask.Key, Certificate: certificate}); err != nil {
			return func() { certNotKept(a, id, ask, certificate, err, room.CertNotErased) }
		}
		return func() { answerCert(a, id, "CERT OFF "+certificate.String()) }
	})
}

// answerCert answers TRUST CERT, or TRUST CERT OFF.
func answerCert(a *Answers, id room.ClientID, done string) {
	a.answer(id, &room.Event{Kind: room.Done, Verb: room.Trust, Who: done})
}

func certNotKept(a *Answers, id room.ClientID, ask *room.Ask, f registry.Fingerprint, err error, so room.Reason) {
	switch {
	case errors.Is(err, registry.ErrNoName):
		a.deny(id, room.Refusal{Why: room.NameOfNobodyNow, Who: ask.Name})
	case errors.Is(err, registry.ErrCertificates):
		a.deny(id, room.Refusal{Why: room.CertsFull, N: registry.MaxCertificates})
	case errors.Is(err, registry.ErrCertificateTaken):
		a.deny(id, room.Refusal{Why: room.CertTaken})
	case errors.Is(err, registry.ErrNoCertificate):
		a.deny(id, room.Refusal{Why: room.CertNotThere, Text: f.String()})
	default:
		a.notKept(id, err, so)
	}
}

// listCerts tells a client which certificates open its account.
func listCerts(a *Answers, id room.ClientID, ask *room.Ask) {
	own, shown := shownBy(a, id)
	all := a.registry.Certificates(ask.Key)
	rows := make([]room.Row, len(all))
	for i, f := range all {
		rows[i] = room.Row{Text: f.String(), Own: shown && f == own}
	}
	a.answer(id, &room.Event{Kind: room.CertList, Count: len(rows), List: rows})
}
