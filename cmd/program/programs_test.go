//go:build linux

package program_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// built is the folder of the three programs, which were built as for a release.
var built string

// programs are their names.
var programs = []string{"looproom", "loopbench", "loopchat"}

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	folder, err := os.MkdirTemp("", "programs-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	flags := "-X main.version=v1.2.3 -X main.commit=0123456789abcdef0123456789abcdef01234567"
	if out, err := exec.Command("go", "build", "-ldflags", flags, "-o", folder, "looproom/cmd/...").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	built = folder
	os.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	return m.Run()
}

// need skips the test where a program is missing, or fails it where all are required.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("LOOPROOM_REQUIRE_CLIENTS") == "1" {
		t.Fatalf("%s is missing, and LOOPROOM_REQUIRE_CLIENTS is 1", program)
	}
	t.Skipf("%s is missing", program)
}

// output runs a program that is to succeed and to say nothing on standard error.
func output(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1790000000")
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil || errs.Len() > 0 {
		t.Fatalf("%s %q: %v: %s", name, arguments, err, errs.String())
	}
	return out.String()
}

// kept is a file of the test's own with what a program prints.
func kept(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(output(t, name, arguments...)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestVersionLines(t *testing.T) {
	for _, name := range programs {
		want := regexp.MustCompile(`^` + name + ` v1\.2\.3, commit 0123456789ab \(go1\.[0-9.]+.*\)\n$`)
		if got := output(t, name, "--version"); !want.MatchString(got) {
			t.Errorf("%s --version = %q, want it like %s", name, got, want)
		}
	}
}

func TestManPages(t *testing.T) {
	for _, name := range programs {
		t.Run(name, func(t *testing.T) {
			page := kept(t, name, "man")
			expectManual(t, name, page)
			need(t, "mandoc")
			if said, err := exec.Command("mandoc", "-T", "lint", "-W", "warning", page).CombinedOutput(); err != nil {
				t.Errorf("mandoc finds in %s: %v\n%s", page, err, said)
			}
		})
	}
}

// expectManual wants a page that man shows without a warning, with all flags that --help has.
func expectManual(t *testing.T, name, page string) {
	t.Helper()
	need(t, "man")
	command := exec.Command("man", "--warnings", "-l", page)
	command.Env = append(os.Environ(), "MANWIDTH=100", "LC_ALL=C.UTF-8", "MAN_KEEP_FORMATTING=")
	var shown, warnings bytes.Buffer
	command.Stdout, command.Stderr = &shown, &warnings
	if err := command.Run(); err != nil || warnings.Len() > 0 {
		t.Errorf("man -l: %v: %s", err, warnings.String())
	}
	for _, want := range []string{strings.ToUpper(name) + "(1)", name + " v1.2.3", "2026-09-21", "NAME", "SYNOPSIS", "DESCRIPTION", "--version"} {
		if !strings.Contains(shown.String(), want) {
			t.Errorf("the man page of %s has no %q:\n%s", name, want, shown.String())
		}
	}
	for _, flag := range regexp.MustCompile(`(?m)^ {2,}(?:-\w, )?(--[a-z-]+)`).FindAllStringSubmatch(output(t, name, "--help"), -1) {
		if flag[1] != "--help" && !strings.Contains(shown.String(), flag[1]) {
			t.Errorf("the man page of %s has no %s, --help has it", name, flag[1])
		}
	}
}

// completions are lines up to the cursor, and what can come then.
var completions = []struct {
	name, line string
	want       []string
}{
	{"a flag", "looproom --max-l", []string{"--max-line"}},
	{"words of a flag", "looproom --log-level ", []string{"trace", "debug", "info", "warn", "error"}},
	{"a word of a flag", "looproom --log-level de", []string{"debug"}},
	{"a flag of the server behind its command", "looproom serve --log-f", []string{"--log-format"}},
	{"a command", "looproom he", []string{"health"}},
	{"a flag of a command", "looproom cert --ho", []string{"--host"}},
	{"no flags of the server in a command", "looproom health --max", nil},
	{"shells", "looproom completion ", []string{"bash", "fish", "zsh"}},
	{"nothing that could be anything", "looproom --loops ", nil},
	{"a file", "looproom --config looproom.to", []string{"looproom.toml"}},
	{"commands of loopbench", "loopbench re", []string{"report"}},
	{"flags of its default command", "loopbench --qui", []string{"--quick"}},
	{"models to serve", "loopbench serve thr", []string{"threads", "threads-queued"}},
	{"a flag of loopchat", "loopchat --tl", []string{"--tls"}},
}

// TestBashCompletes drives bash as its line editor does.
func TestBashCompletes(t *testing.T) {
	need(t, "bash")
	folder := oneFile(t)
	for _, row := range completions {
		t.Run(row.name, func(t *testing.T) {
			name, _, _ := strings.Cut(row.line, " ")
			script := fmt.Sprintf("cd %q; source %q; COMP_WORDS=(%s); [[ %q == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); complete -p %s >/dev/null && _%s; "+
				`[ "${#COMPREPLY[@]}" -eq 0 ] || printf '%%s\n' "${COMPREPLY[@]}"`, folder, kept(t, name, "completion", "bash"), row.line, row.line, name, name)
			expectWords(t, row.line, output(t, "bash", "--norc", "-c", script), row.want)
		})
	}
	equals := fmt.Sprintf("source %q; COMP_WORDS=(looproom --log-level = de); COMP_CWORD=3; _looproom; echo ${COMPREPLY[@]}", kept(t, "looproom", "completion", "bash"))
	expectWords(t, "looproom --log-level=de", output(t, "bash", "--norc", "-c", equals), []string{"debug"})
}

// TestFishCompletes asks fish what it would offer.
func TestFishCompletes(t *testing.T) {
	need(t, "fish")
	folder := oneFile(t)
	t.Setenv("HOME", t.TempDir())
	for _, row := range completions {
		t.Run(row.name, func(t *testing.T) {
			name, _, _ := strings.Cut(row.line, " ")
			script := fmt.Sprintf("cd '%s'; source '%s'; complete -C '%s'", folder, kept(t, name, "completion", "fish"), row.line)
			told := regexp.MustCompile(`(?m)\t.*$`).ReplaceAllString(output(t, "fish", "--no-config", "-c", script), "")
			expectWords(t, row.line, told, row.want)
		})
	}
}

// TestZshReadsTheScript: it is well-formed, and registers itself.
func TestZshReadsTheScript(t *testing.T) {
	need(t, "zsh")
	for _, name := range programs {
		script := kept(t, name, "completion", "zsh")
		output(t, "zsh", "-f", "-n", script)
		told := output(t, "zsh", "-f", "-c", fmt.Sprintf("autoload -Uz compinit; compinit -D -u; source '%s'; echo $_comps[%s]", script, name))
		if got, want := strings.TrimSpace(told), "_"+name; got != want {
			t.Errorf("zsh completes %s by %q, want %q", name, got, want)
		}
	}
}

// oneFile is a folder with looproom.toml in it.
func oneFile(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "looproom.toml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func expectWords(t *testing.T, line, told string, want []string) {
	t.Helper()
	got := strings.Fields(told)
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("%q completes to %q, want %q", line, got, want)
	}
}

func TestWrongCalls(t *testing.T) {
	rows := []struct {
		name, want string
		arguments  []string
	}{
		{"no shell", "completion takes the name of a shell", []string{"looproom", "completion"}},
		{"another shell", `"tcsh" is none of the shells bash, zsh, fish`, []string{"looproom", "completion", "tcsh"}},
		{"too much", "man takes no arguments", []string{"loopchat", "man", "ls"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			said, err := exec.Command(row.arguments[0], row.arguments[1:]...).CombinedOutput()
			if err == nil || !strings.Contains(string(said), row.want) {
				t.Errorf("%q ended with %v and said %q, want an error with %q", row.arguments, err, said, row.want)
			}
		})
	}
}
