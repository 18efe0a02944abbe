//go:build dist

// Package dist_test looks into what make dist and make deb have left in dist/: make distcheck runs it.
package dist_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The module's folder, and what was built there.
const (
	module = "../../.."
	dist   = module + "/dist"
)

// built are the files of dist that the pattern names. There has to be one.
func built(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dist, pattern))
	if err != nil || len(found) == 0 {
		t.Fatalf("dist/ has no %s (%v): make dist deb comes first", pattern, err)
	}
	return found
}

// run runs a program and returns what it prints.
func run(t *testing.T, environment []string, name string, arguments ...string) string {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Env = append(os.Environ(), environment...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s%s", name, arguments, err, out.String(), errs.String())
	}
	return out.String()
}

// unpacked is a folder of the test's own with what is in an archive or a package.
func unpacked(t *testing.T, path string) string {
	t.Helper()
	folder := t.TempDir()
	switch filepath.Ext(path) {
	case ".gz":
		run(t, nil, "tar", "-xzf", path, "-C", folder)
	case ".zip":
		run(t, nil, "python3", "-m", "zipfile", "-e", path, folder)
	default:
		run(t, nil, "dpkg-deb", "-x", path, folder)
	}
	return folder
}

// each runs a test of what is in each archive and each package: root holds all of it, documents what there is to read.
func each(t *testing.T, test func(t *testing.T, root, documents string)) {
	for _, path := range slices.Concat(built(t, "*.tar.gz"), built(t, "*.zip"), built(t, "*.deb")) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			root := unpacked(t, path)
			var documents string
			_ = filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
				if err == nil && filepath.Base(path) == "README.md" {
					documents = filepath.Dir(path)
				}
				return err
			})
			if documents == "" {
				t.Fatal("it has no README.md")
			}
			test(t, root, documents)
		})
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	link    = regexp.MustCompile(`\]\(([^)]+)\)`)
	picture = regexp.MustCompile(`!\[[^]]*\]\(([^)]+)\)`)
)

// pages are what there is to read in an archive, and where it comes from.
var pages = map[string]string{
	"README.md": "README.md", "PROTOCOL.md": "codec/PROTOCOL.md", "looproom.md": "cmd/looproom/README.md", "loopchat.md": "cmd/loopchat/README.md", "loopbench.md": "bench/README.md",
}

// TestLinks: all pages are in each archive, with all pictures, and no link leads to what is not there.
func TestLinks(t *testing.T) {
	each(t, func(t *testing.T, _, documents string) {
		all := ""
		for page, source := range pages {
			text := read(t, filepath.Join(documents, page))
			all += text
			if got, want := len(picture.FindAllString(text, -1)), len(picture.FindAllString(read(t, filepath.Join(module, source)), -1)); got != want {
				t.Errorf("%s shows %d pictures, want %d", page, got, want)
			}
			if page != "README.md" && !strings.Contains(read(t, filepath.Join(documents, "README.md")), "]("+page) {
				t.Errorf("README.md has no link to %s", page)
			}
		}
		if !picture.MatchString(all) {
			t.Error("there is no picture")
		}
		for _, found := range link.FindAllStringSubmatch(all, -1) {
			target, _, _ := strings.Cut(found[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(documents, target)); err != nil {
				t.Errorf("a link leads to %s: %v", target, err)
			}
		}
	})
}

// TestLicences: each archive has the licences of all modules that are in its programs.
func TestLicences(t *testing.T) {
	each(t, func(t *testing.T, root, documents string) {
		text := read(t, filepath.Join(root, first(t, root, "LICENSES", "copyright")))
		if !strings.Contains(text, "The Go Authors") {
			t.Error("Go's own licence is missing")
		}
		modules := 0
		for _, line := range strings.Split(run(t, nil, "go", "version", "-m", root), "\n") {
			if fields := strings.Fields(line); len(fields) >= 3 && fields[0] == "dep" {
				modules++
				if !strings.Contains(text, "== "+fields[1]+" "+fields[2]+"\n") {
					t.Errorf("the licence of %s %s is missing", fields[1], fields[2])
				}
			}
		}
		if modules == 0 {
			t.Error("go version -m names no module")
		}
	})
}

// first finds the one file below the root that has one of the names.
func first(t *testing.T, root string, names ...string) (path string) {
	t.Helper()
	_ = fs.WalkDir(os.DirFS(root), ".", func(at string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && slices.Contains(names, filepath.Base(at)) {
			path = at
			return fs.SkipAll
		}
		return err
	})
	if path == "" {
		t.Fatalf("there is no %q", names)
	}
	return path
}

// TestSameBytes: built again elsewhere, with another umask and another zone of time, everything is the same.
func TestSameBytes(t *testing.T) {
	version := strings.TrimSpace(run(t, nil, "git", "describe", "--tags", "--always", "--dirty"))
	built(t, "looproom-"+version+"-linux-amd64.tar.gz") // or dist/ is of another commit
	elsewhere := t.TempDir()
	nfpm, err := filepath.Abs(module + "/bin/tools/nfpm")
	if err != nil {
		t.Fatal(err)
	}
	run(t, []string{"OUT=" + elsewhere, "NFPM=" + nfpm, "TZ=Asia/Tokyo"}, "sh", "-c",
		"umask 077 && cd "+module+" && ./cmd/looproom/dist/dist.sh && ./cmd/looproom/dist/dist.sh deb")
	if got, want := read(t, filepath.Join(elsewhere, "SHA256SUMS")), read(t, dist+"/SHA256SUMS"); got != want {
		t.Errorf("the second time the sums are\n%s, want\n%s", got, want)
	}
}
