package peer

import "looproom/bench"

// plain is for servers that send whatever a client sends to all others: ncat --listen --broker and many a first chat server.
type plain struct{}

var _ Roomless = plain{}

func (plain) Name() string { return "plain" }

func (plain) Roomless() {}

func (plain) Hello(_, _ int) []bench.HelloStep { return nil }

func (plain) Say(dst []byte, _, _ int, words []byte) []byte { return appendLine(dst, words) }

func (plain) Control(dst, _ []byte) []byte { return dst }

func (plain) Goodbye(dst []byte, _ int) []byte { return dst }

// echo is for servers that send a line back to who sent it.
type echo struct{}

var (
	_ Roomless    = echo{}
	_ bench.Asker = echo{}
)

func (echo) Name() string { return "echo" }

func (echo) Roomless() {}

func (echo) Hello(_, _ int) []bench.HelloStep { return nil }

func (echo) Say(dst []byte, _, _ int, words []byte) []byte { return appendLine(dst, words) }

// Ask is a line as any other: it comes back.
func (echo) Ask(dst []byte) []byte { return append(dst, "well\n"...) }

func (echo) Answer() []byte { return []byte("well") }

func (echo) Control(dst, _ []byte) []byte { return dst }

func (echo) Goodbye(dst []byte, _ int) []byte { return dst }
