//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"looproom/codec"
	"looproom/loop/dialect/dialogue"
)

// TestWebTogether has a client of WebSocket, one of lines and one of TLS in a room, on one loop and on two.
func TestWebTogether(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			c := newCertificate(t)
			s := startServer(t, "--loops", loops, "--listen", onWeb, "--listen", "line://127.0.0.1:0", "--listen", c.door("line"))
			ann, bob := browse(t, s, 0, "ann"), signedIn(t, s, 1, "bob")
			cid := dialSecure(t, s, 2, "cid", c.trust(t))
			greeted(cid)
			ann.until("> New user 127.0.0.1") // cid; bob has heard of nobody else
			ann.say("hello\nyou two")
			for _, other := range []*talker{bob, cid} {
				other.until("[ann] hello")
				other.expect("[ann] you two")
			}
			bob.say("é, ann")
			ann.until("[bob] é, ann")
			cid.until("[bob] é, ann")
			cid.say("TEXT TO ann psst")
			cid.until("! need-name")
			cid.say("ADD cid")
			cid.say("TEXT TO ann psst")
			ann.until("*cid* psst")
			ann.say("END")
			ann.until("= END")
			ann.expectClose(codec.CloseNormal)
			bob.until("< The user ann left")
		})
	}
}

// TestWebDialogues plays the dialogues by WebSocket.
func TestWebDialogues(t *testing.T) {
	all, err := dialogue.All()
	if err != nil {
		t.Fatal(err)
	}
	notText := map[string]string{
		"half-close.chat":   "a WebSocket can't be closed in half",
		"numbered-cut.chat": "a WebSocket can't be closed in half",
		"unsafe.chat":       "it is of bytes that are no text",
		"shun.chat":         "it sends the bytes of a file behind a line",
		"password.chat":     "it sends the bytes of a file behind a line",
		"no-files.chat":     "it sends the bytes of a file behind a line",
		"bans.chat":         "who is banned gets a response of HTTP, and no line",
	}
	for _, d := range all {
		t.Run(d.Name, func(t *testing.T) {
			if why := notText[d.Name]; why != "" {
				t.Skip(why)
			}
			t.Parallel()
			playOn(t, d, dialogue.NewWebSocket, "--loops", "2", "--listen", onWeb)
		})
	}
}

// someBytes are n of them, the same each time.
func someBytes(n int) []byte {
	b := make([]byte, n)
	source := rand.NewChaCha8([32]byte{byte(n)})
	_, _ = source.Read(b)
	return b
}

// TestWebFiles sends and fetches files with lines and pings in one go with them, in the clear and by TLS.
func TestWebFiles(t *testing.T) {
	c := newCertificate(t)
	for _, door := range []string{onWeb, c.door("http")} {
		for _, size := range []int{0, 1, 70_000, 3_000_000} {
			t.Run(fmt.Sprintf("%.9s/%d", door, size), func(t *testing.T) {
				t.Parallel()
				s := startServer(t, "--files", t.TempDir(), "--listen", door)
				conn := s.dial(t, 0)
				if strings.HasPrefix(door, "http+tls") {
					conn = secured(t, conn, c.trust(t))
				}
				ann := overWeb(t, conn, "ann", "")
				greeted(ann.talker)
				content := someBytes(size)
				ann.say("PING 1")
				ann.say(fmt.Sprintf("SEND %d a b.bin", size))
				for rest := content; len(rest) > 0; {
					n := min(len(rest), 64<<10)
					ann.sendFrame(codec.OpBinary, rest[:n])
					ann.sendFrame(codec.OpPing, []byte("still there?"))
					rest = rest[n:]
				}
				ann.say("PING 2\nGET a b.bin\nPING 3")
				ann.expect("PONG 1")
				ann.until(fmt.Sprintf("= SENT %d a b.bin ", size))
				ann.expect("PONG 2", fmt.Sprintf("= FILE %d a b.bin", size))
				if got := ann.bytes(size); !bytes.Equal(got, content) {
					t.Fatal("the file came back changed")
				}
				ann.expect("PONG 3")
			})
		}
	}
}

// TestWebRefusedFile: the bytes of a SEND that is refused are taken all the same.
func TestWebRefusedFile(t *testing.T) {
	s := startServer(t, "--listen", onWeb)
	ann := browse(t, s, 0, "ann")
	ann.say("SEND 100000 x")
	ann.sendFrame(codec.OpBinary, someBytes(60_000))
	ann.sendFrame(codec.OpPing, nil)
	ann.sendFrame(codec.OpBinary, someBytes(40_000))
	ann.say("PING after")
	ann.until("! files-off")
	ann.expect("PONG after")
}

// TestWebBrokenFiles: who sends text for bytes, too many bytes, or a close among them is told so by the code, and nothing is kept.
func TestWebBrokenFiles(t *testing.T) {
	rows := []struct {
		name string
		send func(*webTalker)
		code uint16
	}{
		{"text among the bytes", func(c *webTalker) { c.say("SEND 5 x"); c.say("LIST") }, codec.CloseUnsupported},
		{"text in the same message", func(c *webTalker) { c.sendFrame(codec.OpText, []byte("SEND 5 x\nLIST")) }, codec.CloseUnsupported},
		{"too many bytes", func(c *webTalker) { c.say("SEND 5 x"); c.sendFrame(codec.OpBinary, []byte("123456")) }, codec.CloseUnsupported},
		{"bytes without a SEND", func(c *webTalker) { c.sendFrame(codec.OpBinary, []byte("1")) }, codec.CloseUnsupported},
		{"text among refused bytes", func(c *webTalker) { c.say("SEND 999999999999 x"); c.say("LIST") }, codec.CloseUnsupported},
		{"a close", func(c *webTalker) {
			c.say("SEND 5 x")
			c.sendFrame(codec.OpBinary, []byte("123"))
			c.sendFrame(codec.OpClose, []byte("\x0b\xb9"))
		}, 3001},
		{"a broken frame", func(c *webTalker) { c.say("SEND 5 x"); c.sendFrame(3, nil) }, codec.CloseProtocol},
	}
	s := startServer(t, "--files", t.TempDir(), "--listen", onWeb)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			ann := overWeb(t, s.dial(t, 0), "ann", "")
			greeted(ann.talker)
			row.send(ann)
			for {
				if _, err := ann.line(); err != nil {
					break
				}
			}
			if ann.socket.Code != row.code {
				t.Errorf("closed with %d %q, want %d", ann.socket.Code, ann.socket.Reason, row.code)
			}
		})
	}
	bob := browse(t, s, 0, "bob")
	bob.say("FILES")
	bob.expect("= FILES 0 of 0")
}

// TestWebEnds has the code of each way in which the server ends a connection.
func TestWebEnds(t *testing.T) {
	t.Run("drain", func(t *testing.T) {
		s := startServer(t, "--listen", onWeb)
		ann := browse(t, s, 0, "ann")
		s.stop()
		ann.expect("! closing the server is shutting down")
		ann.expectClose(codec.CloseGoingAway)
	})
	t.Run("flood", func(t *testing.T) {
		s := startServer(t, "--lines-per-second", "1", "--lines-burst", "2", "--recvq", "8KiB", "--listen", onWeb)
		ann := overWeb(t, s.dial(t, 0), "ann", "")
		greeted(ann.talker)
		ann.write(strings.Repeat(strings.Repeat("x", 1000)+"\n", 20))
		ann.until("! flood too much is waiting; disconnected")
		ann.expectClose(codec.ClosePolicy)
	})
	t.Run("a flood of pings", func(t *testing.T) {
		s := startServer(t, "--lines-per-second", "1", "--lines-burst", "2", "--recvq", "8KiB", "--listen", onWeb)
		ann := overWeb(t, s.dial(t, 0), "ann", "")
		greeted(ann.talker)
		ping := codec.AppendMaskedFrame(nil, codec.OpPing, 1, bytes.Repeat([]byte("x"), 125))
		if _, err := ann.socket.Conn.Write(bytes.Repeat(ping, 200)); err != nil {
			t.Fatal(err)
		}
		ann.until("! flood too much is waiting; disconnected")
		ann.expectClose(codec.ClosePolicy)
	})
	t.Run("kicked", func(t *testing.T) {
		s := startServer(t, "--listen", onWeb, "--operator", "root:"+hashOf("open sesame"))
		ann, op := browse(t, s, 0, "ann"), browse(t, s, 0, "op")
		op.say("OPER root open sesame")
		op.until("= OPER root")
		op.say("KICK ann enough")
		ann.until("! kicked")
		ann.expectClose(codec.ClosePolicy)
	})
	t.Run("gone without a word", func(t *testing.T) {
		s := startServer(t, "--listen", onWeb)
		ann, bob := browse(t, s, 0, "ann"), browse(t, s, 0, "bob")
		ann.socket.Conn.Close()
		bob.until("< The user ann left")
	})
}
