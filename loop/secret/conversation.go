package secret

import (
	"crypto/rand"
	"strings"

	"github.com/xdg-go/scram"
)

// Conversation is the server's side of one login by SCRAM-SHA-256: two messages of the client, each of which has an answer. It takes microseconds. It is of one goroutine at a time.
type Conversation struct {
	with *scram.ServerConversation
	name string
}

// Converse begins one. of returns the Verifier of an account by the name that the client says, in the form in which it says it. Of nobody it is one with a salt, for the same name always the same, and
// no keys: what is answered to the first message doesn't tell whether there is an account, and the second is wrong.
func Converse(of func(name string) Verifier) *Conversation {
	return converse(of, nil)
}

// converse takes a nonce of RFC 7677's example in the place of a random one.
func converse(of func(name string) Verifier, nonce func() string) *Conversation {
	c := &Conversation{}
	server, err := scram.SHA256.NewServer(func(name string) (scram.StoredCredentials, error) {
		c.name = name
		return credentials(of(name)), nil
	})
	if err != nil {
		panic(err) // the library has no such error
	}
	if nonce != nil {
		server = server.WithNonceGenerator(nonce)
	}
	c.with = server.NewConversation()
	return c
}

// credentials are a Verifier as the library has it. One without keys gets keys that nobody knows.
func credentials(v Verifier) scram.StoredCredentials {
	if v.Iterations == 0 {
		v.Iterations = iterations
		rand.Read(v.Stored[:]) // it returns no error: without randomness it ends the program
		rand.Read(v.Server[:])
	}
	return scram.StoredCredentials{KeyFactors: scram.KeyFactors{Salt: string(v.Salt[:]), Iters: int(v.Iterations)}, StoredKey: v.Stored[:], ServerKey: v.Server[:]}
}

// Step takes a message of the client, and returns what is answered. ok is false when the conversation has ended with that: the message isn't one, or the password isn't the one.
func (c *Conversation) Step(message string) (answer string, ok bool) {
	if strings.ContainsFunc(message, isControl) {
		return "", false
	}
	answer, err := c.with.Step(message)
	return answer, err == nil
}

// isControl says whether no message of SCRAM has the character, although the library would send it back.
func isControl(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }

// Right says whether the client has shown that it knows the password.
func (c *Conversation) Right() bool { return c.with.Valid() }

// Name is the account that the client wants to be, as its first message had it, and As the one that it wants to act as, "" for the same.
func (c *Conversation) Name() string { return c.name }

// As is the account that the client wants to act as, "" for that of Name.
func (c *Conversation) As() string { return c.with.AuthzID() }
