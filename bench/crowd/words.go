//go:build linux

package crowd

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
)

// mark begins the words that talkers say. Behind it stand, in hexadecimal digits, the talker, the number of what it says from 0, and when that was due.
const mark = "crowd-"

// wordsSize is the length of the words: the mark, and 4, 4 and 8 bytes.
const wordsSize = len(mark) + 2*(4+4+8)

func appendWords(dst []byte, talker, number uint32, due int64) []byte {
	var b [16]byte
	binary.BigEndian.PutUint32(b[:], talker)
	binary.BigEndian.PutUint32(b[4:], number)
	binary.BigEndian.PutUint64(b[8:], uint64(due))
	return hex.AppendEncode(append(dst, mark...), b[:])
}

// nextWords finds the first words in b. rest is what is to be looked at again: behind them, or where a mark may have begun when there are none.
func nextWords(b []byte) (talker, number uint32, due int64, rest []byte, found bool) {
	for {
		i := bytes.Index(b, []byte(mark))
		if i < 0 {
			return 0, 0, 0, b[max(0, len(b)-len(mark)+1):], false
		}
		if b = b[i:]; len(b) < wordsSize {
			return 0, 0, 0, b, false
		}
		var said [16]byte
		if _, err := hex.Decode(said[:], b[len(mark):wordsSize]); err == nil {
			return binary.BigEndian.Uint32(said[:]), binary.BigEndian.Uint32(said[4:]), int64(binary.BigEndian.Uint64(said[8:])), b[wordsSize:], true
		}
		b = b[len(mark):]
	}
}
