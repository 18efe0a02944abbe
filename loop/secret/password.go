package secret

import (
	"errors"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

// MinPassword and MaxPassword are how many characters a password has. Shorter ones are guessed; the longest still fits a line with room to spare.
const (
	MinPassword = 8
	MaxPassword = 128
)

var (
	errShort   = errors.New("a password has 8 characters or more")
	errLong    = errors.New("a password has 128 characters or fewer")
	errLetters = errors.New("a password has letters, digits, punctuation and spaces, and no control characters")
)

// Check says whether the password may be given to something: it has 8 to 128 characters, none of which RFC 8265 refuses in passwords. The error is
// for people, and doesn't have the password in it.
func Check(password string) error {
	_, err := checked(password)
	return err
}

// checked returns the password that Check allows in the form in which passwords are compared.
func checked(password string) (string, error) {
	// What is far too long isn't worth the work of comparing it.
	if len(password) > MaxPassword*utf8.UTFMax {
		return "", errLong
	}
	if password == "" {
		return "", errShort
	}
	prepared, ok := prepare(password)
	if !ok {
		return "", errLetters
	}
	switch n := utf8.RuneCountInString(prepared); {
	case n < MinPassword:
		return "", errShort
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
