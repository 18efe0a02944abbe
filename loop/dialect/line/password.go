package line

import (
	"strings"

	"looproom/loop/room"
)

// What these verbs were given must not stand in a complaint, not even in part: it could be logged, and a password may stand in the place of
// a name.

// readPassword keeps the spaces within a password, and not those around it.
func readPassword(v *verb, args string, cmd *room.Command) string {
	if blank(args) {
		return v.lacks("a password")
	}
	cmd.Text = strings.Trim(args, " ")
	return ""
}

func readNameAndPassword(v *verb, args string, cmd *room.Command) string {
	name, password, _ := strings.Cut(strings.TrimLeft(args, " "), " ")
	if blank(name) || blank(password) {
		return v.lacks("a name and a password")
	}
	cmd.Name, cmd.Text = name, strings.Trim(password, " ")
	return ""
}

// readLogin reads a name and its password, or CERT alone: somebody may be called so.
func readLogin(v *verb, args string, cmd *room.Command) string {
	if !strings.EqualFold(strings.Trim(args, " "), cert) {
		return readNameAndPassword(v, args, cmd)
	}
	cmd.Verb = room.LoginBy
	return ""
}

// The key that may stand behind a new name.
const (
	minKey = 16
	maxKey = 64
)

// readNameAndKey keeps of a client's key only a digest: nothing behind here could give the key away.
func readNameAndKey(v *verb, args string, cmd *room.Command) string {
	name, key, _ := strings.Cut(strings.Trim(args, " "), " ")
	if key = strings.TrimLeft(key, " "); !isToken(key, minKey, maxKey) {
		return readName(v, args, cmd)
	}
	cmd.Name, cmd.Text = name, room.KeyDigest(key)
	return ""
}

// readTrust reads a key, of which it keeps only a digest, or OFF, behind which one may stand; or what is to be done with a certificate.
func readTrust(v *verb, args string, cmd *room.Command) string {
	key := strings.Trim(args, " ")
	first, rest, _ := strings.Cut(key, " ")
	if strings.EqualFold(first, cert) {
		return readTrustCert(v, strings.TrimLeft(rest, " "), cmd)
	}
	if strings.EqualFold(first, off) {
		cmd.Verb = room.Distrust
		if key = strings.TrimLeft(rest, " "); key == "" {
			return ""
		}
	}
	if !isToken(key, minKey, maxKey) {
		return v.lacks("a key of 16 to 64 letters, digits, - and _, or OFF")
	}
	cmd.Text = room.KeyDigest(key)
	return ""
}

// readTrustCert reads what stands behind TRUST CERT: nothing, LIST, or OFF, behind which a fingerprint may stand.
func readTrustCert(v *verb, args string, cmd *room.Command) string {
	word, fingerprint, _ := strings.Cut(args, " ")
	fingerprint = strings.TrimLeft(fingerprint, " ")
	switch {
	case word == "":
		cmd.Verb = room.TrustCert
	case strings.EqualFold(word, "LIST") && fingerprint == "":
		cmd.Verb = room.Certs
	case strings.EqualFold(word, off):
		cmd.Verb, cmd.Text = room.DistrustCert, fingerprint
	default:
		return v.name + " " + cert + " takes nothing, LIST, or OFF [fingerprint]"
	}
	return ""
}

// off is what stands behind a verb that ends something, and cert in the place of a key or a password for the certificate that the client has shown.
const (
	off  = "OFF"
	cert = "CERT"
)
