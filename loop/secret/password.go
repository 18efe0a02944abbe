package secret

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

// MinPassword is how many characters a password has at least where nobody says otherwise: shorter ones are guessed. MaxPassword is how many it has at most: it still fits a line
// with room to spare.
const (
	MinPassword = 8
	MaxPassword = 300
)

var (
	errLong    = errors.New("a password has 300 characters or fewer")
	errLetters = errors.New("a password has letters, digits, punctuation and spaces, and no control characters")
)

// Check says whether the password may be given to something: it has least to 300 characters, none of which RFC 8265 refuses in passwords. least is 1 or more. The error is
// for people, and doesn't have the password in it.
func Check(password string, least int) error {
	_, err := checked(password, least)
	return err
}

// errShort says how long a password is at least.
func errShort(least int) error {
	if least == 1 {
		return errors.New("a password has a character or more")
	}
	return fmt.Errorf("a password has %d characters or more", least)
}

// checked returns the password that Check allows in the form in which passwords are compared.
func checked(password string, least int) (string, error) {
	// What is far too long isn't worth the work of comparing it.
	if len(password) > MaxPassword*utf8.UTFMax {
		return "", errLong
	}
	if password == "" {
		return "", errShort(least)
	}
	prepared, ok := prepare(password)
	if !ok {
		return "", errLetters
	}
	switch n := utf8.RuneCountInString(prepared); {
	case n < least:
		return "", errShort(least)
	case n > MaxPassword:
		return "", errLong
	}
	return prepared, nil
}

// prepare returns the password in the form in which passwords are compared; false if it can't be anyone's. It lets short ones pass: a hash
// that an operator brought along may be that of one.
func prepare(password string) (string, bool) {
	// The profile would take all bytes that are no UTF-8 for the same.
	if len(password) > MaxPassword*utf8.UTFMax || !utf8.ValidString(password) {
		return "", false
	}
	prepared, err := precis.OpaqueString.String(password)
	return prepared, err == nil
}
