//go:build linux

package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// wallOnly are the methods of time.Time and the functions of package time by which a time loses its monotonic part, so that what is reckoned
// with it jumps when the machine's clock is set.
var wallOnly = []string{"Unix", "UnixMilli", "UnixMicro", "UnixNano", "UTC", "Local", "In"}

// shownTimes are where the server may ask for the time of day: what it says of times and writes into its files, and until when bans hold,
// which people are told by the clock on the wall. That, too, is reckoned from the start of the server, so that it doesn't jump.
var shownTimes = []string{
	"loop/server.go: command", "loop/transferring.go: found", "loop/files/store.go: Upload", "loop/dialect/line/answers.go: appendTime",
	"loop/accounts/accounts.go: wallAt", "loop/registry/textfiles/bans.go: timeOf", "loop/registry/textfiles/bans.go: secondOf",
	"loop/dialect/line/ids.go: appendMilli", "loop/registry/textfiles/rooms.go: momentOf", "loop/registry/textfiles/rooms.go: millisecondOf",
	"loop/store/store.go: Open", "loop/store/losing.go: end", "loop/dialect/line/lookup.go: parseTime", "loop/web/status/sampler.go: newSampler", "loop/web/status/sampler.go: take",
	"loop/dialect/dialogue/speakirc.go: newIRC", "loop/dialect/irc/about.go: doTime", "loop/dialect/irc/about.go: doInfo", "loop/dialect/irc/about.go: doStats",
	"loop/dialect/irc/history.go: timeOf", "loop/dialect/irc/history.go: targetsAre", "loop/dialect/irc/marker.go: readUpTo", "loop/dialect/irc/registration.go: welcomed",
	"loop/dialect/irc/whois.go: was", "loop/dialect/irc/writer.go: appendTime",
	"loop/order/log.go: begin", "loop/cluster/begin.go: newLife", "loop/shared.go: stored", "loop/upload.go: stored", "loop/clustered.go: dropStates", "loop/files/entry.go: ID",
}

// TestTimeoutsAreMonotonic: no code of the server that reckons with time loses the monotonic clock. A Go program asks the kernel for the time
// itself, so no library that is loaded before it can set its clock wrong, and a test must not set the machine's.
func TestTimeoutsAreMonotonic(t *testing.T) {
	found := 0
	for _, root := range []string{"../../loop", "../../codec", "."} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			found++
			return checkClock(t, path)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 30 {
		t.Errorf("%d files were looked at, want the whole server", found)
	}
}

// checkClock looks at each function of a file.
func checkClock(t *testing.T, path string) error {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return err
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	name, err := filepath.Rel(root, whole)
	if err != nil {
		return err
	}
	for _, declared := range file.Decls {
		function, ok := declared.(*ast.FuncDecl)
		if !ok || slices.Contains(shownTimes, name+": "+function.Name.Name) {
			continue
		}
		ast.Inspect(function, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			if called, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains(wallOnly, called.Sel.Name) {
				t.Errorf("%s: %s calls %s, which tells the time of day; timeouts need the monotonic clock", name, function.Name.Name, called.Sel.Name)
			}
			return true
		})
	}
	return nil
}
