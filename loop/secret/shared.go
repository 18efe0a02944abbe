package secret

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"sync/atomic"
)

// Shared is a password that many have, such as the server's own. When a crowd comes back at once it is checked thousands of times; so the
// password that was right once is remembered, by its HMAC-SHA256 with a key that is made anew for each Shared and written nowhere. Only the
// first right one and the wrong ones cost a hash. Safe for any goroutine.
type Shared struct {
	hash  string
	key   [sha256.Size]byte
	right atomic.Pointer[[sha256.Size]byte] // the digest of the password that was right; nil before there was one
}

// NewShared returns the password of which the hash is. Nothing matches it if Valid refuses the hash.
func NewShared(hash string) *Shared {
	s := &Shared{hash: hash}
	rand.Read(s.key[:]) // it returns no error: without randomness it ends the program
	return s
}

// Quick says whether the password is known to be right. False means that it isn't known. It takes microseconds, so an event loop may call it.
func (s *Shared) Quick(password string) bool {
	right := s.right.Load()
	if right == nil {
		return false
	}
	prepared, ok := prepare(password)
	digest := s.digest(prepared)
	return subtle.ConstantTimeCompare(digest[:], right[:]) == 1 && ok
}

// Matches says whether the password is right. It takes as long as the function Matches unless Quick knows it.
func (s *Shared) Matches(password string) bool {
	if s.Quick(password) {
		return true
	}
	if !Matches(s.hash, password) {
		return false
	}
	prepared, _ := prepare(password)
	digest := s.digest(prepared)
	s.right.Store(&digest)
	return true
}

func (s *Shared) digest(prepared string) (digest [sha256.Size]byte) {
	mac := hmac.New(sha256.New, s.key[:])
	mac.Write([]byte(prepared))
	mac.Sum(digest[:0])
	return digest
}
