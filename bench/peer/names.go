package peer

import (
	"fmt"
	"math/rand/v2"
)

// names gives clients their names: four random letters and the client's number. Up to client 99,999 that is nine characters,
// which is all that RFC 1459 section 1.2 allows for a nickname, and the same length for everybody.
type names struct {
	prefix string
}

func newNames() names {
	letters := make([]byte, 4)
	for i := range letters {
		letters[i] = 'a' + byte(rand.IntN(26))
	}
	return names{string(letters)}
}

func (n names) of(client int) string {
	return fmt.Sprintf("%s%05d", n.prefix, client)
}
