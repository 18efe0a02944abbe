//go:build linux

package transport

// SealedAtOnce is how much is encrypted at a time, in bytes. As much, and TLS's own 22 bytes for each 16 KiB of it, may wait for a client in a
// copy of its own.
const SealedAtOnce = 32 << 10

// recordSize is the most that one record of TLS holds, by RFC 8446 section 5.1.
const recordSize = 16 << 10

// Sealer is the memory in which a loop decrypts and encrypts. The zero Sealer is ready, and has none until its first client comes.
type Sealer struct {
	plain  []byte // what has come, decrypted
	text   []byte // what is to be encrypted
	sealed []byte // and encrypted
}

// Plain returns memory for what is decrypted of one record.
func (s *Sealer) Plain() []byte {
	if s.plain == nil {
		s.plain = make([]byte, recordSize)
	}
	return s.plain
}

// Seal returns what is to be written by t now, and how many bytes of bufs it stands for: at most SealedAtOnce. What had to be written before
// comes alone, so that no more than that ever waits. The slice is borrowed until the next call; what of it can't be written is to be put back. An error has ended what
// t can say.
func (s *Sealer) Seal(t *TLS, bufs [][]byte) (out []byte, took int, err error) {
	if out = t.Take(); len(out) > 0 {
		return out, 0, nil
	}
	text := s.gather(bufs)
	if len(text) == 0 {
		return nil, 0, nil
	}
	t.lend(s.sealed)
	_, err = t.Write(text)
	out = t.Take()
	s.sealed = out[:0]
	if err != nil {
		return nil, 0, err
	}
	return out, len(text), nil
}

// gather returns at most SealedAtOnce bytes of bufs as one slice, which is one of them where that is enough.
func (s *Sealer) gather(bufs [][]byte) []byte {
	if len(bufs) == 1 || len(bufs) > 1 && len(bufs[0]) >= SealedAtOnce {
		return bufs[0][:min(len(bufs[0]), SealedAtOnce)]
	}
	s.text = s.text[:0]
	for _, b := range bufs {
		s.text = append(s.text, b[:min(len(b), SealedAtOnce-len(s.text))]...)
	}
	return s.text
}
