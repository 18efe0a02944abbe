//go:build linux

package main

import "looproom/cmd/program"

// version and commit are set by the linker for a release: -ldflags "-X main.version=v1.2.3 -X main.commit=0123abc". Otherwise the build's
// own record counts.
var version, commit string

// versionLine is the version alone, for reports.
func versionLine() string {
	return program.Built(version, commit).Version
}
