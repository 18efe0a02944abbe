//go:build linux

package transfer

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"looproom/loop/delivery"
	"looproom/loop/files"
)

// awayFiles has the service know of files that another server has, with these bytes each, and fetch them; asked gets each name as it is asked for, and go each that may come.
func awayFiles(t *testing.T, s *Service, text string, names ...string) (asked chan string, may chan error) {
	t.Helper()
	asked, may = make(chan string, 10), make(chan error, 10)
	for _, name := range names {
		e := files.Entry{Name: name, Time: time.Unix(1, 0), Size: int64(len(text)), SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(text))), Node: "n2"}
		if err := s.Store.Note([]files.Entry{e}); err != nil {
			t.Fatal(err)
		}
	}
	s.Fetch = func(e files.Entry) (*files.Fetched, error) {
		asked <- e.Name
		if err := <-may; err != nil {
			return nil, err
		}
		return s.Store.Fetch(e, strings.NewReader(text))
	}
	return asked, may
}

// TestFetchedDownloads: a file of another server comes as any other; it is asked for when it is its turn, and what can't be had is an answer.
func TestFetchedDownloads(t *testing.T) {
	s := newService(t, nil)
	long := strings.Repeat("0123456789abcdef", (files.PieceSize+100)/16)
	asked, may := awayFiles(t, s, long, "one", "two")
	c := newClient(t)
	one, two := s.Get(c, "one", false), s.Get(c, "two", false)
	may <- nil
	if got := c.take(one, everything); got != "found\n"+long {
		t.Errorf("%d bytes come, want the answer and %d", len(got), len(long))
	}
	one.Close()
	if name := <-asked; name != "one" || len(asked) > 0 {
		t.Errorf("%s and %d more are fetched, want one alone", name, len(asked))
	}
	may <- ErrAway
	if got := c.take(two, everything); got != "found\n" || !errors.Is(c.words[1].Err, ErrAway) || c.words[1].File.Node != "n2" {
		t.Errorf("%q comes behind %+v, want ErrAway alone", got, c.words[1])
	}
	two.Close()
	if held := s.Budget.Total(); held != 0 || c.narrow {
		t.Errorf("%d bytes are held, narrow is %v", held, c.narrow)
	}
}

// TestFetchedForNobody: whose connection ends while its file is fetched holds nothing when that has come.
func TestFetchedForNobody(t *testing.T) {
	s := newService(t, nil)
	s.Store.SetMost(0, 10)
	asked, may := awayFiles(t, s, "1234567", "one")
	c := newClient(t)
	var source delivery.Source = s.Get(c, "one", false)
	source.Next()
	(<-c.letters)() // another server has it
	<-asked
	source.Close()
	may <- nil
	(<-c.letters)() // it has come
	f, err := s.Store.Fetch(files.Entry{Size: 4, Node: "n2", SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte("text")))}, strings.NewReader("text"))
	if err != nil {
		t.Fatalf("what nobody waits for is held: %v", err)
	}
	f.Release()
	if c.supplied > 0 {
		t.Error("somebody is told of it")
	}
}
