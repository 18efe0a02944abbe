//go:build linux

package main

import (
	"errors"
	"strings"

	"looproom/loop/accounts"
	"looproom/loop/secret"
)

// accessFlags are who may do what, by password.
type accessFlags struct {
	Password    passwordHash `live:"yes" secret:"yes" placeholder:"HASH" help:"What newcomers must say (PASS), as looproom passwd prints it." example:"--password '$argon2id$v=19$m=19456,t=2,p=1$...'"`
	PasswordMin int          `live:"yes" placeholder:"N" help:"Fewest characters of a password that somebody registers (${default})." example:"--password-min 12"`
	Operator    []operator   `live:"yes" secret:"yes" sep:" " placeholder:"NAME:HASH" help:"Who may kick and ban (OPER), as looproom passwd NAME prints it; may be repeated." example:"--operator 'ann:$argon2id$v=19$m=19456,t=2,p=1$...'"`
}

func (f accessFlags) access() accounts.Access {
	hashes := map[string]string{}
	for _, o := range f.Operator {
		hashes[o.name] = o.hash
	}
	return accounts.Access{Password: string(f.Password), Operators: hashes, PasswordMin: f.PasswordMin}
}

// operator is a name with the hash of its password. The error never repeats what stood there: it may be the password itself.
type operator struct{ name, hash string }

var errOperator = errors.New("an operator is NAME:HASH; looproom passwd NAME prints it")

// UnmarshalText reads NAME:HASH.
func (o *operator) UnmarshalText(text []byte) error {
	name, hash, ok := strings.Cut(string(text), ":")
	if !ok || name == "" || hash == "" {
		return errOperator
	}
	*o = operator{name, hash}
	return secret.Valid(hash)
}

// passwordHash is the hash of a password, "" for none.
type passwordHash string

// UnmarshalText reads a hash.
func (p *passwordHash) UnmarshalText(text []byte) error {
	*p = passwordHash(text)
	if len(text) == 0 {
		return nil
	}
	return secret.Valid(string(text))
}
