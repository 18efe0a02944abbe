//go:build linux

package main_test

import (
	"net"
	"sync"
	"testing"
)

// The two ways through a cable.
const (
	toServer = iota
	toClient
)

// cable is what lies between a page and the server. It can be cut, hold what goes through it, or break after so many bytes.
type cable struct {
	address string
	to      string
	mu      sync.Mutex
	changed *sync.Cond
	broken  bool
	held    bool   // bytes wait, both ways
	left    [2]int // bytes that still pass, each way; fewer than 0: all
	ends    []net.Conn
}

func newCable(t *testing.T, to string) *cable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{address: l.Addr().String(), to: to, left: [2]int{-1, -1}}
	c.changed = sync.NewCond(&c.mu)
	t.Cleanup(func() {
		l.Close()
		c.cut()
	})
	go func() {
		for {
			end, err := l.Accept()
			if err != nil {
				return
			}
			go c.join(end)
		}
	}()
	return c
}

// join carries what comes at one end to the server, and back.
func (c *cable) join(end net.Conn) {
	other, err := net.Dial("tcp", c.to)
	if err != nil {
		end.Close()
		return
	}
	if !c.holds(end, other) {
		return
	}
	go c.carry(end, other, toClient)
	c.carry(other, end, toServer)
}

// carry takes bytes one way, until an end is closed or all that may pass has passed. Then the connection is over for both.
func (c *cable) carry(to, from net.Conn, way int) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		n, over := c.pass(n, way)
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil || over {
			return
		}
	}
}

// pass waits until bytes may go on, and says how many of them may, and whether these are the last.
func (c *cable) pass(n, way int) (passing int, over bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.held && !c.broken {
		c.changed.Wait()
	}
	if c.left[way] < 0 || n < c.left[way] {
		c.left[way] -= min(n, max(c.left[way], 0))
		return n, false
	}
	n = c.left[way]
	c.breaks()
	return n, true
}

// holds keeps the two ends to be cut, or closes them at once.
func (c *cable) holds(ends ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ends = append(c.ends, ends...)
	if c.broken {
		c.breaks()
		return false
	}
	return true
}

func (c *cable) breaks() {
	c.broken = true
	for _, end := range c.ends {
		end.Close()
	}
	c.ends = nil
	c.changed.Broadcast()
}

// cut ends all connections, and lets no new one be.
func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.breaks()
}

// hold keeps all bytes back, both ways, until the cable is mended. Nobody is told.
func (c *cable) hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = true
}

// forget closes the ends of the pages alone: the server is told nothing, as where a network is gone.
func (c *cable) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for at := 0; at < len(c.ends); at += 2 {
		c.ends[at].Close()
	}
	c.ends = nil
}

// cutAfter cuts it when so many more bytes have gone one way; the others are lost.
func (c *cable) cutAfter(bytes, way int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken, c.left[way] = false, bytes
}

// mend has everything pass again.
func (c *cable) mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken, c.held, c.left = false, false, [2]int{-1, -1}
	c.changed.Broadcast()
}

// isBroken says whether it is cut.
func (c *cable) isBroken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.broken
}
