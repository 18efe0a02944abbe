package registry

import (
	"crypto/rand"
	"errors"
	"slices"
)

var cloakFile = kind{name: "cloak.key", without: "have a new key made, with which everybody's cloak is another one"}

// cloakBytes is the length of the key, that of an HMAC-SHA256.
const cloakBytes = 32

var errCloak = errors.New("there must be one key of 32 bytes")

// CloakKey returns the 32 random bytes that cloaks are made with. They are made when the folder is, and stay the same. The slice is the caller's.
func (r *Registry) CloakKey() []byte {
	return slices.Clone(r.cloakKey)
}

func newCloakKey() []byte {
	key := make([]byte, cloakBytes)
	rand.Read(key) // it returns no error: without randomness it ends the program
	return key
}

// cloakLine is the key as it stands in its file, in base64.
type cloakLine struct {
	Key []byte `json:"key"`
}

// readCloakKey leaves the key nil if there is no file.
func (r *Registry) readCloakKey() error {
	keys, err := readFile(r.path(cloakFile), readCloakLine)
	if err != nil || keys == nil {
		return err
	}
	if len(keys) != 1 {
		return refuse(r.path(cloakFile), errCloak)
	}
	r.cloakKey = keys[0].Key
	return nil
}

func (r *Registry) makeCloakKey() error {
	key := newCloakKey()
	lines := newLines()
	lines.add(cloakLine{key})
	if _, err := r.write(cloakFile, lines); err != nil {
		return err
	}
	r.cloakKey = key
	return nil
}

func readCloakLine(line []byte, _ *cloakLine) (cloakLine, error) {
	l, err := decode[cloakLine](line)
	if err == nil && len(l.Key) != cloakBytes {
		err = errCloak
	}
	return l, err
}
