package program

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// Release says what a program was built from.
type Release struct {
	Version string // as v1.2.3; of a build without one, what Go makes of the commit; "(devel)" without both
	Commit  string // its first 12 digits, with a mark where files had been changed since; "" where it isn't known
	Go      string // as go1.26.0
	Date    string // of the commit, as 2026-01-31; "" where it isn't known
}

// Built is the release of this program. What the linker has set, as by -ldflags "-X main.version=v1.2.3 -X main.commit=0123abc", comes
// before what the build has recorded.
func Built(version, commit string) Release {
	release := Release{Version: cmp.Or(version, "(devel)"), Commit: shortened(commit), Go: runtime.Version(), Date: epoch()}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return release
	}
	settings := map[string]string{}
	for _, s := range build.Settings {
		settings[s.Key] = s.Value
	}
	release.Version = cmp.Or(version, build.Main.Version, "(devel)")
	if day, _, ok := strings.Cut(settings["vcs.time"], "T"); ok {
		release.Date = day
	}
	if commit == "" {
		release.Commit = shortened(settings["vcs.revision"])
		if settings["vcs.modified"] == "true" {
			release.Commit += ", modified"
		}
	}
	return release
}

// Line is what --version prints: the program, its version, its commit and Go.
func (r Release) Line(program string) string {
	if r.Commit == "" {
		return fmt.Sprintf("%s %s (%s)", program, r.Version, r.Go)
	}
	return fmt.Sprintf("%s %s, commit %s (%s)", program, r.Version, r.Commit, r.Go)
}

// epoch is the day that SOURCE_DATE_EPOCH names, by which those who package programs get the same bytes each time; "" without it.
func epoch() string {
	seconds, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return ""
	}
	return time.Unix(seconds, 0).UTC().Format(time.DateOnly)
}

// shortened is as much of a commit's name as tells it from all others.
func shortened(commit string) string {
	return commit[:min(len(commit), 12)]
}
