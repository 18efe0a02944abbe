//go:build linux

package transfer

import (
	"net"
	"time"

	"looproom/codec"
	"looproom/loop/files"
)

// Upload is a file on its way in. It belongs to the loop of its client, but for what Start gives to a goroutine.
type Upload struct {
	service *Service
	size    int64
	file    *files.Upload
	claim   claim
	conn    net.Conn      // where the bytes come from; nil until Start
	over    bool          // it is kept or refused; the connection is on its way back
	pace    pace          // of its client, from Start on
	gone    chan struct{} // closed by Abandon
}

// Announce counts a file that is about to be sent, or returns why it must not be: ErrOff, a TooLargeError, ErrNoMemory, a QuotaError. An Upload
// wants to be started or abandoned.
func (s *Service) Announce(name string, size int64, from Sender) (*Upload, error) {
	switch {
	case s.Store == nil:
		return nil, ErrOff
	case size > s.Store.MaxFile():
		return nil, &TooLargeError{s.Store.MaxFile()}
	}
	claim, err := s.claim(size, from)
	if err != nil {
		return nil, err
	}
	return &Upload{
		service: s, size: size, file: s.Store.Upload(name, from.Name, size, time.Now()), gone: make(chan struct{}), claim: claim,
	}, nil
}

// Input is what an upload is read from.
type Input struct {
	// Conn is the connection, as one that Close ends. It is the upload's until Client.TakeBack.
	Conn net.Conn
	// Stream is what comes by it. nil: the bytes as they are.
	Stream Stream
	// Early has come with the command, before what Stream gives. It is the upload's.
	Early []byte
	// Frames cut what comes, which is the upload's until its end. nil: the file's bytes come as they are.
	Frames *codec.WebSocket
	// Paid is until when the client's lines are paid for, as rate.Rate has it.
	Paid time.Duration
}

// Start has the upload read by a goroutine of its own. It returns what of in.Early stands behind the file, and is not the upload's.
func (u *Upload) Start(c Client, in Input) (behind []byte) {
	u.conn = in.Conn
	u.pace = pace{service: u.service, paid: in.Paid, gone: u.gone}
	from, behind := u.source(c, in)
	c.Beside(func() { u.receive(c, from) })
	return behind
}

// source returns what the upload is read from, and what of in.Early is not of that.
func (u *Upload) source(c Client, in Input) (from source, behind []byte) {
	stream := in.Stream
	if stream == nil {
		stream = Socket{in.Conn}
	}
	if in.Frames != nil {
		return newMessages(u, c, in, stream), nil
	}
	n := min(u.size, int64(len(in.Early)))
	return &plain{early: in.Early[:n:n], stream: stream, left: u.size}, in.Early[n:]
}

// Started says whether the connection is the upload's, or has been.
func (u *Upload) Started() bool { return u.conn != nil }

// Over says whether the upload has ended, and only the connection is not back yet.
func (u *Upload) Over() bool { return u.over }

// Paid is until when the client's lines are paid for, from Client.Ended on.
func (u *Upload) Paid() time.Duration { return u.pace.paid }

// Abandon is when the client's connection has ended. What has not been started is counted no more; else it closes the connection, by which the goroutine ends. It is called
// once.
func (u *Upload) Abandon() {
	if !u.Started() {
		u.service.endClaim(&u.claim, false)
		return
	}
	u.conn.Close()
	close(u.gone)
}

// receive brings the upload to the store, its end to the loop, and the connection back. It runs on the goroutine of the upload. A SEND that came too soon
// waits here, where the bytes behind it wait with the client.
func (u *Upload) receive(c Client, from source) {
	u.pace.settle() // if the connection is closed meanwhile, reading it says so
	end := End{Size: u.size}
	end.Entry, end.Err = u.keep(from)
	end.Left, end.Rest, end.Broken = from.end()
	c.Post(func() {
		u.over = true
		if c.Ended(u, end) {
			c.Beside(func() { u.giveBack(c) })
		}
	})
}

// keep brings the upload to the store, and ends what it was counted for.
func (u *Upload) keep(from source) (files.Entry, error) {
	kept := false
	defer func() { u.service.endClaim(&u.claim, kept) }()
	entry, err := u.file.Receive(from)
	kept = err == nil
	return entry, err
}

// giveBack gives the connection back when there is a descriptor for that.
func (u *Upload) giveBack(c Client) {
	awaitDescriptor(u.conn)
	c.TakeBack(u.conn)
}
