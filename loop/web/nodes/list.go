package nodes

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

const (
	// maxNodes is how many nodes are known at most. What is known of them goes into a header of each page, and must not get too long for proxies.
	maxNodes = 32
	// maxName is the longest name of a node that is taken from others, in bytes.
	maxName = 64
	// missing is how many times in a row a node may not answer until it is no longer listed.
	missing = 2
)

// List is what a node knows. Nothing of it is a secret.
type List struct {
	name string
	view atomic.Pointer[View]

	mu    sync.Mutex
	known map[string]string // the URLs of nodes that take part or have, by their names; this one's among them; at most maxNodes
	here  map[string]int    // those that take part, and how many times they may still not answer
}

// View is what pages are told and allowed. It is never changed.
type View struct {
	// JSON is the list of the URLs of the nodes that take part, sorted: what a page asks for.
	JSON []byte
	// Origins are those of the pages of all nodes that are known.
	Origins []string
	// Sources is where pages may connect, as in a Content-Security-Policy: the same nodes, with a space in front of each.
	Sources string
}

// none is the View of a server that knows of no nodes.
var none = &View{JSON: []byte("[]\n")}

// New returns the list of the node of that name, whose URL is one that Check has returned. It doesn't take part before Enter.
func New(name, url string) *List {
	l := &List{name: name, known: map[string]string{name: url}, here: map[string]int{}}
	l.draw()
	return l
}

// View is what is known now. l may be nil: then nothing is.
func (l *List) View() *View {
	if l == nil {
		return none
	}
	return l.view.Load()
}

// URL is this node's.
func (l *List) URL() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.known[l.name]
}

// Enter has this node take part, and Leave no longer. The others know when they ask next.
func (l *List) Enter() { l.take(true) }

// Leave is the contrary of Enter. l may be nil.
func (l *List) Leave() {
	if l != nil {
		l.take(false)
	}
}

func (l *List) take(part bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if delete(l.here, l.name); part {
		l.here[l.name] = missing
	}
	l.draw()
}

// told is what a node tells the others.
type told struct {
	Here  bool              `json:"here"` // it takes part
	Known map[string]string `json:"known"`
}

// Tell is what this node tells the others: at most some 9 KB.
func (l *List) Tell() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	text, _ := json.Marshal(told{Here: l.here[l.name] > 0, Known: l.known}) // a map of strings can always be written
	return text
}

// Hear takes what all nodes that have answered told, by their names. What isn't as Tell writes it is passed over.
func (l *List) Hear(answers map[string][]byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name := range l.here {
		if l.here[name]--; name == l.name {
			l.here[name] = missing
		} else if l.here[name] <= 0 {
			delete(l.here, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		var said told
		if name != l.name && json.Unmarshal(answers[name], &said) == nil {
			l.hear(name, &said)
		}
	}
	l.draw()
}

// hear takes what one node has told. What it says of itself counts more than what others say of it.
func (l *List) hear(from string, said *told) {
	delete(l.here, from)
	if l.known[from] == "" {
		l.makeRoom()
	}
	if l.know(from, said.Known[from]) && said.Here {
		l.here[from] = missing
	}
	for _, name := range slices.Sorted(maps.Keys(said.Known)) {
		if l.known[name] == "" {
			l.know(name, said.Known[name])
		}
	}
}

// makeRoom forgets a node that doesn't take part, if no more can be known: names of nodes that will never come back must not keep others out.
func (l *List) makeRoom() {
	for _, name := range slices.Sorted(maps.Keys(l.known)) {
		if len(l.known) < maxNodes {
			return
		}
		if name != l.name && l.here[name] == 0 {
			delete(l.known, name)
		}
	}
}

// know notes the URL of a node, if it is one and there is room.
func (l *List) know(name, text string) bool {
	url, err := Check(text)
	if err != nil || name == "" || len(name) > maxName || l.known[name] == "" && len(l.known) >= maxNodes {
		return false
	}
	l.known[name] = url
	return true
}

// draw makes the View anew. It is called with the mutex held.
func (l *List) draw() {
	listed := []string{}
	for name := range l.here {
		listed = append(listed, l.known[name])
	}
	slices.Sort(listed)
	text, _ := json.Marshal(slices.Compact(listed)) // strings can always be written
	v := &View{JSON: append(text, '\n'), Origins: slices.Compact(slices.Sorted(maps.Values(l.known)))}
	for _, origin := range v.Origins {
		v.Sources += " " + origin + " ws" + strings.TrimPrefix(origin, "http")
	}
	l.view.Store(v)
}
