package peer

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"looproom/bench"
	"looproom/codec"
)

var ours = names{"abcd"}

func TestHello(t *testing.T) {
	rows := []struct {
		name    string
		dialect bench.Dialect
		room    int
		want    []string // sent and awaited, in turn
	}{
		{"line in the lobby", line{ours}, 0, []string{"ADD abcd00007\nPING ready\n", "PONG ready\n"}},
		{"line in a room", line{ours}, 12, []string{"ADD abcd00007\nJOIN #r12\nPART #lobby\nPING ready\n", "PONG ready\n"}},
		{"ws in a room", webSocket{line{ours}}, 12, []string{
			string(upgradeAt("/ws")), "\r\n\r\n", string(codec.AppendMaskedFrame(nil, codec.OpText, mask, []byte("ADD abcd00007\nJOIN #r12\nPART #lobby\nPING ready"))), "PONG ready",
		}},
		{"ws-relay", wsRelay{}, 12, []string{string(upgradeAt("/r12")), "\r\n\r\n"}},
		{"plain", plain{}, 0, nil},
		{"echo", echo{}, 0, nil},
		{"irc", irc{ours}, 0, []string{
			"NICK abcd00007\r\nUSER lb 0 * :loopbench\r\n", " 001 abcd00007 ",
			"JOIN #lobby\r\n", " 366 abcd00007 #lobby ",
		}},
		{"irc in a room", irc{ours}, 12, []string{
			"NICK abcd00007\r\nUSER lb 0 * :loopbench\r\n", " 001 abcd00007 ",
			"JOIN #r12\r\n", " 366 abcd00007 #r12 ",
		}},
		{"irc-mixed, the third of five", ircMixed{irc{ours}}, 12, []string{
			"CAP REQ :message-tags server-time account-tag\r\n", " ACK ",
			"NICK abcd00007\r\nUSER lb 0 * :loopbench\r\nCAP END\r\n", " 001 abcd00007 ",
			"JOIN #r12\r\n", " 366 abcd00007 #r12 ",
		}},
		{"nats", nats{}, 3, []string{natsConnect + "SUB r3 1\r\nPING\r\n", "PONG\r\n"}},
		{"redis", redis{}, 10, []string{
			"*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n", "proto\r\n:3\r\n",
			"*2\r\n$9\r\nSUBSCRIBE\r\n$3\r\nr10\r\n", "subscribe\r\n$3\r\nr10\r\n:1\r\n",
		}},
		{"mqtt", mqtt{ours}, 5, []string{
			"\x10\x15\x00\x04MQTT\x04\x02\x00\x00\x00\x09abcd00007", "\x20\x02\x00\x00",
			"\x82\x08\x00\x01\x00\x03r/5\x00", "\x90\x03\x00\x01\x00",
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, step := range row.dialect.Hello(7, row.room) {
				got = append(got, string(step.Send), string(step.Await))
			}
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", row.want) {
				t.Errorf("Hello(7, %d) = %q, want %q", row.room, got, row.want)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	rows := []struct {
		name    string
		dialect bench.Dialect
		step    int
		answer  string
		refused bool
	}{
		{"line full", line{ours}, 0, "! server-full 20000 clients are here\n", true},
		{"line welcome", line{ours}, 0, "> Connected to the chat server (2 users online)\n= ADD abcd00007\n", false},
		{"irc full", irc{ours}, 0, "ERROR :All connections in use\r\n", true},
		{"irc welcome", irc{ours}, 0, ":a.b 001 abcd00007 :Welcome\r\n", false},
		{"nats full", nats{}, 0, "-ERR 'maximum connections exceeded'\r\n", true},
		{"nats welcome", nats{}, 0, "INFO {\"server_id\":\"ERR\"}\r\nPONG\r\n", false},
		{"redis full", redis{}, 0, "-ERR max number of clients reached\r\n", true},
		{"redis old", redis{}, 0, "-ERR unknown command 'HELLO'\r\n", true},
		{"redis welcome", redis{}, 0, "%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n", false},
		{"mqtt not authorized", mqtt{ours}, 0, "\x20\x02\x00\x05", true},
		{"mqtt welcome", mqtt{ours}, 0, "\x20\x02\x00\x00", false},
		{"mqtt no subscription", mqtt{ours}, 1, "\x90\x03\x00\x01\x80", true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			step := row.dialect.Hello(7, 0)[row.step]
			if got := bytes.Contains([]byte(row.answer), step.Refused); got != row.refused {
				t.Errorf("%q has %q: %v, want %v", row.answer, step.Refused, got, row.refused)
			}
		})
	}
}

func TestSay(t *testing.T) {
	rows := []struct {
		name    string
		dialect bench.Dialect
		room    int
		words   string
		want    string
	}{
		{"line", line{ours}, 4, "hello", "hello\n"},
		{"ws-relay", wsRelay{}, 4, "hello", string(codec.AppendMaskedFrame(nil, codec.OpText, mask, []byte("hello")))},
		{"plain", plain{}, 0, "hello", "hello\n"},
		{"echo", echo{}, 0, "hello", "hello\n"},
		{"irc", irc{ours}, 14, "hello", "PRIVMSG #r14 :hello\r\n"},
		{"nats", nats{}, 14, "hello", "PUB r14 5\r\nhello\r\n"},
		{"redis", redis{}, 9, "hello", "*3\r\n$7\r\nPUBLISH\r\n$2\r\nr9\r\n$5\r\nhello\r\n"},
		{"redis in room 10", redis{}, 10, "hello", "*3\r\n$7\r\nPUBLISH\r\n$3\r\nr10\r\n$5\r\nhello\r\n"},
		{"mqtt", mqtt{ours}, 5, "hello", "\x30\x0a\x00\x03r/5hello"},
		{"mqtt of two length bytes", mqtt{ours}, 100, strings.Repeat("x", 400), "\x30\x97\x03\x00\x05r/100" + strings.Repeat("x", 400)},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := row.dialect.Say([]byte("before"), 7, row.room, []byte(row.words))
			if want := "before" + row.want; string(got) != want {
				t.Errorf("Say(%q) = %q, want %q", row.words, got, want)
			}
		})
	}
}

func TestControlAndGoodbye(t *testing.T) {
	rows := []struct {
		name    string
		dialect bench.Dialect
		in      string
		control string
		goodbye string
	}{
		{"line", line{ours}, "> bob is away\n", "", "END\n"},
		{"plain", plain{}, "PING\n", "", ""},
		{"echo", echo{}, "PING\n", "", ""},
		{"irc", irc{ours}, "PING :a.b\r\n", "PONG :a.b\r\n", "QUIT\r\n"},
		{"irc with a source", irc{ours}, ":a.b PING abcd00007 :a.b\r\n", "PONG abcd00007 :a.b\r\n", "QUIT\r\n"},
		{"irc twice, among others", irc{ours}, ":x JOIN #r\r\nPING 1\r\nNOTICE PING :2\r\nPING 3\n", "PONG 1\r\nPONG 3\r\n", "QUIT\r\n"},
		{"irc with tags", irc{ours}, "@time=2026-11-21T09:30:00.000Z :a.b PING :a.b\r\n", "PONG :a.b\r\n", "QUIT\r\n"},
		{"irc of tags alone", irc{ours}, "@time=PING\r\n@\r\n", "", "QUIT\r\n"},
		{"irc cut", irc{ours}, "PING :a", "", "QUIT\r\n"},
		{"nats", nats{}, "+OK\r\nPING\r\nPING\r\n", "PONG\r\nPONG\r\n", ""},
		{"nats cut", nats{}, "PING\r", "", ""},
		{"nats, its own", nats{}, "PONG\r\nINFO {}\r\n", "", ""},
		{"redis", redis{}, ":1\r\n", "", "*1\r\n$4\r\nQUIT\r\n"},
		{"mqtt", mqtt{ours}, "\xd0\x00", "", "\xe0\x00"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := row.dialect.Control(nil, []byte(row.in)); string(got) != row.control {
				t.Errorf("Control(%q) = %q, want %q", row.in, got, row.control)
			}
			if got := row.dialect.Goodbye(nil, 7); string(got) != row.goodbye {
				t.Errorf("Goodbye = %q, want %q", got, row.goodbye)
			}
		})
	}
}

func TestFindDialect(t *testing.T) {
	for _, d := range Dialects() {
		if found, err := FindDialect(d.Name()); err != nil || found.Name() != d.Name() {
			t.Errorf("FindDialect(%q) = %v, %v", d.Name(), found, err)
		}
	}
	if _, err := FindDialect("morse"); err == nil || !strings.Contains(err.Error(), "line, ws, ws-relay, plain, irc, irc-mixed, nats, redis, mqtt, echo") {
		t.Errorf("FindDialect(morse): %v, want an error with the known names", err)
	}
}

func TestNames(t *testing.T) {
	one, other := newNames(), newNames()
	if one == other {
		t.Errorf("two fleets have the prefix %q, want two", one.prefix)
	}
	for _, client := range []int{0, 1, 99_999} {
		if got := one.of(client); len(got) != 9 || !strings.HasPrefix(got, one.prefix) {
			t.Errorf("name of client %d = %q, want nine characters that begin with %q", client, got, one.prefix)
		}
	}
}

func TestMaxWordsFitAnIRCMessage(t *testing.T) {
	words := bytes.Repeat([]byte("x"), irc{}.MaxWords())
	said := string(irc{ours}.Say(nil, 1, 99_999, words))
	relayed := ":abcd00007!~lb@" + strings.Repeat("h", 63) + " " + said
	if len(relayed) > 512 {
		t.Errorf("a message of %d words' bytes is relayed in %d, want at most 512", len(words), len(relayed))
	}
}

func TestSayDoesNotAllocate(t *testing.T) {
	words := bytes.Repeat([]byte("x"), 16<<10)
	buf := make([]byte, 0, 32<<10)
	for _, d := range Dialects() {
		if n := testing.AllocsPerRun(100, func() { buf = d.Say(buf[:0], 12, 345, words) }); n != 0 {
			t.Errorf("%s: Say allocates %v times, want 0", d.Name(), n)
		}
		in := []byte("PING :x\r\nPING\r\n")
		if n := testing.AllocsPerRun(100, func() { buf = d.Control(buf[:0], in) }); n != 0 {
			t.Errorf("%s: Control allocates %v times, want 0", d.Name(), n)
		}
	}
}

// FuzzSayLengths checks that the lengths in front of the words are those of the words.
func FuzzSayLengths(f *testing.F) {
	f.Add(uint16(0), uint16(24))
	f.Add(uint16(10), uint16(120))
	f.Add(uint16(65535), uint16(16<<10))
	f.Fuzz(func(t *testing.T, room, size uint16) {
		words := bytes.Repeat([]byte("x"), int(size))
		if got := redisWords(redis{}.Say(nil, 1, int(room), words)); !bytes.Equal(got, words) {
			t.Errorf("redis: words of %d bytes come out as %d", size, len(got))
		}
		if got := natsWords(nats{}.Say(nil, 1, int(room), words)); !bytes.Equal(got, words) {
			t.Errorf("nats: words of %d bytes come out as %d", size, len(got))
		}
		if got := mqttWords(mqtt{}.Say(nil, 1, int(room), words)); !bytes.Equal(got, words) {
			t.Errorf("mqtt: words of %d bytes come out as %d", size, len(got))
		}
	})
}

// redisWords reads the third string of an array of three, and nil from anything else.
func redisWords(in []byte) (words []byte) {
	rest, ok := bytes.CutPrefix(in, []byte("*3\r\n$7\r\nPUBLISH\r\n"))
	for range 2 {
		head, behind, _ := bytes.Cut(rest, []byte("\r\n"))
		n, err := strconv.Atoi(strings.TrimPrefix(string(head), "$"))
		if !ok || err != nil || len(behind) < n+2 || string(behind[n:n+2]) != "\r\n" {
			return nil
		}
		words, rest = behind[:n], behind[n+2:]
	}
	return words
}

func natsWords(in []byte) []byte {
	head, behind, _ := bytes.Cut(in, []byte("\r\n"))
	n, err := strconv.Atoi(string(head[bytes.LastIndexByte(head, ' ')+1:]))
	if err != nil || len(behind) != n+2 {
		return nil
	}
	return behind[:n]
}

func mqttWords(in []byte) []byte {
	length, n := binary.Uvarint(in[1:])
	body := in[1+n:]
	topic := int(binary.BigEndian.Uint16(body))
	if int(length) != len(body) || len(body) < 2+topic {
		return nil
	}
	return body[2+topic:]
}

// FuzzControl checks that a stream of whole lines is answered in the same way however it comes.
func FuzzControl(f *testing.F) {
	f.Add("PING :a\r\n", "PING\r\n:b PING c\n")
	f.Add("\n", ":\n")
	f.Fuzz(func(t *testing.T, first, second string) {
		first += "\n"
		for _, d := range Dialects() {
			apart := d.Control(d.Control(nil, []byte(first)), []byte(second))
			if together := d.Control(nil, []byte(first+second)); !bytes.Equal(together, apart) {
				t.Errorf("%s: Control(%q) = %q, want %q as from %q and %q", d.Name(), first+second, together, apart, first, second)
			}
		}
	})
}
