package journal

import (
	"fmt"
	"strings"
	"sync"

	"github.com/rs/zerolog"
)

// serverLog is where the embedded server logs. It keeps what a failed start is explained with: nats-server only logs an error that ends it.
type serverLog struct {
	log    zerolog.Logger
	mu     sync.Mutex
	fatal  string
	routes string // the last error of a route
}

func (l *serverLog) Noticef(format string, v ...any) { l.log.Debug().Msgf(format, v...) }
func (l *serverLog) Debugf(format string, v ...any)  { l.log.Debug().Msgf(format, v...) }
func (l *serverLog) Tracef(format string, v ...any)  {}

func (l *serverLog) Warnf(format string, v ...any) {
	l.log.Warn().Msgf(format, v...)
}

func (l *serverLog) Errorf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.log.Warn().Msg(text)
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
