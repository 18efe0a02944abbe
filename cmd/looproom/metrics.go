//go:build linux

package main

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"looproom/loop/meter"
)

// maxScrapes is how many requests for the metrics are answered at once.
const maxScrapes = 4

// metricsPage is what Prometheus reads: the server's own metrics, those of its store if it has one, and those of Go and of the process.
func metricsPage(begins *beginning) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		storeMetrics{begins},
		serverMetrics{begins},
		clusterMetrics{begins},
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: maxScrapes})
}

// serverMetrics makes metrics of the server's Stats, at each request anew, as soon as there is a server.
type serverMetrics struct{ begins *beginning }

// loopMetric is a number that each event loop has.
type loopMetric struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	of   func(*meter.LoopStats) float64
}

// loopMetrics are told by loop, which is the label.
var loopMetrics = []loopMetric{
	{
		describe("lines_total", "Lines, blocks and messages that came from clients; empty and overlong ones are not counted.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.Lines) },
	},
	{
		describe("deliveries_total", "Messages, notices and answers, counted once for every client that each was for.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.Deliveries) },
	},
	{
		describe("writes_total", "System calls that wrote to clients. Deliveries by writes is the merge ratio.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.Writes) },
	},
	{
		describe("received_bytes_total", "Bytes from clients, uploads aside.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.BytesIn) },
	},
	{
		describe("sent_bytes_total", "Bytes to clients.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.BytesOut) },
	},
	{
		describe("delivery_log_bytes", "Bytes that the delivery log holds for clients that still wait for them.", "loop"),
		prometheus.GaugeValue, func(s *meter.LoopStats) float64 { return float64(s.LogBytes) },
	},
	{
		describe("slow_drops_total", "Clients disconnected because they read too slowly.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.SlowDrops) },
	},
	{
		describe("shed_total", "Clients disconnected because they held most of the memory when the server was short of it.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.Shed) },
	},
	{
		describe("skipped_messages_total", "Messages that slow clients of doors with slow=skip were spared.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.Skipped) },
	},
	{
		describe("floods_delayed_total", "Times that a line had to wait because its client sends too fast.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.FloodsDelayed) },
	},
	{
		describe("floods_disconnected_total", "Clients disconnected because they sent too fast.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.FloodsDropped) },
	},
	{
		describe("inputs_deferred_total", "Times that the rest of a client's input had to wait for its next turn.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.InputsDeferred) },
	},
	{
		describe("wrong_passwords_total", "Passwords that were wrong, of operators, registered names and the server.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.PasswordsWrong) },
	},
	{
		describe("refused_attempts_total", "Passwords not looked at, because their address had tried too many.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.AttemptsRefused) },
	},
	{
		describe("panics_total", "Panics that were caught.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.Panics) },
	},
	{
		describe("uploads_begun_total", "Uploads begun.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.Uploads.Begun) },
	},
	{
		describe("uploads_kept_total", "Uploads that are safe on disk.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.Uploads.Kept) },
	},
	{
		describe("uploads_failed_total", "Uploads broken off, or that could not be kept.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.Uploads.Failed) },
	},
	{
		describe("uploaded_bytes_total", "Bytes of the uploads that were kept.", "loop"),
		prometheus.CounterValue, func(s *meter.LoopStats) float64 { return float64(s.Uploads.Bytes) },
	},
	{
		describe("loop_lag_longest_seconds", "The longest loop lag since the start.", "loop"),
		prometheus.GaugeValue, func(s *meter.LoopStats) float64 { return s.Lag.Longest.Seconds() },
	},
}

// What has other labels than the loop, or is no plain number.
var (
	clientsDesc = describe("clients", "Connections by door and by state: locked (no password yet), guest, signed_in, lingering (closed on our side only).", "door", "state")
	stallsDesc  = describe("stalls_total", "What kept a loop for 100 ms or more: apply, flush, batch; timer: the process was not run.", "loop", "what")
	lagDesc     = describe("loop_lag_seconds", "From the first event of a batch to the end of its flush: what an event that comes meanwhile waits.", "loop")
	applyDesc   = describe("apply_seconds", "From a command's line to the events that follow.")
	applyMost   = describe("apply_longest_seconds", "The longest apply since the start.")
	refusedDesc = describe("refused_connections_total", "Connections not let in, by reason.", "reason")
	prefaceDesc = describe("prefaces", "Connections just being made: a proxy's header or a TLS handshake is waited for.")
	memoryDesc  = describe("memory_bytes", "Memory that clients hold, by what for; what the kernel holds for them is estimated.", "source")
	memoryMost  = describe("memory_most_bytes", "What they may hold together; 0: there is no limit.")
	logDesc     = describe("log_dropped_lines_total", "Lines of log dropped because whoever reads the log did not take them.")
	acceptDesc  = describe("accept_errors_total", "Accepts that failed, as by lack of descriptors.")
	mergeDesc   = describe("merge_ratio", "Deliveries by writes since the start.")
	buildDesc   = describe("build_info", "Always 1; the label is the version.", "version")
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("looproom_"+name, help, labels, nil)
}

// Describe implements prometheus.Collector.
func (m serverMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, metric := range loopMetrics {
		to <- metric.desc
	}
	for _, desc := range []*prometheus.Desc{
		clientsDesc, stallsDesc, lagDesc, applyDesc, applyMost, refusedDesc, prefaceDesc, acceptDesc, logDesc, mergeDesc, buildDesc,
		memoryDesc, memoryMost,
	} {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (m serverMetrics) Collect(to chan<- prometheus.Metric) {
	server := m.begins.server.Load()
	if server == nil {
		return
	}
	stats := server.Stats()
	var deliveries, writes uint64
	for i := range stats.Loops {
		s := &stats.Loops[i]
		collectLoop(to, strconv.Itoa(i), s)
		deliveries += s.Deliveries
		writes += s.Writes
	}
	home := &stats.Loops[0].Apply
	to <- histogram(applyDesc, home)
	to <- gauge(applyMost, home.Longest.Seconds())
	to <- gauge(mergeDesc, float64(deliveries)/float64(max(writes, 1)))
	to <- gauge(buildDesc, 1, versionLine())
	to <- counter(acceptDesc, stats.AcceptErrors)
	to <- counter(logDesc, stats.LogDropped)
	to <- gauge(prefaceDesc, float64(stats.Prefaces))
	to <- gauge(memoryMost, float64(stats.Memory.Most))
	for source, bytes := range stats.Memory.BySource {
		to <- gauge(memoryDesc, float64(bytes), source)
	}
	for reason, n := range stats.Refused {
		to <- counter(refusedDesc, n, reason)
	}
	for _, d := range stats.Doors {
		to <- gauge(clientsDesc, float64(d.Locked), d.URL, "locked")
		to <- gauge(clientsDesc, float64(d.Guests), d.URL, "guest")
		to <- gauge(clientsDesc, float64(d.SignedIn), d.URL, "signed_in")
		to <- gauge(clientsDesc, float64(d.Lingering), d.URL, "lingering")
	}
}

func collectLoop(to chan<- prometheus.Metric, index string, s *meter.LoopStats) {
	for _, metric := range loopMetrics {
		to <- prometheus.MustNewConstMetric(metric.desc, metric.kind, metric.of(s), index)
	}
	to <- histogram(lagDesc, &s.Lag, index)
	for what, n := range s.Stalls {
		to <- counter(stallsDesc, n, index, what)
	}
}

func counter(desc *prometheus.Desc, n uint64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(n), labels...)
}

func gauge(desc *prometheus.Desc, value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
}

func histogram(desc *prometheus.Desc, h *meter.Histogram, labels ...string) prometheus.Metric {
	buckets := make(map[float64]uint64, len(h.Buckets))
	for _, b := range h.Buckets {
		buckets[float64(b.AtMost)/float64(time.Second)] = b.Count
	}
	return prometheus.MustNewConstHistogram(desc, h.Count, h.Sum.Seconds(), buckets, labels...)
}
