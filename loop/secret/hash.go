package secret

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/bcrypt"
)

// params are those of Hash, see the package's documentation.
var params = argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// decoy is checked where there is no hash, and takes as long as one of Hash. No password is known to match it, and none is let in by it.
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// The most that a hash may cost, and the sizes of its parts in bytes.
const (
	maxMemory     = 256 << 10 // KiB
	maxPasses     = 10
	maxLanes      = 16
	maxBcryptCost = 15
	minSalt       = 8
	minKey        = 16
	maxPart       = 64
)

// The longest that bcrypt reads of a password, in bytes.
const bcryptReads = 72

var (
	errHash   = errors.New("not a hash of a password (make one with looproom passwd); it begins with $argon2id$, $2a$, $2b$ or $2y$")
	errArgon  = errors.New("not an argon2id hash that can be checked: it is cut short, or something in it has changed (make one with looproom passwd)")
	errBcrypt = errors.New("not a bcrypt hash that can be checked: it has 60 characters (make one with looproom passwd)")
)

// Hash returns the Argon2id hash of a password that Check allows, in PHC string format ($argon2id$...). How short it may be, has been looked at before: the error is that of Check
// with 1 as the least. It takes tens of milliseconds.
func Hash(password string) (string, error) {
	prepared, err := checked(password, 1)
	if err != nil {
		return "", err
	}
	hash, err := argon2id.CreateHash(prepared, &params)
	if err != nil {
		return "", fmt.Errorf("hash the password: %w", err)
	}
	return hash, nil
}

// Valid says whether Matches can check passwords against hash: one of Hash, or a hash from elsewhere that isn't too dear to check. The
// error says what is wrong, and doesn't repeat the hash. It takes microseconds.
func Valid(hash string) error {
	switch {
	case strings.HasPrefix(hash, "$argon2id$"):
		return validArgon(hash)
	case isBcrypt(hash):
		return validBcrypt(hash)
	}
	return errHash
}

func isBcrypt(hash string) bool {
	return strings.HasPrefix(hash, "$2a$") || strings.HasPrefix(hash, "$2b$") || strings.HasPrefix(hash, "$2y$")
}

func validArgon(hash string) error {
	p, salt, key, err := argon2id.DecodeHash(hash)
	if err != nil || hash != written(p, salt, key) {
		return errArgon // DecodeHash reads over what stands behind a number, and over line ends
	}
	switch {
	case p.Memory > maxMemory:
		return fmt.Errorf("the hash takes %d MiB of memory to check, and %d are allowed", p.Memory>>10, maxMemory>>10)
	case p.Iterations > maxPasses:
		return fmt.Errorf("the hash takes %d passes to check, and %d are allowed", p.Iterations, maxPasses)
	case p.Parallelism > maxLanes:
		return fmt.Errorf("the hash has %d lanes, and %d are allowed", p.Parallelism, maxLanes)
	case p.Iterations < 1, p.Parallelism < 1, p.Memory < 8*uint32(p.Parallelism):
		return errArgon
	case len(salt) < minSalt, len(salt) > maxPart, len(key) < minKey, len(key) > maxPart:
		return errArgon
	}
	return nil
}

// written is the hash as argon2id writes it.
func written(p *argon2id.Params, salt, key []byte) string {
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", p.Memory, p.Iterations, p.Parallelism, encode(salt), encode(key))
}

// bcryptLetters are those of the salt and the sum.
const bcryptLetters = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

func validBcrypt(hash string) error {
	const saltAt, whole = len("$2a$10$"), 60
	if len(hash) != whole || hash[saltAt-1] != '$' || strings.Trim(hash[saltAt:], bcryptLetters) != "" {
		return errBcrypt
	}
	cost, err := bcrypt.Cost([]byte(hash))
	if err != nil {
		return errBcrypt
	}
	if cost > maxBcryptCost {
		return fmt.Errorf("the bcrypt hash has a cost of %d, and %d is allowed", cost, maxBcryptCost)
	}
	return nil
}

// Matches says whether the password is the one that hash was made of. It is false for a hash that Valid refuses. Without a hash (""), for
// someone whom nobody knows, it is false after as long a time as for a hash of Hash. It takes tens of milliseconds, longer for a dearer hash,
// and the time doesn't depend on the password.
func Matches(hash, password string) bool {
	known := Valid(hash) == nil
	if !known {
		hash = decoy
	}
	prepared, ok := prepare(password)
	if isBcrypt(hash) {
		return matchesBcrypt(hash, prepared) && ok
	}
	same, err := argon2id.ComparePasswordAndHash(prepared, hash)
	return same && err == nil && ok && known
}

func matchesBcrypt(hash, prepared string) bool {
	read := prepared[:min(len(prepared), bcryptReads)]
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(read)) == nil && read == prepared
}
