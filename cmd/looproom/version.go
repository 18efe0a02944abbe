//go:build linux

package main

import (
	"cmp"
	"fmt"
	"runtime/debug"
)

// version is set by the linker for a release: -ldflags "-X main.version=v1.2.3". Otherwise the build's own record counts.
var version string

// versionLine is what --version prints: version, commit, Go.
func versionLine() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "looproom " + cmp.Or(version, "(devel)")
	}
	return fmt.Sprintf("looproom %s (commit %s, %s)", cmp.Or(version, build.Main.Version), commit(build), build.GoVersion)
}

// commit returns the first twelve digits of the commit, with a mark where files had been changed since.
func commit(build *debug.BuildInfo) string {
	settings := map[string]string{}
	for _, s := range build.Settings {
		settings[s.Key] = s.Value
	}
	revision := cmp.Or(settings["vcs.revision"], "unknown")
	revision = revision[:min(len(revision), 12)]
	if settings["vcs.modified"] == "true" {
		revision += ", modified"
	}
	return revision
}
