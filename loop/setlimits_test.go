//go:build linux

package loop

import (
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"looproom/loop/door"
)

// TestSetLimitsLetsWaitingLinesGo takes a limit away that holds a line for hours.
func TestSetLimitsLetsWaitingLinesGo(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		cfg.Limits = Limits{LinesPerSecond: 0.0001, LinesBurst: 1}
		s, address := start(t, cfg)
		c := dial(t, address)
		c.say("PING first\nPING second\nPING third")
		c.until("PONG first")
		setLimits(t, s, Limits{})
		c.until("PONG second")
		c.until("PONG third")
	})
}

// TestSetLimitsSetsNoFurtherAlarms: however often the limits change, who waits has one alarm, and one more at the most that an earlier one has replaced.
func TestSetLimitsSetsNoFurtherAlarms(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		rows := []Limits{{LinesPerSecond: 0.0001, LinesBurst: 1}, {LinesPerSecond: 0.0002, LinesBurst: 1}}
		cfg.Limits = rows[0]
		s, address := start(t, cfg)
		const waiting = 10
		for range waiting {
			c := dial(t, address)
			c.say("PING first\nPING second")
			c.until("PONG first")
		}
		for n := range 50 {
			setLimits(t, s, rows[n/25])
		}
		alarms := 0
		for _, l := range s.loops {
			if err := l.reactor.Call(func() { alarms += l.reactor.Alarms() }); err != nil {
				t.Fatal(err)
			}
		}
		if most := 2*waiting + 1; alarms > most { // and the room's
			t.Errorf("%d alarms are set for %d clients that wait, want at most %d", alarms, waiting, most)
		}
	})
}

// TestSetLimitsGivesGuestsTime: who is a guest already has to sign in, too; nobody else does.
func TestSetLimitsGivesGuestsTime(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address := start(t, cfg)
		ana, guest := dial(t, address), dial(t, address)
		ana.say("ADD ana")
		ana.until("= ADD ana")
		guest.until("> Connected")
		setLimits(t, s, Limits{SignInTimeout: time.Hour})
		setLimits(t, s, Limits{SignInTimeout: 50 * time.Millisecond})
		guest.until("! sign-in-timeout sign in within 50ms: ADD name")
		setLimits(t, s, Limits{})
		late := dial(t, address)
		late.until("> Connected")
		ana.until("< ")
		ana.say("PING still here")
		ana.until("PONG still here")
	})
}

// TestSetLimitsDropsNobody: clients over a lower limit stay, new ones are refused until there is room.
func TestSetLimitsDropsNobody(t *testing.T) {
	s, address := start(t, testConfig(1))
	both := []*client{dial(t, address), dial(t, address)}
	for _, c := range both {
		c.until("> Connected")
	}
	setLimits(t, s, Limits{MaxClients: 1})
	dial(t, address).until("! server-full ")
	for _, c := range both {
		c.say("PING still here")
		c.until("PONG still here")
	}
	setLimits(t, s, Limits{MaxClients: 3})
	dial(t, address).until("> Connected")
	if got, want := s.Clients(), 3; got != want {
		t.Errorf("there are %d clients, want %d", got, want)
	}
}

func setLimits(t *testing.T, s *Server, l Limits) {
	t.Helper()
	if err := s.SetLimits(l); err != nil {
		t.Fatalf("SetLimits(%+v): %v", l, err)
	}
}

// keepAliveOptions are what is looked at of a client's socket, and how: whether there are probes, after how many seconds, how many
// seconds apart, and the milliseconds until what is sent must be acknowledged.
var keepAliveOptions = [][2]int{
	{unix.SOL_SOCKET, unix.SO_KEEPALIVE},
	{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE},
	{unix.IPPROTO_TCP, unix.TCP_KEEPINTVL},
	{unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT},
}

// TestKeepAlive: clients inherit it from their door, and those that come after a change have the new one.
func TestKeepAlive(t *testing.T) {
	cfg := testConfig(1)
	cfg.Limits = Limits{PingEvery: 30 * time.Second, PingTimeout: 40 * time.Second}
	s, address := start(t, cfg)
	steps := []struct {
		name   string
		change *Limits
		want   []int
	}{
		{"from the start", nil, []int{1, 30, 10, 70_000}},
		{"changed", &Limits{PingEvery: time.Minute, PingTimeout: 2 * time.Second}, []int{1, 60, 1, 62_000}},
		{"off", &Limits{}, []int{0, 60, 1, 0}},
		{"on again", &Limits{PingEvery: time.Second, PingTimeout: time.Second}, []int{1, 1, 1, 2_000}},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			if step.change != nil {
				setLimits(t, s, *step.change)
			}
			c := dial(t, address)
			c.until("> Connected")
			if got := socketOptions(t, s, c); !slices.Equal(got, step.want) {
				t.Errorf("socket options %v, want %v", got, step.want)
			}
		})
	}
}

func socketOptions(t *testing.T, s *Server, c *client) (values []int) {
	t.Helper()
	onPeer(t, s, c, func(_ *eventLoop, p *peer) {
		for _, option := range keepAliveOptions {
			value, err := unix.GetsockoptInt(p.out.Descriptor(), option[0], option[1])
			if err != nil {
				t.Error(err)
			}
			values = append(values, value)
		}
	})
	return values
}

// onPeer runs f with the client's peer, on its loop.
func onPeer(t *testing.T, s *Server, c *client, f func(*eventLoop, *peer)) {
	t.Helper()
	for _, l := range s.loops {
		err := l.reactor.Call(func() {
			for _, p := range l.peers {
				if p != nil && p.address == c.LocalAddr().String() {
					f(l, p)
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestDelayedBurstsStayApart: on a chunk door a pause ends a message, also while messages have to wait.
func TestDelayedBurstsStayApart(t *testing.T) {
	cfg := testConfig(1)
	cfg.Limits = Limits{LinesPerSecond: 0.0001, LinesBurst: 1}
	s, address := start(t, cfg)
	chunk := dial(t, listen(t, s, "chunk://127.0.0.1:0?pause=10ms"))
	eventually(t, "the client is there", func() (is bool) { // a slot it has before it is
		onPeer(t, s, chunk, func(*eventLoop, *peer) { is = true })
		return is
	})
	reader := dial(t, address)
	reader.until("> Connected")
	left := 0
	for n, burst := range []string{"one", "two\nthree", "four"} {
		onPeer(t, s, chunk, func(l *eventLoop, p *peer) { l.inputs.read(p, []byte(burst)) })
		if n > 0 {
			left += len(burst) + len("\n") // the first one is handled
		}
		eventually(t, "the burst is over", func() (over bool) {
			onPeer(t, s, chunk, func(_ *eventLoop, p *peer) { over = p.session.Waiting() == left })
			return over
		})
	}
	setLimits(t, s, Limits{})
	for _, want := range []string{"one", "two", "three", "four"} {
		if got := reader.until("["); got != "["+chunk.LocalAddr().String()+"] "+want {
			t.Errorf("line = %q, want what was said: %q", got, want)
		}
	}
}

// TestDoorSlow reads the option.
func TestDoorSlow(t *testing.T) {
	for url, want := range map[string]bool{"line://:1": false, "line://:1?slow=drop": false, "chunk://:1?slow=skip": true} {
		if d, err := door.Parse(url); err != nil || d.Skips() != want {
			t.Errorf("Parse(%q).Skips() = %v, %v; want %v", url, d.Skips(), err, want)
		}
	}
	for _, url := range []string{"line://:1?slow=no", "echo://:1?slow=skip"} {
		if _, err := door.Parse(url); err == nil {
			t.Errorf("Parse(%q) gave no error", url)
		}
	}
}
