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

// sealsAtOnce is how often something is sealed for one receiver before others come first: encrypting takes longer than writing.
const sealsAtOnce = 4

// flush sends what waits for r, as far as its socket takes it, and at most about maxWrite bytes: then others come first.
func (w *Writer) flush(r *Receiver) {
	for writes := 0; writes < r.writesAtOnce(); writes++ {
		want, err := w.prepare(r)
		switch {
		case r.Closed():
			return
		case err != nil:
			w.host.Failed(r, err)
			return
		}
		if want == 0 {
			break
		}
		n, errno := w.write(r, w.iov)
		w.sent(r, n)
		switch {
		case errno != 0:
			w.host.Failed(r, errno)
			return
		case n < want:
			w.Block(r)
			return
		}
	}
	if !r.Closed() {
		w.written(r)
	}
}

func (r *Receiver) writesAtOnce() int {
	if r.has(sealed) {
		return sealsAtOnce
	}
	return 1
}

// prepare makes iov what is to be written to r next, and returns how many bytes that are.
func (w *Writer) prepare(r *Receiver) (want int, err error) {
	w.iov = w.iov[:0]
	switch {
	case r.Closed():
		return 0, nil
	case r.has(sealed):
		return w.seal(r)
	case r.out == nil:
		return 0, nil
	}
	w.iov, want = r.out.appendIovecs(w.iov, maxWrite)
	return want, nil
}

// seal makes iov what is sealed of the front of r's outbox, which has been sent with that as far as the outbox goes.
func (w *Writer) seal(r *Receiver) (want int, err error) {
	w.front = w.front[:0]
	if r.out != nil {
		w.front = r.out.appendSlices(w.front, maxWrite)
	}
	b, took, err := w.host.Seal(r, w.front)
	clear(w.front)
	if err != nil || len(b) == 0 {
		return 0, err
	}
	if took > 0 {
		w.took(r, took)
	}
	w.iov = append(w.iov, iovec{Base: &b[0], Len: uint64(len(b))})
	return len(b), nil
}

// sent notes that the socket took n bytes of iov. What it did not take of what is sealed is given back to the host.
func (w *Writer) sent(r *Receiver, n int) {
	if !r.has(sealed) {
		clear(w.iov)
		w.took(r, n)
		return
	}
	if b := &w.iov[0]; n < int(b.Len) {
		w.outboxOf(r) // it waits, as if there were something in it
		w.host.Unsent(r, unsafe.Slice(b.Base, b.Len)[n:])
	}
	clear(w.iov)
	if r.out != nil && n > 0 {
		r.out.progress = w.host.Now()
	}
}

// took notes that n bytes of r's outbox have been sent, or sealed.
func (w *Writer) took(r *Receiver, n int) {
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

// written is when all that could be sent to r has been: it looks for more, and at the end of what there is.
func (w *Writer) written(r *Receiver) {
	if r.out != nil && !r.out.empty() {
		if p := &r.out.pieces[r.out.first]; p.holdsBack() && len(p.more.bytes) == 0 && !w.draw(r, p.more) {
			return
		}
		if r.out != nil {
			w.Touch(r)
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
	e.weigh(w, r.out)
	if len(b) == 0 && more {
		w.wait(r)
		return false
	}
	if len(b) == 0 {
		r.out.sent(w, 0)
	}
	return true
}
