//go:build linux

package reactor

import "time"

// Timer calls a function at a time, as a letter: more exactly than alarms come, and for one thing only. It is made by NewTimer. Loop only.
type Timer struct {
	loop  *Loop
	timer *time.Timer
	at    time.Duration // what it is set to, 0 if it isn't
}

// NewTimer returns a Timer that isn't set, and calls rings with the time that it was set to.
func (l *Loop) NewTimer(rings func(due time.Duration)) *Timer {
	t := &Timer{loop: l}
	t.timer = time.AfterFunc(time.Hour, func() { l.Post(func() { t.ring(rings) }) })
	t.timer.Stop()
	return t
}

// Set has the timer ring at a time, on the clock of the loop's Config, if it isn't set to one that comes sooner.
func (t *Timer) Set(at time.Duration) {
	if t.at == 0 || at < t.at {
		t.at = at
		t.timer.Reset(max(at-t.loop.config.Clock(), 0))
	}
}

func (t *Timer) ring(rings func(due time.Duration)) {
	if due := t.at; due != 0 { // else this is of a time that an earlier one has replaced
		t.at = 0
		rings(due)
	}
}
