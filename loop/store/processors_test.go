package store

import (
	"runtime"
	"testing"
)

// TestProcessorsWhileRead: there is one more for each reader that has read at once, until nobody has for a while.
func TestProcessorsWhileRead(t *testing.T) {
	ofProcess.rest() // what tests before this one have left; others don't run meanwhile
	var p processors
	usual := runtime.GOMAXPROCS(0)
	check := func(when string, more int) {
		t.Helper()
		if got := runtime.GOMAXPROCS(0) - usual; got != more {
			t.Errorf("%s there are %d more, want %d", when, got, more)
		}
	}
	p.begin()
	check("while one reads", 1)
	p.begin()
	check("while two read", 2)
	p.end()
	p.rest()
	check("while one still reads", 2)
	p.end()
	check("behind the last", 2)
	p.begin()
	check("when one begins again", 2)
	p.rest()
	check("when one has begun again", 2)
	p.end()
	p.rest()
	check("when nobody has read for a while", 0)
	p.rest()
	check("later", 0)
	p.lower.Stop()
}
