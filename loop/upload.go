//go:build linux

package loop

import (
	"errors"
	"io"
	"net"
	"strconv"
	"syscall"
	"time"

	"github.com/panjf2000/gnet/v2"
	"golang.org/x/sys/unix"

	"looproom/loop/files"
	"looproom/loop/room"
)

// uploadStall is how long an upload may bring no byte before it counts as broken.
const uploadStall = time.Minute

// upload is a file on its way in. While it is, the client's bytes are read by a goroutine of its own and not by the loop: so a slow
// disk slows that client down by TCP's own means, and memory stays bounded.
type upload struct {
	name  string
	size  int64
	file  *files.Upload
	conn  net.Conn      // where the bytes come from; nil until the connection has been taken over from gnet
	left  int64         // of size: still to come from the client, known at the end
	over  bool          // it is kept or refused; the connection is on its way back
	pace  pace          // of its client, from when the connection has been taken over
	gone  chan struct{} // closed when the connection is closed on our side
	claim fileClaim
}

// beginUpload answers a SEND, at its place in the order of p's answers.
func (l *eventLoop) beginUpload(p *peer, e *room.Event) {
	store := l.server.files
	switch {
	case e.Ask != nil:
		why := e.Ask.Refusal
		l.refuseUpload(p, e.N, why.Why.Code(), native.Words(&why))
	case p.closed(): // it broke while the command was at the home loop
	case store == nil:
		l.refuseUpload(p, e.N, room.FilesOff, "this server keeps no files")
	case e.N > store.MaxFile():
		l.refuseUpload(p, e.N, room.FileTooLarge, "a file has at most "+byteCount(int(store.MaxFile())))
	default:
		claim, why := l.server.claimFile(p, e.Who, e.N)
		if why != nil {
			l.refuseUpload(p, e.N, why.code, why.words)
			return
		}
		p.more().upload = &upload{
			name: e.Text, size: e.N, file: store.Upload(e.Text, e.Who, e.N, time.Now()), gone: make(chan struct{}), claim: claim,
		}
		switch {
		case p.conn != nil:
			l.closeConn(p, p.conn) // OnClose takes over
		case l.reading != p: // else when the rest of its input has been kept
			l.takeOver(p)
		}
	}
}

// refuseUpload takes the upload's bytes from the stream all the same.
func (l *eventLoop) refuseUpload(p *peer, size int64, code room.Code, text string) {
	p.more().skip = size
	l.refuse(p, code, text)
	l.resume(p)
}

// resume goes on with the input that was held.
func (l *eventLoop) resume(p *peer) {
	if p.hold == holdsNothing {
		return
	}
	p.hold = holdsNothing
	if l.reading != p || p.inputOver { // else the frames are being gone through just now
		l.goOnLater(p, holdsNothing)
	}
}

// takeOver makes p's connection one that a goroutine can read, and starts the upload.
func (l *eventLoop) takeOver(p *peer) {
	fd, err := p.out.Descriptor(), error(nil)
	if p.conn != nil {
		if fd, err = p.conn.Dup(); err != nil {
			l.cut(p, err)
			return
		}
	}
	l.waker.forget(p)
	conn, err := connOf(fd)
	if err != nil {
		l.cut(p, err)
		return
	}
	u := p.upload()
	u.conn = conn
	u.pace = pace{server: l.server, paid: p.paid, gone: u.gone}
	l.replace(p, rawDescriptor(conn))
	l.meter.Uploads.Begun.Add(1)
	id, from := p.id, l.sourceOf(p, u)
	go l.guardedBeside(id, func() { l.receive(id, u, from) })
}

// sourceOf returns what p's upload is read from.
func (l *eventLoop) sourceOf(p *peer, u *upload) incoming {
	from := &source{conn: u.conn, left: u.size}
	if s := p.secure(); s != nil {
		s.upload = u.conn
		from.secure, from.answer = s, l.answererFor(p.id)
	}
	if p.web() != nil {
		return l.newWebSource(p, u, from)
	}
	tail := p.rare.tail
	n := min(u.size, int64(len(tail)))
	from.prefix, p.rare.tail = tail[:n:n], tail[n:]
	return from
}

// rawDescriptor is the descriptor of a connection that stays open; -1 never happens for those of connOf.
func rawDescriptor(c net.Conn) int {
	fd := -1
	if raw, err := c.(syscall.Conn).SyscallConn(); err == nil {
		_ = raw.Control(func(f uintptr) { fd = int(f) })
	}
	return fd
}

// receive brings the upload to the store and its end to the loop. It runs on a goroutine of its own. A SEND that came too soon waits
// here, where the bytes behind it wait with the client.
func (l *eventLoop) receive(id room.ClientID, u *upload, from incoming) {
	u.pace.settle() // if the connection is closed meanwhile, reading it says so
	kept := false
	defer func() { l.server.endClaim(&u.claim, kept) }()
	entry, err := u.file.Receive(from)
	kept = err == nil
	left, rest, broken := from.end()
	u.left = left
	l.meter.Uploads.Ended(u.size, err)
	l.post(func() {
		if p := l.peer(id); p != nil && !p.closed() {
			p.rare.tail = append(p.rare.tail, rest...)
			l.received(p, u, entry, err, broken)
		}
	})
}

// received answers the upload and gives the connection back to gnet.
func (l *eventLoop) received(p *peer, u *upload, entry files.Entry, err, broken error) {
	u.over = true
	p.paid = max(p.paid, u.pace.paid)
	switch {
	case broken != nil:
		l.breakOff(p, broken)
		return
	case err != nil:
		if l.server.refusals.mayLog(l.server.clock()) {
			l.server.log.Warn().Str("client", p.address).Err(err).Msg("upload failed")
		}
		p.more().skip = u.left
		l.refuse(p, notKeptCode(err), "the file could not be kept: "+err.Error())
	default:
		cmd := l.command(p.id, room.Stored)
		cmd.Name, cmd.Text, cmd.N = entry.Name, entry.SHA256, entry.Size
		l.submit(&cmd)
	}
	go l.guardedBeside(p.id, func() { l.enrolAgain(p.id, p, u.conn) })
}

// notKeptCode is the code for a file that the store has not kept.
func notKeptCode(err error) room.Code {
	switch {
	case errors.Is(err, files.ErrDiskFull):
		return room.DiskFull
	case errors.Is(err, files.ErrTooMany):
		return room.Quota
	}
	return room.FileFailed
}

// enrolAgain runs on a goroutine of its own, because it waits for the loop.
func (l *eventLoop) enrolAgain(id room.ClientID, p *peer, conn net.Conn) {
	l.awaitDescriptor(conn)
	if err := l.enrol(conn, p); err != nil {
		l.post(func() {
			if p := l.peer(id); p != nil {
				l.drop(p, "can't enrol again: "+err.Error())
			}
		})
	}
}

// Bounds of the wait for a descriptor: somebody outside has lowered the limit, or something else in the process has taken what is kept.
const (
	descriptorLook  = 10 * time.Millisecond
	descriptorLooks = 1000
)

// awaitDescriptor returns when the connection could be duplicated, which gnet does to take it and fails for good if it can't; or when
// that has been impossible for long.
func (l *eventLoop) awaitDescriptor(conn net.Conn) {
	raw, err := conn.(syscall.Conn).SyscallConn()
	for range descriptorLooks {
		spare := -1
		if err == nil {
			_ = raw.Control(func(fd uintptr) { spare, err = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0) })
		}
		if !errors.Is(err, unix.EMFILE) && !errors.Is(err, unix.ENFILE) {
			if spare >= 0 {
				unix.Close(spare)
			}
			return
		}
		err = nil
		time.Sleep(descriptorLook)
	}
}

// reattach is when gnet has the connection again.
func (l *eventLoop) reattach(p *peer, c gnet.Conn) {
	p.rare.upload = nil
	l.waker.forget(p)
	p.conn, p.paused = c, false
	l.writer.Redirect(&p.out, c.Fd())
	p.hold = holdsNothing
	p.inputOver = false // gnet will see the end of the stream again
	tail := p.tail()
	p.dropTail()
	if len(tail) > 0 {
		l.read(p, tail)
	}
	if s := p.secure(); s != nil {
		s.upload = nil
		s.records.forget()
		l.readSecure(p, nil) // TLS has in hand what came with the last of the upload
	}
}

// incoming is what an upload is read from, until it ends.
type incoming interface {
	io.Reader
	// end tells how many bytes of the upload are still in the stream, what has been read behind it, and why the connection gave no more.
	end() (left int64, rest []byte, broken error)
}

// source is what an upload is read from: the bytes that had come with its command, then the connection.
type source struct {
	prefix []byte
	conn   net.Conn
	left   int64
	broken error       // why the connection gave no more
	secure *secureConn // nil: it talks in clear
	answer func()      // has the loop send what TLS itself has to say
}

// Read implements io.Reader.
func (s *source) Read(b []byte) (int, error) {
	if s.secure != nil {
		return s.readSecure(b)
	}
	if len(s.prefix) > 0 {
		n := copy(b, s.prefix)
		s.prefix = s.prefix[n:]
		s.left -= int64(n)
		return n, nil
	}
	b = b[:min(int64(len(b)), s.left)]
	if len(b) == 0 {
		return 0, io.EOF
	}
	n, err := s.conn.Read(b)
	s.left -= int64(n)
	return n, s.note(err)
}

// end implements incoming. What stands in the prefix has left the stream.
func (s *source) end() (left int64, rest []byte, broken error) {
	return s.left - int64(len(s.prefix)), nil, s.broken
}

// WaitReadable returns once there is something to be read, so that a client that sends nothing occupies no buffer.
func (s *source) WaitReadable() error {
	if len(s.prefix) > 0 || s.left == 0 {
		return nil
	}
	if s.secure != nil {
		return s.waitSecure()
	}
	return s.await()
}

// await returns once the connection has something to be read.
func (s *source) await() error {
	if err := s.conn.SetReadDeadline(time.Now().Add(uploadStall)); err != nil {
		return s.note(err)
	}
	raw, err := s.conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return s.note(err)
	}
	err = raw.Read(func(fd uintptr) bool {
		var one [1]byte
		_, _, err := unix.Recvfrom(int(fd), one[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		return !errors.Is(err, unix.EAGAIN)
	})
	return s.note(err)
}

// note remembers why the connection broke.
func (s *source) note(err error) error {
	if err == nil {
		return nil
	}
	if err == io.EOF {
		s.broken = io.ErrUnexpectedEOF
		return s.broken
	}
	s.broken = err
	return err
}

// byteCount is a size for people.
func byteCount(n int) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return strconv.Itoa(n>>20) + " MiB"
	case n >= 1<<10 && n%(1<<10) == 0:
		return strconv.Itoa(n>>10) + " KiB"
	}
	return strconv.Itoa(n) + " bytes"
}
