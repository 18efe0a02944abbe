package room

import (
	"slices"
	"strings"
)

// MaxMonitor is how many names a session may monitor.
const MaxMonitor = 100

// monitor is whom a session wants to be told of as soon as they come or go.
type monitor struct {
	names []watched // in the order in which it has asked for them, at most MaxMonitor
	more  bool      // it wants to be told what else changes of them as well
}

// watched is a name that a session monitors, as it has written it.
type watched struct{ shown, key string }

// monitors are those of all sessions.
type monitors struct {
	of map[ClientID]*monitor
	by map[string][]ClientID // who monitors the name with that key, in the order of their numbers
}

func newMonitors() monitors {
	return monitors{of: map[ClientID]*monitor{}, by: map[string][]ClientID{}}
}

// ofClient is that of a session, which has one from now on.
func (m *monitors) ofClient(id ClientID) *monitor {
	if m.of[id] == nil {
		m.of[id] = &monitor{}
	}
	return m.of[id]
}

// tidy forgets that of a session which wants nothing any more.
func (m *monitors) tidy(id ClientID) {
	if of := m.of[id]; of != nil && len(of.names) == 0 && !of.more {
		delete(m.of, id)
	}
}

func (of *monitor) index(key string) int {
	return slices.IndexFunc(of.names, func(w watched) bool { return w.key == key })
}

// add has a session monitor a name that it doesn't monitor yet.
func (m *monitors) add(id ClientID, w watched) {
	of := m.ofClient(id)
	of.names = append(of.names, w)
	m.watch(id, w.key)
}

// watch puts a session among those who monitor a name.
func (m *monitors) watch(id ClientID, key string) {
	at, _ := slices.BinarySearch(m.by[key], id)
	m.by[key] = slices.Insert(m.by[key], at, id)
}

// drop has a session monitor a name no longer.
func (m *monitors) drop(id ClientID, key string) {
	of := m.of[id]
	if of == nil {
		return
	}
	if i := of.index(key); i >= 0 {
		of.names = slices.Delete(of.names, i, i+1)
		m.unwatch(id, key)
		m.tidy(id)
	}
}

func (m *monitors) unwatch(id ClientID, key string) {
	if at, is := slices.BinarySearch(m.by[key], id); is {
		if m.by[key] = slices.Delete(m.by[key], at, at+1); len(m.by[key]) == 0 {
			delete(m.by, key)
		}
	}
}

// clear has a session monitor nobody.
func (m *monitors) clear(id ClientID) {
	of := m.of[id]
	if of == nil {
		return
	}
	for _, w := range of.names {
		m.unwatch(id, w.key)
	}
	of.names = nil
	m.tidy(id)
}

// forget is when a session has gone.
func (m *monitors) forget(id ClientID) {
	m.clear(id)
	delete(m.of, id)
}

// codeMonitor is that of a session, or none.
func codeMonitor(c *coder, id ClientID) {
	m := &c.state.watch
	of := m.of[id]
	is := of != nil
	if c.bool(&is); !is {
		return
	}
	if c.reads() {
		of = m.ofClient(id)
	}
	c.bool(&of.more)
	of.names = series(c, of.names, func(w *watched) {
		c.text(&w.shown)
		c.alike(&w.key, w.shown)
	})
	if !c.reads() {
		return
	}
	if len(of.names) > MaxMonitor {
		c.fail("%d monitored names are too many", len(of.names))
	}
	for _, w := range of.names {
		m.watch(id, w.key)
	}
}

// doMonitorAdd has a session monitor names, and tells which of them are there. Those that are too many it is told of.
func doMonitorAdd(t turn) {
	var (
		added []watched
		over  []string
	)
	for name := range strings.SplitSeq(t.cmd.Text, ",") {
		key, ok := foldName(name)
		of := t.watch.of[t.cmd.Client]
		switch {
		case !ok || name == "":
		case of != nil && of.index(key) >= 0:
		case of != nil && len(of.names) >= MaxMonitor:
			over = append(over, name)
		default:
			w := watched{strings.Clone(name), key}
			t.watch.add(t.cmd.Client, w)
			added = append(added, w)
		}
	}
	tellWatched(t, added)
	answerKeysOfWatched(t, added, t.subscribed[t.cmd.Client])
	if len(over) > 0 {
		t.answer(Event{Kind: MonitorFull, Text: strings.Join(over, ","), N: MaxMonitor})
	}
}

func doMonitorDrop(t turn) {
	for name := range strings.SplitSeq(t.cmd.Text, ",") {
		if key, ok := foldName(name); ok {
			t.watch.drop(t.cmd.Client, key)
		}
	}
}

func doMonitorClear(t turn) { t.watch.clear(t.cmd.Client) }

func doMonitorList(t turn) {
	var rows []Row // at most MaxMonitor
	for _, w := range watchedBy(t) {
		rows = append(rows, Row{Name: w.shown})
	}
	t.out.answerList(t.cmd.Client, Event{Kind: Monitored}, rows)
}

func doMonitorStatus(t turn) { tellWatched(t, watchedBy(t)) }

// watchedBy are the names that t's session monitors.
func watchedBy(t turn) []watched {
	if of := t.watch.of[t.cmd.Client]; of != nil {
		return of.names
	}
	return nil
}

// doMonitorMore has a session be told what else changes of whom it monitors, or with Off no longer.
func doMonitorMore(t turn) {
	t.watch.ofClient(t.cmd.Client).more = !t.cmd.Off
	t.watch.tidy(t.cmd.Client)
}

// tellWatched tells which of the names are those of users who are there, and which aren't.
func tellWatched(t turn, names []watched) {
	var here, gone []Row // at most MaxMonitor
	for _, w := range names {
		if u := t.names.here.find(w.key); u != nil {
			here = append(here, Row{Name: u.name, Of: shownIn(u, nil)})
		} else {
			gone = append(gone, Row{Name: w.shown})
		}
	}
	if len(here) > 0 {
		t.out.answerList(t.cmd.Client, Event{Kind: Online}, here)
	}
	if len(gone) > 0 {
		t.out.answerList(t.cmd.Client, Event{Kind: Offline}, gone)
	}
}

// tellOnline tells who monitors u that it is there.
func tellOnline(s *State, u *user) {
	tellWatchers(s, u.key, Event{Kind: Online, Count: 1, List: []Row{{Name: u.name, Of: shownIn(u, nil)}}})
	for _, id := range s.watch.by[u.key] {
		answerKeysOf(&s.out, id, u, s.subscribed[id])
	}
}

// tellOffline tells who monitors a user of that name that there is none any more.
func tellOffline(s *State, name, key string) {
	tellWatchers(s, key, Event{Kind: Offline, Count: 1, List: []Row{{Name: name}}})
}

func tellWatchers(s *State, key string, e Event) {
	for _, id := range s.watch.by[key] { // at most one for each session that there is
		s.out.answer(id, e)
	}
}

// tellMore tells e, of which the rooms have been told that u is in, to those who monitor u besides and want to be told as much. but knows.
func tellMore(s *State, u *user, but ClientID, e Event, rooms []RoomID) {
	e.Continued = true
	for _, id := range s.watch.by[u.key] {
		if other := s.people.of(id); id != but && other != nil && other != u && s.watch.of[id].more && !isInAny(other, rooms) {
			s.out.answer(id, e)
		}
	}
}

func isInAny(u *user, rooms []RoomID) bool {
	for s := range u.seats {
		if slices.Contains(rooms, s.room.id) {
			return true
		}
	}
	return false
}

// answerKeysOfWatched tells what is set of these keys of those of the names that are users.
func answerKeysOfWatched(t turn, names []watched, keys []string) {
	for _, w := range names { // at most MaxMonitor
		if u := t.names.here.find(w.key); u != nil {
			answerKeysOf(&t.out, t.cmd.Client, u, keys)
		}
	}
}
