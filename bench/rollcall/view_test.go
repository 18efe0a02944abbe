//go:build linux

package rollcall

import (
	"fmt"
	"testing"
	"time"
)

// TestWhatWasSaidBefore: of a message that was said before a client came in, who said it may have left; of a later one that is a fault.
func TestWhatWasSaidBefore(t *testing.T) {
	for _, tt := range []struct {
		name  string
		tags  string // with the time to be filled in
		later time.Duration
		wrong int
	}{
		{"before", "@time=%s ", -time.Minute, 0},
		{"before, with other tags", "@msgid=1-2;time=%s;account=ann ", -time.Minute, 0},
		{"later", "@time=%s ", time.Minute, 1},
		{"no time", "@msgid=%s ", -time.Minute, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := newNames(2)
			v := newView(n, 0)
			own, other := n.of(0), n.of(1)
			for _, line := range []string{
				fmt.Sprintf(":%s!u@h JOIN #hall", own),
				fmt.Sprintf(":irc.test 353 %s = #hall :%s", own, own),
				fmt.Sprintf(":irc.test 366 %s #hall :End of /NAMES list", own),
				fmt.Sprintf(tt.tags+":%s!u@h PRIVMSG #hall :hello", time.Now().Add(tt.later).UTC().Format("2006-01-02T15:04:05.000Z"), other),
			} {
				v.hear([]byte(line))
			}
			if v.wrong != tt.wrong {
				t.Errorf("%d faults, want %d: %q", v.wrong, tt.wrong, v.faults)
			}
		})
	}
}
