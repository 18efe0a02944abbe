//go:build linux

package delivery

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// maxSlices is how many slices one writev gets; the kernel takes 1,024.
	maxSlices = 64
	// maxWrite is from how many bytes on a write to one receiver gets no further slice, so that nobody else waits for long.
	maxWrite = 256 << 10
)

type iovec = unix.Iovec

// writeRaw is write(2) or writev(2) without the scheduler's knowledge: the sockets never block, and a P that is handed to another
// thread while the kernel copies costs a tenth of the loop's time.
func writeRaw(fd int32, iov []iovec) (n int, errno unix.Errno) {
	for {
		var r uintptr
		if len(iov) == 1 {
			r, _, errno = unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(iov[0].Base)), uintptr(iov[0].Len))
		} else {
			r, _, errno = unix.RawSyscall(unix.SYS_WRITEV, uintptr(fd), uintptr(unsafe.Pointer(&iov[0])), uintptr(len(iov)))
		}
		if errno != unix.EINTR {
			return int(r), errno
		}
	}
}

// write writes iov to r. errno is 0 when the socket took some or none.
func (w *Writer) write(r *Receiver, iov []iovec) (n int, errno unix.Errno) {
	n, errno = writeRaw(r.fd, iov)
	switch errno {
	case 0:
		w.Tally.Writes++
		w.Tally.Bytes += uint64(n)
		return n, 0
	case unix.EAGAIN:
		return 0, 0
	}
	return 0, errno
}

// flush sends what is in r's outbox, as far as its socket takes it, and at most about maxWrite bytes: then others come first.
func (w *Writer) flush(r *Receiver) {
	switch {
	case r.Closed():
		return
	case r.has(sealed):
		w.host.Transmit(r)
		return
	case r.out == nil || r.out.empty():
		w.Written(r)
		return
	}
	want := 0
	w.iov, want = r.out.appendIovecs(w.iov[:0], maxWrite)
	if want == 0 {
		w.Written(r)
		return
	}
	n, errno := w.write(r, w.iov)
	clear(w.iov)
	switch {
	case errno != 0:
		w.host.Failed(r, errno)
	case n < want:
		w.Took(r, n)
		w.Block(r)
	default:
		w.Took(r, n)
		w.Written(r)
	}
}

// Front returns what can be sent to r now, in order, at most about limit bytes. The slices are borrowed until something is done with r.
func (w *Writer) Front(r *Receiver, dst [][]byte, limit int) [][]byte {
	if r.out == nil {
		return dst
	}
	return r.out.appendSlices(dst, limit)
}

// Took notes that n bytes of Front have been sent.
func (w *Writer) Took(r *Receiver, n int) {
	if r.out == nil {
		return
	}
	if n > 0 {
		r.out.progress = w.host.Now()
	}
	if r.has(skips) {
		w.tear(r, n)
	}
	r.out.sent(w, n)
	w.ease(r)
}

func (w *Writer) ease(r *Receiver) {
	if r.has(throttled) && r.Answers() <= easeAt {
		r.unset(throttled)
		w.host.Eased(r)
	}
}

// WriteSealed writes bytes that stand for some of Front. It returns how many the socket took; if those are not all, r waits until it can take more. An
// error has ended the connection.
func (w *Writer) WriteSealed(r *Receiver, b []byte) (n int, err error) {
	iov := [1]iovec{{Base: &b[0], Len: uint64(len(b))}}
	n, errno := w.write(r, iov[:])
	if errno != 0 {
		w.host.Failed(r, errno)
		return 0, errno
	}
	if r.out != nil && n > 0 {
		r.out.progress = w.host.Now()
	}
	if n < len(b) {
		w.outboxOf(r)
		w.Block(r)
	}
	return n, nil
}

// WriteNow writes b to r at once, if nothing waits for it, and returns how many bytes its socket took. An error has ended the connection.
func (w *Writer) WriteNow(r *Receiver, b []byte) (n int, err error) {
	if r.out != nil || r.has(sealed) || len(b) == 0 {
		return 0, nil
	}
	iov := [1]iovec{{Base: &b[0], Len: uint64(len(b))}}
	n, errno := w.write(r, iov[:])
	if errno != 0 {
		w.host.Failed(r, errno)
		return 0, errno
	}
	return n, nil
}

// Written is when all that could be sent to r has been: it looks for more, and at the end of what there is.
func (w *Writer) Written(r *Receiver) {
	if r.out != nil && !r.out.empty() {
		if p := &r.out.pieces[r.out.first]; p.holdsBack() && len(p.more.bytes) == 0 && !w.draw(r, p.more) {
			return
		}
		if r.out != nil {
			w.soil(r)
		}
		return
	}
	w.discard(r)
	w.ease(r)
	if r.has(finished) && r.out == nil && !r.Closed() {
		w.host.Finished(r)
	}
}

// draw asks the source at the front for more. False: it has none yet.
func (w *Writer) draw(r *Receiver, e *extra) bool {
	b, more := e.source.Next()
	if r.Closed() || r.out == nil {
		return false // the source could not go on, and the host has ended the connection
	}
	w.drawn++
	r.out.answers += len(b)
	w.count(r.out, len(b)-e.held)
	e.bytes, e.dry, e.held = b, !more, 0
	if len(b) == 0 && more {
		w.wait(r)
		return false
	}
	if len(b) == 0 {
		r.out.sent(w, 0)
	}
	return true
}
