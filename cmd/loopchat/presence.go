package main

import "time"

const (
	// present is how often who types without saying anything lets the server know, so that it doesn't take them for away.
	present = 4 * time.Minute
	// atKeys is how long after a key the person is taken for typing.
	atKeys = 30 * time.Second
)

// presence is whether the person is there, as the keys show.
type presence struct {
	after time.Duration // away after so long without a key; 0: never
	key   time.Time     // the last
	told  time.Time     // when the server last heard of a key
	away  bool          // the client has said so
}

func newPresence(after time.Duration, now time.Time) presence {
	return presence{after: after, key: now, told: now}
}

// press notes a key, and returns what the server is to be told, "" for nothing.
func (p *presence) press(now time.Time) string {
	p.key = now
	if !p.away {
		return ""
	}
	p.away, p.told = false, now
	return "BACK"
}

// elsewhere notes that the person is there, at another device.
func (p *presence) elsewhere(now time.Time) { p.key = now }

// turned notes that the server takes the person for away, or not any more, for what another device has said. A key ends it here as well.
func (p *presence) turned(away bool, now time.Time) {
	if p.away = away; !away {
		p.elsewhere(now)
	}
}

// tick is called now and then with whether the person is away by their own word. It returns what the server is to be told.
func (p *presence) tick(now time.Time, awayByHand bool) string {
	quiet := now.Sub(p.key)
	switch {
	case p.away || awayByHand:
	case p.after > 0 && quiet >= p.after:
		p.away = true
		return "AWAY"
	case quiet < atKeys && now.Sub(p.told) >= present:
		p.told = now
		return "BACK"
	}
	return ""
}

// active notes that the person is there.
func active(w *window) { tellServer(w, w.presence.press(time.Now())) }

// tellPresence tells the others that the person has typed nothing for a while. Guests have no name to be away by.
func tellPresence(w *window, now time.Time) {
	if w.entrance.state != up || w.leaving || w.chat.Name == "" {
		return
	}
	tellServer(w, w.presence.tick(now, w.chat.Away))
}

func tellServer(w *window, line string) {
	if link := w.session.Link(); line != "" && link != nil && w.entrance.state == up {
		link.Ask(line)
	}
}
