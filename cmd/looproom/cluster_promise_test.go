//go:build linux

package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// promise finds out whether a cluster keeps what loop/order/README.md promises: at each node an ear says nothing and notes what it hears, and speakers say numbered lines and note what they were
// told has been said. What all have noted is compared in the end.
type promise struct {
	t        *testing.T
	m        *machines
	all      context.Context // over when nobody needs a connection any more
	ctx      context.Context // over when all is said
	end      context.CancelFunc
	hangUp   context.CancelFunc // ends all connections
	running  sync.WaitGroup
	ears     []*ear
	speakers []*speaker

	mu       sync.Mutex
	accepted map[msgID]string // by the id that a speaker was told: what it had said
	last     time.Time        // something has been accepted
	longest  time.Duration    // nothing has been
	broken   []string
}

// msgID is the id of a message: a later one has a greater one.
type msgID struct{ start, count uint64 }

func (a msgID) compare(b msgID) int {
	if a.start != b.start {
		return int(min(max(int64(a.start)-int64(b.start), -1), 1))
	}
	return int(min(max(int64(a.count)-int64(b.count), -1), 1))
}

// readMessageID reads "@57024000-42".
func readMessageID(word string) (id msgID, ok bool) {
	start, count, _ := strings.Cut(strings.TrimPrefix(word, "@"), "-")
	var errs [2]error
	id.start, errs[0] = strconv.ParseUint(start, 10, 64)
	id.count, errs[1] = strconv.ParseUint(count, 10, 64)
	return id, errs[0] == nil && errs[1] == nil
}

// heardLine is a message as somebody has heard it.
type heardLine struct {
	id   msgID
	text string
}

// sayEvery is how often a speaker says something, if it has been told that earlier lines are said.
const sayEvery = 20 * time.Millisecond

// newPromise has an ear and so many speakers at each node.
func newPromise(m *machines, speakers int) *promise {
	p := &promise{t: m.t, m: m, accepted: map[msgID]string{}, last: time.Now()}
	all, hangUp := context.WithCancel(context.Background())
	p.hangUp = hangUp
	p.ctx, p.end = context.WithCancel(all)
	for i := range m.at {
		e := &ear{p: p, node: i, name: fmt.Sprint("ear", i+1), answers: make(chan string, 1000)}
		p.ears = append(p.ears, e)
		p.running.Go(func() { e.run(all) })
		for range speakers {
			p.speaks(all, p.ctx, i)
		}
	}
	p.all = all
	m.t.Cleanup(func() { hangUp(); p.running.Wait() })
	for _, e := range p.ears {
		waitFor(m.t, e.name+" to hear something", func() bool { return e.latest() != msgID{} })
	}
	return p
}

// speaks has somebody at that node say lines until over is.
func (p *promise) speaks(all, over context.Context, node int) *speaker {
	s := &speaker{p: p, over: over, node: node, name: fmt.Sprint("say", len(p.speakers)+1), said: make(chan struct{})}
	p.speakers = append(p.speakers, s)
	p.running.Go(func() { s.run(all) })
	return s
}

// breaks notes that a promise is broken.
func (p *promise) breaks(format string, v ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.broken) < 100 {
		p.broken = append(p.broken, fmt.Sprintf(format, v...))
	}
}

// accept notes that a line has been said.
func (p *promise) accept(id msgID, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if was, is := p.accepted[id]; is && was != text {
		p.broken = append(p.broken, fmt.Sprintf("%v is the id of %q and of %q", id, was, text))
	}
	p.accepted[id] = text
	now := time.Now()
	p.longest, p.last = max(p.longest, now.Sub(p.last)), now
}

// newest is the newest message that anybody has been told of.
func (p *promise) newest() (id msgID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for a := range p.accepted {
		if a.compare(id) > 0 {
			id = a
		}
	}
	return id
}

// goesOn waits until whoever is at that node hears what is said from now on.
func (p *promise) goesOn(node int) {
	p.t.Helper()
	before := p.newest()
	waitFor(p.t, "something new to be heard at "+p.ears[node].name, func() bool { return p.ears[node].latest().compare(before) > 0 })
}

// tried is how often somebody whose connection is gone tries again.
const tried = 50 * time.Millisecond

// pause waits for that long, unless ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// ear is somebody at one node. Each of its connections has a list of its own.
type ear struct {
	p       *promise
	node    int
	name    string
	answers chan string // lines that begin with =, from the present connection

	mu       sync.Mutex
	sessions [][]heardLine
	conn     net.Conn // nil while there is none
}

func (e *ear) latest() (id msgID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if n := len(e.sessions); n > 0 && len(e.sessions[n-1]) > 0 {
		all := e.sessions[n-1]
		return all[len(all)-1].id
	}
	return id
}

func (e *ear) run(ctx context.Context) {
	for ; ctx.Err() == nil; pause(ctx, tried) {
		conn, err := net.Dial("unix", e.p.m.door(e.node))
		if err != nil {
			continue
		}
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		e.listen(conn)
		stop()
		conn.Close()
	}
}

// listen notes what comes by a connection, until that ends.
func (e *ear) listen(conn net.Conn) {
	if _, err := fmt.Fprintf(conn, "ADD %s key-of-%s-0123456789\nIDS ON\n", e.name, e.name); err != nil {
		return
	}
	lines := bufio.NewScanner(conn)
	for lines.Scan() && lines.Text() != "= IDS ON" {
		if line := lines.Text(); strings.HasPrefix(line, "! ") && !strings.HasPrefix(line, "! waiting") && !strings.HasPrefix(line, "! goes-on") {
			return // it isn't signed in
		}
	}
	e.mu.Lock()
	e.sessions, e.conn = append(e.sessions, nil), conn
	session := &e.sessions[len(e.sessions)-1]
	e.mu.Unlock()
	for lines.Scan() {
		line := lines.Text()
		first, rest, _ := strings.Cut(line, " ")
		id, ok := readMessageID(first)
		switch {
		case first == "=":
			select {
			case e.answers <- line:
			default:
			}
		case ok && line[0] == '@':
			e.mu.Lock()
			*session = append(*session, heardLine{id, rest})
			e.mu.Unlock()
		}
	}
	e.mu.Lock()
	e.conn = nil
	e.mu.Unlock()
}

// ask says a line, and returns the answer, whose first line begins with prefix, and then, if it has rows, has how many of them come behind it. It asks again where nothing comes, as the connection may
// just have ended.
func (e *ear) ask(line, prefix string, rows bool) (answer []string) {
	e.p.t.Helper()
	waitFor(e.p.t, e.name+" to be answered "+line, func() bool {
		answer = e.askOnce(line, prefix, rows)
		return answer != nil
	})
	return answer
}

func (e *ear) askOnce(line, prefix string, rows bool) (answer []string) {
	e.mu.Lock()
	conn := e.conn
	e.mu.Unlock()
	if conn == nil {
		return nil
	}
	for len(e.answers) > 0 {
		<-e.answers
	}
	if _, err := io.WriteString(conn, line+"\n"); err != nil {
		return nil
	}
	deadline := time.After(answerWithin)
	for n := 1; len(answer) < n; {
		select {
		case got := <-e.answers:
			if len(answer) > 0 || strings.HasPrefix(got, prefix) {
				answer = append(answer, got)
			}
			if rows && len(answer) == 1 {
				count, _, _ := strings.Cut(strings.TrimPrefix(got, prefix), " ")
				n, _ = strconv.Atoi(count)
				n++
			}
		case <-deadline:
			return nil
		}
	}
	return answer
}

// speaker is somebody who says numbered lines, and goes to the next node when the one that it is at doesn't answer.
type speaker struct {
	p    *promise
	over context.Context // when it is to say nothing more
	node int
	name string
	said chan struct{} // closed when all of its lines are said

	confirmed, sent int // the highest numbers
	hops            int
}

const (
	// ahead is how many lines are said before the first of them is confirmed.
	ahead = 4
	// answerWithin is how long a speaker waits for an answer before it goes to another node.
	answerWithin = 10 * time.Second
)

func (s *speaker) text(n int) string { return s.name + " says line " + strconv.Itoa(n) }

func (s *speaker) run(ctx context.Context) {
	for ; ctx.Err() == nil; pause(ctx, tried) {
		conn, err := net.Dial("unix", s.p.m.door(s.node))
		if err == nil {
			stop := context.AfterFunc(ctx, func() { conn.Close() })
			s.talk(conn)
			stop()
			conn.Close()
		}
		s.node = (s.node + 1) % len(s.p.m.at)
		s.hops++
	}
}

// talk says what there is to say by a connection, until that ends, or nothing is answered for long.
func (s *speaker) talk(conn net.Conn) {
	lines := make(chan string, 1024)
	go func() {
		defer close(lines)
		in := bufio.NewScanner(conn)
		for in.Scan() {
			if strings.HasPrefix(in.Text(), "= ") || strings.HasPrefix(in.Text(), "! ") {
				lines <- in.Text()
			}
		}
	}()
	defer func() {
		conn.Close()
		for range lines {
		}
	}()
	if _, err := fmt.Fprintf(conn, "ADD %s key-of-%s-0123456789\nIDS ON\nTEXT ID=speaker-%s:0\n", s.name, s.name, s.name); err != nil {
		return
	}
	silence := time.NewTimer(answerWithin)
	defer silence.Stop()
	next := time.NewTicker(sayEvery)
	defer next.Stop()
	begun := false
	for {
		select {
		case line, open := <-lines:
			if !open {
				return
			}
			number, is := strings.CutPrefix(line, "= SAID speaker-"+s.name+":")
			if !is {
				if strings.HasPrefix(line, "! ") && !strings.HasPrefix(line, "! waiting") && !strings.HasPrefix(line, "! goes-on") {
					return
				}
				continue
			}
			silence.Reset(answerWithin)
			if !begun {
				begun = true
				s.back(number)
				if !s.rest(conn) {
					return
				}
				continue
			}
			s.confirm(number)
		case <-next.C:
			if !begun {
				continue
			}
			if s.over.Err() != nil {
				if s.confirmed == s.sent {
					s.finish()
					silence.Stop()
				}
				continue
			}
			if s.confirmed == s.sent {
				silence.Reset(answerWithin)
			}
			if s.sent-s.confirmed < ahead {
				s.sent++
				if !s.say(conn, s.sent) {
					return
				}
			}
		case <-silence.C:
			return
		}
	}
}

// ends waits until all that it has said is confirmed.
func (s *speaker) ends() {
	s.p.t.Helper()
	waitFor(s.p.t, s.name+" to be told that all is said", func() bool {
		select {
		case <-s.said:
			return true
		default:
			return false
		}
	})
}

func (s *speaker) finish() {
	select {
	case <-s.said:
	default:
		close(s.said)
	}
}

func (s *speaker) say(conn net.Conn, n int) bool {
	_, err := fmt.Fprintf(conn, "TEXT ID=speaker-%s:%d %s\n", s.name, n, s.text(n))
	return err == nil
}

// back compares what the cluster remembers with what it has confirmed.
func (s *speaker) back(number string) {
	n, err := strconv.Atoi(number)
	switch {
	case number == "-" && s.confirmed > 0:
		s.p.breaks("%s is told that nothing of it is known, after %d lines had been confirmed", s.name, s.confirmed)
	case number == "-":
	case err != nil || n > s.sent:
		s.p.breaks("%s is told %q, of %d lines", s.name, number, s.sent)
	case n < s.confirmed:
		s.p.breaks("%s is told that %d lines are said, after %d had been confirmed", s.name, n, s.confirmed)
	default:
		s.confirmed = n
	}
}

// rest says again what has not been said.
func (s *speaker) rest(conn net.Conn) bool {
	for n := s.confirmed + 1; n <= s.sent; n++ {
		if !s.say(conn, n) {
			return false
		}
	}
	return true
}

// confirm takes "17 @57024000-45".
func (s *speaker) confirm(answer string) {
	number, word, told := strings.Cut(answer, " ")
	n, err := strconv.Atoi(number)
	if err != nil || n < s.confirmed || n > s.sent {
		s.p.breaks("%s is told %q, of %d lines, %d of which had been confirmed", s.name, answer, s.sent, s.confirmed)
		return
	}
	s.confirmed = n
	if id, ok := readMessageID(word); told && ok {
		s.p.accept(id, s.text(n))
	}
}

// finish has all that is to be said be said and heard, and compares.
func (p *promise) finish() {
	t := p.t
	t.Helper()
	for i := range p.ears {
		p.goesOn(i)
	}
	p.end()
	for _, s := range p.speakers {
		s.ends()
	}
	// Who was disconnected last has not heard what was said until it was back: somebody speaks until all are.
	over, end := context.WithCancel(p.all)
	last := p.speaks(p.all, over, 0)
	for i := range p.ears {
		p.goesOn(i)
	}
	end()
	last.ends()
	newest := p.newest()
	for _, e := range p.ears {
		waitFor(t, e.name+" to hear the last message", func() bool { return e.latest().compare(newest) >= 0 })
	}
	p.compareLists()
	p.compareRecent()
	p.compareHistory()
	p.hangUp()
	p.running.Wait()
	p.compareHeard()
	p.compareStates()
	for _, what := range p.broken {
		t.Error(what)
	}
}

// compareLists: all nodes know the same users, in the same order, and those are who is there.
func (p *promise) compareLists() {
	want := []string{}
	for _, e := range p.ears {
		want = append(want, e.name)
	}
	for _, s := range p.speakers {
		want = append(want, s.name)
	}
	slices.Sort(want)
	first := p.ears[0].list(want)
	for _, e := range p.ears[1:] {
		if list := e.list(want); list != first {
			p.breaks("LIST at node %d is %q, at the first %q", e.node+1, list, first)
		}
	}
}

// list is what LIST answers once those are there who have to be: who was at a node that is gone leaves within a second.
func (e *ear) list(want []string) (list string) {
	e.p.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); pause(context.Background(), tried) {
		list = e.ask("LIST", "= LIST ", false)[0]
		names := strings.Fields(strings.TrimPrefix(list, "= LIST "))[1:]
		if slices.Sort(names); slices.Equal(names, want) {
			return list
		}
	}
	e.p.breaks("LIST at node %d is %q, and connected are %q", e.node+1, list, want)
	return list
}

// compareRecent: all nodes have the same last messages.
func (p *promise) compareRecent() {
	var first []string
	for _, e := range p.ears {
		got := e.ask("RECENT 100", "= RECENT ", true)
		if first == nil {
			first = got
		}
		if !slices.Equal(got, first) {
			p.breaks("RECENT at node %d is %q, at the first %q", e.node+1, got, first)
		}
	}
}

// compareHistory: each node keeps all that was said, those too that were away for a while.
func (p *promise) compareHistory() {
	all, _ := p.everything()
	want := slices.SortedFunc(maps.Keys(all), msgID.compare)
	for _, e := range p.ears {
		var kept []heardLine
		for end := time.Now().Add(patience); time.Now().Before(end) && len(kept) != len(want); pause(context.Background(), tried) {
			kept = e.history(len(want) + 500)
		}
		if len(kept) != len(want) {
			p.breaks("node %d keeps %d messages, of %d that were said", e.node+1, len(kept), len(want))
		}
		for i := range min(len(kept), len(want)) {
			if h := kept[i]; h.id != want[i] || all[h.id] != h.text {
				p.breaks("node %d keeps %v %q, where %v %q was said", e.node+1, h.id, h.text, want[i], all[want[i]])
				break
			}
		}
	}
}

// history is what the node of e keeps of the lobby, page by page, up to about so many messages.
func (e *ear) history(most int) (all []heardLine) {
	ask := "HISTORY #lobby 500"
	for len(all) < most {
		answer := e.ask(ask, "= HISTORY ", true)
		var page []heardLine
		for _, row := range answer[1:] {
			words := strings.SplitN(row, " ", 4) // = @id time [name] text
			id, ok := readMessageID(words[1])
			_, text, said := strings.Cut(row, "] ")
			if ok && said {
				page = append(page, heardLine{id, text})
			}
		}
		all = append(page, all...)
		if len(page) == 0 || strings.HasSuffix(answer[0], " first") {
			break
		}
		ask = fmt.Sprintf("HISTORY #lobby before %d-%d 500", page[0].id.start, page[0].id.count)
	}
	return all
}

// everything is all that anybody has heard, or was told to have said, and by how many connections.
func (p *promise) everything() (all map[msgID]string, sessions int) {
	p.mu.Lock()
	all = maps.Clone(p.accepted)
	p.mu.Unlock()
	for _, e := range p.ears {
		e.mu.Lock()
		sessions += len(e.sessions)
		for _, session := range e.sessions {
			for _, h := range session {
				_, text, _ := strings.Cut(h.text, "] ")
				if was, is := all[h.id]; is && was != text {
					p.breaks("%s hears %v as %q, which is %q elsewhere", e.name, h.id, text, was)
				}
				all[h.id] = text
			}
		}
		e.mu.Unlock()
	}
	return all, sessions
}

// compareHeard: what a connection has heard is all that was said in that time, in the one order, each once; and what was confirmed is heard.
func (p *promise) compareHeard() {
	all, sessions := p.everything()
	order := slices.SortedFunc(maps.Keys(all), msgID.compare)
	for _, e := range p.ears {
		for n, session := range e.sessions {
			p.compareSession(fmt.Sprintf("%s, connection %d", e.name, n+1), session, order)
		}
	}
	times := map[string]int{}
	for _, text := range all {
		times[text]++
	}
	lines, hops := 0, 0
	for _, s := range p.speakers {
		for n := 1; n <= s.confirmed; n++ {
			if said := times[s.text(n)]; said != 1 {
				p.breaks("%q was confirmed, and heard as %d messages", s.text(n), said)
			}
		}
		lines, hops = lines+s.confirmed, hops+s.hops
	}
	p.t.Logf("%d lines were confirmed to %d speakers, who went to another node %d times, and heard at %d nodes by %d connections; for at most %v nothing was confirmed", lines, len(p.speakers),
		hops, len(p.ears), sessions, p.longest.Round(100*time.Millisecond))
}

// compareSession compares what one connection has heard with the part of all that it has to be.
func (p *promise) compareSession(who string, session []heardLine, order []msgID) {
	if len(session) == 0 {
		return
	}
	from, _ := slices.BinarySearchFunc(order, session[0].id, msgID.compare)
	for i, h := range session {
		if from+i >= len(order) || order[from+i] != h.id {
			p.breaks("%s hears %v %q as its message %d, behind %v, where all others hear %v", who, h.id, h.text, i+1, session[max(0, i-1)].id, order[min(from+i, len(order)-1)])
			return
		}
	}
}

// compareStates: nodes that have logged the hash of the state at the same position had the same.
func (p *promise) compareStates() {
	m := p.m
	last := len(m.at) - 1
	m.at[last].stop()
	m.restart(last) // all log their hash when it comes
	hashes, compared := map[uint64]map[string]bool{}, 0
	var final uint64
	wait := func() bool {
		clear(hashes)
		for _, s := range append(slices.Clone(m.ended), m.at...) {
			per := map[uint64]string{}
			for _, line := range s.log.With("the cluster has changed") {
				var said struct {
					Position uint64
					State    string
				}
				if err := json.Unmarshal([]byte(line), &said); err == nil {
					per[said.Position] = said.State // the last one: it may change more than once in a batch
				}
			}
			for position, state := range per {
				if hashes[position] == nil {
					hashes[position] = map[string]bool{}
				}
				hashes[position][state] = true
				if s == m.at[last] {
					final = max(final, position)
				}
			}
		}
		compared = 0
		for _, s := range m.at {
			if strings.Contains(s.log.String(), fmt.Sprintf(`"position":%d,`, final)) {
				compared++
			}
		}
		return compared == len(m.at)
	}
	waitFor(p.t, "all nodes to log their hash", wait)
	for position, states := range hashes {
		if len(states) > 1 {
			p.breaks("behind batch %d the states of nodes have different hashes: %v", position, slices.Collect(maps.Keys(states)))
		}
	}
	for _, s := range append(slices.Clone(m.ended), m.at...) {
		for _, line := range s.log.With("this node leaves the cluster") {
			p.breaks("a node could not go on: %s", line)
		}
	}
	p.t.Logf("hashes of the states were compared at %d positions, the last of them %d", len(hashes), final)
}
