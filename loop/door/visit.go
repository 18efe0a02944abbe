//go:build linux

package door

import (
	"errors"
	"net"
	"sync"
	"time"
)

// visit is an arrival as net/http has it.
type visit struct {
	*Arrival
	once  sync.Once
	asked bool // it has asked for something; its handlers run one after the other
	over  bool // net/http no longer has it
	holds bool // what is written is kept in Unsent
}

// visit gives the connection to net/http, and says whether it has done so.
func (a *Arrival) visit() bool {
	v := &visit{Arrival: a}
	if a.TLS != nil {
		a.TLS.Attach(&handshakeConn{Conn: a.Conn, heard: true})
	}
	err := a.Conn.SetDeadline(time.Time{})
	if err == nil {
		select {
		case a.door.web.arrived <- v:
			return true
		case <-a.door.web.closed:
		}
	}
	a.Conn.Close()
	a.giveUp()
	return false
}

// leave says, once, that net/http no longer has the connection.
func (v *visit) leave() (first bool) {
	v.once.Do(func() {
		first, v.over = true, true
		v.door.doors.prefaces.end(v.Arrival)
	})
	return first
}

// Read implements net.Conn.
func (v *visit) Read(b []byte) (int, error) {
	if v.TLS != nil {
		return v.TLS.Read(b)
	}
	if len(v.Early) > 0 {
		n := copy(b, v.Early)
		v.Early = v.Early[n:]
		return n, nil
	}
	return v.Conn.Read(b)
}

// Write implements net.Conn.
func (v *visit) Write(b []byte) (int, error) {
	if v.holds {
		v.Unsent = append(v.Unsent, b...)
		return len(b), nil
	}
	if v.TLS != nil {
		return v.TLS.Write(b)
	}
	return v.Conn.Write(b)
}

// Close implements net.Conn. It gives the connection's slot back.
func (v *visit) Close() error {
	if !v.leave() {
		return net.ErrClosed
	}
	err := errors.Join(v.release(), v.CloseWrite())
	v.giveUp()
	return errors.Join(err, v.Conn.Close())
}

// release writes what has been kept, and keeps nothing more.
func (v *visit) release() error {
	v.holds = false
	if len(v.Unsent) == 0 {
		return nil
	}
	_, err := v.Write(v.Unsent)
	v.Unsent = nil
	return err
}

// CloseWrite says that nothing more comes. net/http does so before it closes a connection that may still have input.
func (v *visit) CloseWrite() error {
	if v.TLS != nil {
		_ = v.Conn.SetWriteDeadline(time.Now().Add(refusePatience))
		v.TLS.CloseWrite() // TCP says it, too
	}
	half, ok := v.Conn.(interface{ CloseWrite() error })
	if !ok {
		return nil
	}
	return half.CloseWrite()
}

// LocalAddr implements net.Conn.
func (v *visit) LocalAddr() net.Addr { return v.Conn.LocalAddr() }

// RemoteAddr implements net.Conn: the client's own.
func (v *visit) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(v.address) }

// SetDeadline implements net.Conn.
func (v *visit) SetDeadline(t time.Time) error { return v.Conn.SetDeadline(t) }

// SetReadDeadline implements net.Conn.
func (v *visit) SetReadDeadline(t time.Time) error { return v.Conn.SetReadDeadline(t) }

// SetWriteDeadline implements net.Conn.
func (v *visit) SetWriteDeadline(t time.Time) error { return v.Conn.SetWriteDeadline(t) }
