package catchup

import (
	"encoding/gob"
	"slices"
)

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
