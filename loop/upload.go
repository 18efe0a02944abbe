//go:build linux

package loop

import (
	"errors"
	"math"
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"looproom/codec"
	"looproom/loop/ending"
	"looproom/loop/files"
	"looproom/loop/rate"
	"looproom/loop/reactor"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/session"
	"looproom/loop/transfer"
)

// transfers is the loop where files come and go: it gives connections to uploads, and takes them back, and has the store asked.
type transfers struct{ *eventLoop }

// begin answers a SEND, at its place in the order of p's answers.
func (l transfers) begin(p *peer, e *room.Event) {
	if e.Ask != nil {
		l.refuse(p, e.N, e.Ask.Refusal)
		return
	}
	if p.closed() { // it broke while the command was at the home loop
		return
	}
	u, err := l.server.transfers.Announce(e.Text, e.N, l.server.senderOf(p, e.Who))
	if err != nil {
		l.refuse(p, e.N, uploadRefusal(err, e.Who))
		return
	}
	p.more().upload = u
	switch {
	case p.Attached():
		l.reactor.End(p) // Ended takes over
	case l.reading != p: // else when the rest of its input has been kept
		l.takeOver(p)
	}
}

// refuse takes the upload's bytes from the stream all the same.
func (l transfers) refuse(p *peer, size int64, why room.Refusal) {
	p.session.Skip(size)
	l.eventLoop.refuse(p, why)
	l.inputs.resume(p, session.ForUpload)
}

// senderOf is who p counts as when it sends files by that name.
func (s *Server) senderOf(p *peer, name string) transfer.Sender {
	from := transfer.Sender{Name: name}
	if address, ok := remote.Host(p.address); ok {
		from.Address = rate.KeyOf(address)
	}
	if key := room.NameKey(name); key != "" {
		if _, registered := s.registry.Name(key); registered {
			from.Account = key
		}
	}
	return from
}

// uploadRefusal says why the file of who is not taken.
func uploadRefusal(err error, who string) room.Refusal {
	var (
		large *transfer.TooLargeError
		quota *transfer.QuotaError
	)
	switch {
	case errors.As(err, &large):
		return room.Refusal{Why: room.FileOverLimit, N: large.Most}
	case errors.As(err, &quota):
		return overQuota(quota, who)
	case errors.Is(err, transfer.ErrNoMemory):
		return room.Refusal{Why: room.ShortOfMemory}
	}
	return room.Refusal{Why: room.NoFiles}
}

// overQuota is the refusal of what would be allowed later.
func overQuota(q *transfer.QuotaError, who string) room.Refusal {
	day, all := room.AddressOverDay, room.AddressSentAll
	if q.Account {
		day, all = room.NameOverDay, room.NameSentAll
	}
	if q.Wait < 0 {
		return room.Refusal{Why: day, Who: who, N: q.Most}
	}
	return room.Refusal{Why: all, Who: who, N: int64(max(q.Wait, time.Second).Round(time.Second))}
}

// takeOver makes p's connection one that a goroutine can read, and starts the upload.
func (l transfers) takeOver(p *peer) {
	own := -1
	if !p.Attached() {
		own = p.out.Descriptor()
	}
	conn, err := copyOf(p)
	if err != nil {
		l.ends.cut(p, ending.Broken, err.Error())
		return
	}
	l.replace(p, rawDescriptor(conn))
	if own >= 0 {
		unix.Close(own)
	}
	l.meter.Uploads.Begun.Add(1)
	p.session.Put(p.upload().Start(transferring{l.eventLoop, p}, l.inputOf(p, conn)))
}

// copyOf is p's connection by another descriptor.
func copyOf(p *peer) (c net.Conn, err error) {
	var fd int
	if p.Attached() {
		fd, err = p.Dup()
	} else {
		fd, err = unix.FcntlInt(uintptr(p.out.Descriptor()), unix.F_DUPFD_CLOEXEC, 0)
	}
	if err != nil {
		return nil, err
	}
	return reactor.NetConn(fd)
}

// inputOf is what p's upload is read from.
func (l transfers) inputOf(p *peer, conn net.Conn) transfer.Input {
	in := transfer.Input{Conn: conn, Early: p.session.Take(math.MaxInt64), Paid: p.session.Paid(), Frames: p.session.WebSocket()}
	if p.secure() != nil {
		in.Stream = l.secured.stream(p, conn)
	}
	return in
}

// rawDescriptor is the descriptor of a connection that stays open; -1 never happens for those of reactor.NetConn.
func rawDescriptor(c net.Conn) int {
	fd := -1
	if raw, err := c.(syscall.Conn).SyscallConn(); err == nil {
		_ = raw.Control(func(f uintptr) { fd = int(f) })
	}
	return fd
}

// ended answers the upload. It says whether the connection goes back to gnet.
func (l transfers) ended(p *peer, u *transfer.Upload, end transfer.End) (goesOn bool) {
	p.session.Put(end.Rest)
	p.session.SetPaid(max(p.session.Paid(), u.Paid()))
	switch {
	case end.Broken != nil:
		l.breakOff(p, end.Broken)
		return false
	case end.Err != nil:
		if l.server.loud.Pass(l.server.clock()) {
			l.server.log.Warn().Str("client", p.address).Err(end.Err).Msg("upload failed")
		}
		p.session.Skip(end.Left)
		l.eventLoop.refuse(p, room.Refusal{Why: notKept(end.Err), Text: end.Err.Error()})
	default:
		cmd := stored(l.server, p.id(), &end.Entry)
		l.submit(&cmd)
	}
	return true
}

// stored is the command that says that a file is kept.
func stored(s *Server, id room.ClientID, e *files.Entry) room.Command {
	cmd := s.command(id, room.Stored)
	cmd.Name, cmd.Text, cmd.N = e.Name, e.SHA256, e.Size
	if s.cluster != nil {
		cmd.Host, cmd.User, cmd.Seq = s.cluster.cfg.Node, e.Sender, e.Time.UnixNano()
	}
	return cmd
}

// notKept is why the store has not kept a file.
func notKept(err error) room.Reason {
	switch {
	case errors.Is(err, files.ErrDiskFull):
		return room.FileOverDisk
	case errors.Is(err, files.ErrTooMany):
		return room.FileTooMany
	}
	return room.FileNotKept
}

// breakOff ends the connection of p, whose upload broke off: in good form if the client is still there.
func (l transfers) breakOff(p *peer, why error) {
	var (
		broken *codec.CloseError
		closed transfer.ClosedError
	)
	switch {
	case errors.As(why, &closed):
		l.ends.hungUp(p, closed.Code)
	case errors.As(why, &broken):
		l.ends.hangUp(p, broken)
	default:
		l.ends.cut(p, ending.UploadBroken, why.Error())
	}
}

// reattach is when gnet has the connection again.
func (l transfers) reattach(p *peer) {
	p.rare.upload = nil
	p.tidy()
	l.writer.Redirect(&p.out, p.Conn.Descriptor())
	p.session.HoldFor(session.Nothing)
	p.end.InputResumes() // gnet will see the end of the stream again
	if p.session.Waiting() > 0 {
		l.inputs.read(p, nil)
	}
	if s := p.secure(); s != nil {
		s.Divert(nil)
		l.secured.read(p, nil) // TLS has in hand what came with the last of the upload
	}
}
