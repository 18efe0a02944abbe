package rate

import (
	"sync"
	"time"
)

// Cap lets so many things through in each second, whoever does them. Make it with NewCap; it is safe for any goroutine.
type Cap struct {
	mu     sync.Mutex
	most   int
	since  time.Duration // the second that is counted
	passed int
	held   int
}

// NewCap returns one that lets so many through a second.
func NewCap(perSecond int) *Cap { return &Cap{most: perSecond} }

// Pass says whether one more may pass now.
func (c *Cap) Pass(now time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now-c.since >= time.Second {
		c.since, c.passed = now, 0
	}
	if c.passed >= c.most {
		c.held++
		return false
	}
	c.passed++
	return true
}

// Held is how many did not pass since it was last asked.
func (c *Cap) Held() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	held := c.held
	c.held = 0
	return held
}
