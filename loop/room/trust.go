package room

import (
	"crypto/sha256"
	"encoding/hex"
)

// KeyDigest is what is kept of a key that a client has made at random: with it nobody can say the key. Keys have 96 random bits or more, so that a plain hash can't be turned back.
func KeyDigest(key string) string {
	digest := sha256.Sum256([]byte(key))
	return hex.EncodeToString(digest[:])
}

// doTrust is for TRUST, TRUST CERT, and both with OFF, and for TRUST CERT LIST.
func doTrust(t turn) {
	if t.hasAccount() {
		a := t.u.account()
		t.ask(Ask{Name: a.name, Key: a.key, Password: t.cmd.Text})
	}
}

// hasAccount says whether u is a person, and denies it cmd if not.
func (t turn) hasAccount() bool {
	if t.u.account() == nil {
		t.deny(Refusal{Why: AccountFirst})
		return false
	}
	return true
}
