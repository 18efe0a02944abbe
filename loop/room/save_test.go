package room

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// restored is what Restore gives of what Save has written.
func restored(t testing.TB, s *State) (again *State, written []byte) {
	t.Helper()
	var out bytes.Buffer
	if err := s.Save(&out); err != nil {
		t.Fatal(err)
	}
	again, err := Restore(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return again, out.Bytes()
}

// unfolded is events with all rows of their answers.
func unfolded(events []Event) []Event {
	all := make([]Event, len(events))
	for i, e := range events {
		for more := e.Rest != nil; more; {
			var rows []Row
			rows, more = e.Rest.Next()
			e.List = append(e.List[:len(e.List):len(e.List)], rows...)
		}
		e.Rest = nil
		all[i] = e
	}
	return all
}

// TestRestoredStateGoesOn: whenever a State is saved, the one that is restored gives the same events from then on, and is saved as the same bytes.
func TestRestoredStateGoesOn(t *testing.T) {
	const commands = 100_000
	random, rounds := rand.New(rand.NewPCG(3, 4)), make([]uint32, 16)
	state, other := New(replayConfig), New(replayConfig)
	stage(state)
	stage(other)
	saves, disk, cameUp := 0, keeper{}, map[string]int{}
	for step := range commands {
		var cmd Command
		switch random.IntN(12) {
		case 0:
			cmd = anyCommand(random, step, rounds, &disk)
		case 1, 2, 3, 4, 5:
			cmd = randomGovernor(random, step, rounds)
			disk.settle(&cmd, random)
		default:
			cmd = livelyCommand(random, step, rounds)
		}
		got, want := unfolded(other.Apply(&cmd)), unfolded(state.Apply(&cmd))
		disk.hear(want)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d, %d saves: %+v gives\n%+v, want\n%+v", step, saves, cmd, got, want)
		}
		if random.IntN(300) > 0 {
			continue
		}
		saves++
		again, bytesOfOther := restored(t, other)
		if !bytes.Equal(saved(state), bytesOfOther) {
			t.Fatalf("step %d, %d saves: two States that have applied the same commands are saved differently", step, saves)
		}
		if d := difference(state, again); d != "" {
			t.Fatalf("step %d, %d saves: what is restored differs:\n%s", step, saves, d)
		}
		checkLinks(t, again)
		other = again
		count(again, cameUp)
	}
	if saves < 200 {
		t.Errorf("only %d saves: the test has lost its point", saves)
	}
	for _, what := range []string{
		"away", "away by words", "stays without a session", "several sessions", "account", "mail", "read marks", "operator", "quiet", "key", "numbers", "numbers of who has gone",
		"digest", "kept room", "right", "right of a user", "ban of a room", "messages", "ban", "shun", "free place", "idle",
	} {
		if cameUp[what] == 0 {
			t.Errorf("at %d saves there was %q %d times: the test has lost its point", saves, what, cameUp[what])
		}
	}
}

// livelyCommand is what one does who has an account, if it has one.
func livelyCommand(random *rand.Rand, step int, rounds []uint32) Command {
	slot := uint32(random.IntN(len(rounds)))
	names := []string{"ann", "bob", "cem", "dan", "eve", "fay", "gus", "hal"}
	verbs := []Verb{LogIn, LogIn, LogIn, Registered, Keep, Keep, Away, Away, Tell, Tell, Tell, Read, Read, Say, Join, Join, Disconnect, Tick, SignIn, Govern, Govern, Nick}
	cmd := Command{
		Verb: verbs[random.IntN(len(verbs))], Client: NewClientID(slot, rounds[slot]), At: time.Duration(step) * time.Millisecond, Wall: int64(step) * 1000,
		Name: names[random.IntN(len(names))], Text: fmt.Sprint("lively ", step), N: None,
	}
	switch cmd.Verb {
	case Registered:
		cmd.Client = NoClient
	case Keep:
		cmd.N, cmd.Off = 1, random.IntN(8) == 0
	case Read:
		cmd.Msg = MsgID(random.Uint64N(uint64(step) + 1))
	case Join:
		cmd.Name, cmd.Text = []string{"#lobby", "#one", "#two"}[random.IntN(3)], ""
	case SignIn, Nick:
		cmd.Name, cmd.Text = []string{"ivy", "joe", "kim"}[random.IntN(3)], []string{"key", "other key"}[random.IntN(2)]
	case Govern:
		cmd.Room, cmd.Right = []string{"#one", "#two"}[random.IntN(2)], []RightKind{RightVoice, RightBan}[random.IntN(2)]
		if other := random.IntN(len(rounds)); random.IntN(2) == 0 {
			cmd.Name = fmt.Sprintf("10.0.0.%d:%d", other, 1024+rounds[other])
		}
	case Disconnect:
		cmd.N = random.Int64N(200)
	}
	return cmd
}

// count counts what there is in a State.
func count(s *State, of map[string]int) {
	note := func(what string, is bool) {
		if is {
			of[what]++
		}
	}
	for _, u := range s.people.at {
		if u == nil {
			continue
		}
		note("away", u.away != nil)
		note("away by words", u.away.said() != "")
		note("several sessions", u.sessionCount() > 1)
		note("numbers", u.key != "" && s.numbers.of[u.key] != nil)
		if a := u.account(); a != nil {
			note("account", true)
			note("stays without a session", u.sessionCount() == 0)
			note("mail", a.mail != nil && a.mail.count > 0)
			note("read marks", len(a.marks) > 0)
			note("metadata", len(metadataOf(u)) > 0)
		}
	}
	for _, r := range s.hall.rooms {
		note("messages", r.recent.count > 0)
		note("metadata of a room", r.durable() && len(r.metadata) > 0)
		note("kept room", r.rights.has(RightKept))
		note("ban of a room", r.rights.has(RightBan))
		note("right", r.rights != nil && len(r.rights.all) > 0)
		note("right of a user", r.rights != nil && r.rights.passing > 0)
	}
	note("operator", len(s.rights.operators) > 0)
	note("quiet", len(s.rights.quiet) > 0)
	note("key", len(s.names.keys) > 0)
	note("numbers of who has gone", s.numbers.left.Len() > 0)
	note("digest", len(s.digests.rooms) > 0)
	note("ban", len(s.rights.bans.of) > 0)
	note("shun", len(s.rights.shuns.of) > 0)
	note("free place", len(s.people.free) > 0)
	note("idle", s.idle.front != nil)
}

// TestEmptyStateIsRestored: there is a lobby, and the next one who comes gets the first place.
func TestEmptyStateIsRestored(t *testing.T) {
	again, _ := restored(t, New(replayConfig))
	if d := difference(New(replayConfig), again); d != "" {
		t.Error(d)
	}
}

// TestSweepGoesOnBehindARestore: members of a large room who are banned by their address are put out in the same order, some at a time.
func TestSweepGoesOnBehindARestore(t *testing.T) {
	g := governed(t, Config{AnnounceMax: 10, Operators: []string{"ops"}})
	for n := range uint32(3 * sweepAtOnce) {
		g.come(n + 1)
		g.s.Apply(&Command{Verb: Join, Client: NewClientID(n+1, 1), Name: "#go"})
		if n%3 == 0 { // others take their places
			g.s.Apply(&Command{Verb: Part, Client: NewClientID(n/2+1, 1), Name: "#go"})
		}
	}
	g.s.Apply(&Command{Verb: Grant, Client: NewClientID(0, 1), Name: "ops"})
	g.rule(RightBan, false, "10.0.4.0/22", "")
	again, _ := restored(t, g.s)
	if d := difference(g.s, again); d != "" || !again.Behind() {
		t.Fatalf("Behind: %v, %s", again.Behind(), d)
	}
	for tick := 0; g.s.Behind(); tick++ {
		cmd := Command{Verb: Tick, Client: NoClient}
		got, want := again.Apply(&cmd), g.s.Apply(&cmd)
		if !reflect.DeepEqual(got, want) || tick == 0 && len(want) < 100 {
			t.Fatalf("tick %d: %d events, want the same %d", tick, len(got), len(want))
		}
	}
}

// TestLooksAreSaved: of registered names that look alike, all from before that was looked at, the one is found who took hers last; also behind a Restore.
func TestLooksAreSaved(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	for slot, name := range []string{"Ian", "lan", "Lan", "IAN"} {
		s.Apply(&Command{Verb: Registered, Client: NoClient, Name: name})
		u := newcomerAt(s, uint32(slot), fmt.Sprint("guest", slot))
		s.Apply(&Command{Verb: LogIn, Client: u, Name: name})
	}
	again, _ := restored(t, s)
	for _, look := range []string{"Ian", "ian", "lan", "Lan", "IAN", "lAN"} {
		found := func(s *State) string {
			if u := s.names.looks.find(look); u != nil {
				return u.name
			}
			return "nobody"
		}
		if got, want := found(again), found(s); got != want {
			t.Errorf("behind a Restore %s looks like %s, want %s", look, got, want)
		}
	}
}

// sealedBytes is a file with that behind its first line, and with the right sum.
func sealedBytes(body []byte) []byte {
	b := append(fmt.Appendf(nil, "%s%d\n", savedAs, saveVersion), body...)
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// TestDamageIsFound: a file with one bit changed, too short or too long isn't taken, and the error says so.
func TestDamageIsFound(t *testing.T) {
	_, file := restored(t, lived(t, 2000))
	refused := func(what string, r io.Reader, says string) {
		t.Helper()
		s, err := Restore(r)
		if err == nil || s != nil {
			t.Fatalf("%s: a state is restored", what)
		}
		if !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", what, err, says)
		}
	}
	head := len(savedAs) + 2
	for at := range file {
		says := "damaged"
		if at < head {
			says = "" // it may be another file, or of a newer looproom
		}
		damaged := bytes.Clone(file)
		damaged[at] ^= 1 << (at % 8)
		refused(fmt.Sprintf("a bit of byte %d is another one", at), bytes.NewReader(damaged), says)
		if says = "damaged"; at < head {
			says = "isn't a state"
		}
		refused(fmt.Sprintf("only %d bytes are left", at), bytes.NewReader(file[:at]), says)
	}
	refused("a byte stands behind it", bytes.NewReader(append(bytes.Clone(file), 0)), "")
	refused("another file", strings.NewReader("looproom names 1 sha256=00\n"), "isn't a state")
	refused("a newer file", strings.NewReader(savedAs+"9\nwhatever that has"), "newer looproom has written it: it has format 9")
	refused("format 0", strings.NewReader(savedAs+"0\n"), "isn't a state")
	refused("nothing in it", bytes.NewReader(sealedBytes(nil)), "settings")
	refused("a disk that can't be read", io.MultiReader(bytes.NewReader(file[:len(file)/2]), iotest.ErrReader(io.ErrClosedPipe)), io.ErrClosedPipe.Error())
	refused("a reader that never gives anything", silentReader{}, io.ErrNoProgress.Error())
}

type silentReader struct{}

func (silentReader) Read([]byte) (int, error) { return 0, nil }

// TestRestoreReadsByBits: however few bytes a reader gives at once.
func TestRestoreReadsByBits(t *testing.T) {
	s := lived(t, 2000)
	_, file := restored(t, s)
	for name, r := range map[string]io.Reader{"one byte": iotest.OneByteReader(bytes.NewReader(file)), "the end with the last": iotest.DataErrReader(bytes.NewReader(file))} {
		again, err := Restore(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if d := difference(s, again); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// writes counts what is written, and fails at the write of that number.
type writes struct{ count, fails, bytes int }

func (w *writes) Write(b []byte) (int, error) {
	if w.count++; w.count == w.fails {
		return 0, io.ErrShortWrite
	}
	w.bytes += len(b)
	return len(b), nil
}

// TestSaverGoesByPieces: each of a bounded size, and what they give is what Save does.
func TestSaverGoesByPieces(t *testing.T) {
	s := crowded(5000)
	whole := saved(s)
	var out bytes.Buffer
	pieces := 0
	for v, more := NewSaver(s), true; more; pieces++ {
		before := out.Len()
		var err error
		if more, err = v.Next(&out); err != nil {
			t.Fatal(err)
		}
		if n := out.Len() - before; n > pieceBytes+4096 {
			t.Errorf("piece %d has %d bytes", pieces, n)
		}
	}
	if !bytes.Equal(out.Bytes(), whole) || pieces < 20 {
		t.Errorf("%d pieces give %d bytes, want the %d of Save", pieces, out.Len(), len(whole))
	}
}

// TestSaverKnowsThatItIsTooLate: a State that has changed meanwhile isn't saved any further.
func TestSaverKnowsThatItIsTooLate(t *testing.T) {
	s := crowded(5000)
	v := NewSaver(s)
	if more, err := v.Next(io.Discard); !more || err != nil {
		t.Fatal(more, err)
	}
	s.Apply(&Command{Verb: Tick, Client: NoClient})
	if more, err := v.Next(io.Discard); more || !errors.Is(err, ErrChanged) {
		t.Errorf("behind a command: %v, %v; want %v", more, err, ErrChanged)
	}
	if err := s.Save(&writes{fails: 3}); err != io.ErrShortWrite {
		t.Errorf("to a disk that is full: %v, want its error", err)
	}
}

// FuzzRestore: whatever stands in a file with the right sum, it is refused, or gives a State that goes on and can be saved again.
func FuzzRestore(f *testing.F) {
	for _, commands := range []int{0, 100, 3000} {
		f.Add(bodyOf(lived(f, commands)), uint64(commands))
	}
	f.Fuzz(func(t *testing.T, body []byte, seed uint64) { goesOn(t, body, seed) })
}

// TestRestoreOfWhatNobodyHasSaved is FuzzRestore for files in which few bytes are others than in those that were saved.
func TestRestoreOfWhatNobodyHasSaved(t *testing.T) {
	random, taken := rand.New(rand.NewPCG(5, 6)), 0
	const files = 3000
	for n := range files {
		s := lived(t, random.IntN(1500))
		if n%2 == 0 {
			stage(s)
		}
		body := bodyOf(s)
		for range 1 + random.IntN(3) {
			at := random.IntN(len(body))
			switch random.IntN(4) {
			case 0:
				body = append(body[:at], body[at+1:]...)
			case 1:
				body = append(body[:at+1], body[at:]...)
			case 2:
				body[at] = byte(random.IntN(4))
			default:
				body[at] += byte(random.IntN(256))
			}
		}
		if goesOn(t, body, uint64(n)) {
			taken++
		}
	}
	if taken < files/20 || taken > files*19/20 {
		t.Errorf("%d of %d files were taken: the test has lost its point", taken, files)
	}
}

// bodyOf is what Save writes between the first line and the sum.
func bodyOf(s *State) []byte {
	file := saved(s)
	return file[len(savedAs)+2 : len(file)-sumSize]
}

// goesOn says whether a State is restored of that body. It must go on as another that is restored of what it saves.
func goesOn(t *testing.T, body []byte, seed uint64) bool {
	t.Helper()
	s, err := Restore(bytes.NewReader(sealedBytes(body)))
	if err != nil {
		return false
	}
	first := saved(s)
	again, err := Restore(bytes.NewReader(first))
	if err != nil {
		t.Fatalf("what was restored is not restored again: %v", err)
	}
	if second := saved(again); !bytes.Equal(first, second) {
		t.Fatalf("what was restored is saved differently: %d and %d bytes", len(first), len(second))
	}
	random, rounds := rand.New(rand.NewPCG(seed, 1)), make([]uint32, 40)
	for step := range 200 {
		cmd := anyCommand(random, step, rounds, &keeper{})
		if got, want := unfolded(again.Apply(&cmd)), unfolded(s.Apply(&cmd)); !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d: %+v gives\n%+v, want\n%+v", step, cmd, got, want)
		}
	}
	return true
}

// TestRestoreTakesNoMoreThanItReads: a short file that speaks of very much takes no memory for that.
func TestRestoreTakesNoMoreThanItReads(t *testing.T) {
	body := bodyOf(New(replayConfig))
	bodies := map[string][]byte{}
	for at := range body {
		b := append(bytes.Clone(body[:at]), binary.AppendUvarint(nil, 1<<62)...)
		bodies[fmt.Sprint("a large number in the place of byte ", at)] = append(b, body[at+1:]...)
	}
	for what, b := range bodies {
		if got := testing.AllocsPerRun(1, func() { _, _ = Restore(bytes.NewReader(sealedBytes(b))) }); got > 10_000 {
			t.Errorf("%s: %v allocations", what, got)
		}
	}
}

// crowded is a State with so many users with registered names in rooms of 50, each of which has 40 messages.
func crowded(users int) *State {
	s := New(Config{AnnounceMax: 20, Recent: 40, AwayAfter: 10 * time.Minute, Page: 8 << 10})
	for i := range users {
		id, at := NewClientID(uint32(i), 1), time.Duration(i)*time.Millisecond
		do := func(verb Verb, name, text string) {
			s.Apply(&Command{Verb: verb, Client: id, Name: name, Text: text, At: at, Wall: 1_790_000_000_000 + int64(i), N: None})
		}
		do(Connect, fmt.Sprintf("10.%d.%d.%d:51234", i>>16, i>>8&255, i&255), "")
		do(SignIn, fmt.Sprint("someone-", i), "")
		do(Join, fmt.Sprint("#room-", i/50), "")
		do(Registered, fmt.Sprint("someone-", i), "")
		do(Say, "", "what people say in a room is about as long as this line here")
	}
	return s
}
