//go:build linux

package main_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

var adminAddress = regexp.MustCompile(`"admin":"([^"]+)"`)

// adminOf returns the URL of the server's admin address, which it has logged.
func adminOf(t *testing.T, s *server) string {
	t.Helper()
	var found []string
	waitFor(t, "the admin address in the log", func() bool {
		found = adminAddress.FindStringSubmatch(s.log.String())
		return found != nil
	})
	return "http://" + found[1]
}

// get returns the status and the text of a page.
func get(t *testing.T, url string) (status int, text string) {
	t.Helper()
	client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatalf("read %s: %v", url, err)
	}
	return answer.StatusCode, string(body)
}

// metrics are what /metrics has said at one moment.
type metrics map[string]*dto.MetricFamily

func scrape(t *testing.T, admin string) metrics {
	t.Helper()
	status, text := get(t, admin+"/metrics")
	if status != http.StatusOK {
		t.Fatalf("/metrics: status %d, want 200:\n%s", status, text)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("/metrics: %v", err)
	}
	return families
}

// sum adds up the metric's values for all labels but those that are given as name=value.
func (m metrics) sum(name string, labels ...string) (sum float64) {
	for _, metric := range m[name].GetMetric() {
		if hasLabels(metric, labels) {
			sum += metric.GetCounter().GetValue() + metric.GetGauge().GetValue() + float64(metric.GetHistogram().GetSampleCount())
		}
	}
	return sum
}

func hasLabels(metric *dto.Metric, labels []string) bool {
	for _, label := range labels {
		found := false
		for _, pair := range metric.GetLabel() {
			found = found || pair.GetName()+"="+pair.GetValue() == label
		}
		if !found {
			return false
		}
	}
	return true
}

// TestMetricsAfterAConversation: what three people say is counted to the last line and byte.
func TestMetricsAfterAConversation(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--loops", loops, "--admin", "127.0.0.1:0")
			admin := adminOf(t, s)
			ana, bob, eve := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob"), signedIn(t, s, 0, "eve")
			for _, c := range []*talker{ana, bob, eve} {
				c.fence()
			}
			lines := 3 + 3 + 3 // each greeted, signed in, and fenced
			waitFor(t, "the counters to stand still", func() bool { return scrape(t, admin).sum("looproom_lines_total") == float64(lines) })
			before := scrape(t, admin)
			const said = 20
			ana.write(strings.Repeat("hello there\n", said))
			for _, c := range []*talker{bob, eve} {
				for range said {
					c.expect("[ana] hello there")
				}
			}
			ana.expectOnly()
			want := map[string]int{
				"looproom_lines_total":               said + 1,
				"looproom_deliveries_total":          2*said + 1,
				"looproom_received_bytes_total":      said*len("hello there\n") + len("PING fence2\n"),
				"looproom_sent_bytes_total":          2*said*len("[ana] hello there\n") + len("PONG fence2\n"),
				"looproom_delivery_log_bytes":        0,
				"looproom_clients":                   0,
				"looproom_slow_drops_total":          0,
				"looproom_skipped_messages_total":    0,
				"looproom_floods_delayed_total":      0,
				"looproom_floods_disconnected_total": 0,
				"looproom_accept_errors_total":       0,
				"looproom_uploads_begun_total":       0,
				"looproom_panics_total":              0,
			}
			waitFor(t, "the lines to be counted", func() bool {
				return scrape(t, admin).sum("looproom_deliveries_total") >= before.sum("looproom_deliveries_total")+2*said+1
			})
			after := scrape(t, admin)
			for name, n := range want {
				if got := after.sum(name) - before.sum(name); got != float64(n) {
					t.Errorf("%s has grown by %v, want %d", name, got, n)
				}
			}
			if got := after.sum("looproom_apply_seconds") - before.sum("looproom_apply_seconds"); got < said+1 {
				t.Errorf("looproom_apply_seconds has grown by %v commands, want at least %d", got, said+1)
			}
			if got := after.sum("looproom_clients", "state=signed_in", "door="+s.doors[0]); got != 3 {
				t.Errorf("clients signed in = %v, want 3", got)
			}
		})
	}
}

// TestMetricsOfComingAndGoing: connections are counted by their state, and are gone from the count when they are gone.
func TestMetricsOfComingAndGoing(t *testing.T) {
	s := startServer(t, "--admin", "127.0.0.1:0", "--max-clients", "3", "--files", t.TempDir())
	admin := adminOf(t, s)
	guest, bob := connect(t, s, 0, "guest"), signedIn(t, s, 0, "bob")
	eve := connect(t, s, 0, "eve")
	refused := dial(t, s, 0, "refused")
	refused.until("! server-full ")
	eve.say("SEND 5 a file")
	eve.write("12345")
	eve.until("= SENT 5 a file")
	states := func(want ...float64) func() bool {
		return func() bool {
			m := scrape(t, admin)
			return m.sum("looproom_clients", "state=guest") == want[0] && m.sum("looproom_clients", "state=signed_in") == want[1] &&
				m.sum("looproom_clients", "state=lingering") == want[2]
		}
	}
	waitFor(t, "two guests and one who has signed in", states(2, 1, 0))
	bob.say("END")
	bob.until("= END")
	bob.expectEnd()
	bob.closeInput()
	waitFor(t, "two guests", states(2, 0, 0))
	guest.say("NICK gus")
	waitFor(t, "a guest to sign in by NICK", states(1, 1, 0))
	m := scrape(t, admin)
	for name, want := range map[string]float64{
		"looproom_refused_connections_total reason=server-full": 1,
		"looproom_uploads_begun_total":                          1,
		"looproom_uploads_kept_total":                           1,
		"looproom_uploads_failed_total":                         0,
		"looproom_uploaded_bytes_total":                         5,
	} {
		name, label, _ := strings.Cut(name, " ")
		if got := m.sum(name, strings.Fields(label)...); got != want {
			t.Errorf("%s %s = %v, want %v", name, label, got, want)
		}
	}
}

// TestReadiness: while a drain waits for a client the server is alive, but not ready, and can be watched to its end.
func TestReadiness(t *testing.T) {
	s := startServer(t, "--drain", "10m", "--admin", "127.0.0.1:0")
	admin := adminOf(t, s)
	expectStatus(t, admin+"/readyz", http.StatusOK)
	expectStatus(t, admin+"/healthz", http.StatusOK)
	stuck := slowReader(t, s, "stuck")
	speak(t, s, 8000)
	s.signal(syscall.SIGTERM)
	waitFor(t, "the drain", func() bool { return strings.Contains(s.log.String(), "draining") })
	waitFor(t, "/readyz to say 503", func() bool { status, _ := get(t, admin+"/readyz"); return status == http.StatusServiceUnavailable })
	expectStatus(t, admin+"/healthz", http.StatusOK)
	if got := scrape(t, admin).sum("looproom_clients"); got < 1 {
		t.Errorf("clients while a drain waits for one = %v, want at least 1", got)
	}
	if err := stuck.input.Close(); err != nil {
		t.Fatal(err)
	}
	if status := s.wait(); status != 0 {
		t.Errorf("exit status = %d, want 0; the log:\n%s", status, s.log.String())
	}
}

func expectStatus(t *testing.T, url string, want int) {
	t.Helper()
	if status, text := get(t, url); status != want {
		t.Errorf("GET %s: status %d %q, want %d", url, status, text, want)
	}
}

// TestMetricsUnderLoad: they are served while the loops are busy, and counters only grow.
func TestMetricsUnderLoad(t *testing.T) {
	s := startServer(t, "--admin", "127.0.0.1:0")
	admin := adminOf(t, s)
	listener := connect(t, s, 0, "listener")
	go func() { _, _ = io.Copy(io.Discard, listener.source) }() // ends with the connection
	ana := signedIn(t, s, 0, "ana")
	const bursts, burst = 20, 2000
	var last float64
	for range bursts {
		ana.write(strings.Repeat("hello\n", burst))
		lines := scrape(t, admin).sum("looproom_lines_total")
		if lines < last {
			t.Errorf("looproom_lines_total = %v after %v", lines, last)
		}
		last = lines
		expectStatus(t, admin+"/readyz", http.StatusOK)
	}
	ana.fence()
	waitFor(t, "all lines to be counted", func() bool { return scrape(t, admin).sum("looproom_lines_total") >= bursts*burst })
}

// TestPprofOnlyWhenAsked: profiles show what is in memory, so they are off unless someone wants them.
func TestPprofOnlyWhenAsked(t *testing.T) {
	for _, c := range []struct {
		name  string
		flags []string
		want  int
	}{
		{"not asked for", nil, http.StatusNotFound},
		{"asked for", []string{"--admin-pprof"}, http.StatusOK},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startServer(t, append(c.flags, "--admin", "127.0.0.1:0")...)
			for _, page := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/cmdline", "/debug/pprof/goroutine?debug=1"} {
				expectStatus(t, adminOf(t, s)+page, c.want)
			}
			expectStatus(t, adminOf(t, s)+"/", http.StatusNotFound)
		})
	}
}

// TestAdminIsOffByDefault: nothing listens that nobody has asked for.
func TestAdminIsOffByDefault(t *testing.T) {
	s := startServer(t)
	connect(t, s, 0, "someone")
	if strings.Contains(s.log.String(), `"admin"`) {
		t.Errorf("the log of a server without --admin:\n%s", s.log.String())
	}
}

// TestAdminPortTaken: the server doesn't start without what it was asked for.
func TestAdminPortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	status, _, stderr := outcome(t, nil, "--listen", "line://127.0.0.1:0", "--admin", address)
	want := "looproom: listen for --admin at " + address + ": address already in use (is another looproom running?)\n"
	if status != 1 || !strings.HasSuffix(stderr, want) {
		t.Errorf("status %d, stderr %q; want 1, %q at the end", status, stderr, want)
	}
}

// TestMetricsAreWellFormed: names, units and help as Prometheus wants them.
func TestMetricsAreWellFormed(t *testing.T) {
	s := startServer(t, "--admin", "127.0.0.1:0")
	signedIn(t, s, 0, "ana")
	_, text := get(t, adminOf(t, s)+"/metrics")
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	if n := strings.Count(text, "# HELP looproom_"); n < 20 {
		t.Errorf("metrics of our own = %d, want at least 20", n)
	}
}

var metricName = regexp.MustCompile(`\b(looproom|go|process)_[a-z0-9_]+`)

// TestDashboard: it and the alerts show only what there is.
func TestDashboard(t *testing.T) {
	s := startCluster(t, 3, "--admin", "127.0.0.1:0").at[0]
	names := map[string]bool{"looproom_refused_connections_total": true} // appears with the first refusal
	for name, family := range scrape(t, adminOf(t, s)) {
		names[name] = true
		if family.GetType() == dto.MetricType_HISTOGRAM {
			names[name+"_bucket"] = true
		}
		if family.GetType() == dto.MetricType_HISTOGRAM || family.GetType() == dto.MetricType_SUMMARY {
			names[name+"_sum"], names[name+"_count"] = true, true
		}
	}
	for file, least := range map[string]int{"systemd/grafana-dashboard.json": 30, "systemd/prometheus-alerts.yml": 15} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		used := metricName.FindAllString(string(text), -1)
		if len(used) < least {
			t.Errorf("metrics in %s = %d, want at least %d", file, len(used), least)
		}
		for _, name := range used {
			if !names[name] {
				t.Errorf("%s shows %s, which /metrics doesn't have", file, name)
			}
		}
	}
}

// TestAlertsAreUnderstood: Prometheus understands the rules, where its promtool is here.
func TestAlertsAreUnderstood(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not here")
	}
	out, err := exec.Command(promtool, "check", "rules", "systemd/prometheus-alerts.yml").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("rules found")) {
		t.Errorf("promtool check rules: %v\n%s", err, out)
	}
}

// TestUnitFile: systemd understands the unit, and the server the flags in it.
func TestUnitFile(t *testing.T) {
	unit, err := os.ReadFile("systemd/looproom.service")
	if err != nil {
		t.Fatal(err)
	}
	_, help, _ := outcome(t, nil, "--help")
	for _, flag := range regexp.MustCompile(`--[a-z-]+ `).FindAllString(regexp.MustCompile(`ExecStart=.*`).FindString(string(unit)), -1) {
		if !strings.Contains(help, strings.TrimSpace(flag)) {
			t.Errorf("the unit has the flag %s, which --help doesn't tell of", flag)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not here")
	}
	here := filepath.Join(t.TempDir(), "looproom.service")
	if err := os.WriteFile(here, bytes.ReplaceAll(unit, []byte("/usr/local/bin/looproom"), []byte(binary)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(analyze, "verify", "--man=no", here).CombinedOutput(); err != nil || bytes.Contains(out, []byte("looproom.service")) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

// TestStoppedProcessIsOneStall: a process that was stopped says so in one line, and nobody is disconnected for it.
func TestStoppedProcessIsOneStall(t *testing.T) {
	s := startServer(t, "--loops", "1", "--admin", "127.0.0.1:0")
	ana := signedIn(t, s, 0, "ana")
	s.signal(syscall.SIGSTOP)
	<-time.After(2500 * time.Millisecond) // time itself is what is tested
	s.signal(syscall.SIGCONT)
	ana.fence()
	waitFor(t, "the stall to be logged", func() bool { return strings.Contains(s.log.String(), "stall") })
	ana.fence()
	long := 0
	for _, line := range regexp.MustCompile(`"took":"([^"]+)"`).FindAllStringSubmatch(s.log.String(), -1) {
		if took, err := time.ParseDuration(line[1]); err == nil && took >= time.Second {
			long++
		}
	}
	if long != 1 {
		t.Errorf("lines about a stall of a second or more = %d, want 1; the log:\n%s", long, s.log.String())
	}
	if m := scrape(t, adminOf(t, s)); m.sum("looproom_stalls_total") < 1 {
		t.Errorf("looproom_stalls_total = %v, want at least 1", m.sum("looproom_stalls_total"))
	}
}
