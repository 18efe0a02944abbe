package status

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// epoch is when the tests' servers begin.
var epoch = time.UnixMilli(1_790_000_000_000)

// lagOf is a histogram with buckets of 1 ms, 100 ms and 1 s.
func lagOf(fast, slow, stuck uint64) []Bucket {
	return []Bucket{{time.Millisecond, fast}, {100 * time.Millisecond, fast + slow}, {time.Second, fast + slow + stuck}}
}

func TestBetween(t *testing.T) {
	before := Reading{Lines: 10, Deliveries: 100, Writes: 50, SlowDrops: 1, Lag: lagOf(5, 0, 0)}
	now := Reading{
		Connections: 7, SignedIn: 3, Lines: 30, Deliveries: 1100, Writes: 150, SlowDrops: 3, AcceptErrors: 1, Panics: 1,
		RSS: 1 << 20, Lag: lagOf(104, 1, 0),
	}
	got := between(&before, &now, 2)
	if got.Lines != 10 || got.Deliveries != 500 || got.SlowDrops != 2 || got.Errors != 2 || got.Connections != 7 || got.SignedIn != 3 || got.RSS != 1<<20 {
		t.Errorf("between = %+v, want 10 lines and 500 deliveries a second, 2 slow drops, 2 errors, 7 connections, 3 signed in", got)
	}
	if got.Merge == nil || *got.Merge != 10 {
		t.Errorf("merge = %v, want 10", got.Merge)
	}
	if want := (Lag{P50: 1000, P99: 1000, Longest: 100_000}); got.Lag == nil || *got.Lag != want {
		t.Errorf("lag = %v, want %v", got.Lag, want)
	}
	if quiet := between(&now, &now, 1); quiet.Merge != nil || quiet.Lag != nil {
		t.Errorf("a second without anything has merge %v and lag %v, want none", quiet.Merge, quiet.Lag)
	}
}

func TestLongestLag(t *testing.T) {
	before := Reading{Lag: lagOf(1, 0, 0), Longest: time.Millisecond}
	now := Reading{Lag: lagOf(1, 1, 0), Longest: 30 * time.Millisecond}
	if got, want := *lagBetween(&before, &now), (Lag{30_000, 30_000, 30_000}); got != want {
		t.Errorf("lag with a new longest batch of 30 ms = %v, want %v", got, want)
	}
}

func TestJudge(t *testing.T) {
	quiet := Sample{}
	rows := []struct {
		name    string
		samples []Sample
		state   State
		why     string
	}{
		{"nothing happens", []Sample{quiet}, Well, ""},
		{"quick", []Sample{{Lag: &Lag{P99: 900}}}, Well, ""},
		{"late", []Sample{{Lag: &Lag{P99: 60_000}}}, Strained, "event loops take 60 ms to answer"},
		{"far too late", []Sample{{Lag: &Lag{P99: 900_000}}}, Trouble, "event loops take 900 ms to answer"},
		{"late for a second", []Sample{{Lag: &Lag{P99: 900}}, {Lag: &Lag{P99: 900_000}}, {Lag: &Lag{P99: 900}}}, Well, ""},
		{"late a while ago", append([]Sample{{Lag: &Lag{P99: 900_000}}}, slices.Repeat([]Sample{quiet}, lagSpan)...), Well, ""},
		{"a slow client a while ago", append([]Sample{{SlowDrops: 1}}, slices.Repeat([]Sample{quiet}, lagSpan)...), Strained, "1 slow client disconnected in the last minute"},
		{"a slow client long ago", append([]Sample{{SlowDrops: 1}}, slices.Repeat([]Sample{quiet}, eventSpan)...), Well, ""},
		{"a node is gone", []Sample{{Nodes: 3, NodesHere: 2}}, Strained, "2 of 3 nodes take part"},
		{"the log is away", []Sample{{Nodes: 3, NodesHere: 3, LogAway: true}}, Trouble, "the log of the cluster does not answer"},
		{"refusals", []Sample{{Refused: 2}, {Refused: 3}}, Strained, "5 connections refused in the last minute"},
		{"errors come first", []Sample{{Errors: 2, Refused: 1}}, Trouble, "2 connections that failed to be accepted, or panics in the last minute; 1 connection refused in the last minute"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			judge(row.samples)
			last := row.samples[len(row.samples)-1]
			if got := strings.Join(last.Why, "; "); last.State != row.state || got != row.why {
				t.Errorf("judge = %s (%s), want %s (%s)", last.State, got, row.state, row.why)
			}
		})
	}
}

// answer is what a page is sent.
type answer struct {
	Began   int64
	Every   int
	Samples []Sample
}

// ask asks as a page does.
func ask(t *testing.T, s *Sampler, query string) (a answer) {
	t.Helper()
	recorder := httptest.NewRecorder()
	s.Pages().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/status/data"+query, nil))
	if err := json.Unmarshal(recorder.Body.Bytes(), &a); err != nil || recorder.Code != http.StatusOK {
		t.Fatalf("GET /status/data%s: HTTP %d, %v: %s", query, recorder.Code, err, recorder.Body)
	}
	return a
}

// TestSince: a page that opens has five minutes at once, and then gets each sample once.
func TestSince(t *testing.T) {
	var lines uint64
	s := newSampler(func() Reading { lines += 4; return Reading{Lines: lines} }, epoch)
	if got := ask(t, s, ""); len(got.Samples) != 0 || got.Began != epoch.UnixMilli() || got.Every != 1000 {
		t.Errorf("before the first sample: %+v", got)
	}
	for n := range kept + 10 {
		s.take(epoch.Add(time.Duration(n+1) * time.Second))
	}
	of := fmt.Sprintf("&of=%d", epoch.UnixMilli())
	rows := []struct {
		name, query string
		first, last uint64 // of the samples
	}{
		{"a new page", "", 11, kept + 10},
		{"one more", fmt.Sprint("?after=", kept+9, of), kept + 10, kept + 10},
		{"forgotten long ago", "?after=3" + of, 11, kept + 10},
		{"another server's", "?after=305&of=12", 11, kept + 10},
		{"from the future", "?after=999" + of, 11, kept + 10},
		{"nonsense", "?after=yes" + of, 11, kept + 10},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := ask(t, s, row.query).Samples
			if uint64(len(got)) != row.last-row.first+1 || got[0].Seq != row.first || got[len(got)-1].Seq != row.last || got[0].Lines != 4 {
				t.Errorf("%d samples, from %+v; want %d to %d with 4 lines each", len(got), got[0], row.first, row.last)
			}
		})
	}
	if got := ask(t, s, fmt.Sprint("?after=", kept+10, of)).Samples; len(got) != 0 {
		t.Errorf("samples for a page that has all: %+v", got)
	}
}

// TestSamplerRuns: it samples by itself, until it is stopped.
func TestSamplerRuns(t *testing.T) {
	read := make(chan struct{}, 100)
	s := Start(func() Reading { read <- struct{}{}; return Reading{} })
	for range 2 {
		select {
		case <-read:
		case <-time.After(30 * time.Second):
			t.Fatal("no sample was taken in 30 s")
		}
	}
	s.Stop()
	s.Stop()
	select {
	case <-s.over:
	case <-time.After(30 * time.Second):
		t.Fatal("the sampler has not stopped after 30 s")
	}
}

func TestPages(t *testing.T) {
	pages := newSampler(func() Reading { return Reading{} }, epoch).Pages()
	rows := []struct {
		name, method, path string
		status             int
		kind               string
	}{
		{"the page", http.MethodGet, "/status", http.StatusOK, "text/html; charset=utf-8"},
		{"its head", http.MethodHead, "/status", http.StatusOK, "text/html; charset=utf-8"},
		{"style", http.MethodGet, "/status/status.css", http.StatusOK, "text/css; charset=utf-8"},
		{"script", http.MethodGet, "/status/status.js", http.StatusOK, "text/javascript; charset=utf-8"},
		{"module", http.MethodGet, "/status/chart.js", http.StatusOK, "text/javascript; charset=utf-8"},
		{"data", http.MethodGet, "/status/data", http.StatusOK, "application/json"},
		{"nothing else", http.MethodGet, "/status/page.go", http.StatusNotFound, ""},
		{"no writing", http.MethodPost, "/status/data", http.StatusMethodNotAllowed, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			recorder := httptest.NewRecorder()
			pages.ServeHTTP(recorder, httptest.NewRequest(row.method, row.path, nil))
			header := recorder.Header()
			if recorder.Code != row.status || (row.kind != "" && header.Get("Content-Type") != row.kind) {
				t.Errorf("%s %s = %d, %s; want %d, %s", row.method, row.path, recorder.Code, header.Get("Content-Type"), row.status, row.kind)
			}
			if row.kind != "" && header.Get("Content-Security-Policy") != policy {
				t.Errorf("%s has the policy %q, want %q", row.path, header.Get("Content-Security-Policy"), policy)
			}
		})
	}
	recorder := httptest.NewRecorder()
	pages.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/status", nil))
	again := httptest.NewRequest(http.MethodGet, "/status", nil)
	again.Header.Set("If-None-Match", recorder.Header().Get("ETag"))
	second := httptest.NewRecorder()
	pages.ServeHTTP(second, again)
	if second.Code != http.StatusNotModified {
		t.Errorf("a page that the browser has: HTTP %d, want %d", second.Code, http.StatusNotModified)
	}
}

// TestTextStaysText: nothing that the page is sent can become markup.
func TestTextStaysText(t *testing.T) {
	for _, name := range []string{"status.js", "chart.js", "status.html"} {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://", " style="} {
			if at := strings.Index(strings.ReplaceAll(string(text), "http://www.w3.org/2000/svg", ""), word); at >= 0 {
				t.Errorf("%s has %q", name, word)
			}
		}
	}
}
