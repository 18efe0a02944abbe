package store

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"looproom/loop/room"
)

// childEnv has this test binary, instead of testing, change what is stored in the folder that it names, from the number on that fromEnv names.
const (
	childEnv = "LOOPROOM_STORE_CHILD"
	fromEnv  = "LOOPROOM_STORE_FROM"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		fmt.Println(changeForever(dir, os.Getenv(fromEnv)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// changeForever registers one name after the other, says a message before each, and prints a line for each that is acknowledged.
func changeForever(dir, from string) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(from)
	for ; err == nil; n++ {
		s.Say([]Message{{ID: room.MsgID(n), Place: room.LobbyPlace, Room: "#lobby", Who: "ana", WhoKey: "ana", Text: fmt.Sprint("message ", n), At: int64(n)}})
		s.Later(PutMark(room.KeptMark{Account: "ana", Key: "#lobby", Shown: "#lobby", Read: room.MsgID(n)}))
		if err = s.Change(PutName(numbered(n)), PutStart(int64(n))); err == nil {
			fmt.Println(n)
		}
	}
	return err
}

// TestKilledAHundredTimes: after each kill there is what was acknowledged and what was said before it, and perhaps what was under way; no half of a change, no message twice, and no hole.
func TestKilledAHundredTimes(t *testing.T) {
	dir, next := t.TempDir(), 1
	for round := range 100 {
		last := killOne(t, dir, next)
		s := mustOpen(t, dir)
		c := mustContents(t, s)
		stored := int(c.Start)
		if stored < last || stored > last+1 || len(c.Names) != stored || c.Names[stored-1] != numbered(stored) {
			t.Fatalf("round %d: start %d and %d names, want %d, which was acknowledged, or one more", round, stored, len(c.Names), last)
		}
		rows, err := s.Recent(room.LobbyPlace, 1_000_000, 1<<30)
		if err != nil || len(rows) < stored || len(rows) > stored+1 {
			t.Fatalf("round %d: %d messages, %v; want %d, or one more", round, len(rows), err, stored)
		}
		for i, r := range rows {
			if r.ID != room.MsgID(i+1) || r.Text != fmt.Sprint("message ", i+1) {
				t.Fatalf("round %d: message %d is %v %q", round, i+1, r.ID, r.Text)
			}
		}
		if marks, err := s.Marks("ana"); err != nil || len(marks) != 1 || int(marks[0].Read) < stored {
			t.Fatalf("round %d: Marks = %v, %v, want at least %d", round, marks, err, stored)
		}
		next = stored + 1
		mustClose(t, s)
	}
	s := mustOpen(t, dir)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	t.Logf("%d changes", next-1)
}

// killOne starts a child, kills it at a random moment behind its first change, and returns the last that it says was acknowledged.
func killOne(t *testing.T, dir string, from int) (last int) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childEnv+"="+dir, fromEnv+"="+strconv.Itoa(from))
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("child: %s", lines.Text())
		}
		if last == 0 {
			time.AfterFunc(time.Duration(rand.IntN(20_000))*time.Microsecond, func() { command.Process.Kill() })
		}
		last = n
	}
	var exit *exec.ExitError
	if err := command.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("child ended with %v, want it killed", err)
	}
	return last
}
