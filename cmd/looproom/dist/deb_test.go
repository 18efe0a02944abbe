//go:build dist

package dist_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestLintian: Debian's own check finds no error and nothing to warn of.
func TestLintian(t *testing.T) {
	if _, err := exec.LookPath("lintian"); err != nil {
		if os.Getenv("LOOPROOM_REQUIRE_CLIENTS") == "1" {
			t.Fatal("lintian is missing, and LOOPROOM_REQUIRE_CLIENTS is 1")
		}
		t.Skip("lintian is missing")
	}
	for _, path := range built(t, "*.deb") {
		run(t, nil, "lintian", "--allow-root", "--fail-on", "error,warning", path)
	}
}

// scratch is a root of its own for packages.
type scratch struct {
	t    *testing.T
	root string
}

func newScratch(t *testing.T) *scratch {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can install packages, also in a scratch root")
	}
	s := &scratch{t: t, root: t.TempDir()}
	for _, folder := range []string{"var/lib/dpkg/updates", "var/lib/dpkg/info", "var/log"} {
		if err := os.MkdirAll(filepath.Join(s.root, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.write("var/lib/dpkg/status", "")
	return s
}

// dpkg runs it for the scratch root. The package's scripts run with DPKG_ROOT, as the root has no shell.
func (s *scratch) dpkg(arguments ...string) string {
	s.t.Helper()
	return run(s.t, []string{"DEBIAN_FRONTEND=noninteractive"}, "dpkg", append([]string{"--root=" + s.root, "--force-script-chrootless", "--force-confold", "--log=/dev/null"}, arguments...)...)
}

func (s *scratch) write(path, text string) {
	s.t.Helper()
	path = filepath.Join(s.root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// left are the files in the root, without those of dpkg.
func (s *scratch) left() (paths []string) {
	_ = fs.WalkDir(os.DirFS(s.root), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !strings.HasPrefix(path, "var/lib/dpkg/") {
			paths = append(paths, path)
		}
		return err
	})
	return paths
}

// older is the same package with a lower version, which knows less of its settings.
func (s *scratch) older(path string) string {
	s.t.Helper()
	folder := filepath.Join(s.t.TempDir(), "older")
	run(s.t, nil, "dpkg-deb", "-R", path, folder)
	control := filepath.Join(folder, "DEBIAN/control")
	lines := strings.Split(read(s.t, control), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "Version: ") {
			lines[i] = "Version: 0~0"
		}
	}
	changed := map[string]string{control: strings.Join(lines, "\n"), filepath.Join(folder, "etc/looproom.toml"): "# as it was once\n"}
	for file, text := range changed {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			s.t.Fatal(err)
		}
	}
	run(s.t, nil, "dpkg-deb", "-b", folder, folder+".deb")
	return folder + ".deb"
}

// TestInstallUpgradePurge: settings that someone has changed outlive an upgrade and a removal, what users have left also a purge.
func TestInstallUpgradePurge(t *testing.T) {
	s := newScratch(t)
	path := built(t, "looproom_*_"+runtime.GOARCH+".deb")[0]
	const kept, enabled = "var/lib/private/looproom/all_received/a", "etc/systemd/system/multi-user.target.wants/looproom.service"
	toml := filepath.Join(s.root, "etc/looproom.toml")

	s.dpkg("-i", s.older(path))
	s.dpkg("-i", path)
	if text := read(t, toml); !strings.Contains(text, "\nstate = ") {
		t.Errorf("after the upgrade the settings that nobody has changed are\n%s, want those of the new package", text)
	}
	if said := run(t, nil, filepath.Join(s.root, "usr/bin/looproom"), "--version"); !strings.HasPrefix(said, "looproom ") {
		t.Errorf("looproom --version says %q", said)
	}

	s.write("etc/looproom.toml", "recent = 7\n")
	s.write(kept, "a file")
	s.write(enabled, "")
	s.dpkg("-i", path)
	if text := read(t, toml); text != "recent = 7\n" {
		t.Errorf("after another installation the settings are %q, want those that were changed", text)
	}
	s.dpkg("-r", "looproom")
	if text := read(t, toml); text != "recent = 7\n" {
		t.Errorf("after the removal the settings are %q, want those that were changed", text)
	}
	s.dpkg("-P", "looproom")
	if left := s.left(); len(left) != 1 || left[0] != kept {
		t.Errorf("after the purge there is %q, want only what a user has left, %q", left, kept)
	}
}
