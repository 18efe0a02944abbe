package folder

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	if err := os.WriteFile(whole, []byte(strings.Repeat("x", 1024)), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := ReadFile(whole, 1024); len(text) != 1024 || err != nil {
		t.Errorf("ReadFile = %d bytes, %v; want 1024", len(text), err)
	}
	rows := []struct {
		path string
		most int64
		want string
	}{
		{whole, 1023, whole + " has more than 1023"},
		{whole, 512, whole + " has more than 512"},
		{dir, 1024, dir + " is not a regular file"},
		{"/dev/zero", 1024, "/dev/zero is not a regular file"},
		{filepath.Join(dir, "none"), 1024, "no such file"},
	}
	for _, row := range rows {
		if _, err := ReadFile(row.path, row.most); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("ReadFile(%s, %d) = %v, want %q", row.path, row.most, err, row.want)
		}
	}
}
