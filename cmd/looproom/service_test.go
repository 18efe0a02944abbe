//go:build linux

package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"looproom/loop/store"
)

// unitCommand is the command line in the unit, without the program, and with its settings in the file.
func unitCommand(t *testing.T, file string) []string {
	t.Helper()
	unit, err := os.ReadFile("systemd/looproom.service")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^ExecStart=\S+ (.*)$`).FindStringSubmatch(string(unit))
	if found == nil || !strings.Contains(found[1], "/etc/looproom.toml") {
		t.Fatalf("the unit's ExecStart is %q, want one with /etc/looproom.toml", found)
	}
	return strings.Fields(strings.ReplaceAll(found[1], "/etc/looproom.toml", file))
}

// serviceSettings are those that a package has in /etc/looproom.toml, with its folders below one of the test's own, and free ports.
func serviceSettings(t *testing.T, folder string) string {
	t.Helper()
	made, err := exec.Command("sed", "-f", "systemd/service.sed", "looproom.toml").Output()
	if err != nil {
		t.Fatal(err)
	}
	settings := string(made)
	for _, change := range [][2]string{
		{`"/var/lib/looproom"`, `"` + folder + `"`},
		{`"/var/lib/looproom/state"`, `"` + folder + `/state"`},
		{`"127.0.0.1:7780"`, `"127.0.0.1:0"`},
		{`#listen = ["line://:7777"]`, `listen = ["line://127.0.0.1:0"]`},
	} {
		if strings.Count(settings, change[0]) != 1 {
			t.Fatalf("the settings of the service have no %s, or several:\n%s", change[0], settings)
		}
		settings = strings.Replace(settings, change[0], change[1], 1)
	}
	return settings
}

// TestServiceSettings: started as the unit does, the server keeps files and state and answers at --admin, for its file says so.
func TestServiceSettings(t *testing.T) {
	folder := t.TempDir()
	s := startConfigured(t, 1, nil, unitCommand(t, configFile(t, serviceSettings(t, folder)))...)
	if status, stdout, _ := outcome(t, nil, "health", "--admin", strings.TrimPrefix(adminOf(t, s), "http://")); status != 0 {
		t.Errorf("health = %d, %q; want 0", status, stdout)
	}
	c := connect(t, s, 0, "ann")
	c.say("FILES")
	c.until("= FILES 0")
	for name, want := range map[string]os.FileMode{"state": os.ModeDir | 0o700, "state/" + store.FileName: 0o600, "state/" + store.FileName + "-wal": 0o600} {
		if about, err := os.Stat(filepath.Join(folder, name)); err != nil || about.Mode() != want {
			t.Errorf("%s = %v, %v, want it with mode %v", name, about, err, want)
		}
	}
}

// TestServiceFileWins: nothing that the file of the service says is overruled by the unit.
func TestServiceFileWins(t *testing.T) {
	folder := t.TempDir()
	settings := serviceSettings(t, folder)
	for _, name := range []string{"files", "state", "admin"} {
		settings = regexp.MustCompile(`(?m)^`+name+` = .*$`).ReplaceAllString(settings, name+` = ""`)
	}
	s := startConfigured(t, 1, nil, unitCommand(t, configFile(t, settings))...)
	c := connect(t, s, 0, "ann")
	c.say("FILES")
	c.until("! files-off ")
	if adminAddress.MatchString(s.log.String()) {
		t.Errorf("there is an admin address, though the file says none:\n%s", s.log.String())
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
		t.Errorf("the folder holds %v, %v; want nothing: the file says that nothing is kept", entries, err)
	}
}

// TestUnitStartsAgain: the unit has the server watched, and starts it again whatever it ended of. What a Go program does that crashes, or that
// the watchdog ends by SIGABRT, is end with the status of a wrong setting.
func TestUnitStartsAgain(t *testing.T) {
	unit, err := os.ReadFile("systemd/looproom.service")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"Type=notify", "WatchdogSec=30", "Restart=on-failure"} {
		if !strings.Contains(string(unit), "\n"+line+"\n") {
			t.Errorf("the unit has no line %s", line)
		}
	}
	if regexp.MustCompile(`(?m)^(RestartPreventExitStatus|SuccessExitStatus)=`).Match(unit) {
		t.Error("the unit names a status after which the server is not started again")
	}
	s := startServer(t)
	s.signal(syscall.SIGABRT)
	if status := s.wait(); status != 2 {
		t.Errorf("status after SIGABRT = %d, want %d: is there one now by which the unit could tell?", status, 2)
	}
}

// TestUnitSeesUsers: within a user namespace of its own the server would take all users of the machine for one, so that one's wrong passwords
// were the operator's.
func TestUnitSeesUsers(t *testing.T) {
	unit, err := os.ReadFile("systemd/looproom.service")
	if err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`(?m)^PrivateUsers=(yes|true|on|1|self|identity)`).Match(unit) {
		t.Error("the unit has PrivateUsers, want the users of the machine told apart")
	}
	if !regexp.MustCompile(`(?m)^RestrictAddressFamilies=.*\bAF_NETLINK\b`).Match(unit) {
		t.Error("the unit forbids AF_NETLINK, by which the users of TCP connections of this machine are told apart")
	}
}
