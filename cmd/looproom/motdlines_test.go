//go:build linux

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadMOTD(t *testing.T) {
	long := strings.Repeat("x", maxMOTDLine-1)
	rows := []struct {
		name, text string
		want       []string
		err        string // "" for none
	}{
		{"lines", "one\n\n two\n", []string{"one", "", " two"}, ""},
		{"no end", "one\ntwo", []string{"one", "two"}, ""},
		{"of Windows", "\ufeffone\r\ntwo\r\n\r\n", []string{"one", "two"}, ""},
		{"nothing", "", nil, ""},
		{"nothing but ends", "\n\r\n\n", nil, ""},
		{"colours stay, and no line is made", "\x02bold\x0304red\x00\rhere\n", []string{"\x02bold\x0304redhere"}, ""},
		{"spaces at an end", "one  \n  \ntwo", []string{"one", "", "two"}, ""},
		{"as long as may be", long + "y\n", []string{long + "y"}, ""},
		{"too long", long + "yz\nnext", []string{long + "y", "next"}, ""},
		{"too long within a character", long + "é\n", []string{long}, ""},
		{"as much as may be", strings.Repeat("1234567\n", maxMOTD/8), slices.Repeat([]string{"1234567"}, maxMOTD/8), ""},
		{"too much", strings.Repeat("1234567\n", maxMOTD/8) + "8", nil, "has more than 64KiB (it names"},
		{"no UTF-8", "caf\xe9\n", nil, "is not text in UTF-8 (it names"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "motd")
			if err := os.WriteFile(path, []byte(row.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := readMOTD(path)
			if !slices.Equal(got, row.want) || row.err == "" && err != nil || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
				t.Errorf("readMOTD of %.40q = %.40q, %v; want %.40q, %q", row.text, got, err, row.want, row.err)
			}
		})
	}
}
