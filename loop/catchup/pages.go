package catchup

import (
	"bytes"
	"encoding/gob"
	"slices"
)

// pack is what a node asks.
func pack(what any) []byte {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(what); err != nil {
		panic(err) // it is of a type that can't be encoded
	}
	return b.Bytes()
}

func unpack(ask []byte, to any) error { return gob.NewDecoder(bytes.NewReader(ask)).Decode(to) }

// encodePages writes all in pages of so many, and an empty one behind them.
func encodePages[T any](out *gob.Encoder, all []T, size int) error {
	for page := range slices.Chunk(all, size) {
		if err := out.Encode(page); err != nil {
			return err
		}
	}
	return out.Encode([]T{})
}

// decodePages has pages taken until an empty one comes.
func decodePages[T any](in *gob.Decoder, take func([]T) error) error {
	for {
		var page []T
		if err := in.Decode(&page); err != nil || len(page) == 0 {
			return err
		}
		if err := take(page); err != nil {
			return err
		}
	}
}
