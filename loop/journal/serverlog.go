package journal

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// serverLog is where the embedded server logs. It keeps what a failed start is explained with: nats-server only logs an error that ends it.
type serverLog struct {
	log    zerolog.Logger
	mu     sync.Mutex
	fatal  string
	routes string               // the last error of a route
	said   map[string]time.Time // when what has been said last, by its words without figures; at most mostSaid
}

const (
	// sayAgain is after what time the same is said once more: a route that can't be made is tried each second.
	sayAgain = time.Minute
	mostSaid = 100
)

// usual is what the server warns of that is no trouble, by how it begins.
var usual = []string{"Waiting for routing", "Metalayer blocking snapshot", "Plaintext passwords", "JetStream has not established contact"}

// warn says something, unless it is usual, or has just been said.
func (l *serverLog) warn(text string) {
	if slices.ContainsFunc(usual, func(begin string) bool { return strings.HasPrefix(text, begin) }) {
		l.log.Debug().Msg(text)
		return
	}
	kind := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, text)
	if l.mayBeSaid(kind, time.Now()) {
		l.log.Warn().Msg(text)
	}
}

func (l *serverLog) mayBeSaid(kind string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if before, is := l.said[kind]; is && now.Sub(before) < sayAgain {
		return false
	}
	if l.said == nil || len(l.said) >= mostSaid {
		l.said = map[string]time.Time{}
	}
	l.said[kind] = now
	return true
}

func (l *serverLog) Noticef(format string, v ...any) { l.log.Debug().Msgf(format, v...) }
func (l *serverLog) Debugf(format string, v ...any)  { l.log.Debug().Msgf(format, v...) }
func (l *serverLog) Tracef(format string, v ...any)  {}

func (l *serverLog) Warnf(format string, v ...any) {
	l.warn(fmt.Sprintf(format, v...))
}

func (l *serverLog) Errorf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.warn(text)
	if !strings.Contains(strings.ToLower(text), "route") && !strings.Contains(text, "TLS") {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.routes = text
}

func (l *serverLog) Fatalf(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fatal = fmt.Sprintf(format, v...)
}

// failed is why the server can't start, or nil.
func (l *serverLog) failed() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fatal == "" {
		return nil
	}
	return fmt.Errorf("start the log's server: %s", l.fatal)
}

// lastOfRoutes says what the last attempt to reach another node ended with, "" if it is not known.
func (l *serverLog) lastOfRoutes() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.routes
}
