//go:build linux

package main_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// spoken is a message as HISTORY tells it to who has the ids: its id, and what stands behind the time.
type spoken struct {
	id    messageID
	words string
}

// spokenLine is a row of an answer with ids.
var spokenLine = regexp.MustCompile(`^= @(\d+)-(\d+) \S+ (.*)$`)

func (c *talker) spoken() (s spoken) {
	c.t.Helper()
	line := c.next()
	found := spokenLine.FindStringSubmatch(line)
	if found == nil {
		c.t.Fatalf("%s: %q, want a message with its id", c.name, line)
	}
	for i, digits := range found[1:3] {
		s.id[i], _ = strconv.Atoi(digits)
	}
	s.words = found[3]
	return s
}

// page asks for a page of history by the rest of a HISTORY, and says whether nothing is in front of it.
func (c *talker) page(question string) (all []spoken, end bool) {
	c.t.Helper()
	c.say("HISTORY " + question)
	head, _ := c.until("= HISTORY ")
	words := strings.Fields(head)
	n, err := strconv.Atoi(words[2])
	if err != nil {
		c.t.Fatalf("%s: %q: %v", c.name, head, err)
	}
	for range n {
		all = append(all, c.spoken())
	}
	return all, words[len(words)-1] == "first"
}

// history pages back through what has been said behind that message, from the end, and returns it oldest first. It fails the test if something is there twice or out of order.
func (c *talker) history(where string, behind messageID) (all []spoken) {
	c.t.Helper()
	before, end := "", false
	for !end {
		var page []spoken
		page, end = c.page(where + before + " 500")
		if len(page) == 0 {
			break
		}
		all = append(slices.Clone(page), all...)
		first := page[0].id
		if first.compare(behind) <= 0 {
			break
		}
		before = fmt.Sprintf(" before %d-%d", first[0], first[1])
	}
	for n := 1; n < len(all); n++ {
		if all[n].id.compare(all[n-1].id) <= 0 {
			c.t.Fatalf("%s: %v stands behind %v", where, all[n], all[n-1])
		}
	}
	return slices.DeleteFunc(all, func(s spoken) bool { return s.id.compare(behind) <= 0 })
}

// idsOn has c told the ids of messages.
func (c *talker) idsOn() *talker {
	c.t.Helper()
	c.says("IDS ON", "= IDS ON")
	return c
}

// TestAllThatWasSaidOutlivesAnOrderlyEnd: what was said a moment before SIGTERM is in the history afterwards, all of it, once and in order, page by page, by whichever loop it came.
func TestAllThatWasSaidOutlivesAnOrderlyEnd(t *testing.T) {
	const each, speakers = 700, 3
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			state := t.TempDir()
			s := guarded(t, state, "--loops", loops)
			var all []*talker
			for n := range speakers {
				all = append(all, signedIn(t, s, 0, fmt.Sprint("speaker", n)))
			}
			for _, c := range all {
				var lines strings.Builder
				for n := range each {
					fmt.Fprintf(&lines, "TEXT %d\n", n)
				}
				c.write(lines.String() + "PING said\n")
			}
			for _, c := range all {
				c.until("PONG said")
			}
			s.stop()

			s = guarded(t, state, "--loops", loops)
			got := map[string]int{}
			for _, m := range signedIn(t, s, 0, "reader").idsOn().history("#lobby", messageID{}) {
				who, n, _ := strings.Cut(m.words, " ")
				if want := strconv.Itoa(got[who]); n != want {
					t.Fatalf("%s said %s, want %s", who, n, want)
				}
				got[who]++
			}
			for n := range speakers {
				if who := fmt.Sprintf("[speaker%d]", n); got[who] != each {
					t.Errorf("%d messages of %s are kept, want %d", got[who], who, each)
				}
			}
		})
	}
}

// TestBystanderOfSearches: while many search, each is answered in its place among its other answers, and who doesn't search is served all the time.
func TestBystanderOfSearches(t *testing.T) {
	const searchers, searches = 8, 40
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			s := guarded(t, t.TempDir(), "--loops", loops)
			ana := signedIn(t, s, 0, "ana")
			for n := range 2000 {
				ana.say(fmt.Sprintf("TEXT the needle %d in a haystack", n))
			}
			ana.fence()
			waitFor(t, "what was said to be found", func() bool {
				ana.say("SEARCH 1999")
				line, _ := ana.until("= SEARCH ")
				return line == "= SEARCH 1"
			})
			ana.fence()
			stop := bystander(t, s)
			var all []*talker
			for n := range searchers {
				all = append(all, signedIn(t, s, 0, fmt.Sprint("searcher", n)))
			}
			for _, c := range all {
				c.fence()
				for n := range searches {
					c.write(fmt.Sprintf("SEARCH needle 20\nPING %d\n", n))
				}
			}
			found := 0
			for _, c := range all {
				for n := range searches {
					switch line := c.next(); {
					case strings.HasPrefix(line, "! busy "): // that is an answer, too
					case strings.HasPrefix(line, "= SEARCH "):
						count, _ := strconv.Atoi(strings.Fields(line)[2])
						for range count {
							if row := c.next(); !strings.Contains(row, " #lobby [ana] the needle ") {
								t.Fatalf("%s: found %q", c.name, row)
							}
						}
						found += count
					default:
						t.Fatalf("%s: answer = %q", c.name, line)
					}
					c.expect(fmt.Sprint("PONG ", n))
				}
			}
			if found < 20*searchers {
				t.Errorf("%d rows were found in %d searches, want 20 in most", found, searchers*searches)
			}
			t.Logf("%d rows found; longest PING of a bystander: %v", found, stop())
		})
	}
}

// TestHistoriesThatNobodyReads: many ask for 500 messages of 8 KB again and again, and read nothing; whoever does read gets what it has asked for, all of it and in order.
func TestHistoriesThatNobodyReads(t *testing.T) {
	const clients, asks, said = 40, 44, 500
	c := newCertificate(t)
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			s := startNarrow(t, c, "--loops", loops, "--state", t.TempDir())
			ana := signedIn(t, s, 0, "ana")
			for n := range said {
				ana.say(fmt.Sprintf("TEXT %03d%s", n, strings.Repeat("x", 8000)))
			}
			ana.fence()
			reader := signedIn(t, s, 0, "reader").idsOn()
			waitFor(t, "all to be kept", func() bool {
				page, _ := reader.page("1")
				return len(page) == 1 && strings.HasPrefix(page[0].words, "[ana] 499x")
			})
			stop := bystander(t, s)
			for n := range clients {
				asker := s.narrow(t, c, narrowKinds[n%3], fmt.Sprint("asker", n))
				asker.write(strings.Repeat("HISTORY #lobby 500\n", asks))
			}
			s.expectMemory(300 << 20)
			all := reader.history("#lobby", messageID{})
			if len(all) != said {
				t.Errorf("%d messages are in the history, want %d", len(all), said)
			}
			t.Logf("longest PING of a bystander: %v", stop())
			s.expectMemory(300 << 20)
		})
	}
}
