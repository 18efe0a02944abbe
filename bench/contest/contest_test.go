//go:build linux

package contest

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"looproom/bench"
	"looproom/bench/machine"
	"looproom/bench/peer"
)

// contestant is an echo server in this process that writes down when it was started.
func contestant(t *testing.T, name string, started *[]string) Contestant {
	t.Helper()
	dialect, err := peer.FindDialect("echo")
	if err != nil {
		t.Fatal(err)
	}
	return Contestant{
		Subject: bench.Subject{Name: name, Model: "for the test"},
		Suits:   func(kind bench.Kind) bool { return kind == bench.Echo },
		Start: func(context.Context, *bench.Workload) (*Server, error) {
			*started = append(*started, name)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			go echoAll(l)
			return &Server{Address: l.Addr().String(), Dialect: dialect, Stop: l.Close, About: bench.Subject{Version: "1"}}, nil
		},
	}
}

func echoAll(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			_, _ = io.Copy(c, c) // ends with the client
		}()
	}
}

func small(t *testing.T) bench.Workload {
	t.Helper()
	w, err := ParseSpec("echo:clients=3,warmup=0s,duration=20ms")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestRepetitionsAreInterleaved(t *testing.T) {
	var started []string
	report := NewReport(nil, "test", machine.Pinning{})
	plan := Plan{
		Contestants: []Contestant{contestant(t, "a", &started), contestant(t, "b", &started), contestant(t, "c", &started)},
		Workloads:   []bench.Workload{small(t)}, Repetitions: 3,
	}
	if err := Run(t.Context(), plan, report); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a", "b", "c", "b", "c", "a", "c", "a", "b"}; !slices.Equal(started, want) {
		t.Errorf("started %v, want %v", started, want)
	}
	if len(report.Measurements) != 9 || len(report.Subjects) != 3 || report.Subjects[0].Version != "1" {
		t.Errorf("%d measurements of %d subjects, want 9 of 3 with a version", len(report.Measurements), len(report.Subjects))
	}
	for _, m := range report.Measurements {
		if m.Received == 0 || m.Lost != 0 {
			t.Errorf("%s received %d and lost %d", m.Subject, m.Received, m.Lost)
		}
	}
}

func TestWhatCannotBeMeasuredIsMissing(t *testing.T) {
	var started []string
	broken := contestant(t, "broken", &started)
	broken.Start = func(context.Context, *bench.Workload) (*Server, error) {
		started = append(started, "broken")
		return nil, errors.New("it will not start")
	}
	report := NewReport(nil, "test", machine.Pinning{})
	plan := Plan{Contestants: []Contestant{broken, contestant(t, "good", &started)}, Workloads: []bench.Workload{small(t)}, Repetitions: 3}
	if err := Run(t.Context(), plan, report); err != nil {
		t.Fatal(err)
	}
	if len(report.Measurements) != 3 || len(report.Missing) != 1 || !strings.Contains(report.Missing[0], "it will not start") {
		t.Errorf("%d measurements, missing %q; want 3 of the good one, and once why the other isn't there", len(report.Measurements), report.Missing)
	}
	if want := []string{"broken", "good", "good", "good"}; !slices.Equal(started, want) {
		t.Errorf("started %v, want %v", started, want)
	}
}

func TestInterruptedContestKeepsWhatItHas(t *testing.T) {
	var started []string
	ctx, cancel := context.WithCancel(t.Context())
	report := NewReport(nil, "test", machine.Pinning{})
	plan := Plan{
		Contestants: []Contestant{contestant(t, "a", &started)}, Workloads: []bench.Workload{small(t)}, Repetitions: 100,
		Progress: func(p Progress) {
			if p.Done == 2 {
				cancel()
			}
		},
	}
	if err := Run(ctx, plan, report); err != nil {
		t.Fatal(err)
	}
	if !report.Interrupted || len(report.Measurements) < 2 || len(report.Measurements) > 4 {
		t.Errorf("interrupted: %v with %d measurements, want true with two or three", report.Interrupted, len(report.Measurements))
	}
}

func TestParseSpec(t *testing.T) {
	w, err := ParseSpec("fanout:clients=200,window=1024,duration=5s,size=128")
	if err != nil {
		t.Fatal(err)
	}
	if w.Kind != bench.Fanout || w.Clients != 200 || w.Window != 1024 || w.Duration != 5*time.Second || w.Size != 128 {
		t.Errorf("ParseSpec = %+v", w)
	}
	if w, _ := ParseSpec("chat:clients=20"); w.Senders != 20 {
		t.Errorf("of 20 clients %d talk, want all, since 100 can't", w.Senders)
	}
	if w, _ := ParseSpec("rooms:clients=15000,rooms=1000"); w.Senders != 15000 || w.Rooms != 1000 {
		t.Errorf("rooms: %d talk in %d rooms, want 15000 in 1000", w.Senders, w.Rooms)
	}
	for spec, want := range map[string]string{
		"fan": "there are echo", "chat:clients": "name=value", "chat:colour=red": "clients, rooms", "chat:rate=fast": "rate=fast", "chat:clients=-1": "clients=-1",
	} {
		if _, err := ParseSpec(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseSpec(%q) = %v, want an error with %q", spec, err, want)
		}
	}
}
