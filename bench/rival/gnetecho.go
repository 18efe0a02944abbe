//go:build linux

package rival

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/panjf2000/gnet/v2"
	"golang.org/x/sys/unix"
)

// gnetEcho is an echo server as users of gnet write it. Its callbacks run on gnet's event loops.
type gnetEcho struct {
	gnet.BuiltinEventEngine
	booted chan gnet.Engine
}

// serveGnetEcho is the echo on bare gnet, without framing and rules: what the framework itself can do.
func serveGnetEcho(ctx context.Context, o Options) error {
	server := &gnetEcho{booted: make(chan gnet.Engine, 1)}
	ended := make(chan error, 1)
	go func() {
		ended <- gnet.Run(server, o.Network+"://"+o.Address,
			gnet.WithNumEventLoop(max(o.Workers, 1)), gnet.WithReuseAddr(true), gnet.WithLogger(gnetSilence{}))
	}()
	var engine gnet.Engine
	select {
	case err := <-ended:
		return err
	case engine = <-server.booted:
	}
	addr, err := boundTo(engine, o)
	if err == nil {
		o.ready(addr)
		select {
		case err := <-ended:
			return err
		case <-ctx.Done():
		}
	}
	return stopGnet(engine, ended, err)
}

// gnetPatience is how long gnet may take to stop.
const gnetPatience = 10 * time.Second

func stopGnet(engine gnet.Engine, ended <-chan error, reason error) error {
	ctx, cancel := context.WithTimeout(context.Background(), gnetPatience)
	defer cancel()
	if err := engine.Stop(ctx); err != nil {
		return fmt.Errorf("stop gnet: %w", err)
	}
	if err := <-ended; err != nil {
		return err
	}
	return reason
}

// boundTo returns where gnet listens, which it doesn't say itself: the port may have been the system's choice.
func boundTo(engine gnet.Engine, o Options) (net.Addr, error) {
	fd, err := engine.Dup()
	if err != nil {
		return nil, fmt.Errorf("find gnet's address: %w", err)
	}
	defer unix.Close(fd)
	name, err := unix.Getsockname(fd)
	if err != nil {
		return nil, os.NewSyscallError("getsockname", err)
	}
	switch a := name.(type) {
	case *unix.SockaddrInet4:
		return &net.TCPAddr{IP: a.Addr[:], Port: a.Port}, nil
	case *unix.SockaddrInet6:
		return &net.TCPAddr{IP: a.Addr[:], Port: a.Port}, nil
	}
	return &net.UnixAddr{Net: "unix", Name: o.Address}, nil
}

func (s *gnetEcho) OnBoot(engine gnet.Engine) gnet.Action {
	s.booted <- engine
	return gnet.None
}

// OnTraffic gives back what has come.
func (s *gnetEcho) OnTraffic(c gnet.Conn) gnet.Action {
	b, err := c.Next(-1)
	if err != nil {
		return gnet.Close
	}
	if _, err := c.Write(b); err != nil {
		return gnet.Close
	}
	return gnet.None
}

// gnetSilence is a log that nobody reads: what matters comes back as an error.
type gnetSilence struct{}

func (gnetSilence) Debugf(string, ...any) {}
func (gnetSilence) Infof(string, ...any)  {}
func (gnetSilence) Warnf(string, ...any)  {}
func (gnetSilence) Errorf(string, ...any) {}
func (gnetSilence) Fatalf(string, ...any) {}
