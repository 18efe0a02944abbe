//go:build linux

package door

import (
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"looproom/loop/room"
	"looproom/loop/transport"
)

// refusePatience bounds the writing of a refusal; the buffer of a new connection is empty, so it doesn't wait.
const refusePatience = 100 * time.Millisecond

// partFor is how long a refused client may take to close its side, so that what it has sent doesn't turn the close into a reset.
const partFor = time.Second

// refusedHandshakes is how many TLS handshakes a second are made only to tell the client inside of TLS that it is refused. Each costs about
// a millisecond of a processor; beyond that, connections are closed without a word.
const refusedHandshakes = 50

// because is a refusal that needs no more words than its reason's.
func because(why room.Reason) room.Refusal { return room.Refusal{Why: why} }

// turnAway tells the client why it isn't served, and closes its connection.
func (a *Arrival) turnAway(why room.Refusal) {
	a.noteRefusal(why)
	out := a.door.refusal(&why)
	if code := why.Why.Code(); a.door.secure && code != room.NeedTLS && code != room.NotAProxy {
		a.sayInside(out)
		return
	}
	_ = a.Conn.SetWriteDeadline(time.Now().Add(refusePatience))
	_, _ = a.Conn.Write(out) // it is refused all the same
	a.door.doors.part(a.Conn)
}

// refusal is what a client of the door is told that is not let in.
func (d *Door) refusal(why *room.Refusal) []byte {
	return d.kind.refusal(d, why.Why.Code(), d.doors.cfg.Say(nil, why))
}

// refused begins a line that says why somebody is not let in.
const refused = "! "

// laidOut is a line as any other of the door.
func laidOut(d *Door, _ room.Code, why []byte) []byte {
	return transport.AppendLine(nil, append([]byte(refused), why...), d.voice().layout, d.doors.cfg.Head)
}

// bare is a line before which there is nothing.
func bare(_ *Door, _ room.Code, why []byte) []byte { return append([]byte(refused), why...) }

// maxClosing is how many bytes of words stand in an ERROR at most: a line of IRC has 512 with all around them.
const maxClosing = 400

// closingLink is a line of IRC, as servers close connections with (Modern IRC, "ERROR message").
func closingLink(_ *Door, code room.Code, why []byte) []byte {
	words := strings.ToValidUTF8(string(why[len(code)+1:][:min(maxClosing, len(why)-len(code)-1)]), "")
	return fmt.Appendf(nil, "ERROR :Closing link: (%s) [%s]\r\n", words, code)
}

// noteRefusal counts it, and logs the first of each second.
func (a *Arrival) noteRefusal(why room.Refusal) {
	cfg := &a.door.doors.cfg
	cfg.Refused.Add(string(why.Why.Code()))
	if !cfg.Loud.Pass(a.door.doors.host.Now()) {
		return
	}
	e := cfg.Log.Info().Str("client", a.from())
	if a.proxy.IsValid() {
		e = e.Stringer("proxy", a.proxy)
	}
	words := cfg.Say(nil, &why)[len(why.Why.Code())+1:]
	e.Str("door", a.door.Shown()).Str("code", string(why.Why.Code())).Bytes("reason", words).Err(a.cause).Msg("refused")
}

// from is where the connection comes from, for the log.
func (a *Arrival) from() string {
	if a.address.IsValid() {
		return a.address.String()
	}
	return a.Conn.RemoteAddr().String()
}

// part closes c once the client has closed its side, or soon, or at once if too many linger.
func (ds *Doors) part(c net.Conn) {
	if !ds.beginParting() {
		c.Close()
		return
	}
	go ds.endParting(c)
}

// beginParting says whether one more client may linger.
func (ds *Doors) beginParting() bool {
	select {
	case ds.leaving <- struct{}{}:
		return true
	default:
		return false
	}
}

// endParting waits for a client that lingers.
func (ds *Doors) endParting(c net.Conn) {
	defer func() { <-ds.leaving }()
	defer c.Close()
	half, ok := c.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	_ = c.SetReadDeadline(time.Now().Add(partFor))
	_, _ = io.Copy(io.Discard, c) // whatever ends it
}
