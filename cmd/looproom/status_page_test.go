//go:build linux

package main_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestStatusPage watches a server under the load of loopbench in a browser, until it is killed.
func TestStatusPage(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--listen", "line://127.0.0.1:0?proxy=127.0.0.1",
		"--admin", "127.0.0.1:0", "--status")
	_, address := s.address(0)
	tab := openTab(t, "http://"+address+"/status")
	tab.waitFor(t, "the first numbers", `document.title != "looproom status" && document.querySelector("#connections .number").textContent === "0"`)
	_, target := s.address(1)
	load := startLoopbench(t, "run", "chat:clients=200,senders=20,rate=100,warmup=1s,duration=5m", "--target", "tcp://"+target, "--pin", "off")
	tab.waitFor(t, "200 connections", `Number(document.querySelector("#connections .number").textContent) >= 200`)
	tab.waitFor(t, "deliveries", `/[1-9]/.test(document.querySelector("#deliveries .number").textContent)`)
	tab.waitFor(t, "lines", `/[1-9]/.test(document.querySelector("#lines .number").textContent)`)
	tab.waitFor(t, "a line in each chart of what goes on", `["connections", "lines", "deliveries", "merge", "lag", "memory"]
		.every((id) => document.querySelector("#" + id + " path.line.first").getTotalLength() > 3)`)
	tab.waitFor(t, "a word for how the server is", `["Well", "Strained", "In trouble"].includes(document.getElementById("state").textContent)`)
	takePictures(t, tab)
	if err := load.Process.Signal(os.Interrupt); err != nil {
		t.Fatalf("end loopbench: %v", err)
	}
	_ = load.Wait() // it was ended before it had measured anything that it could tell
	tab.waitFor(t, "the end of the load", `document.querySelector("#connections .number").textContent === "0"`)
	expectSameAsMetrics(t, s, "http://"+address)
	if _, err := s.dial(t, 2).Write([]byte("no header of a proxy\n")); err != nil {
		t.Fatal(err)
	}
	tab.waitFor(t, "a refusal", `document.getElementById("verdict").innerText.includes("1 connection refused in the last minute")`)
	takePicture(t, tab, "status-strained", "light", 1280, 800)
	s.stop()
	tab.waitFor(t, "No answer", `document.getElementById("state").textContent === "No answer"`)
	if said := tab.complaints(); len(said) > 0 {
		t.Errorf("the browser complains: %q", said)
	}
}

// TestStatusStandsStill: the page has its icon, and tells the time by 24 hours; nothing in it moves when the first numbers come, and later ones.
func TestStatusStandsStill(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--status")
	_, address := s.address(0)
	tab := openTab(t, "http://"+address+"/status")
	tab.waitFor(t, "the first numbers", `document.querySelector("#connections .number").textContent === "0"`)
	signedIn(t, s, 1, "ana").say("hello")
	tab.waitFor(t, "later ones", `document.querySelector("#connections .number").textContent === "1" && /[1-9]/.test(document.querySelector("#deliveries .number").textContent)`)
	tab.waitFor(t, "a time of 24 hours", `/ at [0-2]\d:\d\d:\d\d$/.test(document.getElementById("when").textContent)`)
	shifts := `new Promise((done) => {
		let sum = 0;
		new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => sum += value)).observe({ type: "layout-shift", buffered: true });
		setTimeout(() => done(sum), 100);
	})`
	// What is left is the space behind numbers that grow, and one line more where the server is strained by what else the machine does.
	moved, err := chromedp.Run(tab.ctx, chromedp.Evaluate[float64](shifts, chromedp.EvalAwaitPromise))
	if err != nil || moved > 0.05 {
		t.Errorf("layout shift = %.3f, %v; want 0.05 or less", moved, err)
	}
	t.Logf("layout shift: %.4f", moved)
	if status, _ := get(t, "http://"+address+"/icon.svg"); status != http.StatusOK {
		t.Errorf("GET /icon.svg = %d, want 200", status)
	}
	tab.waitFor(t, "an icon", `document.querySelector("link[rel=icon]").href.endsWith("/icon.svg")`)
}

// TestStatusIsOffByDefault: without --status there is nothing to see.
func TestStatusIsOffByDefault(t *testing.T) {
	s := startServer(t, "--listen", "http://127.0.0.1:0")
	_, address := s.address(0)
	for _, path := range []string{"/status", "/status/data", "/status/status.js"} {
		if status, _ := get(t, "http://"+address+path); status != http.StatusNotFound {
			t.Errorf("GET %s without --status = %d, want %d", path, status, http.StatusNotFound)
		}
	}
}

// expectSameAsMetrics adds up what the page has been sent, and wants what /metrics counts. The load is over, so neither moves.
func expectSameAsMetrics(t *testing.T, s *server, door string) {
	t.Helper()
	counted := scrape(t, adminOf(t, s))
	_, text := get(t, door+"/status/data")
	var told struct {
		Began   int64
		Samples []struct {
			At                int64
			Lines, Deliveries float64
			RSS               int64
		}
	}
	if err := json.Unmarshal([]byte(text), &told); err != nil || len(told.Samples) == 0 {
		t.Fatalf("/status/data: %v: %s", err, text)
	}
	var lines, deliveries float64
	before := told.Began
	for _, sample := range told.Samples {
		seconds := float64(sample.At-before) / 1000
		lines, deliveries, before = lines+sample.Lines*seconds, deliveries+sample.Deliveries*seconds, sample.At
	}
	expectNear(t, "lines", lines, counted.sum("looproom_lines_total"), 0.02)
	expectNear(t, "deliveries", deliveries, counted.sum("looproom_deliveries_total"), 0.02)
	expectNear(t, "resident memory", float64(told.Samples[len(told.Samples)-1].RSS), counted.sum("process_resident_memory_bytes"), 0.3)
}

func expectNear(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	if want == 0 || got < want*(1-share) || got > want*(1+share) {
		t.Errorf("%s on the status page = %.0f, /metrics has %.0f, want them within %.0f %%", what, got, want, 100*share)
	}
}

// startLoopbench builds loopbench and starts it.
func startLoopbench(t *testing.T, arguments ...string) *exec.Cmd {
	t.Helper()
	path := filepath.Join(t.TempDir(), "loopbench")
	if out, err := exec.Command("go", "build", "-o", path, "looproom/cmd/loopbench").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	command := exec.Command(path, arguments...)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })
	return command
}

// takePictures leaves pictures of the page under load.
func takePictures(t *testing.T, b *tab) {
	t.Helper()
	if os.Getenv("LOOPROOM_SCREENSHOTS") != "" {
		b.waitFor(t, "a minute of load", `document.querySelector("#lines .axis span").textContent === "2 min ago"`)
	}
	for _, scheme := range []string{"light", "dark"} {
		takePicture(t, b, "status-desktop-"+scheme, scheme, 1280, 800)
		takePicture(t, b, "status-phone-"+scheme, scheme, 360, 740)
	}
}

// takePicture leaves a picture in the folder that LOOPROOM_SCREENSHOTS names, if it does.
func takePicture(t *testing.T, b *tab, name, scheme string, width, height int64) {
	t.Helper()
	folder := os.Getenv("LOOPROOM_SCREENSHOTS")
	if folder == "" {
		return
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if err := chromedp.Do(b.ctx, call(emulation.SetEmulatedMedia, media), chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatalf("show the page in %s, %d pixels wide: %v", scheme, width, err)
	}
	b.waitFor(t, "end of what moves", `innerWidth === `+number(width)+` && document.getAnimations().length === 0`)
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("take a picture: %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
