//go:build linux

package main

import (
	"cmp"
	"fmt"
	"runtime/debug"
)

// version is set by the linker for a release: -ldflags "-X main.version=v1.2.3". Otherwise the build's own record counts.
var version string

// versionLine is what --version prints: version and Go.
func versionLine() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "looproom " + cmp.Or(version, "(devel)")
	}
	return fmt.Sprintf("looproom %s (%s)", cmp.Or(version, recorded(build)), build.GoVersion)
}

// recorded is the version in the build's own record: the commit, with a mark where files had been changed since, where there is one.
func recorded(build *debug.BuildInfo) string {
	settings := map[string]string{}
	for _, s := range build.Settings {
		settings[s.Key] = s.Value
	}
	revision := settings["vcs.revision"]
	if revision == "" {
		return build.Main.Version
	}
	revision = revision[:min(len(revision), 12)]
	if settings["vcs.modified"] == "true" {
		revision += ", modified"
	}
	return build.Main.Version + ", commit " + revision
}
