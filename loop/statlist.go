//go:build linux

package loop

import (
	"runtime"
	"strconv"
	"time"

	"looproom/loop/room"
)

// listStats answers STATS with the numbers that an operator looks at first; --admin has all of them.
func (l *eventLoop) listStats(p *peer, _ *room.Ask) {
	s := l.server
	stats := s.Stats()
	total := stats.totals()
	list := statList{}
	list.add("uptime-seconds", int64(s.clock()/time.Second))
	list.add("clients", int64(s.Clients()))
	list.add("signed-in", total.signedIn)
	list.add("lines", int64(total.Lines))
	list.add("deliveries", int64(total.Deliveries))
	list.add("writes", int64(total.Writes))
	list.add("waiting-bytes", total.LogBytes)
	list.add("longest-lag-us", total.Lag.Longest.Microseconds())
	list.add("slow-drops", int64(total.SlowDrops))
	list.add("floods-disconnected", int64(total.FloodsDropped))
	list.add("refused", int64(total.refused))
	list.add("wrong-passwords", int64(total.PasswordsWrong))
	list.add("panics", int64(total.Panics))
	list.add("log-dropped", int64(stats.LogDropped))
	list.add("bans", int64(s.registry.Bans().Len()))
	list.add("registered-names", int64(s.registry.CountNames()))
	list.add("heap-bytes", heapBytes())
	list.add("goroutines", int64(runtime.NumGoroutine()))
	l.tellNow(p, &room.Event{Kind: room.StatList, Count: len(list), List: list})
	l.answered(p)
}

type statList []room.Row

func (s *statList) add(name string, value int64) {
	*s = append(*s, room.Row{Name: name, Text: strconv.FormatInt(value, 10)})
}
