//go:build linux

package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"looproom/codec"
	"looproom/loop/budget"
	"looproom/loop/files"
	"looproom/loop/quota"
	"looproom/loop/rate"
)

var (
	sender  = Sender{Name: "ann", Address: rate.KeyOfUser(7, netip.Addr{}), Account: "ann"}
	content = "a file\x00 of some\nbytes, and a few more"
	behind  = "PING behind it\n"
)

// form is how a file stands in what a client sends.
type form struct {
	name   string
	frames bool
	pings  int
	stream func(net.Conn) Stream
}

var forms = []form{
	{name: "plain"},
	{name: "decrypted", stream: func(c net.Conn) Stream { return &secret{Socket: Socket{c}} }},
	{name: "WebSocket", frames: true, pings: 2},
	{name: "WebSocket, decrypted", frames: true, pings: 2, stream: func(c net.Conn) Stream { return &secret{Socket: Socket{c}} }},
}

// sent is what the client sends: the file and what stands behind.
func (f form) sent() string {
	if !f.frames {
		return content + behind
	}
	half := len(content) / 2
	return frame(codec.OpPing, "one") + frame(codec.OpBinary, content[:half]) + frame(codec.OpBinary, "") + frame(codec.OpPing, "two") +
		frame(codec.OpBinary, content[half:]) + frame(codec.OpText, behind)
}

// behind is what is left of it.
func (f form) behind() string {
	if !f.frames {
		return behind
	}
	return frame(codec.OpText, behind)
}

// frame is one of a client's.
func frame(op codec.Opcode, payload string) string {
	key := [4]byte{1, 2, 3, 4}
	b := append([]byte{0x80 | byte(op), 0x80 | byte(len(payload))}, key[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^key[i%4])
	}
	return string(b)
}

// start starts an upload of content.
func (f form) start(t *testing.T, s *Service, c *client, conn net.Conn, early string) (u *Upload, behind string) {
	t.Helper()
	u, err := s.Announce("a name", int64(len(content)), sender)
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Conn: conn, Early: []byte(early)}
	if f.stream != nil {
		in.Stream = f.stream(conn)
	}
	if f.frames {
		frames := codec.NewWebSocket(1024)
		in.Frames = &frames
	}
	return u, string(u.Start(c, in))
}

func sumOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// TestUploadCutAnywhere: however much of a file has come with its command, it is the same, and nothing behind it is lost.
func TestUploadCutAnywhere(t *testing.T) {
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			s := newService(t, nil)
			sent := f.sent()
			for cut := range len(sent) + 1 {
				c, step := newClient(t), (cut+len(sent))/2
				server, theirs := connections(t)
				write(t, theirs, sent[cut:step])
				_, rest := f.start(t, s, c, server, sent[:cut])
				write(t, theirs, sent[step:])
				end := c.ended()
				if end.Err != nil || end.Broken != nil || end.Entry.SHA256 != sumOf(content) || end.Entry.Name != "a name" || end.Entry.Sender != "ann" {
					t.Fatalf("cut at %d: end %+v, want the file kept", cut, end)
				}
				theirs.Close()
				if got := rest + string(end.Rest) + drained(t, c.back()); got != f.behind() || end.Left != 0 {
					t.Fatalf("cut at %d: %q and %d bytes stand behind the file, want %q", cut, got, end.Left, f.behind())
				}
				if len(c.pongs) != f.pings {
					t.Errorf("cut at %d: pongs %q, want %d", cut, c.pongs, f.pings)
				}
			}
			if held := s.Budget.Total(); held != 0 {
				t.Errorf("%d bytes are held behind all uploads, want 0", held)
			}
		})
	}
}

func write(t testing.TB, c net.Conn, s string) {
	t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		t.Fatal(err)
	}
}

// TestUploadEndsAnywhere has the client close in the middle of a file, at each byte: nothing is kept or counted.
func TestUploadEndsAnywhere(t *testing.T) {
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			limits := Limits{PerAddress: quota.Limit{Things: 1}, PerAccount: quota.Limit{Things: 1}}
			s := newService(t, &limits)
			file := strings.TrimSuffix(f.sent(), f.behind())
			for cut := range len(file) {
				c := newClient(t)
				server, theirs := connections(t)
				f.start(t, s, c, server, file[:cut/2])
				write(t, theirs, file[cut/2:cut])
				theirs.Close()
				if end := c.ended(); !errors.Is(end.Broken, io.ErrUnexpectedEOF) || end.Err == nil {
					t.Fatalf("cut at %d: end %+v, want io.ErrUnexpectedEOF", cut, end)
				}
				server.Close()
			}
			if n, _ := s.Store.Total(); n != 0 || s.Budget.Total() != 0 {
				t.Errorf("%d files are kept and %d bytes held, want none", n, s.Budget.Total())
			}
		})
	}
}

func TestRefusedUploads(t *testing.T) {
	roomy := Limits{}
	tight := Limits{PerAddress: quota.Limit{Things: 1}, PerAccount: quota.Limit{Things: 2, Bytes: 100}}
	rows := []struct {
		name   string
		limits Limits
		before []Sender // of files of 60 bytes
		memory int64
		size   int64
		from   Sender
		want   string
	}{
		{"taken", roomy, nil, 0, 1, sender, ""},
		{"as large as may be", roomy, nil, 0, 1 << 20, sender, ""},
		{"too large", roomy, nil, 0, 1<<20 + 1, sender, "large 1048576"},
		{"no memory", roomy, nil, 4 * (uploadMemory - 1), 1, sender, "memory"},
		{"just enough memory", roomy, nil, 4 * uploadMemory, 1, sender, ""},
		{"of the address", tight, []Sender{{Address: sender.Address}}, 0, 1, sender, "quota false 24h0m0s of 0"},
		{"another address", tight, []Sender{{Address: sender.Address}}, 0, 1, Sender{Name: "ann"}, ""},
		{"of the name", tight, []Sender{{Account: "ann"}}, 0, 60, sender, "quota true 4h48m0s of 100"},
		{"never", tight, nil, 0, 101, Sender{Account: "ann"}, "quota true -1ns of 100"},
		{"neither", tight, []Sender{{}, {}, {}}, 0, 1, Sender{}, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := newService(t, &row.limits)
			s.Now = func() time.Duration { return time.Second }
			for _, from := range row.before {
				if _, err := s.Announce("before", 60, from); err != nil {
					t.Fatal(err)
				}
			}
			held := s.Budget.Total()
			s.Budget.SetMost(row.memory)
			for range 2 { // a refusal counts nothing
				u, err := s.Announce("a name", row.size, row.from)
				if got := why(err); got != row.want {
					t.Fatalf("Announce of %d bytes = %q, want %q", row.size, got, row.want)
				}
				if err == nil {
					u.Abandon()
				}
				if got := s.Budget.Total(); got != held {
					t.Fatalf("%d bytes are held then, want %d", got, held)
				}
			}
		})
	}
	off := New(Config{Budget: &budget.Budget{}, Limits: func() Limits { return roomy }})
	if _, err := off.Announce("a name", 1, sender); !errors.Is(err, ErrOff) {
		t.Errorf("Announce without a store = %v, want ErrOff", err)
	}
}

func why(err error) string {
	var (
		large *TooLargeError
		quota *QuotaError
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &large):
		return fmt.Sprintf("large %d", large.Most)
	case errors.As(err, &quota):
		return fmt.Sprintf("quota %v %v of %d", quota.Account, quota.Wait, quota.Most)
	case errors.Is(err, ErrNoMemory):
		return "memory"
	}
	return err.Error()
}

// TestNotKept has the store refuse a file: its rest stays in the stream, counted, and the connection is given back.
func TestNotKept(t *testing.T) {
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			limits := Limits{PerAddress: quota.Limit{Things: 1}}
			s := newService(t, &limits)
			s.Store.SetMost(0, 1)
			for cut := range 20 {
				c := newClient(t)
				server, theirs := connections(t)
				_, rest := f.start(t, s, c, server, f.sent()[:cut])
				write(t, theirs, f.sent()[cut:])
				end := c.ended()
				if !errors.Is(end.Err, files.ErrTooMany) || end.Broken != nil {
					t.Fatalf("end %+v, want ErrTooMany", end)
				}
				theirs.Close()
				got := rest + string(end.Rest) + drained(t, c.back())
				if f.frames && end.Left != int64(len(content)) || !f.frames && len(got) < int(end.Left) {
					t.Fatalf("cut at %d: %d bytes of the file are left in %q", cut, end.Left, got)
				}
				if !f.frames {
					got = got[end.Left:]
				}
				if !strings.HasSuffix(got, f.behind()) || !f.frames && got != f.behind() {
					t.Fatalf("cut at %d: %q stands behind the file, want %q", cut, got, f.behind())
				}
			}
		})
	}
}

// TestDiskFails has the disk fail in the middle of a file, in which much has been read at once.
func TestDiskFails(t *testing.T) {
	dir := t.TempDir()
	s := newServiceIn(t, dir, files.Options{}, nil)
	parts := filepath.Join(dir, "incoming")
	if err := os.RemoveAll(parts); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(parts, nil, 0o600); err != nil { // no folder any more
		t.Fatal(err)
	}
	const size, first = 200_000, 150_000
	sent := strings.Repeat("x", size) + behind
	c := newClient(t)
	server, theirs := connections(t)
	u, err := s.Announce("lost", size, sender)
	if err != nil {
		t.Fatal(err)
	}
	u.Start(c, Input{Conn: server, Early: []byte(sent[:first])})
	go func() {
		_, _ = io.WriteString(theirs, sent[first:])
		theirs.Close()
	}()
	end := c.ended()
	if end.Err == nil || end.Broken != nil {
		t.Fatalf("end %+v, want an error of the disk's", end)
	}
	if got := drained(t, c.back()); int64(len(got)) != end.Left+int64(len(behind)) || !strings.HasSuffix(got, behind) {
		t.Errorf("%d bytes come behind the failure and %d are said to be the file's, want %d fewer", len(got), end.Left, len(behind))
	}
}

// TestSlowDisk: a client whose file the disk doesn't take is not read.
func TestSlowDisk(t *testing.T) {
	s := newServiceIn(t, t.TempDir(), files.Options{Buffers: 1}, nil)
	pipe, hold := io.Pipe()
	holding := make(chan error)
	go func() {
		_, err := s.Store.Upload("holds the only buffer", "", 2, time.Now()).Receive(pipe)
		holding <- err
	}()
	if _, err := hold.Write([]byte{1}); err != nil { // it reads with the buffer in hand from now on
		t.Fatal(err)
	}
	const size = 1 << 20
	c := newClient(t)
	server, theirs := connections(t)
	u, err := s.Announce("waits", size, sender)
	if err != nil {
		t.Fatal(err)
	}
	u.Start(c, Input{Conn: server})
	took := stuffed(t, theirs, size)
	if took == size {
		t.Fatalf("the socket took all %d bytes while the disk took none", size)
	}
	if _, err := hold.Write([]byte{2}); err != nil {
		t.Fatal(err)
	}
	if err := <-holding; err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = theirs.Write(make([]byte, size-took)) }()
	if end := c.ended(); end.Err != nil || end.Entry.Size != size {
		t.Errorf("end %+v, want the file kept", end)
	}
}

// TestStalledUploadHoldsNoBuffer: a client that sends nothing, or no more, keeps nobody from the store's buffers.
func TestStalledUploadHoldsNoBuffer(t *testing.T) {
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			s := newServiceIn(t, t.TempDir(), files.Options{Buffers: 1}, nil)
			var stalled []*Upload
			for _, begun := range []int{0, 1, len(f.sent()) / 2} {
				c := newClient(t)
				server, theirs := connections(t)
				u, _ := f.start(t, s, c, server, f.sent()[:begun/2])
				write(t, theirs, f.sent()[begun/2:begun])
				stalled = append(stalled, u)
				done := newClient(t)
				whole, theirs := connections(t)
				f.start(t, s, done, whole, "")
				write(t, theirs, f.sent())
				if end := done.ended(); end.Err != nil {
					t.Errorf("end %+v beside one that has stalled at %d, want the file kept", end, begun)
				}
			}
			for _, u := range stalled {
				u.Abandon()
			}
		})
	}
}

// stuffed writes zero bytes until no more are taken, and returns how many were.
func stuffed(t *testing.T, c net.Conn, most int) (n int) {
	t.Helper()
	raw, err := c.(*net.UnixConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	chunk := make([]byte, 4<<10)
	err = raw.Write(func(fd uintptr) bool {
		for n < most {
			wrote, err := unix.Write(int(fd), chunk[:min(len(chunk), most-n)])
			if err != nil {
				break
			}
			n += wrote
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAbandonedUploads ends connections on our side: before the start, while the file comes, while the client's rate is waited for, and when the file is
// there.
func TestAbandonedUploads(t *testing.T) {
	limits := Limits{PerAddress: quota.Limit{Things: 1}}
	s := newService(t, &limits)
	announce := func() *Upload {
		t.Helper()
		u, err := s.Announce("a name", int64(len(content)), sender)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	u := announce()
	if u.Started() {
		t.Error("Started() = true before Start")
	}
	u.Abandon()

	start := func(u *Upload, early string, paid time.Duration) (*client, net.Conn) {
		c := newClient(t)
		server, theirs := connections(t)
		u.Start(c, Input{Conn: server, Early: []byte(early), Paid: paid})
		return c, theirs
	}
	u = announce()
	c, _ := start(u, content[:5], 0)
	u.Abandon()
	if end := c.ended(); !errors.Is(end.Broken, net.ErrClosed) {
		t.Errorf("abandoned in the middle: end %+v, want net.ErrClosed", end)
	}

	limits.Lines = rate.New(0.001, 1)
	u = announce()
	c, _ = start(u, content[:5], time.Hour)
	u.Abandon()
	if end := c.ended(); !errors.Is(end.Broken, net.ErrClosed) {
		t.Errorf("abandoned while it waits: end %+v, want net.ErrClosed", end)
	}
	limits.Lines = rate.Rate{}

	if held := s.Budget.Total(); held != 0 {
		t.Errorf("%d bytes are held, want 0", held)
	}
	u = announce() // the quota is one file, and none has been kept
	c, _ = start(u, content, 0)
	c.gone = true // its connection ends before the loop hears of the end
	u.Abandon()
	if end := c.ended(); end.Err != nil {
		t.Errorf("abandoned when all had come: end %+v, want the file kept", end)
	}
	select {
	case <-c.backs:
		t.Error("a connection that has ended is given back")
	default:
	}
	if _, err := s.Announce("one more", 1, sender); why(err) == "" {
		t.Error("a file that was kept is not counted")
	}
}
