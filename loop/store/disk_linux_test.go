package store

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"looproom/loop/room"
)

// image is a small file system of a test's own, whose device is a file in a small memory: so it can be made to hang, to fail, and to forget what was not forced to it.
type image struct {
	t           *testing.T
	dir, memory string // where it is mounted, and where its device is
}

const (
	imageSize   = 24 << 20
	fifreeze    = 0xC0045877 // ioctls
	fithaw      = 0xC0045878
	extShutdown = 0x8004587D
)

func newImage(t *testing.T) *image {
	t.Helper()
	d := &image{t, t.TempDir(), t.TempDir()}
	mountMemory(t, d.memory, "56m")
	made := filepath.Join(d.memory, "made")
	if err := os.WriteFile(made, make([]byte, imageSize), 0o600); err != nil {
		t.Fatal(err)
	}
	d.run("mkfs.ext4", "-q", "-F", "-b", "4096", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", made)
	whole, err := os.ReadFile(made) // mkfs has punched holes for zeros: only blocks that are free may be without memory
	if err == nil {
		err = os.WriteFile(filepath.Join(d.memory, "image"), whole, 0o600)
	}
	if err == nil {
		err = os.Remove(made)
	}
	if err != nil {
		t.Fatal(err)
	}
	d.mount()
	t.Cleanup(func() { _ = unix.Unmount(d.dir, 0) })
	d.run("fstrim", d.dir)
	return d
}

func mountMemory(t *testing.T, dir, size string) {
	t.Helper()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
}

func (d *image) run(name string, arguments ...string) {
	d.t.Helper()
	if out, err := exec.Command(name, arguments...).CombinedOutput(); err != nil {
		d.t.Skipf("%s %q: %v\n%s", name, arguments, err, out)
	}
}

func (d *image) mount() {
	d.t.Helper()
	d.run("mount", "-o", "loop", filepath.Join(d.memory, "image"), d.dir)
	device, err := exec.Command("findmnt", "-no", "SOURCE", d.dir).Output()
	if err != nil {
		d.t.Skipf("findmnt: %v", err)
	}
	// One block at a time: of a write that fails in its middle the loop driver says that all is well.
	if err := os.WriteFile("/sys/block/"+filepath.Base(strings.TrimSpace(string(device)))+"/queue/max_sectors_kb", []byte("4"), 0); err != nil {
		d.t.Skip(err)
	}
}

// remount has only there what has reached the device.
func (d *image) remount() {
	d.t.Helper()
	if err := unix.Unmount(d.dir, 0); err != nil {
		d.t.Fatalf("unmount: %v", err)
	}
	d.mount()
}

func (d *image) ioctl(request uint, value int) {
	d.t.Helper()
	folder, err := os.Open(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	defer folder.Close()
	if err := unix.IoctlSetPointerInt(int(folder.Fd()), request, value); err != nil {
		d.t.Skipf("ioctl %#x of a file system: %v", request, err)
	}
}

// freeze has whoever writes wait until thaw is called.
func (d *image) freeze() (thaw func()) {
	d.t.Helper()
	d.ioctl(fifreeze, 0)
	thaw = sync.OnceFunc(func() { d.ioctl(fithaw, 0) })
	d.t.Cleanup(thaw)
	return thaw
}

// losePower has the file system take nothing more, and forget what was not forced to the disk.
func (d *image) losePower() {
	d.t.Helper()
	const withoutJournal = 2
	d.ioctl(extShutdown, withoutJournal)
}

// fail has each block that has not been written before fail when it is forced to the disk, until heal is called.
func (d *image) fail() (heal func()) {
	d.t.Helper()
	d.freeze()() // what the file system needs for itself has been written then
	ballast := filepath.Join(d.memory, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 64<<20), 0o600); err == nil { // as much as fits
		d.t.Fatal("the memory of the image can't be filled")
	}
	return func() {
		if err := os.Remove(ballast); err != nil {
			d.t.Fatal(err)
		}
	}
}

// logged is a log of a test.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logged) has(words string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), words)
}

func openLogged(t *testing.T, dir string, o Options) (*Store, *logged) {
	t.Helper()
	log := new(logged)
	o.Log, o.Wall = zerolog.New(log), func() int64 { return noon * 1000 }
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, log
}

// fails says whether messages, or what came by Later, have been refused.
func (q *queue) fails() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.failing
}

// waitFor waits until that is so.
func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 30 s for %s", what)
		}
	}
}

// saying are messages of about that many bytes each.
func messages(from, n, bytes int) []Message {
	all := make([]Message, n)
	for i := range all {
		all[i] = Message{ID: room.MsgID(from + i), Place: room.LobbyPlace, Who: "ana", WhoKey: "ana", Text: strings.Repeat("x", bytes), At: noon*1000 + int64(from+i)}
	}
	return all
}

// rowsOf is how many rows a table has.
func rowsOf(t *testing.T, s *Store, table string) int {
	t.Helper()
	conn, err := s.reader()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	n, err := number(conn, "SELECT count(*) FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

func numbered(n int) Name {
	key := fmt.Sprintf("name%05d", n)
	return Name{Key: key, Shown: key, Hash: strings.Repeat("$argon2id$", 20), Since: noon}
}

// putUntilRefused puts names until one is refused, and returns how many were kept.
func putUntilRefused(t *testing.T, s *Store, from int) (kept int) {
	t.Helper()
	for n := from; n < from+100_000; n++ {
		if err := s.Change(PutName(numbered(n))); err != nil {
			return n - from
		}
	}
	t.Fatal("100,000 names on a small disk")
	return 0
}

// TestDiskFull: what is refused has not happened, what can wait waits, and all goes on once there is room.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	mountMemory(t, dir, "2m")
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s, log := openLogged(t, dir, Options{})
	kept := putUntilRefused(t, s, 0)
	if err := s.Change(PutStart(1), PutName(numbered(99_999))); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, FileName)) || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("Change = %v, want that the disk is full, and of which file", err)
	}
	s.Later(PutMark(room.KeptMark{Account: "ana", Key: "#go", Read: 1}))
	s.Say(messages(1, 100, 1000))
	waitFor(t, "a line of the log", func() bool { return log.has("the state can't be stored") && s.queue.fails() })
	if got := s.Stats(); !got.Failing || got.Waiting < 100_000 || got.Lost != 0 {
		t.Errorf("Stats = %+v, want that it fails, and 100 messages wait", got)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the end of it", func() bool { return log.has("the state is stored again") && s.Stats().Waiting == 0 })
	if got := rowsOf(t, s, "messages"); got != 100 {
		t.Errorf("%d messages are stored, want the 100 that waited", got)
	}
	mustClose(t, s)
	s = mustOpen(t, dir)
	if got := mustContents(t, s); len(got.Names) != kept || got.Start != 0 {
		t.Errorf("%d names and start %d after reopening, want the %d that were acknowledged, and 0", len(got.Names), got.Start, kept)
	}
}

// TestTooManyWait: beyond the bound the newest messages are lost, and the log says how many and of what time.
func TestTooManyWait(t *testing.T) {
	dir := t.TempDir()
	mountMemory(t, dir, "2m")
	ballast := filepath.Join(dir, "ballast")
	s, log := openLogged(t, dir, Options{Pending: 100_000})
	if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o600); err == nil {
		t.Fatal("the disk can't be filled")
	}
	putUntilRefused(t, s, 0)
	for n := range 20 {
		s.Say(messages(1+10*n, 10, 1000)) // some 11,600 bytes
	}
	waitFor(t, "a line of the log", func() bool { return log.has("messages are not stored") })
	if got := s.Stats(); got.Lost != 120 || got.Waiting > 100_000 {
		t.Errorf("Stats = %+v, want 120 of 200 messages lost, and at most 100,000 bytes waiting", got)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "what is missing", func() bool { return log.has(`"messages":120,"changes":0,"from":"2026-11-21T12:00:00Z"`) })
	s.Say(messages(1000, 1, 10))
	mustClose(t, s)
	if got := rowsOf(t, mustOpen(t, dir), "messages"); got != 81 {
		t.Errorf("%d messages are stored, want 81", got)
	}
}

// TestDiskHangs: nobody waits for the disk but who is in Change, and it is all there when it answers again.
func TestDiskHangs(t *testing.T) {
	d := newImage(t)
	s, log := openLogged(t, d.dir, Options{Pending: 1 << 20})
	mustChange(t, s, PutName(numbered(1)))
	thaw := d.freeze()
	changed := make(chan error, 1)
	go func() { changed <- s.Change(PutName(numbered(2))) }()
	waitFor(t, "a line of the log", func() bool { return log.has("has not answered") })
	s.Later(PutStart(7))
	for n := range 20 {
		s.Say(messages(1+100*n, 100, 1000))
	}
	runtime.GC() // which waits for each goroutine to stop, what it does with pages of the disk included
	got := s.Stats()
	if got.Lost != 1200 || !got.Failing {
		t.Errorf("Stats = %+v, want 1,200 of 2,000 messages lost, and that it fails", got)
	}
	select {
	case err := <-changed:
		t.Errorf("Change on a disk that hangs = %v", err)
	default:
	}
	thaw()
	if err := <-changed; err != nil {
		t.Errorf("Change = %v once the disk answers", err)
	}
	waitFor(t, "the end of it", func() bool { return log.has("answers again") && log.has("missing for ever") })
	mustClose(t, s)
	d.remount()
	s = mustOpen(t, d.dir)
	if got := mustContents(t, s); len(got.Names) != 2 || got.Start != 7 || rowsOf(t, s, "messages") != 800 {
		t.Errorf("after reopening: %d names, start %d, %d messages; want 2, 7, 800", len(got.Names), got.Start, rowsOf(t, s, "messages"))
	}
	mustClose(t, s)
}

// TestDiskFails: what can't be forced to the disk is not acknowledged, and what was acknowledged is there when only what has reached the disk is.
func TestDiskFails(t *testing.T) {
	for _, heals := range []bool{true, false} {
		t.Run(fmt.Sprint("heals: ", heals), func(t *testing.T) {
			d := newImage(t)
			s, log := openLogged(t, d.dir, Options{})
			for n := range 20 {
				mustChange(t, s, PutName(numbered(n)))
			}
			heal := d.fail()
			kept := map[int]bool{}
			failed := 0
			for n := 20; n < 20_000 && failed < 20; n++ { // what has been written before may still be
				if err := s.Change(PutName(numbered(n))); err == nil {
					kept[n] = true
				} else {
					failed++
				}
			}
			s.Say(messages(1, 200, 1000))
			waitFor(t, "a line of the log", func() bool { return log.has("the state can't be stored") })
			if heals {
				heal()
				for n := range 20 {
					mustChange(t, s, PutName(numbered(30_000+n)))
					kept[30_000+n] = true
				}
				waitFor(t, "the messages", func() bool { return s.Stats().Waiting == 0 })
			}
			s.Close() // an error, or not
			if !heals {
				heal()
			}
			d.remount()
			s = mustOpen(t, d.dir)
			all := mustContents(t, s).Names
			has := map[string]bool{}
			for _, n := range all {
				has[n.Key] = true
			}
			for n := range kept {
				if !has[numbered(n).Key] {
					t.Errorf("%s is gone, which was acknowledged", numbered(n).Key)
				}
			}
			if heals && (len(all) != 20+len(kept) || rowsOf(t, s, "messages") != 200) {
				t.Errorf("%d names and %d messages, want %d and 200: nothing is there of which it was said that it failed", len(all), rowsOf(t, s, "messages"), 20+len(kept))
			}
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
			mustClose(t, s)
		})
	}
}

// TestPowerIsLost: what was acknowledged has been forced to the disk.
func TestPowerIsLost(t *testing.T) {
	d := newImage(t)
	for round := range 5 {
		s, _ := openLogged(t, d.dir, Options{})
		if got := len(mustContents(t, s).Names); got != 50*round {
			t.Fatalf("round %d: %d names, want all %d that were acknowledged", round, got, 50*round)
		}
		for n := range 50 {
			mustChange(t, s, PutName(numbered(50*round+n)))
		}
		d.losePower()
		if err := s.Change(PutName(numbered(99_999))); err == nil {
			t.Error("Change without power = nil")
		}
		s.Close() // an error
		d.remount()
	}
	s := mustOpen(t, d.dir)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	mustClose(t, s)
}

// TestOpenOnReadOnlyDisk: a disk that can't be written is an error of Open, and not a surprise later.
func TestOpenOnReadOnlyDisk(t *testing.T) {
	dir := t.TempDir()
	mountMemory(t, dir, "1m")
	mustClose(t, mustOpen(t, dir))
	if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, Options{})
	if err == nil {
		s.Close()
	}
	if err == nil || !strings.Contains(err.Error(), FileName) || strings.Contains(err.Error(), "\n") {
		t.Errorf("Open = %v, want one line that names the file", err)
	}
}
