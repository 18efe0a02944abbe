//go:build linux

package loop

// sealedAtOnce is how much is encrypted at a time, in bytes. As much, and TLS's own 22 bytes for each 16 KiB of it, may wait for a client in a
// copy of its own.
const sealedAtOnce = 32 << 10

// sealedInATurn is how often that much is encrypted for one client before others come first.
const sealedInATurn = 4

// recordSize is the most that one record of TLS holds, by RFC 8446 section 5.1.
const recordSize = 16 << 10

// sealing is the memory in which a loop reads and writes TLS. There is none until its first such client comes.
type sealing struct {
	plain  []byte // what has come, decrypted
	text   []byte // what is to be encrypted
	sealed []byte // and encrypted
}

// open returns memory for one record.
func (s *sealing) open() []byte {
	if s.plain == nil {
		s.plain = make([]byte, recordSize)
	}
	return s.plain
}

// gather returns at most sealedAtOnce bytes of bufs as one slice, which is one of them where that is enough.
func (s *sealing) gather(bufs [][]byte) []byte {
	if len(bufs) == 1 || len(bufs) > 1 && len(bufs[0]) >= sealedAtOnce {
		return bufs[0][:min(len(bufs[0]), sealedAtOnce)]
	}
	s.text = s.text[:0]
	for _, b := range bufs {
		s.text = append(s.text, b[:min(len(b), sealedAtOnce-len(s.text))]...)
	}
	return s.text
}

// writeSecure is write for p who talks TLS: nothing more is encrypted before all that was has been sent.
func (l *eventLoop) writeSecure(p *peer, s *secureConn) {
	for range sealedInATurn {
		if out := s.take(); len(out) > 0 && !l.sendSealed(p, s, out) {
			return
		}
		l.bufs = l.writer.Front(&p.out, l.bufs[:0], sealedAtOnce)
		if len(l.bufs) == 0 {
			break
		}
		if !l.seal(p, s, l.sealing.gather(l.bufs)) {
			return
		}
	}
	l.writer.Written(&p.out)
}

// seal encrypts text, which is the front of p's outbox, and sends it. False: it waits, or the connection has ended.
func (l *eventLoop) seal(p *peer, s *secureConn, text []byte) bool {
	s.lend(l.sealing.sealed)
	_, err := s.tls.Write(text)
	out := s.take()
	l.sealing.sealed = out[:0]
	if err != nil {
		l.drop(p, "TLS: "+err.Error())
		return false
	}
	l.writer.Took(&p.out, len(text))
	return l.sendSealed(p, s, out)
}

// sendSealed sends what is encrypted. What the socket doesn't take waits in a copy of p's own.
func (l *eventLoop) sendSealed(p *peer, s *secureConn, out []byte) bool {
	n, err := l.writer.WriteSealed(&p.out, out)
	switch {
	case err != nil:
		return false
	case n < len(out):
		s.putBack(out[n:])
		return false
	}
	return true
}

// endSecurely says that nothing more comes. False: that is not sent yet, or the connection has ended.
func (l *eventLoop) endSecurely(p *peer, s *secureConn) bool {
	if s.ended {
		return true
	}
	s.ended = true
	_ = s.tls.CloseWrite() // into memory; it fails when TLS has failed
	out := s.take()
	return len(out) == 0 || l.sendSealed(p, s, out)
}
