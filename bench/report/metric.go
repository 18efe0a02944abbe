package report

import (
	"time"

	"looproom/bench"
)

// metric is one figure of a measurement.
type metric struct {
	name          string
	short         string // in the head of a column
	lowerIsBetter bool
	of            func(*bench.Measurement) float64 // 0 where it isn't known
	show          func(float64) string
}

// The metrics. Times are nanoseconds.
var (
	throughput = metric{"throughput", "rate", false, (*bench.Measurement).Throughput, perSecond}
	cpuEach    = metric{"CPU each", "CPU", true, perDelivery(bench.Usage.CPU), duration}
	userEach   = metric{"user CPU each", "user", true, perDelivery(func(u bench.Usage) time.Duration { return u.User }), duration}
	systemEach = metric{"system CPU each", "system", true, perDelivery(func(u bench.Usage) time.Duration { return u.System }), duration}
	knee       = metric{"knee", "knee", false, func(m *bench.Measurement) float64 { return m.Knee }, perSecond}
	rss        = metric{"RSS", "RSS", true, func(m *bench.Measurement) float64 { return float64(m.Server.RSS) }, byteSize}
	memoryEach = metric{"memory per connection", "memory", true, bytesPerConnection, byteSize}
	p50        = metric{"p50", "p50", true, func(m *bench.Measurement) float64 { return float64(m.Latency.Percentile(50)) }, duration}
	p99        = metric{"p99", "p99", true, func(m *bench.Measurement) float64 { return float64(m.Latency.Percentile(99)) }, duration}
	lastP99    = metric{"p99 to the last", "last p99", true, func(m *bench.Measurement) float64 { return float64(m.LastLatency.Percentile(99)) }, duration}
	lastP50    = metric{"p50 to the last", "last p50", true, func(m *bench.Measurement) float64 { return float64(m.LastLatency.Percentile(50)) }, duration}
	acrossP50  = metric{"p50 across nodes", "across p50", true, func(m *bench.Measurement) float64 { return float64(m.AcrossLatency.Percentile(50)) }, duration}
	acrossP99  = metric{"p99 across nodes", "across p99", true, func(m *bench.Measurement) float64 { return float64(m.AcrossLatency.Percentile(99)) }, duration}
	askedP50   = metric{"p50 of a bystander", "ping p50", true, func(m *bench.Measurement) float64 { return float64(m.RoundTrip.Percentile(50)) }, duration}
	askedP99   = metric{"p99 of a bystander", "ping p99", true, func(m *bench.Measurement) float64 { return float64(m.RoundTrip.Percentile(99)) }, duration}
	cpuBusy    = metric{"CPU per second", "CPU", true, cpuPerSecond, duration}
)

// perDelivery doesn't round to nanoseconds: of 25 ns that would be four percent.
func perDelivery(of func(bench.Usage) time.Duration) func(*bench.Measurement) float64 {
	return func(m *bench.Measurement) float64 {
		if m.Received == 0 {
			return 0
		}
		return float64(of(m.Server)) / float64(m.Received)
	}
}

// bytesPerConnection is unknown where hardly a connection was held: a process grows by itself too.
func bytesPerConnection(m *bench.Measurement) float64 {
	const enough = 10
	if m.Held < enough || m.Server.BaseRSS == 0 || m.Workload.Kind == bench.Storm {
		return 0
	}
	return m.BytesPerConnection()
}

func cpuPerSecond(m *bench.Measurement) float64 {
	if m.Elapsed <= 0 {
		return 0
	}
	return float64(m.Server.CPU()) / m.Elapsed.Seconds()
}

// headlines are the metrics by which subjects are compared first, the best one first.
var headlines = map[bench.Kind][]metric{
	bench.Idle:      {memoryEach, rss},
	bench.Knee:      {knee},
	bench.Bystander: {askedP99, cpuEach},
}

// judged are all metrics by which subjects are compared in a workload. In a closed loop the middle of the latency is only the rate seen from the
// other side.
func judged(w bench.Workload) []metric {
	switch {
	case w.Kind == bench.Idle:
		return []metric{memoryEach, cpuBusy}
	case w.Kind == bench.Knee:
		return []metric{knee}
	case w.Kind == bench.Bystander:
		return []metric{askedP50, askedP99, cpuEach, p50, p99, lastP50, lastP99, rss}
	case unpaced(w):
		return []metric{cpuEach, throughput, p99, rss}
	default:
		return []metric{cpuEach, p50, p99, lastP50, lastP99, rss}
	}
}

// aspects are what metrics are of, in the order in which they are spoken of.
var aspects = []string{"CPU", "latency", "rate", "memory"}

func (m metric) aspect() string {
	switch m.name {
	case cpuEach.name, cpuBusy.name:
		return "CPU"
	case throughput.name, knee.name:
		return "rate"
	case rss.name, memoryEach.name:
		return "memory"
	default:
		return "latency"
	}
}

// headline is the first metric that the baseline has and somebody else too; of a section without such a one, the first.
func (s section) headline() metric {
	candidates, special := headlines[s.workload.Kind]
	if !special {
		candidates = []metric{cpuEach, throughput}
	}
	for _, m := range candidates {
		if s.of(s.baseline).sample(m).known() && s.knownOf(m) > 1 {
			return m
		}
	}
	return candidates[0]
}

func (s section) knownOf(m metric) (n int) {
	for _, c := range s.cells {
		if c.sample(m).known() {
			n++
		}
	}
	return n
}

// ratioOf is how many times the baseline's metric the subject's is. Its value is 0 where either isn't known.
func (s section) ratioOf(subject string, m metric) ratio {
	return sideBySide(s.of(subject).sample(m), s.of(s.baseline).sample(m))
}

// unpaced is true where the server says how fast it goes. Where the generator does, throughput says little.
func unpaced(w bench.Workload) bool {
	return w.Rate == 0 && w.Kind != bench.Idle && w.Kind != bench.Knee
}

// thing is what a delivery is in this kind of workload.
func thing(k bench.Kind) string {
	switch k {
	case bench.Echo:
		return "echo"
	case bench.Storm:
		return "client"
	default:
		return "delivery"
	}
}

func things(k bench.Kind) string {
	switch k {
	case bench.Echo:
		return "echoes"
	case bench.Storm:
		return "clients"
	default:
		return "deliveries"
	}
}
