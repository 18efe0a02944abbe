//go:build linux

package reactor

import "github.com/rs/zerolog"

// gnetLogger gives what gnet has to say to the server's log. gnet is loud about what is usual here, so its levels go down by one.
type gnetLogger struct {
	log zerolog.Logger
}

func (g gnetLogger) Debugf(format string, args ...any) { g.log.Trace().Msgf("gnet: "+format, args...) }
func (g gnetLogger) Infof(format string, args ...any)  { g.log.Debug().Msgf("gnet: "+format, args...) }
func (g gnetLogger) Warnf(format string, args ...any)  { g.log.Info().Msgf("gnet: "+format, args...) }
func (g gnetLogger) Errorf(format string, args ...any) { g.log.Warn().Msgf("gnet: "+format, args...) }
func (g gnetLogger) Fatalf(format string, args ...any) { g.log.Error().Msgf("gnet: "+format, args...) }
