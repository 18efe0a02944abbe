package irc

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"looproom/codec/plain"
	"looproom/loop/room"
)

// What AUTHENTICATE may bring, see the IRCv3 specification "SASL Authentication Specification Version 3.2".
const (
	// saslPiece is the longest parameter, in bytes. One that is as long has another behind it, "+" at the least.
	saslPiece = 400
	// maxSaslPieces is how many a message has at most.
	maxSaslPieces = 4
	// saslEmpty stands for nothing, and saslAbort for giving up.
	saslEmpty = "+"
	saslAbort = "*"
)

// mechanism is how a client shows who it is.
type mechanism uint8

const (
	noMechanism mechanism = iota
	saslPlain
	saslExternal
	saslScram
)

// mechanismNames are the mechanisms, the first that a client should take in front.
var mechanismNames = []struct {
	name string
	is   mechanism
}{{"EXTERNAL", saslExternal}, {"SCRAM-SHA-256", saslScram}, {"PLAIN", saslPlain}}

// saslMechanisms are those for a client, as the capability sasl and 908 have them: EXTERNAL only for who can show a certificate.
func saslMechanisms(external bool) string {
	var names []string
	for _, m := range mechanismNames {
		if m.is != saslExternal || external {
			names = append(names, m.name)
		}
	}
	return strings.Join(names, ",")
}

// mechanismOf is that of a name, noMechanism if there is none such for the client.
func mechanismOf(name string, external bool) mechanism {
	for _, m := range mechanismNames {
		if strings.EqualFold(m.name, name) && (m.is != saslExternal || external) {
			return m.is
		}
	}
	return noMechanism
}

// exchange is what a client says by AUTHENTICATE, until it is logged in or not. Its zero value is that of a client that has not begun. It is one at a time, and holds at most maxSaslPieces of saslPiece bytes.
type exchange struct {
	by     mechanism
	said   []byte // of a message that has not ended, in base64
	pieces int    // of it
}

// saslStep is what follows from an AUTHENTICATE.
type saslStep uint8

const (
	// saslMore: nothing; the message goes on.
	saslMore saslStep = iota
	// saslBegin: AUTHENTICATE + is answered.
	saslBegin
	// saslAsk: the verb is to be asked. What is answered is a room.Challenged, behind which the exchange goes on, or something else, at which it is to be reset.
	saslAsk
	// The others end it: 906, 905, 908 and behind it 904, 904.
	saslAborted
	saslTooLong
	saslUnknown
	saslFailed
)

// authentic is what a whole message asks.
type authentic struct {
	verb room.Verb
	name string // the account, for Login and LoginBy
	text string // a password, or a message of SCRAM-SHA-256
}

// take takes the parameter of an AUTHENTICATE. external says whether the client has shown a certificate. what is for saslAsk alone.
func (x *exchange) take(param string, external bool) (step saslStep, what authentic) {
	switch {
	case param == saslAbort:
		x.reset()
		return saslAborted, authentic{}
	case x.by == noMechanism:
		if x.by = mechanismOf(param, external); x.by == noMechanism {
			return saslUnknown, authentic{}
		}
		return saslBegin, authentic{}
	case !x.add(param):
		x.reset()
		return saslTooLong, authentic{}
	case len(param) == saslPiece:
		return saslMore, authentic{}
	}
	what, ok := x.whole()
	if !ok {
		x.reset()
		return saslFailed, authentic{}
	}
	return saslAsk, what
}

// open says whether it has begun, and not ended.
func (x *exchange) open() bool { return x.by != noMechanism }

// reset ends the exchange.
func (x *exchange) reset() { *x = exchange{} }

// add adds a piece, or says that it is too much.
func (x *exchange) add(param string) bool {
	if param == saslEmpty {
		return true
	}
	x.pieces++
	if len(param) > saslPiece || x.pieces > maxSaslPieces {
		return false
	}
	x.said = append(x.said, param...)
	return true
}

// whole is what the message asks that has just ended, false if it is none.
func (x *exchange) whole() (what authentic, ok bool) {
	message, err := base64.StdEncoding.Strict().AppendDecode(nil, x.said)
	x.said, x.pieces = nil, 0
	if err != nil || !utf8.Valid(message) {
		return authentic{}, false
	}
	switch x.by {
	case saslPlain:
		return plainLogin(string(message))
	case saslExternal:
		name, ok := accountName(string(message))
		return authentic{verb: room.LoginBy, name: name}, ok
	default: // the first message of SCRAM is begun by the client, and the last one is empty
		return authentic{verb: room.Scram, text: string(message)}, !strings.ContainsAny(string(message), "\x00\r\n")
	}
}

// plainLogin reads a message of PLAIN (RFC 4616): who to act as, the account and the password, with NUL between them. One acts as oneself.
func plainLogin(message string) (what authentic, ok bool) {
	parts := strings.Split(message, "\x00")
	if len(parts) != 3 {
		return authentic{}, false
	}
	name, ok := accountName(parts[1])
	password := passwordAsSaid(parts[2])
	if !ok || name == "" || password == "" || parts[0] != "" && room.NameKey(parts[0]) != room.NameKey(name) {
		return authentic{}, false
	}
	return authentic{room.Login, name, password}, true
}

// accountName is a name as a Command has it. It is false for what nobody is called.
func accountName(said string) (string, bool) {
	return said, said == "" || room.NameKey(said) != "" && plain.CleanString(said) == said
}

// passwordAsSaid is a password as it is where it is said in a line: without what doesn't show, and without spaces around it.
func passwordAsSaid(password string) string {
	return strings.Trim(plain.CleanString(password), " ")
}

// saslPieces calls yield with the parameter of each AUTHENTICATE by which a message is sent.
func saslPieces(message string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		encoded := base64.StdEncoding.EncodeToString([]byte(message))
		for len(encoded) >= saslPiece {
			if !yield(encoded[:saslPiece]) {
				return
			}
			encoded = encoded[saslPiece:]
		}
		if encoded == "" {
			encoded = saslEmpty
		}
		yield(encoded)
	}
}

// saslNumeric is the numeric by which a client reads that it is not logged in by AUTHENTICATE: 902 where the account can't be used, else 904.
func saslNumeric(why room.Reason) int {
	if why == room.NameBanned {
		return 902
	}
	return 904
}

// authenticated answers a step that asks nobody. external is as in take.
func (w *writer) authenticated(step saslStep, external bool) {
	switch step {
	case saslBegin:
		w.dst = append(w.dst, "AUTHENTICATE +\r\n"...)
	case saslAborted:
		w.numeric(906, "SASL authentication aborted")
	case saslTooLong:
		w.numeric(905, "SASL message too long")
	case saslUnknown:
		w.numeric(908, saslMechanisms(external), "are available SASL mechanisms")
		w.numeric(904, "SASL authentication failed")
	case saslFailed:
		w.numeric(904, "SASL authentication failed")
	}
}
