//go:build linux

package loop

import (
	"fmt"
	"testing"
)

// TestInputComesBetweenTurns: work that goes on piece by piece lets each client's lines in between, however many pieces there are.
func TestInputComesBetweenTurns(t *testing.T) {
	s, address := start(t, testConfig(1))
	c := dial(t, address)
	l := s.home()
	pieces, goOn, ended := 0, true, make(chan struct{})
	var piece func()
	piece = func() {
		if pieces++; goOn {
			l.afterInput(piece)
			return
		}
		close(ended)
	}
	if err := l.call(piece); err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		c.say("PING %d", n)
		c.until(fmt.Sprint("PONG ", n))
	}
	var before int
	if err := l.call(func() { before, goOn = pieces, false }); err != nil {
		t.Fatal(err)
	}
	<-ended
	if before < 20 {
		t.Errorf("%d pieces while 20 lines were answered, want at least as many: the work does not go on", before)
	}
}
