//go:build linux

package main

import "looproom/cmd/program"

// version and commit are set by the linker for a release: -ldflags "-X main.version=v1.2.3 -X main.commit=0123abc". Otherwise the build's
// own record counts.
var version, commit string

// versionLine is what --version prints: version, commit and Go.
func versionLine() string {
	return program.Built(version, commit).Line("looproom")
}
