//go:build linux

package door

import (
	"cmp"
	"crypto/tls"
	"net"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"looproom/loop/delivery"
	"looproom/loop/rate"
	"looproom/loop/selfsigned"
	"looproom/loop/session"
)

// few are limits that nobody reaches here.
var few = Limits{Most: 100}

func TestComeIn(t *testing.T) {
	pair := selfsigned.Pair(t)
	rows := []struct {
		name, url, said string
		early           string
		address         string // of the client; "": its own
	}{
		{"line", "line://127.0.0.1:0", "hello\n", "", ""},
		{"unix", "line+unix://" + filepath.Join(t.TempDir(), "s"), "", "", "local:1"},
		{"proxied", "line://127.0.0.1:0?proxy=127.0.0.1", "PROXY TCP4 10.1.2.3 10.0.0.1 51234 7777\r\nhello\n", "hello\n", "10.1.2.3:51234"},
		{"proxy itself", "echo://127.0.0.1:0?proxy=127.0.0.1", "PROXY UNKNOWN\r\n", "", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f := start(t, few)
			d := f.listen(row.url)
			c := f.dial(d, row.said)
			a := f.next()
			want := row.address
			if want == "" {
				want = c.LocalAddr().String()
			}
			if got := a.Name(); got != want || a.Door() != d || string(a.Early) != row.early || a.TLS != nil {
				t.Errorf("%s came in with %q early and TLS: %v; want %s with %q in clear", got, a.Early, a.TLS != nil, want, row.early)
			}
			if f.doors.Count() != 1 {
				t.Errorf("Count = %d, want 1", f.doors.Count())
			}
			d.Leave(a.ID, want)
			if f.doors.Count() != 0 || f.doors.admission.Len() != 0 {
				t.Errorf("%d are counted, and %d addresses, when all have left", f.doors.Count(), f.doors.admission.Len())
			}
		})
	}
	t.Run("tls", func(t *testing.T) {
		f := start(t, few)
		c := tls.Client(f.dial(f.listen("line+tls://127.0.0.1:0?cert="+pair), ""), &tls.Config{InsecureSkipVerify: true})
		if err := c.Handshake(); err != nil {
			t.Fatal(err)
		}
		if a := f.next(); a.TLS == nil {
			t.Error("the client came in in clear, want TLS")
		}
	})
}

// TestNumbers: each door is found by its number, also by who has asked before others opened.
func TestNumbers(t *testing.T) {
	f := start(t, few)
	var doors []*Door
	for range 5 {
		doors = append(doors, f.listen("line://127.0.0.1:0"))
		for i, d := range doors {
			if got := f.doors.Numbered(d.Number()); got != d {
				t.Errorf("with %d doors, number %d is %v, want door %d", len(doors), d.Number(), got, i)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	pair := selfsigned.Pair(t)
	rows := []struct {
		name, url, said string
		limits          Limits
		before          int           // others that come in before
		handshake       time.Duration // how long it may take; 0: patience
		prepare         func(*fake)
		want            string
	}{
		{name: "full", url: "line://127.0.0.1:0", limits: Limits{Most: 1}, before: 1, want: "! server-full no room"},
		{name: "too many of one address", url: "line://127.0.0.1:0", limits: Limits{Most: 9, PerAddress: 1}, before: 1, want: "! too-many-connections your address has 1 connections"},
		{name: "too fast", url: "line://127.0.0.1:0", limits: Limits{Most: 9, Connects: rate.NewRates(0.001, 1)}, before: 1, want: "! connecting-too-fast your address connects too often"},
		{name: "banned", url: "line://127.0.0.1:0", limits: few, prepare: func(f *fake) { f.ban("127.0.0.1") }, want: "! banned for ever: go away"},
		{name: "in blocks", url: "fixed://127.0.0.1:0?size=64", limits: few, prepare: func(f *fake) { f.ban("127.0.0.1") }, want: "! banned for ever: go away\x00\x00"},
		{name: "by IRC", url: "irc://127.0.0.1:0", limits: few, prepare: func(f *fake) { f.ban("127.0.0.1") }, want: "ERROR :Closing link: (for ever: go away) [banned]\r\n"},
		{name: "by IRC for very long", url: "irc://127.0.0.1:0", limits: few, prepare: func(f *fake) { f.ban("127.0.0.1"); f.why = strings.Repeat("é", 600) },
			want: "ERROR :Closing link: (for ever: " + strings.Repeat("é", (maxClosing-len("for ever: "))/2) + ") [banned]\r\n"},
		{name: "IRC in clear", url: "irc+tls://127.0.0.1:0?cert=" + pair, limits: few, said: "CAP LS 302\r\n", want: "ERROR :Closing link: (this door speaks TLS: ircs://127.0.0.1:"},
		{name: "by HTTP", url: "http://127.0.0.1:0", limits: few, prepare: func(f *fake) { f.ban("127.0.0.1") }, want: "HTTP/1.1 403 Forbidden\r\n"},
		{name: "no memory", url: "line://127.0.0.1:0", limits: few, prepare: func(f *fake) { f.budget.SetMost(1) }, want: "! busy the server is short of memory"},
		{name: "no proxy", url: "line://127.0.0.1:0?proxy=10.0.0.1", limits: few, want: "! not-a-proxy this door is for its proxies only"},
		{name: "no header", url: "line://127.0.0.1:0?proxy=127.0.0.1", limits: few, said: "hello\n", want: "! not-a-proxy no valid PROXY header"},
		{name: "no TLS", url: "line+tls://127.0.0.1:0?cert=" + pair, limits: few, said: "hello\n", want: "! need-tls this door speaks TLS: ncat --ssl 127.0.0.1 "},
		{name: "silence where TLS is spoken", url: "line+tls://127.0.0.1:0?cert=" + pair, limits: few, handshake: 100 * time.Millisecond, want: "! need-tls this door speaks TLS: ncat --ssl 127.0.0.1 "},
		{name: "half a handshake", url: "line+tls://127.0.0.1:0?cert=" + pair, limits: few, handshake: time.Second, said: "\x16\x03\x01\x02\x00\x01", want: "EOF"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f := startWith(t, cmp.Or(row.handshake, patience), row.limits)
			d := f.listen(row.url)
			for range row.before {
				f.dial(d, "")
				f.next()
			}
			if row.prepare != nil {
				row.prepare(f)
			}
			c := f.dialAndSay(d, row.said)
			buf := make([]byte, 1024)
			n, err := c.Read(buf)
			got := string(buf[:n])
			if n == 0 && err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(got, row.want) {
				t.Errorf("told %q, want %q", got, row.want)
			}
			c.Close()
			f.eventually("nobody to be counted who was refused", func() bool { return f.doors.Count() == row.before })
		})
	}
}

// TestNobodyEnrols: who can't be enrolled is nobody's any more.
func TestNobodyEnrols(t *testing.T) {
	for _, url := range []string{"line://127.0.0.1:0", "line://127.0.0.1:0?proxy=127.0.0.1"} {
		f := start(t, Limits{Most: 9, PerAddress: 9})
		f.enrols(func(*Arrival) error { return errNoLoop })
		c := f.dial(f.listen(url), "PROXY UNKNOWN\r\n")
		if got := told(c); got == "" || strings.HasPrefix(got, "!") {
			t.Errorf("told %q, want the end", got)
		}
		f.eventually("all that was counted to be taken back", func() bool {
			return f.doors.Count() == 0 && f.doors.admission.Len() == 0 && f.doors.Prefaces() == 0
		})
	}
}

// TestPanicCostsOne: a panic behind a preface is told, and costs that connection.
func TestPanicCostsOne(t *testing.T) {
	f := start(t, few)
	f.enrols(func(*Arrival) error { panic("made up") })
	d := f.listen("line://127.0.0.1:0?proxy=127.0.0.1")
	c := f.dial(d, "PROXY UNKNOWN\r\n")
	if got := told(c); got != "EOF" && !strings.Contains(got, "reset") {
		t.Errorf("told %q, want the end", got)
	}
	f.enrols(nil)
	f.dial(d, "PROXY UNKNOWN\r\n")
	f.next()
	f.eventually("one connection to be counted", func() bool { return f.doors.Count() == 1 })
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.panicked) != 1 {
		t.Errorf("%d panics were told, want 1", len(f.panicked))
	}
}

// TestHostLooksAtDoorsThatClose: an acceptor waits for its loop while the loop looks at the doors, as for STATS.
func TestHostLooksAtDoorsThatClose(t *testing.T) {
	f := start(t, few)
	d, seen := f.listen("line://127.0.0.1:0"), make(chan int, 1)
	f.enrols(func(*Arrival) error {
		for d.closing.Load() == nil {
			runtime.Gosched()
		}
		seen <- len(f.doors.All())
		return nil
	})
	f.dial(d, "")
	f.eventually("somebody to come", func() bool { return f.doors.Count() == 1 })
	f.doors.Close()
	if got := <-seen; got != 1 {
		t.Errorf("%d doors were seen, want 1", got)
	}
	if _, err := f.doors.Listen(d.URL); err == nil {
		t.Error("a door opens when they are closed")
	}
}

// TestCloseLetsInWhoHasConnected: closed before that, a door would reset those whom the kernel has connected already.
func TestCloseLetsInWhoHasConnected(t *testing.T) {
	f := start(t, few)
	f.doors.closing = patience
	d := f.listen("line://127.0.0.1:0")
	for range 50 {
		f.dial(d, "")
	}
	f.doors.Close()
	if got := len(f.came); got != 50 {
		t.Errorf("%d came in, want 50", got)
	}
	if _, err := net.DialTimeout("tcp", d.address, patience); err == nil {
		t.Error("somebody can still connect")
	}
}

// TestCloseOnABusyMachine: acceptors that are late don't take it for word that nobody is there.
func TestCloseOnABusyMachine(t *testing.T) {
	f := start(t, few)
	f.doors.closing = patience
	d := f.listen("line://127.0.0.1:0")
	for range 50 {
		f.dial(d, "")
	}
	var over atomic.Bool
	var busy sync.WaitGroup
	for range 8 * runtime.GOMAXPROCS(0) {
		busy.Go(func() {
			for !over.Load() {
			}
		})
	}
	f.doors.Close()
	over.Store(true)
	busy.Wait()
	if got := len(f.came); got != 50 {
		t.Errorf("%d came in, want 50", got)
	}
}

// TestReload: a door whose files are broken goes on with what it has.
func TestReload(t *testing.T) {
	f := start(t, few)
	d := f.listen("line+tls://127.0.0.1:0?cert=" + selfsigned.Pair(t))
	before := d.keys.Load()
	if err := f.doors.Reload(); err != nil || d.keys.Load() == before {
		t.Errorf("Reload = %v, and the keys are new: %v; want new ones", err, d.keys.Load() != before)
	}
	before = d.keys.Load()
	d.files.cert = filepath.Join(t.TempDir(), "none.pem")
	if err := f.doors.Reload(); err == nil || !strings.Contains(err.Error(), "none.pem") || d.keys.Load() != before {
		t.Errorf("Reload = %v, and the keys are new: %v; want an error, and the old ones", err, d.keys.Load() != before)
	}
}

// TestLayouts: doors that lay lines out in the same way share a form, and there is an end to forms.
func TestLayouts(t *testing.T) {
	f := start(t, few)
	a, b := f.listen("line://127.0.0.1:0"), f.listen("echo://127.0.0.1:0")
	forms := map[uint8]bool{}
	for _, here := range []bool{false, true} {
		for _, ids := range []bool{false, true} {
			form := LineForm(a.voices[0], here, ids)
			if h, i := Reads(form); forms[form] || LineForm(b.voices[0], here, ids) != form || h != here || i != ids {
				t.Errorf("the form of (%v, %v) is %d, at the other door %d; it is that of (%v, %v), and there was one like it: %v", here, ids, form, LineForm(b.voices[0], here, ids), h, i, forms[form])
			}
			forms[form] = true
		}
	}
	var err error
	for size := 64; err == nil && size < 64+2*maxVoices; size++ {
		var u URL
		if u, err = Parse("fixed://127.0.0.1:0?size=" + strconv.Itoa(size)); err == nil {
			_, err = f.doors.Listen(u)
		}
	}
	last := f.doors.All()[len(f.doors.All())-1]
	if form := LineForm(last.voices[0], true, true); f.doors.Layout(form) != last.voice().layout || int(last.voices[0]) != maxVoices-1 {
		t.Errorf("the last form of all, %d, is laid out as %+v, want %+v", form, f.doors.Layout(form), last.voice().layout)
	}
	if err == nil || !strings.Contains(err.Error(), "different kinds of doors") {
		t.Errorf("with very many sizes of blocks Listen = %v, want an error", err)
	}
}

// TestVoices: who comes by IRC has a voice of its own, whichever of its doors it is.
func TestVoices(t *testing.T) {
	f := start(t, few)
	var voices []uint8
	for _, url := range []string{"line://127.0.0.1:0", "irc://127.0.0.1:0", "line://127.0.0.1:0", "irc+tls://127.0.0.1:0?cert=" + selfsigned.Pair(t), "irc://127.0.0.1:0?slow=skip"} {
		d := f.listen(url)
		voices = append(voices, d.voices[0])
		want, layout := LineDialect, delivery.Layout{Framing: delivery.Lines}
		if strings.HasPrefix(url, "irc") {
			want, layout = IRCDialect, delivery.Layout{Framing: delivery.CRLF}
		}
		for bits := range uint8(8) {
			form := Form(d.voices[0], bits)
			if f.doors.Dialect(form) != want || f.doors.Layout(form) != layout || Voice(form) != d.voices[0] || Bits(form) != bits {
				t.Errorf("%s, form %d: dialect %d, layout %+v, voice %d, bits %d; want %d, %+v, %d, %d", url, form, f.doors.Dialect(form), f.doors.Layout(form), Voice(form), Bits(form), want, layout, d.voices[0], bits)
			}
		}
	}
	if want := []uint8{0, 1, 0, 1, 1}; !slices.Equal(voices, want) {
		t.Errorf("voices %v, want %v", voices, want)
	}
	if in := f.doors.All()[1].Input(64); in.Framing != session.Plain || in.MaxLine != MaxIRCLine {
		t.Errorf("IRC is read as %+v, want plain lines of up to %d bytes whatever others may have", in, MaxIRCLine)
	}
}

// TestPrefacesAreCut: who says nothing doesn't keep the doors from closing.
func TestPrefacesAreCut(t *testing.T) {
	f := start(t, few)
	c := f.dial(f.listen("line://127.0.0.1:0?proxy=127.0.0.1"), "PROXY ")
	f.eventually("the preface to begin", func() bool { return f.doors.Prefaces() == 1 })
	f.doors.Close()
	if got := told(c); got != "EOF" {
		t.Errorf("told %q, want the end", got)
	}
	if left := f.doors.WaitEmpty(time.Now().Add(patience)); left != 0 {
		t.Errorf("%d are left, want none", left)
	}
}
