package dialogue

import (
	"fmt"
	"strings"
	"time"
)

// aMoment is how long a failed dialogue waits for each line that may tell more of what went wrong.
const aMoment = 50 * time.Millisecond

// explain makes the failure of a dialogue out of what went wrong in a line of it.
func (p *play) explain(name string, line int, comment string, err error) error {
	var b strings.Builder
	for _, c := range p.cast {
		p.drain(c)
		fmt.Fprintf(&b, "\n\t%s has waiting: %q", c.name, c.queue)
		if c.ended {
			b.WriteString(" EOF")
		}
	}
	if comment != "" {
		comment = " (" + comment + ")"
	}
	return fmt.Errorf("%s:%d%s: %w%s", name, line, comment, err, b.String())
}

// drain queues what waits for c.
func (p *play) drain(c *client) {
	for !c.ended {
		line, err := p.stage.Next(c.name, aMoment)
		if err != nil {
			return
		}
		c.queue = append(c.queue, line)
	}
}
