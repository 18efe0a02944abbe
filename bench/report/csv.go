package report

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"looproom/bench"
)

// csvColumn is one of the file. Its name ends with the unit.
type csvColumn struct {
	name string
	of   func(*bench.Measurement) string
}

var csvColumns = slices.Concat(csvWorkload, csvCounts, csvLatencies, csvUsage)

var csvWorkload = []csvColumn{
	{"subject", func(m *bench.Measurement) string { return m.Subject }},
	{"kind", func(m *bench.Measurement) string { return string(m.Workload.Kind) }},
	{"clients", whole(func(m *bench.Measurement) int { return m.Workload.Clients })},
	{"rooms", whole(func(m *bench.Measurement) int { return m.Workload.Rooms })},
	{"forms", whole(func(m *bench.Measurement) int { return m.Workload.Forms })},
	{"senders", whole(func(m *bench.Measurement) int { return m.Workload.Senders })},
	{"slow", whole(func(m *bench.Measurement) int { return m.Workload.Slow })},
	{"size_bytes", whole(func(m *bench.Measurement) int { return m.Workload.Size })},
	{"depth", whole(func(m *bench.Measurement) int { return m.Workload.Depth })},
	{"window", whole(func(m *bench.Measurement) int { return m.Workload.Window })},
	{"rate_per_s", number(func(m *bench.Measurement) float64 { return m.Workload.Rate })},
	{"poisson", func(m *bench.Measurement) string { return strconv.FormatBool(m.Workload.Poisson) }},
	{"answers", func(m *bench.Measurement) string { return strconv.FormatBool(m.Workload.Answers) }},
	{"pings_per_s", number(func(m *bench.Measurement) float64 { return m.Workload.Pings })},
	{"bound_ns", nanoseconds(func(m *bench.Measurement) time.Duration { return m.Workload.Bound })},
	{"repetition", whole(func(m *bench.Measurement) int { return m.Repetition })},
	{"began", func(m *bench.Measurement) string { return m.Began.UTC().Format(time.RFC3339Nano) }},
	{"elapsed_ns", nanoseconds(func(m *bench.Measurement) time.Duration { return m.Elapsed })},
}

var csvCounts = []csvColumn{
	{"connections_asked", whole(func(m *bench.Measurement) int { return m.Asked })},
	{"connections_held", whole(func(m *bench.Measurement) int { return m.Held })},
	{"sent", whole(func(m *bench.Measurement) int64 { return m.Sent })},
	{"expected", whole(func(m *bench.Measurement) int64 { return m.Expected })},
	{"received", whole(func(m *bench.Measurement) int64 { return m.Received })},
	{"lost", whole(func(m *bench.Measurement) int64 { return m.Lost })},
	{"duplicated", whole(func(m *bench.Measurement) int64 { return m.Duplicated })},
	{"reordered", whole(func(m *bench.Measurement) int64 { return m.Reordered })},
	{"answers_received", whole(func(m *bench.Measurement) int64 { return m.Answers })},
	{"late", whole(func(m *bench.Measurement) int64 { return m.Late })},
	{"skipped", whole(func(m *bench.Measurement) int64 { return m.Skipped })},
	{"received_per_s", number((*bench.Measurement).Throughput)},
	{"knee_per_s", number(func(m *bench.Measurement) float64 { return m.Knee })},
}

var csvLatencies = slices.Concat(
	percentiles("latency", func(m *bench.Measurement) *bench.Distribution { return &m.Latency }),
	percentiles("across_latency", func(m *bench.Measurement) *bench.Distribution { return &m.AcrossLatency }),
	percentiles("last_latency", func(m *bench.Measurement) *bench.Distribution { return &m.LastLatency }),
	percentiles("round_trip", func(m *bench.Measurement) *bench.Distribution { return &m.RoundTrip }),
	percentiles("lag", func(m *bench.Measurement) *bench.Distribution { return &m.Lag }),
)

var csvUsage = []csvColumn{
	{"server_user_ns", nanoseconds(func(m *bench.Measurement) time.Duration { return m.Server.User })},
	{"server_system_ns", nanoseconds(func(m *bench.Measurement) time.Duration { return m.Server.System })},
	{"server_cpu_per_delivery_ns", number(cpuEach.of)},
	{"server_rss_bytes", whole(func(m *bench.Measurement) int64 { return m.Server.RSS })},
	{"server_peak_rss_bytes", whole(func(m *bench.Measurement) int64 { return m.Server.PeakRSS })},
	{"server_base_rss_bytes", whole(func(m *bench.Measurement) int64 { return m.Server.BaseRSS })},
	{"socket_bytes", whole(func(m *bench.Measurement) int64 { return m.Server.Sockets })},
	{"server_context_switches", whole(func(m *bench.Measurement) int64 { return m.Server.Switches })},
	{"server_threads", whole(func(m *bench.Measurement) int { return m.Server.Threads })},
	{"server_descriptors", whole(func(m *bench.Measurement) int { return m.Server.Files })},
	{"generator_user_ns", nanoseconds(func(m *bench.Measurement) time.Duration { return m.Generator.User })},
	{"generator_system_ns", nanoseconds(func(m *bench.Measurement) time.Duration { return m.Generator.System })},
	{"disconnects", func(m *bench.Measurement) string { return disconnectsOf(m) }},
	{"warnings", func(m *bench.Measurement) string { return strings.Join(m.Warnings, "; ") }},
}

// CSV writes a line of names and a line for each measurement, in the order in which they were made.
func CSV(w io.Writer, r *bench.Report) error {
	lines := csv.NewWriter(w)
	record := make([]string, len(csvColumns))
	for i, col := range csvColumns {
		record[i] = col.name
	}
	if err := lines.Write(record); err != nil {
		return err
	}
	for at := range r.Measurements {
		for i, col := range csvColumns {
			record[i] = col.of(&r.Measurements[at])
		}
		if err := lines.Write(record); err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}

func whole[T int | int64](of func(*bench.Measurement) T) func(*bench.Measurement) string {
	return func(m *bench.Measurement) string { return strconv.FormatInt(int64(of(m)), 10) }
}

func nanoseconds(of func(*bench.Measurement) time.Duration) func(*bench.Measurement) string {
	return func(m *bench.Measurement) string { return strconv.FormatInt(int64(of(m)), 10) }
}

// number writes enough digits for any use, and no more.
func number(of func(*bench.Measurement) float64) func(*bench.Measurement) string {
	return func(m *bench.Measurement) string { return strconv.FormatFloat(of(m), 'g', 9, 64) }
}

func percentiles(name string, of func(*bench.Measurement) *bench.Distribution) (columns []csvColumn) {
	for _, p := range []struct {
		suffix string
		of     float64
	}{{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p999", 99.9}} {
		columns = append(columns, csvColumn{name + "_" + p.suffix + "_ns", nanoseconds(func(m *bench.Measurement) time.Duration {
			return of(m).Percentile(p.of)
		})})
	}
	return append(columns, csvColumn{name + "_max_ns", nanoseconds(func(m *bench.Measurement) time.Duration { return of(m).Max() })})
}

func disconnectsOf(m *bench.Measurement) string {
	var words []string
	for _, reason := range slices.Sorted(maps.Keys(m.Disconnects)) {
		words = append(words, reason+"="+strconv.Itoa(m.Disconnects[reason]))
	}
	return strings.Join(words, "; ")
}
