//go:build linux

package main_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// TestOnlyABrowser is someone who has nothing but a browser: joins, talks, sends a file, fetches it and leaves.
func TestOnlyABrowser(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--files", t.TempDir())
	bob := signedIn(t, s, 1, "bob")
	ana := inBrowser(t, s, 0, "ana")
	ana.says("hello, bob")
	bob.until("[ana] hello, bob")

	data := randomBytes(7, 3<<20+17)
	ana.sends("a holiday.jpg", data)
	ana.says("said while it is under way")
	bob.until("* ana shared a file: a holiday.jpg (3.0 MiB)")
	bob.say("GET a holiday.jpg")
	bob.until("= FILE 3145745 a holiday.jpg")
	if got := bob.bytes(len(data)); !bytes.Equal(got, data) {
		t.Error("nc fetches other bytes than the page has sent")
	}
	bob.say("and thank you")
	ana.sees("bob: and thank you", "ana: said while it is under way")

	folder := t.TempDir()
	ana.savesTo(folder)
	ana.clicks("#messages .download")
	expectFile(t, filepath.Join(folder, "a holiday.jpg"), data)
	bob.write("SEND 0 nothing\nSEND 5 notes.txt\n12345")
	bob.until("= SENT 5 notes.txt")
	ana.clicks("#files-button")
	ana.waits("three files", `document.querySelectorAll("#files-list li").length === 3`)
	ana.clicks("#files-list li:nth-child(1) button")
	expectFile(t, filepath.Join(folder, "notes.txt"), []byte("12345"))
	ana.clicks("#files-list li:nth-child(2) button")
	expectFile(t, filepath.Join(folder, "nothing"), nil)

	ana.says("/quit")
	bob.until("< The user ana left (1 user online)")
	ana.waits("that one has left", `document.getElementById("signin-status").textContent.startsWith("You have left")`)
	ana.enters()
	ana.isReady()
	ana.sees("ana: hello, bob")
	ana.complainsOfNothing()
}

// TestDroppedAndPasted: a file can be dropped on the page, and pasted.
func TestDroppedAndPasted(t *testing.T) {
	need(t, "chromium")
	rows := []struct{ name, event string }{
		{"dropped.txt", `document.getElementById("messages").dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true}))`},
		{"pasted.txt", `document.getElementById("input").dispatchEvent(new ClipboardEvent("paste", {clipboardData: files, bubbles: true, cancelable: true}))`},
	}
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--files", t.TempDir())
	bob := signedIn(t, s, 1, "bob")
	ana := inBrowser(t, s, 0, "ana")
	for _, row := range rows {
		files := `const files = new DataTransfer(); files.items.add(new File(["this was ` + row.name + `"], "` + row.name + `"))`
		taken := evaluate[bool](ana, "(() => { "+files+"; return !"+row.event+" })()")
		if !taken {
			t.Errorf("%s: nothing in the page took the event", row.name)
		}
		bob.until("* ana shared a file: " + row.name)
		bob.say("GET " + row.name)
		bob.until("= FILE ")
		if got, want := string(bob.bytes(len("this was "+row.name))), "this was "+row.name; got != want {
			t.Errorf("%s has %q, want %q", row.name, got, want)
		}
	}
	ana.complainsOfNothing()
}

// TestPageWithoutFiles: where the server keeps none, the page offers none.
func TestPageWithoutFiles(t *testing.T) {
	need(t, "chromium")
	ana := inBrowser(t, startServer(t, "--listen", "http://127.0.0.1:0"), 0, "ana")
	ana.waits("no button for files", `document.getElementById("attach").hidden && document.getElementById("files-button").hidden`)
	ana.says("/send")
	if got := ana.messages(); len(got) > 0 {
		t.Errorf("messages = %q, want none", got)
	}
}

// sends has the page send a file.
func (b *person) sends(name string, data []byte) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles(chromedp.ID("file"), []string{path}, chromedp.NodeReady))
	b.waits("the input", `document.getElementById("input").focus() || true`)
}

// savesTo has the browser save what is fetched in a folder.
func (b *person) savesTo(folder string) {
	b.t.Helper()
	_, err := chromedp.CallBrowser(b.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder,
	})
	if err != nil {
		b.t.Fatalf("%s: set the folder for downloads: %v", b.name, err)
	}
}

// expectFile waits until a file of that size is there, and compares its bytes. The browser renames it to that name when it is whole.
func expectFile(t *testing.T, path string, want []byte) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := os.ReadFile(path)
		if err == nil && len(got) == len(want) {
			if !bytes.Equal(got, want) {
				t.Errorf("%s: the bytes differ from those that were sent", filepath.Base(path))
			}
			return
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s has not come: %v, %d bytes, want %d; in its folder: %s", filepath.Base(path), err, len(got), len(want), listing(filepath.Dir(path)))
		}
	}
}

func listing(folder string) string {
	var names []string
	entries, _ := os.ReadDir(folder) // it is for the message alone
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return strings.Join(names, ", ")
}
