package report

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"looproom/bench"
)

// model is what a made-up subject costs, as times of looproom's cost.
type model struct {
	name, words string
	merged      float64 // a delivery among many at once
	alone       float64 // a message on its own
	memory      float64 // bytes for a connection
	knee        float64 // messages a second
	storm       float64 // CPU for a client that comes and leaves
	most        int     // connections that it can hold; 0: any number
	echoOnly    bool
	noRoom      bool
}

// models are like those that the tool measures. The numbers are invented.
var models = []model{
	{name: "looproom", words: "epoll event loops, one write for all that waits", merged: 1, alone: 1, memory: 2600, knee: 42000, storm: 1},
	{name: "threads", words: "an OS thread per client", merged: 19.4, alone: 0.82, memory: 21000, knee: 2900, storm: 2.1},
	{name: "threads-queued", words: "two OS threads per client", merged: 15.1, alone: 1.9, memory: 41000, knee: 3300, storm: 3.2},
	{name: "goroutines", words: "two goroutines and a channel per client", merged: 21, alone: 1.31, memory: 14500, knee: 2500, storm: 1.01},
	{name: "processes", words: "a process per client", alone: 1.02, memory: 160000, storm: 14, echoOnly: true},
	{name: "prefork", words: "workers started beforehand", alone: 0.93, memory: 160000, storm: 1.2, echoOnly: true},
	{name: "select", words: "one thread and select(2)", merged: 20.1, alone: 1.7, memory: 2900, knee: 2600, storm: 1.3, most: 1019},
	{name: "gnet-echo", words: "bare gnet", alone: 0.88, memory: 1800, storm: 0.8, echoOnly: true},
	{name: "floor", words: "prepared bytes, one call each", merged: 18.2, noRoom: true},
	{name: "nats", words: "another's server", merged: 1.65, alone: 1.4, memory: 25000, knee: 31000, storm: 1.6},
	{name: "redis", words: "another's server", merged: 1.45, alone: 1.1, memory: 11000, knee: 23000, storm: 1.2},
}

// workloads are one of each kind, and idle in three sizes.
var workloads = []bench.Workload{
	{Kind: bench.Echo, Clients: 10, Rooms: 1, Senders: 10, Size: 64, Depth: 1, Warmup: time.Second, Duration: 5 * time.Second},
	{Kind: bench.Fanout, Clients: 1001, Rooms: 1, Senders: 1, Size: 64, Window: 64, Warmup: time.Second, Duration: 5 * time.Second},
	{Kind: bench.Chat, Clients: 500, Rooms: 1, Senders: 50, Size: 64, Rate: 2000, Poisson: true, Warmup: time.Second, Duration: 5 * time.Second},
	{Kind: bench.Rooms, Clients: 2000, Rooms: 100, Senders: 100, Size: 64, Warmup: time.Second, Duration: 5 * time.Second},
	{Kind: bench.Idle, Clients: 100, Rooms: 1, Size: 64, Duration: 5 * time.Second},
	{Kind: bench.Idle, Clients: 1000, Rooms: 1, Size: 64, Duration: 5 * time.Second},
	{Kind: bench.Idle, Clients: 10000, Rooms: 1, Size: 64, Duration: 5 * time.Second},
	{Kind: bench.Storm, Clients: 1000, Rooms: 1, Size: 64, Duration: 5 * time.Second},
	{Kind: bench.Slow, Clients: 200, Rooms: 1, Senders: 20, Slow: 10, Size: 64, Rate: 500, Duration: 5 * time.Second},
	{Kind: bench.Bystander, Clients: 1000, Rooms: 1, Senders: 100, Size: 64, Rate: 5, Pings: 500, Duration: 5 * time.Second},
	{Kind: bench.Bystander, Clients: 10000, Rooms: 1, Senders: 100, Size: 64, Rate: 5, Pings: 500, Duration: 5 * time.Second},
	{Kind: bench.Knee, Clients: 200, Rooms: 1, Senders: 20, Size: 64, Bound: 10 * time.Millisecond, Duration: 5 * time.Second},
}

// builder makes up reports. The zero value is not ready: use newBuilder.
type builder struct {
	random *rand.Rand
	report *bench.Report
}

func newBuilder() *builder {
	return &builder{
		random: rand.New(rand.NewPCG(7, 7)),
		report: &bench.Report{
			Schema: bench.SchemaVersion, Began: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Version: "0.1.0",
			Command: []string{"loopbench", "compare", "--html", "out.html"}, Pinning: "server on CPU 0, generator on CPU 1",
			Machine: bench.Machine{
				CPU: "Example CPU 3000", Cores: 2, MemoryBytes: 8_300_000_000, Kernel: "Linux 6.12.0", System: "Debian GNU/Linux 12", Go: "go1.26.0",
				Descriptors: 20000, Sysctls: map[string]string{"net.core.somaxconn": "4096", "net.ipv4.tcp_wmem": "4096 16384 4194304"},
			},
		},
	}
}

// full is a report of all models and workloads.
func full(repetitions int) *bench.Report {
	r := built(repetitions, models, workloads)
	r.Missing = []string{"ngircd: not on PATH (apt-get install ngircd)"}
	return r
}

// only is a report of some models on one kind of workload.
func only(repetitions int, kind bench.Kind, names ...string) *bench.Report {
	return built(repetitions,
		filter(models, func(m model) bool { return slices.Contains(names, m.name) }),
		filter(workloads, func(w bench.Workload) bool { return w.Kind == kind }))
}

// built measures in turn, as the tool does.
func built(repetitions int, models []model, workloads []bench.Workload) *bench.Report {
	b := newBuilder()
	for _, m := range models {
		b.subject(m)
	}
	for _, w := range workloads {
		for repetition := range repetitions {
			for _, m := range models {
				b.measure(m, w, repetition+1)
			}
		}
	}
	return b.report
}

func filter[T any](all []T, keep func(T) bool) (some []T) {
	for _, each := range all {
		if keep(each) {
			some = append(some, each)
		}
	}
	return some
}

func (b *builder) subject(m model) {
	s := bench.Subject{Name: m.name, Model: m.words, Dialect: "line", Command: "loopbench serve " + m.name + " --listen 127.0.0.1:0", EchoOnly: m.echoOnly}
	if m.words == "another's server" {
		s.Command, s.Config, s.Dialect = m.name+"-server -c conf", "max_pending: 1GB\n<port>: 0\n", m.name
	}
	b.report.Subjects = append(b.report.Subjects, s)
}

// measure adds a measurement, if the model can do the workload at all.
func (b *builder) measure(m model, w bench.Workload, repetition int) {
	if m.echoOnly && w.Kind != bench.Echo && w.Kind != bench.Idle && w.Kind != bench.Storm || m.noRoom && w.Kind != bench.Fanout {
		return
	}
	one := bench.Measurement{
		Subject: m.name, Workload: w, Repetition: repetition, Began: b.report.Began.Add(time.Duration(len(b.report.Measurements)) * 6 * time.Second),
		Elapsed: w.Duration, Asked: w.Clients, Held: w.Clients,
	}
	if m.most > 0 && w.Clients > m.most {
		one.Held = m.most
		one.Warnings = append(one.Warnings, "it refuses clients past descriptor 1,023")
		one.Disconnects = map[string]int{"refused": w.Clients - m.most}
	}
	b.fill(&one, m)
	b.report.Measurements = append(b.report.Measurements, one)
}

// fill makes up what came out.
func (b *builder) fill(one *bench.Measurement, m model) {
	seconds := one.Elapsed.Seconds()
	switch one.Workload.Kind {
	case bench.Echo:
		b.deliver(one, 1e9/(9000*m.alone)*seconds, 9000*m.alone)
		b.latencies(one, 80e3*m.alone)
	case bench.Fanout:
		b.deliver(one, 1e9/(325*m.merged)*seconds, 325*m.merged)
		b.latencies(one, 20e6*m.merged)
	case bench.Chat, bench.Slow:
		b.deliver(one, one.Workload.Rate*float64(one.Held)*seconds, 500*m.merged)
		b.latencies(one, 900e3*math.Sqrt(m.merged))
	case bench.Bystander:
		b.deliver(one, one.Workload.Rate*float64(one.Held)*seconds, 500*m.merged)
		b.latencies(one, 900e3*math.Sqrt(m.merged))
		for range 1000 {
			one.RoundTrip.Record(time.Duration(float64(one.Held) * 100 * math.Sqrt(m.merged) * float64(1+b.random.IntN(100))))
		}
	case bench.Rooms:
		b.deliver(one, 1e9/(1200*m.merged/2)*seconds, 1200*m.merged/2)
		b.latencies(one, 4e6*m.merged)
	case bench.Storm:
		b.deliver(one, 1e9/(60e3*m.storm)*seconds, 60e3*m.storm)
	case bench.Knee:
		b.climb(one, m)
	}
	b.remember(one, m)
}

// deliver makes up counts and CPU time.
func (b *builder) deliver(one *bench.Measurement, n, each float64) {
	one.Received = int64(b.about(n))
	one.Expected = one.Received
	one.Sent = one.Received / int64(max(one.Workload.Clients-1, 1))
	total := time.Duration(b.about(each) * float64(one.Received))
	one.Server.User, one.Server.System = total*3/10, total*7/10
	one.Generator.User, one.Generator.System = one.Elapsed/4, one.Elapsed/4
}

// latencies makes up a distribution with a long tail around the middle, which is in nanoseconds.
func (b *builder) latencies(one *bench.Measurement, middle float64) {
	for range 1000 {
		v := middle * float64(60+b.random.IntN(80)) / 100
		if b.random.IntN(200) == 0 {
			v *= float64(3 + b.random.IntN(5))
		}
		one.Latency.Record(time.Duration(v))
		one.LastLatency.Record(time.Duration(v * 1.3))
	}
}

// climb makes up the steps of a knee.
func (b *builder) climb(one *bench.Measurement, m model) {
	bound := float64(one.Workload.Bound)
	top := b.about(m.knee)
	for rate := 500.0; ; rate *= 1.5 {
		p99 := time.Duration(bound / 12 * (1 + math.Pow(rate/top, 3)*11))
		s := bench.Step{Rate: rate, Received: rate * float64(one.Held), P50: p99 / 3, P99: p99, Held: float64(p99) <= bound}
		one.Steps = append(one.Steps, s)
		if !s.Held {
			break
		}
		one.Knee = rate
	}
	one.Knee = top
	b.deliver(one, one.Knee*float64(one.Held)*one.Elapsed.Seconds(), 500*m.merged)
	b.latencies(one, 3e6)
}

func (b *builder) remember(one *bench.Measurement, m model) {
	one.Server.BaseRSS = 6_000_000
	one.Server.RSS = one.Server.BaseRSS + int64(b.about(m.memory*float64(one.Held)))
	one.Server.PeakRSS = one.Server.RSS + 100_000
	one.Server.Threads, one.Server.Files, one.Server.Switches = 4, one.Held+10, 12345
}

// about is v with a noise of up to four percent. It adds nothing to a product, so that all machines make the same report.
func (b *builder) about(v float64) float64 { return v * (float64(960+b.random.IntN(81)) / 1000) }

// lossy has the subject lose, repeat and drop in its first measurement.
func lossy(r *bench.Report, subject string) *bench.Report {
	for i := range r.Measurements {
		m := &r.Measurements[i]
		if m.Subject != subject {
			continue
		}
		m.Lost, m.Duplicated, m.Reordered = 12, 3, 2
		m.Expected = m.Received + m.Lost
		m.Held -= 10
		m.Disconnects = map[string]int{"slow": 7, "reset": 3}
		m.Warnings = []string{"the generator was the limit: its CPU was busy for 99 % of the time"}
		break
	}
	return r
}
