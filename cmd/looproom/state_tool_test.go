//go:build linux

package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"looproom/loop/store"
)

// livedIn starts a server on a new folder in which something of every sort is kept.
func livedIn(t *testing.T) (s *server, state string) {
	t.Helper()
	state = t.TempDir()
	s = guarded(t, state)
	op := oper(t, s)
	op.says("BAN 127.0.0.9 1h spam", "= BAN 127.0.0.9 ")
	op.fence()
	ana := namedFrom(t, s, "127.0.0.2", "Ana")
	ana.says("REGISTER my own password", "= REGISTER Ana")
	ana.says("TRUST "+deviceKey, "= TRUST")
	ana.says("JOIN #go", "= JOIN #go 1")
	ana.says("TOPIC all about Go", "= TOPIC #go all about Go")
	ana.says("ROOM KEEP", "= ROOM #go KEEP")
	ana.say("the first words of all")
	ana.fence()
	ana.says("TRUST "+deviceKey+"2", "= TRUST") // when that is on the disk, so is all that was before it
	return s, state
}

// expectLivedIn wants all of that of a server on that folder, or on one that was made of it.
func expectLivedIn(t *testing.T, state string) {
	t.Helper()
	s := guarded(t, state)
	if got := refusedAt(t, s, "127.0.0.9"); !strings.HasPrefix(got, "! banned until ") {
		t.Errorf("who was banned hears %q", got)
	}
	ana := logsIn(t, s, "127.0.0.2", deviceKey)
	ana.says("JOIN #go", "= JOIN #go 1")
	ana.until("= TOPIC #go all about Go")
	ana.says("HISTORY #go", "= HISTORY 1 #go")
	if got := ana.next(); !strings.HasSuffix(got, "[Ana] the first words of all") {
		t.Errorf("HISTORY has %q, want what was said", got)
	}
	s.stop()
}

// linesOf are the lines of an export, without the number of the start.
func linesOf(export string) (lines []string) {
	for line := range strings.Lines(export) {
		if !strings.Contains(line, `"start"`) {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestStateGoesOutAndIn: what is exported while a server runs and when none does is the same, and a folder that is made of it has all.
func TestStateGoesOutAndIn(t *testing.T) {
	s, state := livedIn(t)
	status, running, stderr := outcome(t, nil, "state", "export", state)
	if status != 0 || stderr != "" || len(linesOf(running)) < 6 {
		t.Fatalf("export while the server runs = %d, %q, %q; want lines", status, running, stderr)
	}
	s.stop()
	file := filepath.Join(t.TempDir(), "state.jsonl")
	if status, stdout, stderr := outcome(t, nil, "state", "export", state, "--output", file); status != 0 || stdout+stderr != "" {
		t.Fatalf("export --output = %d, %q, %q; want 0 and nothing", status, stdout, stderr)
	}
	stopped, err := os.ReadFile(file)
	if err != nil || !slices.Equal(linesOf(string(stopped)), linesOf(running)) {
		t.Errorf("the exports are\n%s\nand\n%s, %v; want the same", running, stopped, err)
	}
	for name, arguments := range map[string][]string{"from a file": {"--input", file}, "from standard input": nil} {
		into := filepath.Join(t.TempDir(), "new")
		command := exec.Command(binary, append([]string{"state", "import", into}, arguments...)...)
		if arguments == nil {
			command.Stdin = bytes.NewReader(stopped)
		}
		if out, err := command.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("import %s: %v, %s", name, err, out)
		}
		if _, again, _ := outcome(t, nil, "state", "export", into); again != string(stopped) {
			t.Errorf("import %s and export give\n%s\nwant\n%s", name, again, stopped)
		}
		expectLivedIn(t, into)
	}
}

// TestImportsThatFail say why, and leave nothing behind.
func TestImportsThatFail(t *testing.T) {
	s, state := livedIn(t)
	s.stop()
	_, whole, _ := outcome(t, nil, "state", "export", state)
	lines := slices.Collect(strings.Lines(whole))
	for _, row := range []struct{ name, text, want string }{
		{"nothing", "", "the export ends in its middle"},
		{"cut short", strings.Join(lines[:len(lines)-1], ""), "the export ends in its middle"},
		{"a line is missing", strings.Join(slices.Delete(slices.Clone(lines), 2, 3), ""), "lines are missing"},
		{"something else", "hello\n", "line 1"},
	} {
		into := filepath.Join(t.TempDir(), "new")
		command := exec.Command(binary, "state", "import", into)
		command.Stdin = strings.NewReader(row.text)
		out, err := command.CombinedOutput()
		if err == nil || !strings.HasPrefix(string(out), "looproom: ") || !strings.Contains(string(out), row.want) || strings.Count(string(out), "\n") != 1 {
			t.Errorf("import of %s: %v, %s; want one line with %q", row.name, err, out, row.want)
		}
		if left, err := os.ReadDir(into); err != nil || len(left) > 0 {
			t.Errorf("import of %s leaves %v, %v; want nothing", row.name, left, err)
		}
	}
	status, stdout, stderr := outcome(t, nil, "state", "import", state, "--input", os.DevNull)
	expectFailure(t, status, 1, stdout, stderr, state+" is not empty")
}

// TestStateCheck: all is well, whether a server runs or not, or it was killed; and what is wrong is said, with what to do.
func TestStateCheck(t *testing.T) {
	s, state := livedIn(t)
	well := func(when string) {
		t.Helper()
		want := filepath.Join(state, store.FileName) + " is well: 1 names, 1 bans, "
		if status, stdout, stderr := outcome(t, nil, "state", "check", state); status != 0 || !strings.HasPrefix(stdout, want) || stderr != "" {
			t.Errorf("check %s = %d, %q, %q; want %q", when, status, stdout, stderr, want)
		}
	}
	well("while a server runs")
	kill(t, s)
	well("after it was killed")
	guarded(t, state).stop()
	well("when none runs")
	if got := namesIn(t, state); !slices.Equal(got, []string{store.FileName}) {
		t.Errorf("the folder has %q, want the database alone", got)
	}
	withState(t, state, func(*store.Store) {
		status, stdout, stderr := outcome(t, nil, "state", "check", state)
		expectFailure(t, status, 1, stdout, stderr, "it is in use by another process")
	})
	damage(t, state, "127.0.0.9", "127.0.0.8")
	status, stdout, stderr := outcome(t, nil, "state", "check", state)
	expectFailure(t, status, 1, stdout, stderr, `table bans: "127.0.0.8"`)
	if !strings.Contains(stderr, "restore it from a backup, or see looproom state export") {
		t.Errorf("check says %q, want what to do", stderr)
	}
	file := filepath.Join(t.TempDir(), "rest.jsonl")
	status, stdout, stderr = outcome(t, nil, "state", "export", state, "--output", file)
	expectFailure(t, status, 1, stdout, stderr, "damaged and left out")
	rest, err := os.ReadFile(file)
	if err != nil || !bytes.Contains(rest, []byte("the first words of all")) || bytes.Contains(rest, []byte("127.0.0.")) {
		t.Errorf("the export of what can be read is %s, %v; want all but the ban", rest, err)
	}
}

// namesIn are the files in a folder.
func namesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		names = append(names, file.Name())
	}
	return names
}

// TestStateOfNoFolder: what is looked at is not made by that.
func TestStateOfNoFolder(t *testing.T) {
	empty, none := t.TempDir(), filepath.Join(t.TempDir(), "none")
	for _, what := range []string{"check", "export"} {
		status, stdout, stderr := outcome(t, nil, "state", what, empty)
		expectFailure(t, status, 1, stdout, stderr, empty+" has no looproom.db")
		status, stdout, stderr = outcome(t, nil, "state", what, none)
		expectFailure(t, status, 1, stdout, stderr, none)
	}
	if left := namesIn(t, empty); len(left) > 0 {
		t.Errorf("the folder that was empty has %q", left)
	}
	if _, err := os.Stat(none); !os.IsNotExist(err) {
		t.Errorf("the folder that there was not is there: %v", err)
	}
	for _, row := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"state"}, "looproom state --help explains"},
		{[]string{"state", "look", empty}, "must be one of"},
		{[]string{"state", "backup", empty}, "looproom state backup DIR FILE"},
		{[]string{"state", "check", empty, "file"}, "takes a folder, and no file"},
		{[]string{"state", "check", empty, "--output", "file"}, "--output is of an export"},
		{[]string{"state", "export", empty, "--input", "file"}, "--input is of an import"},
	} {
		status, stdout, stderr := outcome(t, nil, row.arguments...)
		expectFailure(t, status, 1, stdout, stderr, row.want)
	}
}

// TestStateBackup: a copy that was made while people talk is a database that a server can be started with, and so is one of a folder where none runs.
func TestStateBackup(t *testing.T) {
	s, state := livedIn(t)
	talking := namedFrom(t, s, "127.0.0.3", "talking")
	running, stopped := filepath.Join(t.TempDir(), "running.db"), filepath.Join(t.TempDir(), "stopped.db")
	command := exec.Command(binary, "state", "backup", state, running)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		talking.say("hello")
		talking.fence()
	}
	if err := command.Wait(); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := outcome(t, nil, "state", "backup", state, running)
	expectFailure(t, status, 1, stdout, stderr, running+" is there already")
	s.stop()
	if status, stdout, stderr := outcome(t, nil, "state", "backup", state, stopped); status != 0 || stdout+stderr != "" {
		t.Fatalf("backup = %d, %q, %q; want 0 and nothing", status, stdout, stderr)
	}
	for _, made := range []string{running, stopped} {
		about, err := os.Stat(made)
		if err != nil || about.Mode() != 0o600 {
			t.Errorf("%s = %v, %v; want a file of mode 0600", made, about, err)
		}
		if names := namesIn(t, filepath.Dir(made)); len(names) != 1 {
			t.Errorf("beside the copy there is %q, want nothing", names)
		}
		dir := filepath.Join(t.TempDir(), "restored")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(made, filepath.Join(dir, store.FileName)); err != nil {
			t.Fatal(err)
		}
		expectLivedIn(t, dir)
	}
	if names := namesIn(t, state); !slices.Equal(names, []string{store.FileName}) {
		t.Errorf("the folder has %q, want the database alone", names)
	}
}

// TestStateOfTextFiles: a folder of an earlier looproom is not taken for an empty one; the server takes it over, and then all is there.
func TestStateOfTextFiles(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	if err := os.CopyFS(state, os.DirFS("testdata/textfiles")); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := outcome(t, nil, "state", "check", state)
	expectFailure(t, status, 1, stdout, stderr, "the server takes it over when it starts")
	status, stdout, stderr = outcome(t, nil, "state", "import", state, "--input", os.DevNull)
	expectFailure(t, status, 1, stdout, stderr, "is not empty")

	s := guarded(t, state)
	if got := refusedAt(t, s, "127.0.0.9"); got != "! banned for ever: spam" {
		t.Errorf("who was banned hears %q", got)
	}
	ana := logsIn(t, s, "127.0.0.2", deviceKey)
	ana.says("JOIN #go", "= JOIN #go 1")
	ana.until("= TOPIC #go all about Go")
	if got, want := rightsOf(ana, "#go"), "founder Ana by Ana, kept by Ana"; got != want {
		t.Errorf("the rights are %q, want %q", got, want)
	}
	logsIn(t, s, "127.0.0.3", "my own password")
	s.stop()
	want := []string{"bans", "cloak.key", "looproom.db", "names", "rooms", "start", "trusted"}
	for i, name := range want {
		if name != store.FileName {
			want[i] += ".before-db"
		}
	}
	if got := namesIn(t, state); !slices.Equal(got, want) {
		t.Errorf("the folder has %q, want %q", got, want)
	}
	guarded(t, state).stop()
}

// TestStoreMetrics: what was said is counted when it is on the disk, and what it took.
func TestStoreMetrics(t *testing.T) {
	s := guarded(t, t.TempDir(), "--admin", "127.0.0.1:0")
	admin := adminOf(t, s)
	ana := namedFrom(t, s, "127.0.0.2", "Ana")
	for range 3 {
		ana.say("hello")
	}
	waitFor(t, "three messages on the disk", func() bool { return scrape(t, admin).sum("looproom_messages_stored_total") == 3 })
	ana.says("HISTORY", "= HISTORY 3 #lobby")
	got := scrape(t, admin)
	for name, want := range map[string]float64{"looproom_messages_lost_total": 0, "looproom_store_failing": 0, "looproom_store_waiting_bytes": 0} {
		if len(got[name].GetMetric()) != 1 || got.sum(name) != want {
			t.Errorf("%s = %v, want %v", name, got[name], want)
		}
	}
	if got.sum("looproom_store_bytes") < 4096 {
		t.Errorf("looproom_store_bytes = %v, want a database", got["looproom_store_bytes"])
	}
	for _, name := range []string{"looproom_store_commit_seconds", "looproom_look_seconds"} {
		if all := got[name].GetMetric(); len(all) != 1 || all[0].GetSummary().GetSampleCount() == 0 || all[0].GetSummary().GetSampleSum() <= 0 {
			t.Errorf("%s = %v, want some, which took their time", name, got[name])
		}
	}
}

// TestStateNeedsARestart: SIGHUP says so of what it can't change.
func TestStateNeedsARestart(t *testing.T) {
	state := t.TempDir()
	with := func(more string) string { return oneDoor + "state = \"" + state + "\"\n" + more }
	path := configFile(t, with(""))
	s := startConfigured(t, 1, nil, "--config", path)
	s.reload(t, path, with("sync = \"always\"\nkeep-messages = 0\n"), reread)
	s.awaitLog(`"setting":"sync","running":"batch","file":"always"`, "takes effect after a restart")
	s.awaitLog(`"setting":"keep-messages","running":"30d,1000000","file":"0"`, "takes effect after a restart")
}
