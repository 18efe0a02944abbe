//go:build linux

package transfer

import (
	"net"

	"looproom/loop/delivery"
	"looproom/loop/files"
)

// Client is the client of a transfer, on its event loop. It may have gone, or its connection may have ended, at any time: then what it is asked does nothing.
// All but the first three are called on the loop's goroutine.
type Client interface {
	// Post has letter run on the loop, behind what was posted before. For any goroutine.
	Post(letter func())
	// Beside has work run on a goroutine of its own. A panic in it ends the client's connection, and nothing else. For any goroutine.
	Beside(work func())
	// TakeBack gives the loop the connection of an upload that has ended. It comes on a goroutine of its own, may take its time, and closes conn where that fails.
	TakeBack(conn net.Conn)

	// Ended is an upload's end. It says whether the connection is to be given back: if not, it is closed, or about to be.
	Ended(*Upload, End) (goesOn bool)
	// Pong answers a ping that came while a file was being sent. payload is the client's to keep.
	Pong(payload []byte)

	// Words encodes an answer of the store. The bytes are the transfer's.
	Words(Answer) []byte
	// Supply passes on what delivery.Writer.Supply wants to be told.
	Supply(source delivery.Source, bytes int)
	// Downloads are those that are under way to the client, nil if it has gone.
	Downloads() *Downloads
	// Narrow has the client's socket hold at most DownloadBuffer bytes, or again as many as usual.
	Narrow(narrow bool)
	// Unreadable ends the connection in the middle of a file, which could not be read: the client counts bytes, so there is no place for an error among them.
	Unreadable(files.Entry, error)
}

// End is how an upload has ended.
type End struct {
	// Entry is the file as it is kept, if Err is nil.
	Entry files.Entry
	// Size is the file's, in bytes.
	Size int64
	// Err is why it isn't kept: one of package files's, or of the connection's, which is Broken then.
	Err error
	// Broken is why the connection gave no more, nil if it did. That may be a ClosedError, or a codec.CloseError where the client has broken the rules of WebSocket.
	Broken error
	// Rest has been read behind the file. It stands before whatever the connection gives from now on.
	Rest []byte
	// Left is how many bytes of the file are still to come, behind Rest where that has frames.
	Left int64
}

// Answer is what the store has said.
type Answer struct {
	// Name is that of the file that was asked for.
	Name string
	// File is that file, whose bytes follow if Err is nil. nil: it was asked for a list.
	File *files.Entry
	// Files are the newest of them, oldest first, and Total how many there are in all.
	Files []files.Entry
	Total int
	// Err is why there is no answer: ErrNoFile, ErrNoMemory, ErrAway, ErrBusy, or the store's.
	Err error
}
