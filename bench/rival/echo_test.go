//go:build linux

package rival_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"looproom/bench/rival"
)

func echoOptions() rival.Options {
	o := defaults()
	o.Echo = true
	return o
}

// TestEchoKeepsEveryByte has many clients send at once, in pieces of every size.
func TestEchoKeepsEveryByte(t *testing.T) {
	const clients, size = 24, 200_000
	each(t, echoes, func(t *testing.T, m rival.Model) {
		t.Parallel()
		addr := serve(t, m, echoOptions())
		var talking sync.WaitGroup
		failed := make(chan error, clients)
		for seed := range uint64(clients) {
			conn := dial(t, addr)
			talking.Go(func() { failed <- exchange(conn, seed, size) })
		}
		talking.Wait()
		close(failed)
		for err := range failed {
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// exchange sends random bytes in random pieces and checks that they come back.
func exchange(conn net.Conn, seed uint64, size int) error {
	random := rand.New(rand.NewPCG(seed, 1))
	sent := make([]byte, size)
	for i := range sent {
		sent[i] = byte(random.Uint32())
	}
	wrote := make(chan error, 1)
	go func() {
		for rest := sent; len(rest) > 0; {
			n := min(1+random.IntN(1<<random.IntN(15)), len(rest))
			if _, err := conn.Write(rest[:n]); err != nil {
				wrote <- err
				return
			}
			rest = rest[n:]
		}
		wrote <- nil
	}()
	got := make([]byte, size)
	n, err := io.ReadFull(conn, got)
	switch {
	case err != nil:
		return fmt.Errorf("client %d got %d bytes, %w, want %d", seed, n, err, size)
	case !bytes.Equal(got, sent):
		return fmt.Errorf("client %d got other bytes than it sent", seed)
	}
	return <-wrote
}

// TestEchoAnswersAfterTheEnd: who only closes the sending side gets all that it sent. gnet closes at once, so it isn't asked.
func TestEchoAnswersAfterTheEnd(t *testing.T) {
	each(t, func(m rival.Model) bool { return echoes(m) && m.Name != "gnet-echo" }, func(t *testing.T, m rival.Model) {
		t.Parallel()
		conn := dial(t, serve(t, m, echoOptions()))
		want := bytes.Repeat([]byte("all of it\n"), 10_000)
		done := make(chan error, 1)
		go func() {
			_, err := conn.Write(want)
			if err == nil {
				err = conn.(*net.TCPConn).CloseWrite()
			}
			done <- err
		}()
		got, err := io.ReadAll(conn)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("got %d bytes, %v, want %d", len(got), err, len(want))
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// TestEchoWaitsForItsReader: a client that sends as much as all buffers take, and reads only then, gets all of it.
func TestEchoWaitsForItsReader(t *testing.T) {
	const most = 64 << 20
	each(t, func(m rival.Model) bool { return echoes(m) && m.Name != "gnet-echo" }, func(t *testing.T, m rival.Model) {
		t.Parallel()
		conn := dial(t, serve(t, m, echoOptions()))
		piece := make([]byte, 64<<10)
		size := 0
		for size < most {
			if err := conn.SetWriteDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			n, err := conn.Write(piece)
			size += n
			if err != nil {
				break // the buffers are full
			}
		}
		if size >= most {
			t.Errorf("the server took %d bytes from a client that doesn't read, want it to wait", size)
		}
		if n, err := io.CopyN(io.Discard, conn, int64(size)); err != nil {
			t.Errorf("got %d bytes, %v, want %d", n, err, size)
		}
	})
}
