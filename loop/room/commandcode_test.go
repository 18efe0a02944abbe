package room

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// filled sets all that v leads to, to something else than nothing that can be: number counts what has been set.
func filled(v reflect.Value, number *int) {
	*number++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			filled(v.Field(i), number)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(v.Elem(), number)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		filled(v.Index(0), number)
		filled(v.Index(1), number)
	case reflect.String:
		v.SetString(strings.Repeat("é", *number))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8: // reasons, rights, verbs and manners: there are these of each
		v.SetUint(uint64(1 + *number%3))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(-*number) << 20)
	default:
		v.SetUint(uint64(*number) << 20)
	}
}

// coded is cmd as it is read behind having been appended.
func coded(t *testing.T, cmd *Command) Command {
	t.Helper()
	b := AppendCommand([]byte("before"), cmd)
	got, rest, err := ReadCommand(append(b[len("before"):], "behind"...))
	if err != nil || string(rest) != "behind" || string(b[:len("before")]) != "before" {
		t.Fatalf("ReadCommand of %+v leaves %q, %v", cmd, rest, err)
	}
	return got
}

// TestCommandsAreCodedWhole: each field of a command, and of all that it leads to, comes back, alone and with all others.
func TestCommandsAreCodedWhole(t *testing.T) {
	var all Command
	number := 0
	filled(reflect.ValueOf(&all).Elem(), &number)
	all.At, all.Wall = 0, 0
	if got := coded(t, &all); !reflect.DeepEqual(got, all) {
		t.Errorf("with all fields: got\n%+v, want\n%+v", got, all)
	}
	for i := range reflect.TypeFor[Command]().NumField() {
		name := reflect.TypeFor[Command]().Field(i).Name
		alone := Command{Verb: Say}
		reflect.ValueOf(&alone).Elem().Field(i).Set(reflect.ValueOf(all).Field(i))
		if got := coded(t, &alone); !reflect.DeepEqual(got, alone) {
			t.Errorf("with %s alone: got\n%+v, want\n%+v", name, got, alone)
		}
	}
	if at := coded(t, &Command{Verb: Tick, Client: NoClient, At: time.Hour, Wall: 7, N: math.MinInt64, Seq: math.MaxInt64, Msg: math.MaxUint64}); at.At != 0 || at.Wall != 0 || at.Client != NoClient ||
		at.N != math.MinInt64 || at.Seq != math.MaxInt64 || at.Msg != math.MaxUint64 {
		t.Errorf("the ends of numbers are read as %+v", at)
	}
}

// TestCommandsThatCannotBe: what is no command, or none that a State could apply, gives an error that says so.
func TestCommandsThatCannotBe(t *testing.T) {
	kept := KeptRoom{Key: "#a", Rights: []Right{{Kind: rightKinds}}}
	for want, b := range map[string][]byte{
		"ends within it":        AppendCommand(nil, &Command{Verb: Say, Text: "hello"})[:8],
		"is no verb":            AppendCommand(nil, &Command{Verb: verbs}),
		"too many bytes":        append([]byte{byte(Say)}, bytes.Repeat([]byte{255}, 20)...),
		"fields that there are": {byte(Say), 1, 0, 0, 0, 0x80},
		"manner 4":              AppendCommand(nil, &Command{Verb: Say, Manner: AsTagsAlone + 1}),
		"reason 255":            AppendCommand(nil, &Command{Verb: Refuse, Why: 255}),
		"number 300":            {byte(Refuse), 1, 0, 2, 0, 0, 0xac, 2},
		"lacks":                 AppendCommand(nil, &Command{Verb: Configure}),
		"restore room":          AppendCommand(nil, &Command{Verb: RestoreRoom}),
		"restore person":        AppendCommand(nil, &Command{Verb: RestorePerson}),
		"room kept":             AppendCommand(nil, &Command{Verb: RoomKept}),
		"the right 17 is none":  AppendCommand(nil, &Command{Verb: RestoreRoom, Kept: &kept}),
	} {
		if cmd, rest, err := ReadCommand(b); err == nil || !strings.Contains(err.Error(), want) || rest != nil || !reflect.DeepEqual(cmd, Command{}) {
			t.Errorf("ReadCommand(%x) = %+v, %x, %v, want an error with %q", b, cmd, rest, err, want)
		}
	}
}

// TestAppendChangesNothing: what is appended may be read by others meanwhile, as a Config is by those who keep one.
func TestAppendChangesNothing(t *testing.T) {
	var cmd Command
	number := 0
	filled(reflect.ValueOf(&cmd).Elem(), &number)
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { AppendCommand(nil, &cmd) })
	}
	all.Wait()
}

// TestReadCommandIsBounded: a length that is not there takes no memory, and a Say takes that of its strings alone.
func TestReadCommandIsBounded(t *testing.T) {
	said := AppendCommand(nil, &Command{Verb: Say, Client: NewClientID(7, 1), Text: strings.Repeat("x", 100), Room: "#room"})
	if n := testing.AllocsPerRun(100, func() { _, _, _ = ReadCommand(said) }); n > 2 {
		t.Errorf("a command with two strings takes %v allocations", n)
	}
	huge := []byte{byte(Say), 1, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x7f, 'x'}
	if _, _, err := ReadCommand(huge); err == nil {
		t.Error("a string is longer than what there is")
	}
	dst := make([]byte, 0, 1<<10)
	cmd := Command{Verb: Say, Client: NewClientID(7, 1), Text: strings.Repeat("x", 100)}
	if n := testing.AllocsPerRun(100, func() { AppendCommand(dst, &cmd) }); n > 0 {
		t.Errorf("AppendCommand takes %v allocations", n)
	}
}

// TestCodedCommandsDoTheSame: a State that applies commands as they are read gives the same events.
func TestCodedCommandsDoTheSame(t *testing.T) {
	random, rounds, disk := rand.New(rand.NewPCG(5, 6)), make([]uint32, 40), keeper{}
	one, other := New(replayConfig), New(replayConfig)
	for step := range 20_000 {
		cmd := anyCommand(random, step, rounds, &disk)
		again := coded(t, &cmd)
		again.At, again.Wall = cmd.At, cmd.Wall
		want := unfolded(one.Apply(&cmd))
		if got := unfolded(other.Apply(&again)); !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d: %+v gives\n%+v, want\n%+v", step, cmd, got, want)
		}
		disk.hear(want)
	}
}

// FuzzReadCommand: whatever is read as a command is the same when it has been appended and read once more, and what stands behind it is left.
func FuzzReadCommand(f *testing.F) {
	var all Command
	number := 0
	filled(reflect.ValueOf(&all).Elem(), &number)
	f.Add(AppendCommand(nil, &all))
	f.Add(AppendCommand(nil, &Command{Verb: Say, Client: NewClientID(7, 1), Text: "hello", N: None}))
	f.Add(AppendCommand(nil, &Command{Verb: Configure, Client: NoClient, Config: &replayConfig}))
	f.Fuzz(func(t *testing.T, b []byte) {
		cmd, rest, err := ReadCommand(b)
		if err != nil {
			return
		}
		if !bytes.HasSuffix(b, rest) {
			t.Errorf("%x is left of %x", rest, b)
		}
		again := AppendCommand(nil, &cmd)
		same, rest, err := ReadCommand(again)
		if err != nil || len(rest) > 0 || !reflect.DeepEqual(same, cmd) {
			t.Errorf("%x is read as\n%+v, and that as\n%+v, %x, %v", b, cmd, same, rest, err)
		}
		if stable := AppendCommand(nil, &same); !bytes.Equal(stable, again) {
			t.Errorf("%x, and then %x", again, stable)
		}
	})
}

func BenchmarkAppendCommand(b *testing.B) {
	cmd := Command{Verb: Say, Client: NewClientID(1000, 7<<8), Text: strings.Repeat("x", 100), N: None}
	var dst []byte
	for b.Loop() {
		dst = AppendCommand(dst[:0], &cmd)
	}
	b.ReportMetric(float64(len(dst)), "bytes")
}

func BenchmarkReadCommand(b *testing.B) {
	b.ReportAllocs()
	said := AppendCommand(nil, &Command{Verb: Say, Client: NewClientID(1000, 7<<8), Text: strings.Repeat("x", 100), N: None})
	for b.Loop() {
		if _, _, err := ReadCommand(said); err != nil {
			b.Fatal(err)
		}
	}
}
