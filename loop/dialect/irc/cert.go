package irc

import (
	"strings"

	"looproom/loop/room"
)

// Certificates that open an account. No specification has a command for that; what is done is told by NOTICE, and what is not by a standard reply.

// doCert has the certificate of the connection open the account, or no longer: CERT ADD, DEL [fingerprint], LIST.
func doCert(a *asking) {
	verbs := map[string]room.Verb{"ADD": room.TrustCert, "DEL": room.DistrustCert, "LIST": room.Certs}
	verb, known := verbs[strings.ToUpper(a.param(0))]
	if !known {
		a.answersAlone(func(_ *Client, w *writer) {
			w.fail("CERT", "INVALID_PARAMS", orStar(a.param(0)), "Say CERT ADD, CERT DEL or CERT LIST")
		})
		return
	}
	cmd := a.command(verb)
	cmd.Text = a.param(1)
	a.only(cmd)
}

// trusts tells that a certificate opens the client's account, or no longer. done is how lines have it.
func (c *Client) trusts(w *writer, done string) {
	if fingerprint, is := strings.CutPrefix(done, "CERT OFF "); is {
		w.send("NOTICE", orStar(c.nick), "The certificate "+fingerprint+" opens your account no longer")
		return
	}
	if fingerprint, is := strings.CutPrefix(done, "CERT "); is {
		w.send("NOTICE", orStar(c.nick), "The certificate "+fingerprint+" opens your account from now on, by AUTHENTICATE EXTERNAL")
	}
}

// certsAre tells which certificates open the client's account: a line for each, and one behind them.
func certsAre(c *Client, w *writer, _ *request, e *room.Event) {
	for i := range e.List { // at most as many as an account may have
		words := e.List[i].Text
		if e.List[i].Own {
			words += " (that of this connection)"
		}
		w.send("NOTICE", orStar(c.nick), "Certificate "+words)
	}
	w.send("NOTICE", orStar(c.nick), "Certificates that open your account: "+itoa(e.Count))
}

// certFail is how a client reads why a certificate is not trusted, or stays so: the code of a FAIL, and words, "" for those of the line protocol.
type certFail struct{ code, words string }

// certFails has that of each reason; others are TEMPORARILY_UNAVAILABLE.
var certFails = map[room.Reason]certFail{
	room.AccountFirst:    {"ACCOUNT_REQUIRED", "You must be logged in to an account"},
	room.NameOfNobodyNow: {"ACCOUNT_REQUIRED", ""},
	room.NotAFingerprint: {"INVALID_FINGERPRINT", ""},
	room.CertNotShown:    {"NO_CERTIFICATE", ""},
	room.CertNotThere:    {"NO_CERTIFICATE", "This certificate does not open your account: CERT LIST tells which do"},
	room.CertTaken:       {"CERTIFICATE_TAKEN", ""},
	room.CertsFull:       {"TOO_MANY_CERTIFICATES", "As many certificates open your account as may: CERT DEL fingerprint ends one"},
	room.TriesTooOften:   {"RATE_LIMITED", ""},
}

func refusedCert(c *Client, w *writer, r *request, e *room.Event) bool {
	fail, known := certFails[e.Why]
	if !known {
		fail.code = "TEMPORARILY_UNAVAILABLE"
	}
	if fail.words == "" {
		fail.words = c.wordsOf(e)
	}
	w.fail("CERT", fail.code, strings.ToUpper(r.params[0]), fail.words)
	return true
}
