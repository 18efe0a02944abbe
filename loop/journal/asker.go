package journal

import (
	"bytes"
	"context"
	"encoding/gob"
	"io"
)

// Asker asks other nodes, as a *Journal does.
type Asker interface {
	Ask(ctx context.Context, node, kind string, ask []byte) (io.ReadCloser, error)
}

// Answerer is an Asker that answers them too.
type Answerer interface {
	Asker
	Offer(kind string, answer Answer) error
}

// Pack is a value as a question of another node, for Unpack. It panics if its type can't be encoded.
func Pack(what any) []byte {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(what); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Unpack reads what Pack has made of a value of that type.
func Unpack(ask []byte, to any) error { return gob.NewDecoder(bytes.NewReader(ask)).Decode(to) }
