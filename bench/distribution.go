package bench

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Bounds of what a Distribution can tell apart: from a microsecond to ten minutes, to three digits.
const (
	minRecorded = int64(time.Microsecond)
	maxRecorded = int64(10 * time.Minute)
	digits      = 3
)

// Distribution is durations as an HDR histogram. The zero value is an empty one. It is not safe for several goroutines.
type Distribution struct {
	h *hdrhistogram.Histogram
}

// Record adds d; what is out of bounds counts as the bound.
func (d *Distribution) Record(v time.Duration) { d.RecordTimes(v, 1) }

// RecordTimes adds d n times.
func (d *Distribution) RecordTimes(v time.Duration, n int64) {
	if d.h == nil {
		d.h = hdrhistogram.New(minRecorded, maxRecorded, digits)
	}
	_ = d.h.RecordValues(min(max(int64(v), minRecorded), maxRecorded), n) // can only fail out of bounds
}

// Merge adds all of other.
func (d *Distribution) Merge(other *Distribution) {
	if other.h == nil {
		return
	}
	if d.h == nil {
		d.h = hdrhistogram.New(minRecorded, maxRecorded, digits)
	}
	d.h.Merge(other.h)
}

// Count is how many durations there are.
func (d *Distribution) Count() int64 {
	if d.h == nil {
		return 0
	}
	return d.h.TotalCount()
}

// Percentile is the duration that p percent are not above; 0 of an empty Distribution.
func (d *Distribution) Percentile(p float64) time.Duration {
	if d.h == nil {
		return 0
	}
	return time.Duration(d.h.ValueAtPercentile(p))
}

// Max is the longest.
func (d *Distribution) Max() time.Duration {
	if d.h == nil {
		return 0
	}
	return time.Duration(d.h.Max())
}

// summary is how a Distribution stands in a result file: some figures for people, and all of it in HdrHistogram's V2 compressed
// encoding, which its tools read.
type summary struct {
	Count int64         `json:"count"`
	P50   time.Duration `json:"p50_ns"`
	P90   time.Duration `json:"p90_ns"`
	P99   time.Duration `json:"p99_ns"`
	P999  time.Duration `json:"p999_ns"`
	Max   time.Duration `json:"max_ns"`
	HDR   string        `json:"hdr,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (d Distribution) MarshalJSON() ([]byte, error) {
	s := summary{
		Count: d.Count(), P50: d.Percentile(50), P90: d.Percentile(90), P99: d.Percentile(99), P999: d.Percentile(99.9), Max: d.Max(),
	}
	if d.h != nil {
		encoded, err := d.h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
		if err != nil {
			return nil, fmt.Errorf("encode histogram: %w", err)
		}
		s.HDR = string(encoded)
	}
	return json.Marshal(s)
}

// UnmarshalJSON implements json.Unmarshaler.
func (d *Distribution) UnmarshalJSON(b []byte) error {
	var s summary
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	*d = Distribution{}
	if s.HDR == "" {
		return nil
	}
	h, err := hdrhistogram.Decode([]byte(s.HDR))
	if err != nil {
		return fmt.Errorf("decode histogram: %w", err)
	}
	d.h = h
	return nil
}
