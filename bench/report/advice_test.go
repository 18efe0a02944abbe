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
			[]string{"behind in 3", "loses\n- echo with 10 clients: ", "CPU per echo 8.86µs; threads 0.8", "threads (plain blocking code, a thread for each client) costs at most a quarter more", "in echo with 10 clients somebody's is shorter"},
			[]string{"Nowhere"},
		},
		{
			"a win is named", only(5, bench.Fanout, "looproom", "threads", "nats"),
			[]string{"ahead in 8 of 8 cells", "Nowhere in this run, by CPU, latency, rate, memory", "nats 1.", "up to threads 1", "is right where the load is like fanout with 1,001 clients"},
			nil,
		},
		{
			"nothing without intervals", only(2, bench.Fanout, "looproom", "threads"),
			[]string{"fewer than 3 repetitions: nothing is said of them", "ahead in 0 of 4"},
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
			[]string{"in 4 of 4 cells", "What bounds it\n- fanout with 1,001 clients: floor 1"}, []string{"up to floor"},
		},
		{"nobody to compare with", only(5, bench.Echo, "looproom"), []string{"nothing to compare"}, nil},
		{"nothing at all", interrupted(), []string{"nothing to compare"}, nil},
		{"a stranger as baseline", only(5, bench.Chat, "nats", "redis"), []string{"Where nats loses", "redis 0.92"}, []string{"event loop"}},
		{"a knee is better when higher", only(5, bench.Knee, "looproom", "threads"), []string{"ahead in 1 of 1", "threads 0.07"}, []string{"loses\n- knee"}},
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

// TestAdviceOnLatency: a latency that is shorter elsewhere is a loss as a higher CPU is, in the middle and at the tail, where the generator sets the
// pace. In a closed loop the middle is the rate, which is judged by itself.
func TestAdviceOnLatency(t *testing.T) {
	rows := []struct {
		name   string
		kind   bench.Kind
		of     func(*bench.Measurement) *bench.Distribution
		says   []string
		silent string
	}{
		{
			"to each", bench.Chat, func(m *bench.Measurement) *bench.Distribution { return &m.Latency },
			[]string{": p50 latency 900µs; redis 0.06", ": p99 latency 1.25ms; redis 0.04"}, "to the last 1.",
		},
		{
			"to the last", bench.Chat, func(m *bench.Measurement) *bench.Distribution { return &m.LastLatency },
			[]string{": p50 latency to the last 1.17ms; redis 0.04", ": p99 latency to the last 1."}, ": p50 latency 9",
		},
		{
			"of a bystander", bench.Bystander, func(m *bench.Measurement) *bench.Distribution { return &m.RoundTrip },
			[]string{": p50 round trip of a bystander 5", ": p99 round trip of a bystander 100ms; redis 0.00"}, ": p50 latency",
		},
		{
			"in a closed loop", bench.Fanout, func(m *bench.Measurement) *bench.Distribution { return &m.Latency },
			[]string{": p99 latency 27.8ms; redis 0.00"}, ": p50 latency",
		},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := only(5, row.kind, "looproom", "redis")
			for i := range r.Measurements {
				if m := &r.Measurements[i]; m.Subject == "redis" {
					*row.of(m) = bench.Distribution{}
					row.of(m).RecordTimes(50_000, 1000)
				}
			}
			got := Advice(r)
			for _, want := range row.says {
				if !strings.Contains(got, want) {
					t.Errorf("the advice has no %q:\n%s", want, got)
				}
			}
			loses, _, _ := strings.Cut(got, "In short")
			if strings.Contains(loses, row.silent) {
				t.Errorf("the losses have %q:\n%s", row.silent, loses)
			}
		})
	}
}

// TestLossesComeFirst, in the advice and above all tables, the worst one first.
func TestLossesComeFirst(t *testing.T) {
	r := only(5, bench.Echo, "looproom", "threads", "prefork")
	if got := Advice(r); !strings.HasPrefix(got, "Where the event loop (looproom) loses\n") {
		t.Errorf("the advice begins with %.60q, want the losses", got)
	}
	text := string(written(t, r, Table))
	losses, table := strings.Index(text, "Where the event loop (looproom) loses\n- echo"), strings.Index(text, "echo: 10 clients")
	if losses < 0 || table < losses {
		t.Errorf("the losses stand at %d, the first table at %d; want them before it:\n%s", losses, table, text)
	}
}

// TestCellsAreMetrics: each metric that is judged counts against each server.
func TestCellsAreMetrics(t *testing.T) {
	for kind, metrics := range map[bench.Kind]int{bench.Chat: 6, bench.Fanout: 4, bench.Knee: 1} {
		r := only(5, kind, "looproom", "threads", "redis")
		if got, want := len(outcomesOf(sectionsOf(r))), 2*metrics; got != want {
			t.Errorf("%s has %d cells against two servers, want %d", kind, got, want)
		}
	}
}

func TestTitlesOfShapes(t *testing.T) {
	rows := []struct {
		w           bench.Workload
		title, slug string
	}{
		{
			bench.Workload{Kind: bench.Fanout, Clients: 1000, Rooms: 2, Senders: 1, Size: 64, Window: 64},
			"fanout: 1 sender by turns in 2 rooms, 1,000 clients, 64-byte messages, 64 in flight", "fanout-1000c-2r-1s-64b-64w",
		},
		{
			bench.Workload{Kind: bench.Fanout, Clients: 1000, Rooms: 1, Senders: 1, Size: 64, Window: 64, Forms: 3, Answers: true},
			"fanout: 1 sender, 1,000 clients, 64-byte messages, 64 in flight, members that read in 3 ways, an answer to the sender behind each",
			"fanout-1000c-1r-1s-64b-64w-3f-answers",
		},
		{
			bench.Workload{Kind: bench.Bystander, Clients: 10, Rooms: 1, Senders: 5, Size: 64, Rate: 5, Pings: 500},
			"bystander: 5 of 10 clients talk, 64-byte messages, 5 a second, beside 500 pings a second", "bystander-10c-1r-5s-64b-5ps-500pings",
		},
	}
	for _, row := range rows {
		if got := Title(row.w); got != row.title {
			t.Errorf("Title = %q, want %q", got, row.title)
		}
		if got := slug(row.w); got != row.slug {
			t.Errorf("slug = %q, want %q", got, row.slug)
		}
	}
}

func TestNames(t *testing.T) {
	r := newBuilder().report
	base := bench.Workload{Kind: bench.Fanout, Clients: 1000, Rooms: 1, Senders: 1, Size: 64, Window: 1}
	wide, long, few, mixed, answered := base, base, base, base, base
	wide.Window, long.Size, few.Clients, mixed.Clients, answered.Clients = 64, 512, 1, 2, 2
	mixed.Forms, answered.Answers = 2, true
	for _, w := range []bench.Workload{base, wide, long, few, mixed, answered} {
		r.Measurements = append(r.Measurements, bench.Measurement{Subject: "looproom", Workload: w, Repetition: 1})
	}
	want := []string{
		"fanout with 1,000 clients, 1 in flight, 64 bytes", "fanout with 1,000 clients, 64 in flight, 64 bytes",
		"fanout with 1,000 clients, 1 in flight, 512 bytes", "fanout with 1 client",
		"fanout with 2 clients, members that read in 2 ways, no answers", "fanout with 2 clients, all read alike, an answer to the sender behind each",
	}
	for i, s := range sectionsOf(r) {
		if s.name != want[i] {
			t.Errorf("name %d = %q, want %q", i, s.name, want[i])
		}
	}
}
