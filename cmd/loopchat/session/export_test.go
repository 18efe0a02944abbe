package session

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// exported runs an export against a server, and returns how it ended.
func exported(t *testing.T, path string, replace bool, answer func(line string) string) (last Event, steps int) {
	t.Helper()
	ends := make(chan Event, 1)
	l, server, _ := linked(t, func(e Event) {
		switch e.Kind {
		case Exporting:
			steps++
		case Exported, Failed:
			ends <- e
		}
	})
	go func() {
		script(server, func(line string) string {
			if line == "/ids on" {
				return "= IDS ON\n"
			}
			text := answer(line)
			if text == "" {
				server.Close()
			}
			return text
		})
	}()
	if err := Export(l, path, replace); err != nil {
		return Event{Kind: Failed, Text: err.Error()}, 0
	}
	select {
	case last = <-ends:
	case <-time.After(30 * time.Second):
		t.Fatal("the export has no end")
	}
	return last, steps
}

var afterAsked = regexp.MustCompile(`^/export(?: after 1-(\d+))? 500$`)

// pages answers EXPORT as a server does that has so many messages.
func pages(count int) func(line string) string {
	return func(line string) string {
		m := afterAsked.FindStringSubmatch(line)
		if m == nil {
			return "! bad-argument " + line + "\n"
		}
		from, _ := strconv.Atoi(m[1])
		to, more := min(from+500, count), ""
		if to < count {
			more = " more"
		}
		var b strings.Builder
		fmt.Fprintf(&b, "= EXPORT %d%s\n[eve] in between\n", to-from, more)
		for n := from + 1; n <= to; n++ {
			fmt.Fprintf(&b, "= @1-%d 2026-11-21T09:30:00.%03dZ #go [ana] number %d <&> \"\n", n, n%1000, n)
		}
		return b.String()
	}
}

func TestExport(t *testing.T) {
	for _, count := range []int{0, 1, 500, 501, 1600} {
		path := filepath.Join(t.TempDir(), "mine.jsonl")
		last, steps := exported(t, path, false, pages(count))
		if last.Kind != Exported || last.Count != int64(count) || last.Who != path || steps != max(0, (count-1)/500) {
			t.Fatalf("of %d messages: %+v after %d steps, want Exported with all", count, last, steps)
		}
		text, err := os.ReadFile(path)
		lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		if info, wrong := os.Stat(path); err != nil || wrong != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file: %v, %v, mode %v; want 0600", err, wrong, info.Mode())
		}
		for n := range count {
			want := fmt.Sprintf(`{"id":"1-%d","time":"%s","place":"#go","kind":"text","name":"ana","text":"number %d <&> \""}`, n+1,
				time.Date(2026, 11, 21, 9, 30, 0, (n+1)%1000*1e6, time.UTC).Format("2006-01-02T15:04:05.000Z"), n+1)
			if lines[n] != want {
				t.Fatalf("line %d = %s, want %s", n, lines[n], want)
			}
		}
	}
}

// TestExportRows: what a message is stands in its line.
func TestExportRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	exported(t, path, false, func(string) string {
		return "= EXPORT 4\n= @1-1 2026-11-21T09:30:00.5Z #go * ana waves\n= @1-2 2026-11-21T09:30:00.5Z bob *ana* psst\n= @1-2 2026-11-21T09:30:00.5Z bob *ana* of two lines\n= @1-3 2026-11-21T09:30:00.5Z #go [ana] end\n"
	})
	text, _ := os.ReadFile(path)
	const when = "2026-11-21T09:30:00.500Z"
	want := []Message{
		{ID: "1-1", Time: when, Place: "#go", Kind: "action", Name: "ana", Text: "waves"},
		{ID: "1-2", Time: when, Place: "bob", Kind: "text", Name: "ana", Text: "psst\nof two lines"},
		{ID: "1-3", Time: when, Place: "#go", Kind: "text", Name: "ana", Text: "end"},
	}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var got Message
		if err := json.Unmarshal([]byte(line), &got); err != nil || got != want[i] {
			t.Errorf("line %d = %s: %v, want %+v", i, line, err, want[i])
		}
	}
}

// TestExportWaits: a server that is busy is asked again.
func TestExportWaits(t *testing.T) {
	refused := 0
	last, _ := exported(t, filepath.Join(t.TempDir(), "mine"), false, func(line string) string {
		if refused++; refused == 2 {
			return "! busy try again\n"
		}
		return pages(700)(line)
	})
	if last.Kind != Exported || last.Count != 700 || refused != 3 {
		t.Errorf("%+v after %d questions, want Exported with all after 3", last, refused)
	}
}

// TestExportFails: half an export is none, and nothing is replaced without a word.
func TestExportFails(t *testing.T) {
	endless := "= EXPORT 1 more\n= @1-7 2026-11-21T09:30:00Z #go [ana] again\n"
	rows := []struct {
		name   string
		answer func(line string) string
		says   string
	}{
		{"refused", func(string) string { return "! history-off nothing is kept\n" }, "the server refused it"},
		{"an old server", func(string) string { return "! unknown-command what?\n" }, "the server refused it"},
		{"no answer", func(string) string { return "[eve] x\n" }, "the server has not answered"},
		{"the same page for ever", func(string) string { return endless }, "in no order"},
		{"empty pages for ever", func(string) string { return "= EXPORT 0 more\n" }, "there is more, and tells nothing"},
		{"no ids", func(string) string { return "= EXPORT 1\n= 2026-11-21T09:30:00Z #go [ana] x\n" }, "in no order"},
		{"lost", func(line string) string {
			if strings.Contains(line, "after") {
				return ""
			}
			return endless
		}, "the connection was lost"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			last, _ := exported(t, filepath.Join(dir, "mine"), false, row.answer)
			if last.Kind != Failed || !strings.Contains(last.Text, "mine was not written: ") || !strings.Contains(last.Text, row.says) {
				t.Errorf("%+v, want Failed with %q", last, row.says)
			}
			if found, _ := os.ReadDir(dir); len(found) > 0 {
				t.Errorf("the folder has %v, want nothing", found)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "mine")
	if err := os.WriteFile(path, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	if last, _ := exported(t, path, false, pages(1)); last.Kind != Failed || !strings.Contains(last.Text, "is there already") {
		t.Errorf("over a file: %+v, want Failed", last)
	}
	if text, _ := os.ReadFile(path); string(text) != "kept" {
		t.Errorf("the file = %q, want it as it was", text)
	}
	if last, _ := exported(t, path, true, pages(3)); last.Kind != Exported {
		t.Errorf("replacing: %+v, want Exported", last)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file that replaces: %v %v, want mode 0600", info.Mode(), err)
	}
	if last, _ := exported(t, filepath.Join(t.TempDir(), "no/where"), false, pages(1)); last.Kind != Failed {
		t.Errorf("in no folder: %+v, want Failed", last)
	}
}
