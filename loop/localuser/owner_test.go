package localuser

import (
	"net"
	"net/netip"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func TestOfTCP(t *testing.T) {
	for _, at := range []string{"127.0.0.1:0", "[::1]:0", "[::]:0"} {
		listener, err := net.Listen("tcp", at)
		if err != nil {
			t.Skipf("listen at %s: %v", at, err)
		}
		defer listener.Close()
		for _, host := range []string{"127.0.0.1", "::1"} {
			_, port, _ := net.SplitHostPort(listener.Addr().String())
			conn, err := net.Dial("tcp", net.JoinHostPort(host, port))
			if err != nil {
				continue // the listener is of the other kind
			}
			defer conn.Close()
			local, remote := addressOf(conn.LocalAddr()), addressOf(conn.RemoteAddr())
			if uid, err := OfTCP(local, remote); err != nil || int(uid) != os.Getuid() {
				t.Errorf("OfTCP(%v, %v) = %d, %v, want %d", local, remote, uid, err, os.Getuid())
			}
			if _, err := OfTCP(local, netip.AddrPortFrom(remote.Addr(), remote.Port()^1)); err == nil {
				t.Errorf("OfTCP of no connection = nil, want an error")
			}
		}
	}
}

// TestOfTCPOfAnother asks for a connection that another user has.
func TestOfTCPOfAnother(t *testing.T) {
	const nobody = 65534
	if os.Getuid() != 0 {
		t.Skip("only root can be another user")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	command := exec.Command("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/"+port+"; read -u 3")
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if err := command.Start(); err != nil {
		t.Skipf("bash: %v", err)
	}
	defer func() { _ = command.Wait() }() // it ends by the end of the connection
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if uid, err := OfTCP(addressOf(conn.RemoteAddr()), addressOf(conn.LocalAddr())); err != nil || uid != nobody {
		t.Errorf("OfTCP = %d, %v, want %d", uid, err, nobody)
	}
}

func addressOf(a net.Addr) netip.AddrPort { return a.(*net.TCPAddr).AddrPort() }

func TestReadOfNonsense(t *testing.T) {
	for n := range answerSize {
		if _, err := read(make([]byte, n)); err == nil {
			t.Errorf("read of %d bytes = nil, want an error", n)
		}
	}
}

func BenchmarkOfTCP(b *testing.B) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	for b.Loop() {
		if _, err := OfTCP(addressOf(conn.LocalAddr()), addressOf(conn.RemoteAddr())); err != nil {
			b.Fatal(err)
		}
	}
}
