package report

import (
	"strings"
	"testing"

	"looproom/bench"
)

func TestAdvice(t *testing.T) {
	golden(t, "advice.txt", []byte(Advice(full(5))))
}

func TestAdviceSays(t *testing.T) {
	refused := full(5)
	rows := []struct {
		name   string
		report *bench.Report
		says   []string
		silent []string
	}{
		{
			"a loss is named", only(5, bench.Echo, "looproom", "threads", "goroutines"),
			[]string{"behind in 1", "loses\n- echo with 10 clients: threads 0.8", "threads (plain blocking code, a thread for each client) costs at most a quarter more"},
			[]string{"Nowhere"},
		},
		{
			"a win is named", only(5, bench.Fanout, "looproom", "threads", "nats"),
			[]string{"ahead of another server in 2 of 2 cells", "Nowhere in this run", "nats 1.", "up to threads 1", "is right where the load is like fanout with 1,001 clients"},
			nil,
		},
		{
			"nothing without intervals", only(2, bench.Fanout, "looproom", "threads"),
			[]string{"fewer than 3 repetitions: nothing is said of them", "ahead of another server in 0 of 1"},
			[]string{"wins", "loses", "Which model"},
		},
		{
			"what lost messages is no winner", lossy(only(5, bench.Echo, "looproom", "threads"), "threads"),
			[]string{"Not comparable\n- echo with 10 clients: threads lost 12 of", "behind in 0", "of what came, threads 0.8"},
			[]string{"loses\n"},
		},
		{
			"nor is what beats a baseline that lost some", lossy(only(5, bench.Fanout, "looproom", "threads"), "looproom"),
			[]string{"looproom lost 12 of"}, []string{"wins"},
		},
		{
			"select refuses", refused,
			[]string{"Threads or select?\n- select is ahead in", "rooms with 2,000 clients: select held 1,019 of 2,000 clients", "ahead of both in"}, nil,
		},
		{
			"the floor is no rival", only(5, bench.Fanout, "looproom", "floor", "threads"),
			[]string{"in 1 of 1 cells", "What bounds it\n- fanout with 1,001 clients: floor 1"}, []string{"up to floor"},
		},
		{"nobody to compare with", only(5, bench.Echo, "looproom"), []string{"nothing to compare"}, nil},
		{"nothing at all", interrupted(), []string{"nothing to compare"}, nil},
		{"a stranger as baseline", only(5, bench.Chat, "nats", "redis"), []string{"Where nats loses", "redis 0.92"}, []string{"event loop"}},
		{"a knee is better when higher", only(5, bench.Knee, "looproom", "threads"), []string{"ahead of another server in 1", "threads 0.07"}, []string{"loses\n- knee"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := Advice(row.report)
			for _, want := range row.says {
				if !strings.Contains(got, want) {
					t.Errorf("the advice has no %q:\n%s", want, got)
				}
			}
			for _, unwanted := range row.silent {
				if strings.Contains(got, unwanted) {
					t.Errorf("the advice has %q:\n%s", unwanted, got)
				}
			}
		})
	}
}

// TestAdviceOnLatency: a tail that is shorter elsewhere is a loss too, where the generator sets the pace.
func TestAdviceOnLatency(t *testing.T) {
	r := only(5, bench.Chat, "looproom", "redis")
	for i := range r.Measurements {
		if m := &r.Measurements[i]; m.Subject == "redis" {
			m.Latency = bench.Distribution{}
			m.Latency.RecordTimes(50_000, 1000)
		}
	}
	if got, want := Advice(r), "the p99 latency, 50.2µs against"; !strings.Contains(got, want) {
		t.Errorf("the advice has no %q:\n%s", want, got)
	}
}

func TestNames(t *testing.T) {
	r := newBuilder().report
	base := bench.Workload{Kind: bench.Fanout, Clients: 1000, Rooms: 1, Senders: 1, Size: 64, Window: 1}
	wide, long, few := base, base, base
	wide.Window, long.Size, few.Clients = 64, 512, 1
	for _, w := range []bench.Workload{base, wide, long, few} {
		r.Measurements = append(r.Measurements, bench.Measurement{Subject: "looproom", Workload: w, Repetition: 1})
	}
	want := []string{
		"fanout with 1,000 clients, 1 in flight, 64 bytes", "fanout with 1,000 clients, 64 in flight, 64 bytes",
		"fanout with 1,000 clients, 1 in flight, 512 bytes", "fanout with 1 client",
	}
	for i, s := range sectionsOf(r) {
		if s.name != want[i] {
			t.Errorf("name %d = %q, want %q", i, s.name, want[i])
		}
	}
}
