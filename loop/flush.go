//go:build linux

package loop

import (
	"math"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"looproom/loop/budget"
	"looproom/loop/room"
)

const (
	// maxSlices is how many slices one writev gets; the kernel takes 1,024.
	maxSlices = 64
	// spillOver is how many bytes of the delivery log slow peers may keep alive before theirs are copied out of it; then
	// spillKeep are left.
	spillOver = 8 << 20
	spillKeep = 2 << 20
	// spareOutboxes is how many emptied ones are kept for use.
	spareOutboxes = 1024
)

// askFlush has flush run once all events of this batch are done.
func (l *eventLoop) askFlush() {
	if !l.flushAsked {
		l.flushAsked = true
		l.execute(l.flush)
	}
}

// flush is the one place where pending bytes are written. Peers that get something to be told meanwhile are served as well.
func (l *eventLoop) flush() {
	l.exchange()
	if l.waits() {
		return
	}
	began, members := l.server.clock(), l.audience()
	l.begin(began)
	l.said = 0
	l.settleNow()
	for _, p := range l.over {
		l.guarded(p, func() { l.tooSlow(p) })
	}
	l.over = l.over[:0]
	for i := 0; i < len(l.dirty); i++ {
		l.flushPeer(l.dirty[i])
		l.dirty[i] = nil
		if i == len(l.dirty)-1 {
			l.settle() // what the end of connections led to
		}
	}
	l.dirty = l.dirty[:0]
	l.trim()
	now := l.server.clock()
	l.patience.flushed(now-began, members)
	l.flushTook(now-began, members)
	l.rest(now)
	l.flushAsked = false
	l.weighOutput()
	if len(l.toHome) > 0 || len(l.over) > 0 || l.eventsLeft() {
		l.askFlush()
	}
}

func (l *eventLoop) eventsLeft() bool {
	for _, events := range l.toLoops {
		if len(events) > 0 {
			return true
		}
	}
	return false
}

func (l *eventLoop) flushPeer(p *peer) {
	defer l.recovered(p)
	p.dirty = false
	l.write(p)
}

// write sends what waits for p as far as its socket takes it.
func (l *eventLoop) write(p *peer) {
	if p.closed() || p.lingering {
		return
	}
	if s := p.secure(); s != nil {
		l.writeSecure(p, s)
		return
	}
	for p.out != nil && len(p.out.parts) > 0 {
		l.bufs = p.out.slices(l.bufs[:0], &l.log, maxSlices)
		if len(l.bufs) == 0 {
			p.out.sent(0) // lets go of an empty file
			break
		}
		n, whole, err := l.writeTo(int(p.fd))
		if err != nil {
			l.drop(p, err.Error())
			return
		}
		if n > 0 {
			l.sent(p, n)
			p.out.progress = l.server.clock()
		}
		if !whole {
			l.wait(p, true)
			return
		}
	}
	l.written(p)
}

// writeTo writes l.bufs; whole says whether the socket took all of it.
func (l *eventLoop) writeTo(fd int) (n int, whole bool, err error) {
	want := 0
	for _, b := range l.bufs {
		want += len(b)
	}
	l.iov = l.iov[:0]
	for _, b := range l.bufs {
		l.iov = append(l.iov, unix.Iovec{Base: &b[0], Len: uint64(len(b))})
	}
	n, errno := writeRaw(fd, l.iov)
	clear(l.iov)
	switch errno {
	case 0:
		l.tally.wrote(n)
		return n, n == want, nil
	case unix.EAGAIN:
		return 0, false, nil
	}
	return 0, false, errno
}

// writeRaw is write(2) or writev(2) without the scheduler's knowledge: the sockets never block, and a P that is handed to another
// thread while the kernel copies costs a tenth of the loop's time.
func writeRaw(fd int, iov []unix.Iovec) (n int, errno unix.Errno) {
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

// sent takes n bytes from the front of p's outbox.
func (l *eventLoop) sent(p *peer, n int) {
	if p.door.url.skip && p.door.url.framing == messages {
		p.out.tear(&l.log, n)
	}
	p.out.sent(n)
}

// written is when all that can be sent to p has been.
func (l *eventLoop) written(p *peer) {
	if p.out != nil {
		if e := p.out.waitingFile(); e != nil {
			l.wait(p, false)
			l.readPiece(p, e)
			return
		}
		if p.out.isPending() {
			l.wait(p, false)
			return
		}
		if len(p.out.parts) > 0 {
			l.soil(p)
			return
		}
		l.stopWaiting(p)
		l.widen(p)
		l.giveOutbox(p)
	}
	if p.finished {
		l.finish(p)
	}
}

// giveOutbox takes p's outbox away.
func (l *eventLoop) giveOutbox(p *peer) {
	if p.out != nil && p.out.reserved {
		l.server.budget.Add(budget.Downloads, -downloadMemory)
	}
	if p.out != nil && len(l.outboxes) < spareOutboxes {
		p.out.reset()
		l.outboxes = append(l.outboxes, p.out)
	}
	p.out = nil
}

// wait notes that p's outbox can't be emptied: its socket is full, or a file's next piece is being read.
func (l *eventLoop) wait(p *peer, full bool) {
	if !p.waiting() {
		p.out.waitingAt = len(l.waiting)
		l.waiting = append(l.waiting, p)
		p.out.progress, p.out.queued = l.server.clock(), 0
		if len(l.waiting) == 1 {
			l.setAlarm(time.Second, room.NoClient, sweep)
		}
	}
	if p.full = full; !full {
		return
	}
	if p.out.kernel == 0 && !p.out.narrow { // else it has been counted already, or with the download
		p.out.kernel = fullMemory
		l.held.kernel.Move(fullMemory)
	}
	if err := l.waker.watch(p); err != nil {
		l.drop(p, err.Error())
	}
}

func (l *eventLoop) stopWaiting(p *peer) {
	p.full = false
	if !p.waiting() {
		return
	}
	last := len(l.waiting) - 1
	moved := l.waiting[last]
	l.waiting[p.out.waitingAt] = moved
	moved.out.waitingAt = p.out.waitingAt
	l.waiting[last] = nil
	l.waiting = l.waiting[:last]
	p.out.waitingAt = -1
	l.held.kernel.Move(-int64(p.out.kernel))
	p.out.kernel = 0
}

// writable is the waker's word that the sockets of these clients can take bytes.
func (l *eventLoop) writable(ids []room.ClientID) {
	for _, id := range ids {
		if p := l.peer(id); p != nil && p.full {
			p.full = false
			l.guarded(p, func() { l.write(p) })
		}
	}
	l.trim()
}

// sweep looks at the peers that wait, once a second while there are any.
func (l *eventLoop) sweep() {
	limit, now := l.server.limits.Load(), l.server.clock()
	for i := len(l.waiting) - 1; i >= 0; i-- {
		p := l.waiting[i]
		if !p.full || p.out.size <= limit.SendQ && !p.finished && !p.out.sendsFile() {
			continue
		}
		looked := p.out.queued > 0
		if p.takes() {
			p.out.progress = now
		}
		if looked && now-p.out.progress >= limit.SendQGrace {
			l.tooSlow(p)
		}
	}
	if l.log.held() > spillOver {
		l.spillSlow()
	}
	l.trim()
	l.weighCopies()
	l.weighOutput()
	if len(l.waiting) > 0 {
		l.setAlarm(time.Second, room.NoClient, sweep)
	}
}

// takes says whether p's client has taken bytes since the last time that this was asked. Its socket may be full all the same: the kernel
// lets a third of the buffer go before it says that there is room.
func (p *peer) takes() bool {
	queued, err := unix.IoctlGetInt(int(p.fd), unix.SIOCOUTQ)
	if err != nil {
		queued = math.MaxInt // nobody will see it become less
	}
	before := p.out.queued
	p.out.queued = queued
	return queued < before
}

// trim lets go of the part of the delivery log that nobody waits for.
func (l *eventLoop) trim() {
	if len(l.dirty) > 0 || l.lane.room != nil {
		return
	}
	oldest := l.log.end()
	if len(l.waiting) > 0 {
		if len(l.log.chunks) == 1 {
			return // nothing to be won
		}
		for _, p := range l.waiting {
			oldest = min(oldest, p.out.oldest(oldest))
		}
	}
	l.log.trim(oldest)
}
