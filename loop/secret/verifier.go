package secret

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/xdg-go/scram"
)

// Verifier is what a server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677): with it it finds whether a client knows the password, which is not said for that, and shows that it is the
// server that knew it. Nobody can log in with a Verifier, but who has it can guess passwords at the price of Iterations. The zero value is of no password.
type Verifier struct {
	Salt           [SaltSize]byte
	Iterations     int32
	Stored, Server [verifierKey]byte // StoredKey and ServerKey of RFC 5802
}

const (
	// SaltSize is the length of a Verifier's salt in bytes.
	SaltSize = 16
	// verifierKey is that of SHA-256.
	verifierKey = 32
	// iterations is how often a Verifier uses HMAC-SHA-256: so often that it takes as long as Hash, here and at the client. RFC 7677 wants 4,096 at least; who has stolen a database
	// would guess 25 times as fast with these.
	iterations = 100_000
	// minIterations and maxIterations are those that ParseVerifier reads: clients refuse fewer, and would compute for seconds with more.
	minIterations, maxIterations = 4096, 5_000_000
)

// verifierName begins a Verifier as text.
const verifierName = "SCRAM-SHA-256"

var errVerifier = errors.New("not a verifier of a password: it reads SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey, as in RFC 5803")

// NewVerifier returns that of a password that Hash takes, which takes as long as Hash. A salt is nobody's secret, but no two accounts have the same.
func NewVerifier(password string, salt [SaltSize]byte) (Verifier, error) {
	if err := Check(password, 1); err != nil {
		return Verifier{}, err
	}
	return verifierOf(password, salt, iterations)
}

// verifierOf takes the password as clients do: in the form of RFC 4013, or, what that doesn't know, in the one in which passwords are compared here.
func verifierOf(password string, salt [SaltSize]byte, rounds int) (v Verifier, err error) {
	client, err := scram.SHA256.NewClient("", password, "")
	if err != nil {
		prepared, ok := prepare(password)
		if !ok {
			return v, errLetters
		}
		if client, err = scram.SHA256.NewClientUnprepped("", prepared, ""); err != nil {
			return v, errLetters
		}
	}
	kept, err := client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: string(salt[:]), Iters: rounds})
	if err != nil {
		return v, fmt.Errorf("make the verifier of a password: %w", err)
	}
	v = Verifier{Salt: salt, Iterations: int32(rounds)}
	copy(v.Stored[:], kept.StoredKey)
	copy(v.Server[:], kept.ServerKey)
	return v, nil
}

// String is the Verifier as it is stored: SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey, the last three in base64. "" of none.
func (v Verifier) String() string {
	if v.Iterations == 0 {
		return ""
	}
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("%s$%d:%s$%s:%s", verifierName, v.Iterations, encode(v.Salt[:]), encode(v.Stored[:]), encode(v.Server[:]))
}

// ParseVerifier reads what String wrote, and nothing else. The error doesn't repeat it.
func ParseVerifier(s string) (v Verifier, err error) {
	name, rest, _ := strings.Cut(s, "$")
	factors, keys, _ := strings.Cut(rest, "$")
	rounds, salt, _ := strings.Cut(factors, ":")
	stored, server, _ := strings.Cut(keys, ":")
	n, err := strconv.ParseInt(rounds, 10, 32)
	if err != nil || n < minIterations || n > maxIterations || name != verifierName {
		return Verifier{}, errVerifier
	}
	v.Iterations = int32(n)
	if !decodes(v.Salt[:], salt) || !decodes(v.Stored[:], stored) || !decodes(v.Server[:], server) || v.String() != s {
		return Verifier{}, errVerifier
	}
	return v, nil
}

// decodes fills dst with what s is in base64, if it is as long as that.
func decodes(dst []byte, s string) bool {
	decoded, err := base64.StdEncoding.DecodeString(s)
	return err == nil && len(decoded) == len(dst) && copy(dst, decoded) == len(dst)
}
