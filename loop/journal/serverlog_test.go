package journal

import (
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// TestLogSaysOnce: what the server says each second is said once a minute, and what is no trouble only to those who want to know all.
func TestLogSaysOnce(t *testing.T) {
	var said strings.Builder
	l := &serverLog{log: zerolog.New(&said).Level(zerolog.WarnLevel)}
	for i := range 100 {
		l.Errorf("Error trying to connect to route (attempt %d): connection refused", i)
		l.Warnf("Waiting for routing to be established...")
		l.Warnf("%d slow consumers", i)
	}
	if got := strings.Count(said.String(), "\n"); got != 2 || l.lastOfRoutes() == "" {
		t.Errorf("%d lines were said, want one of each trouble: %s", got, said.String())
	}
	if now := time.Now(); l.mayBeSaid("x", now) != true || l.mayBeSaid("x", now.Add(sayAgain/2)) || !l.mayBeSaid("x", now.Add(sayAgain)) {
		t.Error("the same isn't said once a minute")
	}
	for i := range 10 * mostSaid {
		l.mayBeSaid(strings.Repeat("x", i), time.Now())
	}
	if len(l.said) > mostSaid {
		t.Errorf("%d kinds are remembered, want at most %d", len(l.said), mostSaid)
	}
}
