package generator

import (
	"bytes"
	"testing"
)

func FuzzRecord(f *testing.F) {
	f.Add(uint32(0), uint64(0), []byte("[u1] "), 64, 3)
	f.Add(uint32(1<<24-1), uint64(1<<40-1), []byte("~~abc~"), 20, 0)
	f.Fuzz(func(t *testing.T, sender uint32, seq uint64, before []byte, size, cut int) {
		sender &= 1<<24 - 1
		seq &= 1<<40 - 1
		size = recordSize + (size&0xfff)%100
		if bytes.IndexByte(before, recordMark) >= 0 {
			before = bytes.ReplaceAll(before, []byte{recordMark}, []byte("-"))
		}
		buf := appendRecord(bytes.Clone(before), sender, seq, size)
		whole := reader{buf: buf, size: size}
		gotSender, gotSeq, ok := whole.next()
		end := len(before) + recordSize
		if !ok || gotSender != sender || gotSeq != seq || whole.at != end {
			t.Fatalf("next in %q = %d, %d, %v at %d; want %d, %d at %d", buf, gotSender, gotSeq, ok, whole.at, sender, seq, end)
		}
		// However the stream is cut, the record is found once its last byte has come.
		short := reader{buf: buf[:(cut&0xffff)%end], size: size}
		if _, _, ok := short.next(); ok || short.at != min(len(before), len(short.buf)) {
			t.Fatalf("next in %q = %v with the rest at %d, want none yet and %d", short.buf, ok, short.at, min(len(before), len(short.buf)))
		}
	})
}

// Every record is found once, in order, whatever stands between the messages and however that changes.
func FuzzReader(f *testing.F) {
	f.Add([]byte{0, 0, 0}, 17)
	f.Add([]byte{9, 10, 10, 10, 11, 10, 200, 200, 0, 1, 0}, 64)
	f.Fuzz(func(t *testing.T, gaps []byte, size int) {
		size = recordSize + (size&0xfff)%100
		gaps = gaps[:min(len(gaps), 64)] // more would only be slower
		var buf []byte
		for i, gap := range gaps {
			buf = append(buf, bytes.Repeat([]byte{" ~["[int(gap)%3]}, int(gap))...)
			buf = append(appendRecord(buf, 7, uint64(i), size), '\n')
		}
		r := reader{buf: buf, size: size}
		for i := range gaps {
			if sender, seq, ok := r.next(); !ok || sender != 7 || seq != uint64(i) {
				t.Fatalf("record %d: got %d, %d, %v at %d of %q", i, sender, seq, ok, r.at, buf)
			}
		}
		if _, _, ok := r.next(); ok {
			t.Fatalf("more than %d records in %q", len(gaps), buf)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	var buf []byte
	for i := range uint64(1000) {
		buf = append(appendRecord(append(buf, "[user000001] "...), 1, i, 64), '\n')
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		r := reader{buf: buf, size: 64}
		for {
			if _, _, ok := r.next(); !ok {
				break
			}
			n++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/record")
}
