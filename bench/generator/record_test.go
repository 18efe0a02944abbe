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
		gotSender, gotSeq, end, ok, _ := findRecord(buf)
		if !ok || gotSender != sender || gotSeq != seq || end != len(before)+recordSize {
			t.Fatalf("findRecord(%q) = %d, %d, %d, %v; want %d, %d, %d", buf, gotSender, gotSeq, end, ok, sender, seq, len(before)+recordSize)
		}
		// However the stream is cut, the record is found once its last byte has come.
		short := buf[:(cut&0xffff)%end]
		if _, _, _, ok, rest := findRecord(short); ok || rest != min(len(before), len(short)) {
			t.Fatalf("findRecord(%q) = %v with rest %d, want none yet and %d", short, ok, rest, min(len(before), len(short)))
		}
	})
}

func BenchmarkFindRecord(b *testing.B) {
	var buf []byte
	for i := range uint64(1000) {
		buf = append(appendRecord(append(buf, "[user000001] "...), 1, i, 64), '\n')
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for rest := buf; ; n++ {
			_, _, end, ok, _ := findRecord(rest)
			if !ok {
				break
			}
			rest = rest[end:]
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/record")
}
