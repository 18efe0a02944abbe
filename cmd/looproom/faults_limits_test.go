//go:build linux

package main_test

// limitsOff are the flags of a server whose limits a test's own load would run into.
func limitsOff() []string {
	return []string{
		"--lines-per-second", "0", "--max-per-address", "0", "--connect-rate", "0", "--pending-per-address", "0", "--requests-per-second", "0", "--files-per-address", "0", "--file-bytes-per-address", "0",
		"--disk-reserve", "0", "--max-rooms-per-address", "0",
	}
}
