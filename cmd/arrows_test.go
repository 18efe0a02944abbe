// Package cmd has no code of its own. Its test keeps the imports of the whole module in the order that the design gives them.
package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "looproom"
	gnet   = "github.com/panjf2000/gnet/v2"
)

// rule says what the packages of one folder may import. Folders below it without a rule of their own belong to it, and the
// packages that share a rule may import each other.
type rule struct {
	folder string
	own    []string // folders of other rules
	others []string // modules of others; "*" stands for all but gnet
	gnetIn string   // the files that may import gnet, as a pattern of path.Match
	notStd []string // packages of the standard library that it may not import
	yetStd []string // those of them that it may
	pure   bool     // it may not ask for the time
}

// rules are all arrows that are allowed. Nobody may import cmd.
var rules = []rule{
	{folder: "codec", pure: true},
	{folder: "codec/plain", pure: true},
	{folder: "loop/room", own: []string{"codec/plain"}, others: []string{"golang.org/x/text", "go.mau.fi/util/confusable", "github.com/tidwall/btree"}, notStd: []string{"net", "os", "sync", "math/rand"}, yetStd: []string{"net/netip"}, pure: true},
	{folder: "loop/ban", notStd: []string{"net", "os", "sync", "math/rand"}, yetStd: []string{"net/netip"}, pure: true},
	{folder: "loop/roomindex", own: []string{"loop/room"}, notStd: []string{"net", "os", "sync", "math/rand"}, pure: true},
	{folder: "loop/dialect", own: []string{"codec", "codec/plain", "loop/room", "loop/roomindex", "loop/ban", "loop/dialect/irc"}},
	{
		folder: "loop/dialect/irc", own: []string{"codec", "codec/plain", "loop/room", "loop/roomindex", "loop/ban"},
		notStd: []string{"net", "os", "sync", "math/rand"}, yetStd: []string{"net/netip"}, pure: true,
	},
	{folder: "loop/unit", notStd: []string{"net", "os", "io", "sync"}, pure: true},
	{folder: "loop/folder", own: []string{"loop/unit"}},
	{
		folder: "loop/journal", own: []string{"loop/folder"},
		others: []string{"github.com/rs/zerolog", "github.com/nats-io/nats-server/v2", "github.com/nats-io/nats.go", "github.com/nats-io/nkeys"},
	},
	{folder: "loop/order", own: []string{"loop/room"}, notStd: []string{"net", "os", "sync", "math/rand"}, pure: true},
	{folder: "loop/cluster", own: []string{"loop/order", "loop/room", "loop/journal"}, others: []string{"github.com/rs/zerolog"}, notStd: []string{"net", "os"}},
	{folder: "loop/share", own: []string{"loop/files", "loop/journal"}, others: []string{"github.com/rs/zerolog"}, notStd: []string{"net", "os"}},
	{folder: "loop/files", own: []string{"loop/folder"}, others: []string{"golang.org/x/sys"}},
	{folder: "loop/secret", others: []string{"github.com/alexedwards/argon2id", "github.com/xdg-go/scram", "golang.org/x/crypto", "golang.org/x/text"}, notStd: []string{"net", "os"}},
	{folder: "loop/catchup", own: []string{"loop/room", "loop/journal", "loop/store"}, others: []string{"github.com/rs/zerolog"}, notStd: []string{"net"}},
	{folder: "loop/registry", own: []string{"loop/room", "loop/ban", "loop/secret", "loop/store"}, others: []string{"github.com/tidwall/btree"}, notStd: []string{"net"}},
	{
		folder: "loop/store", own: []string{"loop/room", "loop/ban", "loop/secret", "loop/folder", "loop/unit", "loop/rate"},
		others: []string{"zombiezen.com/go/sqlite", "github.com/rs/zerolog", "golang.org/x/sys", "golang.org/x/text"}, notStd: []string{"net"}, yetStd: []string{"net/netip", "net/url"},
	},
	{folder: "loop/opening", pure: true},
	{folder: "loop/logtext"},
	{folder: "loop/selfsigned"},
	{folder: "loop/session", own: []string{"codec", "loop/opening", "loop/rate"}, notStd: []string{"net", "os", "sync", "math/rand"}, pure: true},
	{folder: "loop/localuser", others: []string{"golang.org/x/sys"}, notStd: []string{"net"}, yetStd: []string{"net/netip"}},
	{folder: "loop/rate", notStd: []string{"net", "os"}, yetStd: []string{"net/netip"}, pure: true},
	{folder: "loop/remote", own: []string{"loop/ban", "loop/rate", "loop/localuser"}, others: []string{"golang.org/x/sys"}, notStd: []string{"net", "os"}, yetStd: []string{"net/netip"}},
	{
		folder: "loop/door",
		own: []string{"codec", "loop/unit", "loop/folder", "loop/rate", "loop/remote", "loop/room", "loop/budget", "loop/meter", "loop/delivery", "loop/transport", "loop/session",
			"loop/web", "loop/web/hosts", "loop/web/nodes", "loop/web/forwarded"},
		others: []string{"github.com/rs/zerolog", "golang.org/x/sys", "github.com/pires/go-proxyproto"},
	},
	{folder: "loop/budget", notStd: []string{"net", "os"}, pure: true},
	{folder: "loop/quota", notStd: []string{"net", "os"}, pure: true},
	{folder: "loop/web/asset"},
	{folder: "loop/web/status", own: []string{"loop/web/asset"}},
	{folder: "loop/meter", own: []string{"loop/web/status"}, others: []string{"github.com/rs/zerolog"}, notStd: []string{"net"}, pure: true},
	{
		folder: "loop/accounts", own: []string{"loop/room", "loop/ban", "loop/secret", "loop/store", "loop/registry", "loop/meter", "loop/rate", "loop/remote", "codec/plain"}, others: []string{"github.com/rs/zerolog"},
		notStd: []string{"net", "os"}, yetStd: []string{"net/netip"},
	},
	{folder: "loop/delivery", own: []string{"codec"}, others: []string{"golang.org/x/sys"}, notStd: []string{"net", "os"}},
	{
		folder: "loop/transfer", own: []string{"codec", "loop/delivery", "loop/files", "loop/budget", "loop/quota", "loop/rate"}, others: []string{"golang.org/x/sys"},
	},
	{folder: "loop/ending", notStd: []string{"net", "os", "sync", "math/rand"}, pure: true},
	{folder: "loop/transport", pure: true, own: []string{"codec", "loop/delivery"}, others: []string{"golang.org/x/sys"}, notStd: []string{"os"}},
	{folder: "loop/reactor", others: []string{"github.com/rs/zerolog", "golang.org/x/sys"}, gnetIn: "*"},
	{folder: "loop/web/hosts"},
	{folder: "loop/web/forwarded", pure: true},
	{folder: "loop/web/nodes", notStd: []string{"net", "os"}, yetStd: []string{"net/url"}, pure: true},
	{folder: "loop/web", own: []string{"loop/web/asset", "loop/web/nodes"}, others: []string{"github.com/gobwas/ws"}},
	{
		folder: "loop",
		own: []string{"codec", "codec/plain", "loop/room", "loop/dialect", "loop/dialect/irc", "loop/delivery", "loop/files", "loop/quota", "loop/budget", "loop/ban", "loop/secret", "loop/registry", "loop/opening", "loop/order", "loop/session",
			"loop/share", "loop/accounts", "loop/catchup", "loop/cluster", "loop/meter", "loop/reactor", "loop/rate", "loop/remote", "loop/door", "loop/unit", "loop/store", "loop/transfer", "loop/transport", "loop/ending", "loop/web", "loop/web/status", "loop/web/hosts", "loop/web/nodes"},
		others: []string{"github.com/rs/zerolog", "golang.org/x/sys"},
	},
	{folder: "bench", own: []string{"codec", "bench"}, others: []string{"*"}},
	{
		folder: "bench/rival",
		own:    []string{"codec", "loop/room", "loop/roomindex", "loop/dialect", "loop/dialect/irc"},
		others: []string{"*"},
		gnetIn: "gnet*.go",
	},
	// What the programs share. It and loopchat's session are the folders below cmd that others, the programs, may import.
	{folder: "cmd/program", others: []string{"github.com/alecthomas/kong"}, notStd: []string{"net"}},
	// The client's side of the protocol, without anything that a person sees.
	{folder: "cmd/loopchat/session", own: []string{"codec", "codec/plain"}},
	{
		folder: "cmd",
		own: []string{
			"codec", "codec/plain", "loop/room", "loop/dialect", "loop/dialect/irc", "loop/files", "loop/ban", "loop/secret", "loop/store", "loop/registry", "loop/web/hosts", "loop/web/nodes", "loop/unit", "loop/folder", "loop/door", "loop/accounts", "loop/meter", "loop/journal", "loop/catchup", "loop", "bench", "bench/rival", "cmd/program",
			"cmd/loopchat/session",
		},
		others: []string{"*"},
	},
}

// ruleOf returns the rule of the folder, or of the nearest one above it that has one.
func ruleOf(folder string) (rule, error) {
	for at := folder; at != "."; at = path.Dir(at) {
		if n := slices.IndexFunc(rules, func(r rule) bool { return r.folder == at }); n >= 0 {
			return rules[n], nil
		}
	}
	return rule{}, fmt.Errorf("no rule says what %s may import", folder)
}

// judge returns an error when the file, a path inside the module, may not import what it imports.
func judge(file, imported string) error {
	r, err := ruleOf(path.Dir(file))
	if err != nil {
		return err
	}
	if !r.allows(path.Base(file), imported) {
		return fmt.Errorf("%s may not import %s", file, imported)
	}
	return nil
}

func (r rule) allows(file, imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	switch {
	case first == module:
		return r.allowsOwn(strings.TrimPrefix(imported, module+"/"))
	case !strings.Contains(first, "."):
		return !anyHolds(r.notStd, imported) || slices.Contains(r.yetStd, imported)
	case holds(gnet, imported):
		matches, err := path.Match(r.gnetIn, file)
		return err == nil && matches
	default:
		return anyHolds(r.others, imported) || slices.Contains(r.others, "*")
	}
}

func (r rule) allowsOwn(folder string) bool {
	target, err := ruleOf(folder)
	if err != nil || target.folder == "cmd" {
		return false
	}
	return target.folder == r.folder || slices.Contains(r.own, target.folder)
}

// holds is true for the folder and all below it.
func holds(folder, path string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func anyHolds(folders []string, path string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool { return holds(folder, path) })
}

// clockCalls are what a package without a clock may not use of package time.
var clockCalls = []string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Sleep"}

// asksForTime returns where the file uses the clock.
func asksForTime(file *ast.File) (found []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, ok := selector.X.(*ast.Ident)
		if ok && of.Name == "time" && slices.Contains(clockCalls, selector.Sel.Name) {
			found = append(found, "time."+selector.Sel.Name)
		}
		return true
	})
	return found
}

// TestArrows looks at every file of the module but the tests, those for other systems included.
func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range append(p.GoFiles, p.IgnoredGoFiles...) {
			if !strings.HasSuffix(name, "_test.go") {
				checkFile(t, filepath.Join(p.Dir, name), path.Join(strings.TrimPrefix(p.ImportPath, module+"/"), name))
			}
		}
	}
}

// checkFile reads the file at location, which is file inside the module.
func checkFile(t *testing.T, location, file string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), location, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if err := judge(file, imported); err != nil {
			t.Error(err)
		}
	}
	r, err := ruleOf(path.Dir(file))
	if err != nil {
		t.Error(err)
		return
	}
	if calls := asksForTime(parsed); r.pure && len(calls) > 0 {
		t.Errorf("%s may not use %q: its time comes with the commands", file, calls)
	}
}

// listed is what go list tells of a package.
type listed struct {
	Dir, ImportPath         string
	GoFiles, IgnoredGoFiles []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	return goList[listed](t, "-e", "-json=Dir,ImportPath,GoFiles,IgnoredGoFiles")
}

// goList is what go list tells, with those arguments, of the packages of the module.
func goList[P any](t *testing.T, arguments ...string) (all []P) {
	t.Helper()
	list := exec.Command("go", slices.Concat([]string{"list"}, arguments, []string{module + "/..."})...)
	list.Stderr = os.Stderr
	out, err := list.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := list.Start(); err != nil {
		t.Fatal(err)
	}
	for packages := json.NewDecoder(out); ; {
		var p P
		if err := packages.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		all = append(all, p)
	}
	if err := list.Wait(); err != nil || len(all) == 0 {
		t.Fatalf("go list: %d packages, %v", len(all), err)
	}
	return all
}

func TestRules(t *testing.T) {
	rows := []struct {
		file, imported string
		allowed        bool
	}{
		{"codec/line.go", "bytes", true},
		{"codec/line.go", "looproom/loop/room", false},
		{"codec/line.go", "golang.org/x/text/secure/precis", false},
		{"loop/room/name.go", "golang.org/x/text/secure/precis", true},
		{"loop/room/state.go", "looproom/codec", false},
		{"loop/room/talk.go", "looproom/codec/plain", true},
		{"codec/plain/text.go", "looproom/codec", false},
		{"loop/room/state.go", "net", false},
		{"loop/room/state.go", "net/netip", true},
		{"loop/room/state.go", "os", false},
		{"loop/room/state.go", "sync/atomic", false},
		{"loop/room/state.go", "math/rand/v2", false},
		{"loop/room/state.go", "math/bits", true},
		{"loop/room/state.go", "time", true},
		{"loop/door/listen.go", "looproom/loop/transport", true},
		{"loop/door/listen.go", "looproom/loop/reactor", false},
		{"loop/door/listen.go", "looproom/loop/registry", false},
		{"loop/door/listen.go", "github.com/panjf2000/gnet/v2", false},
		{"loop/unit/size.go", "os", false},
		{"loop/folder/read.go", "looproom/loop/unit", true},
		{"loop/rate/limiter.go", "net/netip", true},
		{"loop/rate/limiter.go", "looproom/loop/room", false},
		{"loop/remote/remote.go", "looproom/loop/rate", true},
		{"loop/remote/remote.go", "looproom/loop/registry", false},
		{"loop/ban/list.go", "net/netip", true},
		{"loop/ban/list.go", "net", false},
		{"loop/ban/list.go", "sync/atomic", false},
		{"loop/ban/list.go", "looproom/loop/room", false},
		{"loop/secret/hash.go", "golang.org/x/crypto/bcrypt", true},
		{"loop/secret/hash.go", "os", false},
		{"loop/secret/hash.go", "looproom/loop/room", false},
		{"loop/registry/registry.go", "looproom/loop/ban", true},
		{"loop/registry/registry.go", "looproom/loop/files", false},
		{"loop/registry/registry.go", "net", false},
		{"loop/folder/lock.go", "looproom/loop/registry", false},
		{"loop/files/lock.go", "looproom/loop/folder", true},
		{"loop/files/store.go", "golang.org/x/sys/unix", true},
		{"loop/files/store.go", "looproom/loop", false},
		{"loop/files/store.go", "looproom/loop/room", false},
		{"loop/dialect/line/parse.go", "looproom/codec", true},
		{"loop/dialect/line/parse.go", "looproom/loop/dialect", true},
		{"loop/dialect/line/parse.go", "looproom/loop/room", true},
		{"loop/dialect/line/parse.go", "looproom/loop", false},
		{"loop/dialect/line/parse.go", "looproom/loop/ban", true},
		{"loop/dialect/line/parse.go", "looproom/loop/registry", false},
		{"loop/dialect/irc/message.go", "github.com/rs/zerolog", false},
		{"loop/dialect/irc/message.go", "looproom/loop/room", true},
		{"loop/dialect/irc/message.go", "looproom/loop/delivery", false},
		{"loop/dialect/irc/message.go", "sync", false},
		{"loop/dialect/dialogue/pure.go", "looproom/loop/dialect/irc", true},
		{"loop/server.go", "looproom/loop/dialect/line", true},
		{"loop/server.go", "looproom/loop/files", true},
		{"loop/server.go", "looproom/loop/registry", true},
		{"loop/accounts/answers.go", "looproom/loop/room", true},
		{"loop/accounts/answers.go", "looproom/loop/delivery", false},
		{"loop/accounts/answers.go", "looproom/loop", false},
		{"loop/accounts/guestnames.go", "net", false},
		{"loop/accounts/guestnames.go", "net/netip", true},
		{"loop/meter/loop.go", "github.com/rs/zerolog", true},
		{"loop/meter/loop.go", "looproom/loop/room", false},
		{"loop/meter/loop.go", "looproom/loop/delivery", false},
		{"loop/meter/reading.go", "looproom/loop/web/status", true},
		{"loop/delivery/sweep.go", "looproom/loop/meter", false},
		{"loop/delivery/sweep.go", "looproom/loop/room", false},
		{"loop/delivery/sweep.go", "github.com/panjf2000/gnet/v2", false},
		{"loop/delivery/layout.go", "looproom/codec", true},
		{"loop/order/alone.go", "looproom/loop/room", true},
		{"loop/order/alone.go", "looproom/loop/dialect", false},
		{"loop/order/alone.go", "sync", false},
		{"loop/journal/read.go", "github.com/nats-io/nats.go/jetstream", true},
		{"loop/journal/read.go", "looproom/loop/room", false},
		{"loop/order/alone.go", "looproom/loop/journal", false},
		{"loop/cluster/begin.go", "looproom/loop/journal", true},
		{"loop/server.go", "github.com/nats-io/nats.go", false},
		{"loop/transfer/upload.go", "looproom/loop/files", true},
		{"loop/transfer/lookup.go", "looproom/loop/delivery", true},
		{"loop/transfer/upload.go", "looproom/loop/room", false},
		{"loop/transfer/upload.go", "looproom/loop", false},
		{"loop/transfer/upload.go", "github.com/panjf2000/gnet/v2", false},
		{"loop/transport/layout.go", "looproom/loop/delivery", true},
		{"loop/transport/tls.go", "looproom/loop/room", false},
		{"loop/ending/end.go", "looproom/loop/room", false},
		{"loop/ending/end.go", "net", false},
		{"loop/transport/tls.go", "looproom/loop", false},
		{"loop/transport/tls.go", "github.com/panjf2000/gnet/v2", false},
		{"loop/server.go", "github.com/panjf2000/gnet/v2", false},
		{"loop/reactor/loop.go", "github.com/panjf2000/gnet/v2", true},
		{"loop/reactor/loop.go", "looproom/loop/room", false},
		{"loop/server.go", "github.com/rs/zerolog", true},
		{"loop/server.go", "github.com/alecthomas/kong", false},
		{"loop/status.go", "looproom/loop/web/status", true},
		{"loop/door/web.go", "looproom/loop/web", true},
		{"loop/door/web.go", "github.com/gobwas/ws", false},
		{"loop/web/upgrade.go", "github.com/gobwas/ws", true},
		{"loop/web/upgrade.go", "looproom/loop", false},
		{"loop/server.go", "looproom/bench", false},
		{"loop/web/status/sampler.go", "looproom/loop", false},
		{"loop/web/status/sampler.go", "net/http", true},
		{"loop/server.go", "looproom/cmd/looproom", false},
		{"bench/report.go", "looproom/codec", true},
		{"bench/report.go", "gonum.org/v1/plot", true},
		{"bench/report.go", "looproom/loop", false},
		{"bench/report.go", "looproom/loop/room", false},
		{"bench/peer/nats.go", "looproom/bench", true},
		{"bench/peer/nats.go", "github.com/panjf2000/gnet/v2", false},
		{"bench/rival/threads.go", "looproom/loop/room", true},
		{"bench/rival/threads.go", "looproom/loop/dialect/line", true},
		{"bench/rival/threads.go", "looproom/loop", false},
		{"bench/rival/threads.go", "looproom/loop/files", false},
		{"bench/rival/threads.go", "github.com/panjf2000/gnet/v2", false},
		{"bench/rival/gnetecho.go", "github.com/panjf2000/gnet/v2", true},
		{"cmd/looproom/main.go", "looproom/loop", true},
		{"cmd/looproom/main.go", "github.com/alecthomas/kong", true},
		{"cmd/looproom/main.go", "github.com/panjf2000/gnet/v2", false},
		{"cmd/loopchat/main.go", "looproom/cmd/looproom", false},
		{"cmd/loopchat/main.go", "looproom/cmd/program", true},
		{"cmd/loopchat/window.go", "looproom/cmd/loopchat/session", true},
		{"cmd/loopchat/session/link.go", "looproom/codec", true},
		{"cmd/loopchat/session/link.go", "charm.land/bubbletea/v2", false},
		{"cmd/loopchat/session/link.go", "looproom/loop/room", false},
		{"cmd/program/help.go", "github.com/alecthomas/kong", true},
		{"cmd/program/help.go", "looproom/loop", false},
		{"cmd/program/help.go", "net", false},
		{"bench/report/table.go", "looproom/cmd/program", false},
		{"loop/server.go", "looproom/cmd/program", false},
		{"tools/tidy.go", "fmt", false},
	}
	for _, row := range rows {
		t.Run(row.file+" "+row.imported, func(t *testing.T) {
			if err := judge(row.file, row.imported); (err == nil) != row.allowed {
				t.Errorf("judge(%q, %q) = %v, want allowed: %v", row.file, row.imported, err, row.allowed)
			}
		})
	}
}

func TestAsksForTime(t *testing.T) {
	rows := []struct {
		name, body string
		want       []string
	}{
		{"a duration", "var d = 2 * time.Second", nil},
		{"formatting", "var s = time.Unix(0, 0).UTC().String()", nil},
		{"now", "var at = time.Now()", []string{"time.Now"}},
		{"not called", "var now = time.Now", []string{"time.Now"}},
		{"in a function", "func f() { time.Sleep(1); _ = time.Since(at) }", []string{"time.Sleep", "time.Since"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			file, err := parser.ParseFile(token.NewFileSet(), "made-up.go", "package p\nimport \"time\"\n"+row.body, 0)
			if err != nil {
				t.Fatal(err)
			}
			if got := asksForTime(file); !slices.Equal(got, row.want) {
				t.Errorf("asksForTime(%q) = %q, want %q", row.body, got, row.want)
			}
		})
	}
}
