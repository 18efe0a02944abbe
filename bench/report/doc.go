// Package report turns a bench.Report into what people and programs read: a terminal table (Table), one HTML page with plots
// (HTML), the plots alone (WriteSVGs), lines for a spreadsheet (CSV), a result file (JSON), advice in words (Advice), and a
// comparison of two saved runs (Compare).
//
// It knows nothing of servers, sockets or processes, and asks no clock: the same report gives the same bytes. All of it is plain
// functions over a report that they don't change, for any goroutine.
//
// # Statistics
//
// A workload on a subject is repeated, the subjects in turn. Figures are medians over the repetitions, and the spread beside them is
// half of what lies between the smallest and the largest, in percent of the median. Percentiles of latency are medians of the
// repetitions' percentiles, the maximum is that of all.
//
// A ratio is of two medians. Its 95 % interval is a percentile bootstrap of 2,000 resamples with a fixed seed. From five repetitions on
// the resamples keep together what was measured side by side in the same repetition, so what slowed the whole machine for a while
// cancels out; with three or four repetitions that would miss the truth too often (in one of four runs with three, measured on
// made-up noise), so each side is then resampled alone. With fewer than three there is no interval, and nothing is called
// faster or slower. Where the interval holds 1 the two are called indistinguishable.
//
// # What is judged
//
// A cell is a metric of a workload on a subject, against the baseline: CPU per delivery, the resident memory, and where the generator sets the
// pace the 50th and 99th percentile of the latency to each receiver and to the last one, otherwise the rate and the 99th percentile alone, for
// there the middle of the latency is the rate seen from the other side. Of a bystander the round trip is judged besides; of idle clients memory and
// CPU, of the knee its rate. What the baseline loses is said before anything else.
//
// # Result files
//
// A result file is one JSON object, bench.Report, whose fields are documented there and in bench.Measurement, bench.Workload,
// bench.Usage, bench.Subject and bench.Machine. The names in the file are those of the json tags. Times that end in _ns are
// nanoseconds, sizes that end in _bytes are bytes, points in time are RFC 3339. A distribution has count, p50_ns, p90_ns, p99_ns, p999_ns
// and max_ns for people, and in hdr the whole histogram in HdrHistogram's V2 compressed encoding as base64. schema is
// bench.SchemaVersion; ReadJSON refuses any other.
package report
