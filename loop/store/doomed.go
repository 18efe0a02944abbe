package store

import (
	"fmt"
	"strings"
)

// doomedKey is the key of an account that is being forgotten. No name begins with a space.
func doomedKey(number int64, account string) string { return fmt.Sprintf(" %d %s", number, account) }

// keyShown is the key of an account, "" of one that is being forgotten.
func keyShown(key string) string {
	if strings.HasPrefix(key, " ") {
		return ""
	}
	return key
}
