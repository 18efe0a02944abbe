package unit

import "testing"

func TestSize(t *testing.T) {
	rows := []struct {
		text string
		want Size
		back string
	}{
		{"0", 0, "0"},
		{"1", 1, "1"},
		{"8192", 8192, "8KiB"},
		{"8KiB", 8192, "8KiB"},
		{"8 KiB", 8192, "8KiB"},
		{"64k", 65536, "64KiB"},
		{"64K", 65536, "64KiB"},
		{"64MiB", 64 << 20, "64MiB"},
		{"64mb", 64 << 20, "64MiB"},
		{"2G", 2 << 30, "2GiB"},
		{"1500", 1500, "1500"},
		{"100B", 100, "100"},
	}
	for _, row := range rows {
		t.Run(row.text, func(t *testing.T) {
			var got Size
			if err := got.UnmarshalText([]byte(row.text)); err != nil || got != row.want || got.String() != row.back {
				t.Errorf("size %q = %d (%v), %v; want %d (%s)", row.text, int64(got), got, err, int64(row.want), row.back)
			}
		})
	}
}

func TestNoSize(t *testing.T) {
	for _, text := range []string{"", "-1", "k", "8KiBs", "8Ki", "8kk", "8x", "1.5k", "0x10", "99999999999999999999", "9999999999G"} {
		t.Run(text, func(t *testing.T) {
			var got Size
			if err := got.UnmarshalText([]byte(text)); err == nil {
				t.Errorf("size %q = %d, want an error", text, int64(got))
			}
		})
	}
}
